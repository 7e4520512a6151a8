import { hostCidr } from '../../base/cidr.ts';
import { familyOf, ip, type IpFamily } from '../../base/ip.ts';
import { sha256Base32 } from '../../base/sha256-base32.ts';
import type { IfName, Origin } from '../../dataplane/ids.ts';
import type { Link, NetnsPart, Route } from '../../dataplane/netns.ts';
import type { Cluster, Node } from '../../model/types.ts';
import { familiesOf } from '../lan.ts';
import { nodeNetns } from '../naming.ts';
import { listeningOnStation } from '../sockets.ts';
import { stationsOn, type Station } from '../stations.ts';
import { anywhere, cableEnd, route, withPrefix } from '../wiring.ts';

/** Every pod's gateway: an address that no machine has; the node answers ARP for it (proxy_arp). IPv6 needs a real one, the same on every cable. */
const gateway = { 4: ip('169.254.1.1'), 6: ip('fe80::ecee:eeff:feee:eeee') } as const;
/** All of a node's ends have the same hardware address, so that a pod that moves keeps its neighbour entry. */
const mac = 'ee:ee:ee:ee:ee:ee';

/** The node's end of a pod's cable: `cali` and eleven characters that stand for the pod. */
export const caliOf = (station: Station): IfName => `cali${sha256Base32(station.netns).slice(0, 11).toLowerCase()}`;

/** The node's side: for every pod a cable without an address, and a route to that one pod. */
export function routedNode(node: Node, cluster: Cluster): NetnsPart & Required<Pick<NetnsPart, 'links' | 'routes'>> {
  const netns = nodeNetns(node.name);
  const sixToo = familiesOf(cluster).includes(6);
  const stations = stationsOn(node, cluster);
  const origin = (station: Station, why: string): Origin => ({ by: 'routed', for: station.for, why });
  const cable = (station: Station): Link => ({
    ...cableEnd({ netns, name: caliOf(station), to: { netns: station.netns, link: 'eth0' }, addresses: sixToo ? [withPrefix(gateway[6], 64)] : [], origin: origin(station, `${station.what}'s cable ends here. The node answers every ARP question on it and routes the rest.`) }),
    mac, proxyArp: true,
  });
  const own = node.podCidrs.map((podCidr) => route(podCidr, { type: 'blackhole' }, { by: 'routed', for: { kind: 'Node', name: node.name }, why: `${podCidr} belongs to this node: an address in it that no pod has must not leave again.` }));
  return {
    netns, links: stations.map(cable),
    routes: [...own, ...stations.flatMap((station) => station.ips.map((address) => route(hostCidr(address), { dev: caliOf(station), scope: 'link' }, origin(station, `${station.what} is at the other end of this cable.`))))],
  };
}

/** A pod's namespace: eth0 with its address alone, and everything sent to a gateway that only the node answers for. */
export function routedPod(station: Station, node: Node, cluster: Cluster): NetnsPart {
  const origin = (why: string): Origin => ({ by: 'routed', for: station.for, why });
  const wayOut = (family: IpFamily): readonly Route[] => [
    ...(family === 4 ? [route(hostCidr(gateway[4]), { dev: 'eth0', scope: 'link' }, origin(`${gateway[4]} is to be asked for on this cable: the node answers for it.`))] : []),
    route(anywhere[family], { via: gateway[family], dev: 'eth0', ...(family === 6 ? { onlink: true } : {}) }, origin(`${station.what} has no neighbours: everything goes to the node.`)),
  ];
  return {
    netns: station.netns, kind: 'pod', host: nodeNetns(node.name), origin: origin(`${station.what} has a network namespace of its own on node ${node.name}.`),
    links: [cableEnd({ netns: station.netns, name: 'eth0', to: { netns: nodeNetns(node.name), link: caliOf(station) }, addresses: station.ips.map((address) => withPrefix(address)), origin: origin(`${station.what}'s network card; its cable leads to the node.`) })],
    routes: [...new Set(station.ips.map(familyOf))].flatMap(wayOut),
    sockets: listeningOnStation(station, cluster),
    sysctls: { ipForward: false, bridgeNf: false, routeLocalnet: false, rpFilter: 0 },
  };
}
