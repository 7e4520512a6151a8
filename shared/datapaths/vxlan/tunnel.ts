import { baseOf, cidrFamily, hostCidr, type Cidr } from '../../base/cidr.ts';
import type { Ip, IpFamily } from '../../base/ip.ts';
import { macFor } from '../../base/mac.ts';
import type { IfName, Origin } from '../../dataplane/ids.ts';
import type { Link, NetnsPart, Neighbour, Route } from '../../dataplane/netns.ts';
import type { Cluster, Node } from '../../model/types.ts';
import { nodeAddress } from '../lan.ts';
import { nodeNetns } from '../naming.ts';
import { loneAddresses } from '../stations.ts';
import { route, withPrefix } from '../wiring.ts';

/** flannel's device of a family; each family's tunnel runs over the nodes' addresses of that family. */
export const deviceOf = (family: IpFamily): IfName => (family === 4 ? 'flannel.1' : 'flannel-v6.1');
/** What the outer headers take off 1500: Ethernet 14, VXLAN 8, UDP 8, IP 20 or 40. */
const mtus = { 4: 1450, 6: 1430 } as const;
const vni = 1;
const port = 8472;

interface End { readonly node: Node; readonly podCidr: Cidr; readonly address: Ip; readonly underlay: Ip; readonly mac: string }

/** A node's end of the tunnel: its device has the pod CIDR's own base address. Null where the node has no pod CIDR or no address of the family. */
function endOf(node: Node, family: IpFamily): End | null {
  const podCidr = node.podCidrs.find((c) => cidrFamily(c) === family);
  const underlay = nodeAddress(node, family);
  return podCidr === undefined || underlay === undefined ? null : { node, podCidr, address: baseOf(podCidr), underlay, mac: macFor(`${nodeNetns(node.name)} ${deviceOf(family)}`) };
}

function routesTo(other: End, family: IpFamily, cluster: Cluster, origin: (why: string) => Origin): readonly Route[] {
  const into = { via: other.address, dev: deviceOf(family), onlink: true } as const;
  const { name } = other.node;
  return [
    route(other.podCidr, into, origin(`Pods in ${other.podCidr} are on node ${name}; the packet goes there inside another one, from node to node.`)),
    ...loneAddresses(other.node, cluster).filter((address) => cidrFamily(hostCidr(address)) === family).map((address) => route(hostCidr(address), into, origin(`${address} is a pod on node ${name} that keeps an address outside the node's pod CIDR.`))),
  ];
}

/** One family's tunnel on a node: the device, and for every other node a route, a permanent neighbour and a forwarding entry, as flanneld writes them (backend/vxlan/vxlan_network.go). */
export function tunnelPart(family: IpFamily, node: Node, cluster: Cluster): NetnsPart | null {
  const own = endOf(node, family);
  if (!own) return null;
  const netns = nodeNetns(node.name);
  const dev = deviceOf(family);
  const origin = (why: string): Origin => ({ by: 'vxlan', for: { kind: 'Node', name: node.name }, why });
  const others = cluster.nodes.filter((other) => other.name !== node.name).flatMap((other) => endOf(other, family) ?? []);
  const device: Link = {
    kind: 'vxlan', name: dev, mac: own.mac, mtu: mtus[family], up: true, addresses: [withPrefix(own.address)], vni, port, local: own.underlay, underlay: 'eth0',
    fdb: others.map((other) => ({ mac: other.mac, dst: other.underlay })), origin: origin('The tunnel to the other nodes: what goes in is carried inside UDP to the node that has the pod.'),
  };
  const neighbours = others.map((other): Neighbour => ({ ip: other.address, dev, mac: other.mac, origin: origin(`Node ${other.node.name}'s end of the tunnel: nobody has to ask for it.`) }));
  return { netns, links: [device], neighbours, routes: others.flatMap((other) => routesTo(other, family, cluster, origin)) };
}
