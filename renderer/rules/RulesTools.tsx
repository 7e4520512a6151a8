import type { ReactNode } from 'react';
import type { RulesFormat } from '../../shared/api/shapes.ts';
import type { NetnsId } from '../../shared/dataplane/ids.ts';
import { labelOf } from '../scene/labels.ts';
import { Menu, type MenuItem } from '../shell/Menu.tsx';
import { proxyModes } from '../state/cluster-commands.ts';
import { useWorld } from '../state/use-world.ts';
import { Icon } from '../theme/Icon.tsx';
import { previewMode, useRules, type Listing } from './use-rules.ts';

const formats: readonly (readonly [format: RulesFormat, family: 4 | 6, name: string])[] = [
  ['iptables-save', 4, 'iptables-save'], ['iptables-save', 6, 'ip6tables-save'], ['nft', 4, 'nft list ruleset'], ['ipset', 4, 'ipset save'], ['ipvsadm', 4, 'ipvsadm -Sn'], ['ip-route', 4, 'ip route'], ['ip-route', 6, 'ip -6 route'], ['ip-addr', 4, 'ip addr'],
];
const nameOf = (format: RulesFormat, family: 4 | 6): string => formats.find(([one, of]) => one === format && (of === family || formats.filter(([other]) => other === one).length === 1))?.[2] ?? format;

function Chosen({ children }: { readonly children: ReactNode }): ReactNode {
  return <>{children}<Icon name="down" /></>;
}

function Hosts({ netns, hosts }: { readonly netns: NetnsId; readonly hosts: readonly NetnsId[] }): ReactNode {
  const picked = useRules((rules) => rules.netns);
  const items: readonly MenuItem[] = [
    { id: '', label: 'Follow the packet', text: 'Follow the packet', checked: picked === null, run: () => useRules.setState({ netns: null, chosen: null, preview: null }) },
    ...hosts.map((id, i): MenuItem => ({ id, label: labelOf(id), text: labelOf(id), checked: picked === id, rule: i === 0, run: () => useRules.setState({ netns: id, chosen: null, preview: null }) })),
  ];
  return <Menu label="Whose rules" className="pick" button={<Chosen><Icon name="node" /><b>{labelOf(netns)}</b></Chosen>} items={items} />;
}

function Formats({ format }: { readonly format: RulesFormat }): ReactNode {
  const { family } = useRules((rules) => rules.listing);
  const six = useWorld((world) => world.opened?.cluster.settings.podSubnets.some((subnet) => subnet.includes(':')) ?? false);
  const pick = (listing: Listing) => (): void => useRules.setState({ listing, chosen: null });
  const items = formats.filter(([, of]) => of === 4 || six).map(([one, of, name]): MenuItem => ({ id: name, label: <code>{name}</code>, text: name, checked: one === format && of === family, run: pick({ format: one, family: of }) }));
  return <Menu label="Listing" className="pick" button={<Chosen><code>{nameOf(format, family)}</code></Chosen>} items={items} />;
}

function Modes({ netns }: { readonly netns: NetnsId }): ReactNode {
  const mode = useWorld((world) => world.opened?.cluster.settings.proxyMode ?? 'iptables');
  const items = proxyModes.map(([one, say]): MenuItem => ({ id: one, label: say, text: say, checked: one === mode, run: () => (one === mode ? useRules.setState({ preview: null }) : void previewMode(one, netns)) }));
  return <Menu label="Proxy mode" className="pick" align="end" button={<Chosen><span className="quiet">kube-proxy</span> {mode}</Chosen>} items={items} />;
}

/** Host, listing, search and filter, the file that the rules were read from, and the proxy mode. */
export function RulesTools({ netns, hosts, format, met, files }: { readonly netns: NetnsId; readonly hosts: readonly NetnsId[]; readonly format: RulesFormat; readonly met: number; readonly files: readonly string[] }): ReactNode {
  const { search, onlyMet } = useRules();
  return (
    <div className="rules-tools">
      <Hosts netns={netns} hosts={hosts} />
      <Formats format={format} />
      <label className="rules-search"><Icon name="search" /><span className="visually-hidden">Search the rules</span><input type="search" value={search} placeholder="Search" onChange={(event) => useRules.setState({ search: event.target.value })} /></label>
      <button type="button" className="toggle" aria-pressed={onlyMet} disabled={met === 0} onClick={() => useRules.setState({ onlyMet: !onlyMet })}>Only what this packet met{met > 0 && <small>{met}</small>}</button>
      {files.length > 0 && <span className="rules-source" title={files.join(', ')}><Icon name="file" />{files.map((file) => file.split('/').at(-1)).join(', ')}</span>}
      <Modes netns={netns} />
    </div>
  );
}
