import { baseOf, cidrContains, cidrFamily, hostCidr, prefixLength, type Cidr } from '../base/cidr.ts';
import { familyOf, offsetIp, type Ip } from '../base/ip.ts';
import type { IfName, Origin } from '../dataplane/ids.ts';
import type { NetnsPart, Route } from '../dataplane/netns.ts';
import type { Cluster, Node } from '../model/types.ts';
import { nodeNetns } from './naming.ts';
import { listeningOnStation } from './sockets.ts';
import { loneAddresses, stationsOn, type Station } from './stations.ts';
import { anywhere, bridgeLink, cableEnd, route, withPrefix } from './wiring.ts';

/** A pod network that joins a node's pods by a bridge: its datapath's id, the bridge's name, and the MTU of everything on it. */
export interface Bridged { readonly by: string; readonly bridge: IfName; readonly mtu: number }

/** The bridge's own address in a pod CIDR: the first after the network's. */
export const bridgeAddress = (podCidr: Cidr): Ip => offsetIp(baseOf(podCidr), 1);

/** The node's side: the bridge with a port for each pod, and a route to each pod that keeps an address outside the node's pod CIDRs. */
export function bridgedNode(how: Bridged, node: Node, cluster: Cluster): NetnsPart & Required<Pick<NetnsPart, 'links' | 'routes'>> {
  const netns = nodeNetns(node.name);
  const origin = (why: string): Origin => ({ by: how.by, for: { kind: 'Node', name: node.name }, why });
  const elsewhere = cluster.nodes.some((other) => other.name !== node.name && loneAddresses(other, cluster).some((address) => node.podCidrs.some((c) => cidrContains(c, address))));
  const bridge = bridgeLink(netns, how.bridge, node.podCidrs.map((c) => withPrefix(bridgeAddress(c), prefixLength(c))),
    origin(`The bridge that joins the pods on node ${node.name}; its address is their gateway.`), how.mtu);
  return {
    netns,
    links: [
      // A pod elsewhere that keeps an address of this node's range is asked for by ARP on this bridge: somebody has to answer.
      elsewhere ? { ...bridge, proxyArp: true } : bridge,
      ...stationsOn(node, cluster).map((station) => cableEnd({
        netns, name: station.veth, to: { netns: station.netns, link: 'eth0' }, master: how.bridge, hairpin: true, mtu: how.mtu,
        origin: { by: how.by, for: station.for, why: `${station.what}'s cable ends here. Hairpin is on: a packet may go back to the pod it came from.` },
      })),
    ],
    routes: loneAddresses(node, cluster).map((address) => route(hostCidr(address), { dev: how.bridge, scope: 'link' }, origin(`${address} is a pod on this node that keeps an address outside the node's pod CIDR.`))),
  };
}

/** A pod's namespace: eth0 in the node's pod CIDR, and the bridge as its gateway. */
export function bridgedPod(how: Bridged, station: Station, node: Node, cluster: Cluster): NetnsPart {
  const origin = (why: string): Origin => ({ by: how.by, for: station.for, why });
  const home = (address: Ip): Cidr | undefined => node.podCidrs.find((c) => cidrContains(c, address));
  const gateways = [...new Set(station.ips.map(familyOf))].flatMap((family): Route[] => {
    const cidr = node.podCidrs.find((c) => cidrFamily(c) === family);
    if (cidr === undefined) return [];
    const onLink = station.ips.some((address) => home(address) === cidr);
    return [route(anywhere[family], { via: bridgeAddress(cidr), dev: 'eth0', ...(onLink ? {} : { onlink: true }) }, origin(`${station.what} sends everything beyond its own node's pods to the bridge's address ${bridgeAddress(cidr)}.`))];
  });
  return {
    netns: station.netns, kind: 'pod', host: nodeNetns(node.name), origin: origin(`${station.what} has a network namespace of its own on node ${node.name}.`),
    links: [cableEnd({
      netns: station.netns, name: 'eth0', to: { netns: nodeNetns(node.name), link: station.veth }, mtu: how.mtu,
      addresses: station.ips.map((address) => { const c = home(address); return withPrefix(address, c && prefixLength(c)); }),
      origin: origin(`${station.what}'s network card; its cable leads to the node.`),
    })],
    routes: gateways,
    sockets: listeningOnStation(station, cluster),
    sysctls: { ipForward: false, bridgeNf: false, routeLocalnet: false, rpFilter: 0 },
  };
}
