import { hostCidr } from '../../base/cidr.ts';
import { familyOf, ip } from '../../base/ip.ts';
import type { Origin } from '../../dataplane/ids.ts';
import type { Fragment, NetnsPart } from '../../dataplane/netns.ts';
import type { Cluster, Node } from '../../model/types.ts';
import { nodeNetns } from '../naming.ts';
import { ranks } from '../ranks.ts';
import { listeningOnStation } from '../sockets.ts';
import { stationsOn } from '../stations.ts';
import type { Datapath } from '../types.ts';
import { anywhere, cableEnd, route, withPrefix } from '../wiring.ts';

const by = 'example';
const gateway = ip('169.254.1.1');

function nodeSide(node: Node, cluster: Cluster): NetnsPart {
  const stations = stationsOn(node, cluster);
  return {
    netns: nodeNetns(node.name),
    links: stations.map((station) => ({
      ...cableEnd({ netns: nodeNetns(node.name), name: station.veth, to: { netns: station.netns, link: 'eth0' }, origin: { by, for: station.for, why: `The node's end of ${station.what}'s cable.` } }),
      proxyArp: true,
    })),
    routes: stations.flatMap((station) => station.ips.filter((address) => familyOf(address) === 4)
      .map((address) => route(hostCidr(address), { dev: station.veth, scope: 'link' }, { by, for: station.for, why: `${station.what} is at the other end of this cable.` }))),
  };
}

function podSides(node: Node, cluster: Cluster): readonly NetnsPart[] {
  return stationsOn(node, cluster).map((station) => {
    const origin = (why: string): Origin => ({ by, for: station.for, why });
    const addresses = station.ips.filter((address) => familyOf(address) === 4).map((address) => withPrefix(address));
    return {
      netns: station.netns, kind: 'pod', host: nodeNetns(node.name), origin: origin(`${station.what} has a network namespace of its own.`),
      links: [cableEnd({ netns: station.netns, name: 'eth0', to: { netns: nodeNetns(node.name), link: station.veth }, addresses, origin: origin(`${station.what}'s network card.`) })],
      routes: [
        route(hostCidr(gateway), { dev: 'eth0', scope: 'link' }, origin('The gateway is asked for on this cable; the node answers.')),
        route(anywhere[4], { via: gateway, dev: 'eth0' }, origin('Everything goes to the node.')),
      ],
      sockets: listeningOnStation(station, cluster),
    };
  });
}

/** The smallest pod network that carries a packet: IPv4, one node, no NAT (README.md). Copy it to begin a new one. */
export const example: Datapath = {
  id: by,
  provides: ['pod-network'],
  check: (cluster) => (cluster.nodes.length < 2 ? [] : [{ code: 'example-one-node', severity: 'warning', at: null, what: 'the example pod network has no routes between nodes', fix: 'choose bridge, vxlan or routed' }]),
  compile(host, cluster): Fragment | null {
    return host.kind === 'node' ? { rank: ranks.podNetwork, parts: [nodeSide(host.node, cluster), ...podSides(host.node, cluster)] } : null;
  },
};
