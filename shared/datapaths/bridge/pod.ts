import { cidrContains, cidrFamily, prefixLength } from '../../base/cidr.ts';
import { familyOf } from '../../base/ip.ts';
import type { Origin } from '../../dataplane/ids.ts';
import type { NetnsPart, Route } from '../../dataplane/netns.ts';
import type { Cluster, Node } from '../../model/types.ts';
import { nodeNetns } from '../naming.ts';
import { listeningOnStation } from '../sockets.ts';
import type { Station } from '../stations.ts';
import { anywhere, cableEnd, route, withPrefix } from '../wiring.ts';
import { bridgeAddress } from './node.ts';

/** A pod's namespace: eth0 in the node's pod CIDR, and the bridge as its gateway. */
export function bridgePod(station: Station, node: Node, cluster: Cluster): NetnsPart {
  const origin = (why: string): Origin => ({ by: 'bridge', for: station.for, why });
  const home = (address: Station['ips'][number]): Node['podCidrs'][number] | undefined => node.podCidrs.find((c) => cidrContains(c, address));
  const gateways = [...new Set(station.ips.map(familyOf))].flatMap((family): Route[] => {
    const cidr = node.podCidrs.find((c) => cidrFamily(c) === family);
    if (cidr === undefined) return [];
    const onLink = station.ips.some((address) => home(address) === cidr);
    return [route(anywhere[family], { via: bridgeAddress(cidr), dev: 'eth0', ...(onLink ? {} : { onlink: true }) }, origin(`${station.what} sends everything beyond its own node's pods to the bridge's address ${bridgeAddress(cidr)}.`))];
  });
  return {
    netns: station.netns, kind: 'pod', host: nodeNetns(node.name), origin: origin(`${station.what} has a network namespace of its own on node ${node.name}.`),
    links: [cableEnd({
      netns: station.netns, name: 'eth0', to: { netns: nodeNetns(node.name), link: station.veth },
      addresses: station.ips.map((address) => { const c = home(address); return withPrefix(address, c && prefixLength(c)); }),
      origin: origin(`${station.what}'s network card; its cable leads to the node.`),
    })],
    routes: gateways,
    sockets: listeningOnStation(station, cluster),
    sysctls: { ipForward: false, bridgeNf: false, routeLocalnet: false, rpFilter: 0 },
  };
}
