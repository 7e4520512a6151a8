import { cidrFamily, hostCidr, type Cidr } from '../base/cidr.ts';
import { familyOf, type IpFamily } from '../base/ip.ts';
import type { Origin } from '../dataplane/ids.ts';
import type { Match, Table, Tuple } from '../dataplane/rules.ts';
import type { Cluster, Node } from '../model/types.ts';
import { chainOf, comment, jump, verdict } from './rules.ts';
import { loneAddresses } from './stations.ts';

interface Ranges { readonly here: readonly Cidr[]; readonly everywhere: readonly Cidr[] }

/** Where this node's pods are, and where any pod is. */
function ranges(family: IpFamily, node: Node, cluster: Cluster): Ranges {
  const alone = (n: Node): Cidr[] => loneAddresses(n, cluster).map(hostCidr);
  const ours = (cidr: Cidr): boolean => cidrFamily(cidr) === family;
  return {
    here: [...node.podCidrs, ...alone(node)].filter(ours),
    everywhere: [...cluster.settings.podSubnets, ...cluster.nodes.flatMap(alone)].filter(ours),
  };
}

const multicast: Readonly<Record<IpFamily, Cidr>> = { 4: '224.0.0.0/4' as Cidr, 6: 'ff00::/8' as Cidr };
const chain = 'POD-MASQ';

function iptablesTable(by: string, family: IpFamily, { here, everywhere }: Ranges, origin: (why: string) => Origin): Table {
  const ipFamily = family === 4 ? 'ip' : 'ip6';
  const away = origin('A packet that leaves for somewhere without pods takes the node\'s address: nobody out there has a way back to a pod.');
  const stays = (net: Cidr): Origin => origin(net === multicast[family] ? 'Multicast keeps its sender.' : `${net} is pods: they know the way back, so the sender stays visible.`);
  return {
    family: ipFamily, name: 'nat', tool: 'iptables', sets: [], chains: [
      chainOf(ipFamily, 'nat', 'POSTROUTING', origin('Where the packet is about to leave.'), here.map((net) => ({
        match: [{ kind: 'src', net }, comment(`${by}: what pods on this node send out`)], do: [jump(chain)], origin: origin(`From a pod on this node (${net}): decide whether it may keep its address.`),
      }))),
      chainOf(ipFamily, 'nat', chain, origin('Hides pods behind their node towards everyone who is no pod.'), [
        ...[...everywhere, multicast[family]].map((net) => ({ match: [{ kind: 'dst', net }] satisfies Match[], do: [verdict('return')], origin: stays(net) })),
        { match: [], do: [{ kind: 'masquerade' }], origin: away },
      ]),
    ],
  };
}

function nftTable(by: string, family: IpFamily, { here, everywhere }: Ranges, origin: (why: string) => Origin): Table {
  const nftFamily = family === 4 ? 'ip' : 'ip6';
  const id = `${nftFamily}/pod-network/postrouting`;
  const any = (nets: readonly Cidr[]): readonly Tuple[] => nets.map((net) => [net]);
  return {
    family: nftFamily, name: 'pod-network', tool: 'nft', sets: [], comment: `${by}: what pods send out`, chains: [{
      id, name: 'postrouting', kind: 'base', type: 'nat', hook: 'postrouting', priority: 100, policy: 'accept', origin: origin('Hides pods behind their node towards everyone who is no pod.'),
      rules: [{
        id: `${id}/1`,
        match: [{ kind: 'compare', left: [{ field: 'saddr' }], op: '==', right: any(here) }, { kind: 'compare', left: [{ field: 'daddr' }], op: '!=', right: any([...everywhere, multicast[family]]) }],
        do: [{ kind: 'masquerade' }],
        origin: origin('A packet that leaves for somewhere without pods takes the node\'s address: nobody out there has a way back to a pod.'),
      }],
    }],
  };
}

/** The node's own NAT for what pods send out of the cluster, as kindnet and flannel do it: everything that is no pod is outside, other nodes included. In the language of the cluster's proxy mode. */
export function masqueradeTables(by: string, node: Node, cluster: Cluster): readonly Table[] {
  if (!cluster.settings.masquerade) return [];
  const origin = (why: string): Origin => ({ by, for: { kind: 'Node', name: node.name }, why });
  return ([4, 6] as const).flatMap((family) => {
    const found = ranges(family, node, cluster);
    if (found.here.length === 0 || !node.addresses.some((address) => familyOf(address) === family)) return [];
    return [cluster.settings.proxyMode === 'nftables' ? nftTable(by, family, found, origin) : iptablesTable(by, family, found, origin)];
  });
}
