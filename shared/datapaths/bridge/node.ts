import { baseOf, cidrContains, cidrFamily, hostCidr, prefixLength, type Cidr } from '../../base/cidr.ts';
import { offsetIp, type Ip } from '../../base/ip.ts';
import type { Origin } from '../../dataplane/ids.ts';
import type { NetnsPart, Route } from '../../dataplane/netns.ts';
import type { Cluster, Node } from '../../model/types.ts';
import { nodeAddress } from '../lan.ts';
import { nodeNetns } from '../naming.ts';
import { loneAddresses, stationsOn } from '../stations.ts';
import { bridgeLink, cableEnd, route, withPrefix } from '../wiring.ts';

/** The bridge's own address in a pod CIDR: the first after the network's. */
export const bridgeAddress = (podCidr: Cidr): Ip => offsetIp(baseOf(podCidr), 1);

/** The ways to the pods of every other node: its pod CIDR, and each pod that keeps an address outside it, through the node's InternalIP. */
function routesToOthers(node: Node, cluster: Cluster, origin: (why: string) => Origin): readonly Route[] {
  return cluster.nodes.filter((other) => other.name !== node.name).flatMap((other) => {
    const to = (dst: Cidr, why: string): Route[] => {
      const via = nodeAddress(other, cidrFamily(dst));
      return via !== undefined && nodeAddress(node, cidrFamily(dst)) !== undefined ? [route(dst, { via, dev: 'eth0' }, origin(why))] : [];
    };
    return [
      ...other.podCidrs.flatMap((dst) => to(dst, `Pods in ${dst} are on node ${other.name}; the packet goes there unchanged, by plain routing.`)),
      ...loneAddresses(other, cluster).flatMap((address) => to(hostCidr(address), `${address} is a pod on node ${other.name} that keeps an address outside the node's pod CIDR.`)),
    ];
  });
}

/** The node's side: the bridge cbr0 with a port for each pod, and routes to the other nodes' pods. */
export function bridgeNode(node: Node, cluster: Cluster): NetnsPart {
  const netns = nodeNetns(node.name);
  const origin = (why: string): Origin => ({ by: 'bridge', for: { kind: 'Node', name: node.name }, why });
  const own = loneAddresses(node, cluster);
  const elsewhere = cluster.nodes.some((other) => other.name !== node.name && loneAddresses(other, cluster).some((address) => node.podCidrs.some((c) => cidrContains(c, address))));
  const cbr0 = bridgeLink(netns, 'cbr0', node.podCidrs.map((c) => withPrefix(bridgeAddress(c), prefixLength(c))),
    origin(`The bridge that joins the pods on node ${node.name}; its address is their gateway.`));
  return {
    netns,
    links: [
      // A pod elsewhere that keeps an address of this node's range is asked for by ARP on this bridge: somebody has to answer.
      elsewhere ? { ...cbr0, proxyArp: true } : cbr0,
      ...stationsOn(node, cluster).map((station) => cableEnd({
        netns, name: station.veth, to: { netns: station.netns, link: 'eth0' }, master: 'cbr0', hairpin: true,
        origin: { by: 'bridge', for: station.for, why: `${station.what}'s cable ends here. Hairpin is on: a packet may go back to the pod it came from.` },
      })),
    ],
    routes: [
      ...own.map((address) => route(hostCidr(address), { dev: 'cbr0', scope: 'link' }, origin(`${address} is a pod on this node that keeps an address outside the node's pod CIDR.`))),
      ...routesToOthers(node, cluster, origin),
    ],
  };
}
