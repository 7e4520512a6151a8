import { cidrFamily, hostCidr, type Cidr } from '../../base/cidr.ts';
import type { IpFamily } from '../../base/ip.ts';
import type { Origin } from '../../dataplane/ids.ts';
import type { Match, Table } from '../../dataplane/rules.ts';
import type { Cluster, Node } from '../../model/types.ts';
import { chainOf, comment, jump, verdict, type Draft } from '../rules.ts';
import { loneAddresses } from '../stations.ts';

const chain = 'FLANNEL-POSTRTG';
const proxyMark = 0x4000;
const multicast: Readonly<Record<IpFamily, Cidr>> = { 4: '224.0.0.0/4' as Cidr, 6: 'ff00::/8' as Cidr };

function drafts(here: readonly Cidr[], everywhere: readonly Cidr[], family: IpFamily, origin: (why: string) => Origin): readonly Draft[] {
  const rule = (match: readonly Match[], end: Draft['do'][number], why: string): Draft => ({ match: [...match, comment('flanneld masq')], do: [end], origin: origin(why) });
  const keep = verdict('return');
  const hide: Draft['do'][number] = { kind: 'masquerade', randomFully: true };
  const pairs = here.flatMap((own) => everywhere.map((any) => ({ own, any })));
  return [
    rule([{ kind: 'mark', value: proxyMark, mask: proxyMark }], keep, 'kube-proxy marked it and hides the sender itself.'),
    ...pairs.flatMap(({ own, any }) => [
      rule([{ kind: 'src', net: own }, { kind: 'dst', net: any }], keep, 'From a pod here to a pod: the sender stays visible.'),
      rule([{ kind: 'src', net: any }, { kind: 'dst', net: own }], keep, 'From a pod to a pod here: the sender stays visible.'),
    ]),
    ...pairs.map(({ own, any }) => rule([{ kind: 'src', net: any, not: true }, { kind: 'dst', net: own }], keep, 'From outside to a pod of this very node: the answer comes back this way anyhow.')),
    ...everywhere.map((any) => rule([{ kind: 'src', net: any }, { kind: 'dst', net: multicast[family], not: true }], hide, 'A pod talks to somebody who is no pod: it takes the node\'s address, because nobody out there has a way back to it.')),
    ...everywhere.map((any) => rule([{ kind: 'src', net: any, not: true }, { kind: 'dst', net: any }], hide, 'From outside to a pod on another node: the answer must come back through this node.')),
  ];
}

/** flannel's own masquerading (pkg/trafficmngr/iptables, masqRules). Pods that keep an address outside every pod CIDR count as pods here. */
export function flannelMasquerade(node: Node, cluster: Cluster): readonly Table[] {
  if (!cluster.settings.masquerade) return [];
  const origin = (why: string): Origin => ({ by: 'vxlan', for: { kind: 'Node', name: node.name }, why });
  const alone = (n: Node): Cidr[] => loneAddresses(n, cluster).map(hostCidr);
  return ([4, 6] as const).flatMap((family): Table[] => {
    const of = (nets: readonly Cidr[]): Cidr[] => nets.filter((net) => cidrFamily(net) === family);
    const here = of([...node.podCidrs, ...alone(node)]);
    if (here.length === 0) return [];
    const everywhere = of([...cluster.settings.podSubnets, ...cluster.nodes.flatMap(alone)]);
    const f = family === 4 ? 'ip' : 'ip6';
    return [{ family: f, name: 'nat', tool: 'iptables', sets: [], chains: [
      chainOf(f, 'nat', 'POSTROUTING', origin('Where the packet is about to leave.'), [{ match: [comment('flanneld masq')], do: [jump(chain)], origin: origin('flannel decides who may keep its address.') }]),
      chainOf(f, 'nat', chain, origin('Hides pods behind their node towards everyone who is no pod.'), drafts(here, everywhere, family, origin)),
    ] }];
  });
}
