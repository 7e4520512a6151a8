import { ApiFailure } from '../api/failure.ts';
import type { RuleLine, RulesFormat } from '../api/shapes.ts';
import type { Netns } from '../dataplane/netns.ts';
import { printIpAddr } from '../dataplane/text/print-ip-addr.ts';
import { printIpRoute } from '../dataplane/text/print-ip-route.ts';
import { printIpset } from '../dataplane/text/print-ipset.ts';
import { printIptablesSave } from '../dataplane/text/print-iptables-save.ts';
import { printNft } from '../dataplane/text/print-nft.ts';
import { printIpvsadm } from '../dataplane/text/print-ipvsadm.ts';
import type { World } from './world.ts';

/** What the proxy mode's own tool prints. */
export const defaultFormat = ({ cluster }: Pick<World, 'cluster'>): RulesFormat => (cluster.settings.proxyMode === 'nftables' ? 'nft' : cluster.settings.proxyMode === 'ipvs' ? 'ipvsadm' : 'iptables-save');

function print(netns: Netns, format: RulesFormat, family: 4 | 6): readonly RuleLine[] {
  switch (format) {
    case 'iptables-save': return printIptablesSave(netns, family === 6 ? 'ip6' : 'ip');
    case 'ipset': return printIpset(netns);
    case 'nft': return printNft(netns);
    case 'ipvsadm': return printIpvsadm(netns);
    case 'ip-route': return printIpRoute(netns, family);
    case 'ip-addr': return printIpAddr(netns);
  }
}

/** A host's kernel text, line by line, each with the rule it shows. Family 4 unless the cluster is IPv6 only or the caller says. */
export function rulesText(world: World, id: string, format: RulesFormat | null, family?: 4 | 6): { readonly format: RulesFormat; readonly lines: readonly RuleLine[] } {
  const netns = world.dataplane.netns(id);
  if (!netns) throw new ApiFailure('problem', `there is no host "${id}"`);
  const chosen = format ?? defaultFormat(world);
  const only6 = world.cluster.settings.podSubnets.every((subnet) => subnet.includes(':'));
  return { format: chosen, lines: print(netns, chosen, family ?? (only6 ? 6 : 4)) };
}
