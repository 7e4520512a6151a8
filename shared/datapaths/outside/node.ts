import { familyOf } from '../../base/ip.ts';
import { prefixLength } from '../../base/cidr.ts';
import type { Origin } from '../../dataplane/ids.ts';
import type { NetnsPart, Route } from '../../dataplane/netns.ts';
import type { Cluster, Node } from '../../model/types.ts';
import { lanOf, nodeAddress, segmentOf } from '../lan.ts';
import { ifNameFor, nodeNetns } from '../naming.ts';
import { listeningOnNode } from '../sockets.ts';
import { anywhere, cableEnd, route, withPrefix } from '../wiring.ts';

/** The switch's port for a node. */
export const nodePort = (node: Node): string => ifNameFor('p-', node.name);

/** A node's machine: eth0 on the nodes' switch, a default route to the router, forwarding on. */
export function nodeMachine(node: Node, cluster: Cluster): NetnsPart {
  const netns = nodeNetns(node.name);
  const lan = lanOf(cluster);
  const origin = (why: string): Origin => ({ by: 'outside', for: { kind: 'Node', name: node.name }, why });
  const addresses = node.addresses.map((address) => {
    const on = segmentOf(lan, address);
    return withPrefix(address, on && prefixLength(on.cidr));
  });
  const routes: Route[] = [];
  for (const segment of lan.segments) {
    const own = nodeAddress(node, segment.family);
    if (own === undefined) continue;
    if (segmentOf(lan, own) === segment) routes.push(route(anywhere[segment.family], { via: segment.router, dev: 'eth0' }, origin(`Node ${node.name} sends what it has no better route for to the router at ${segment.router}.`)));
    else if (!addresses.some((address) => segmentOf(lan, address.slice(0, address.indexOf('/')) as typeof own) === segment)) {
      routes.push(route(segment.cidr, { dev: 'eth0', scope: 'link' }, origin(`${segment.cidr} is on the same wire: other nodes have addresses in it.`)));
    }
  }
  return {
    netns, kind: 'node', host: netns, origin: origin(`Node ${node.name}: the kernel that its pods and kube-proxy share.`),
    links: [cableEnd({ netns, name: 'eth0', to: { netns: 'switch/lan', link: nodePort(node) }, addresses, origin: origin(`Node ${node.name}'s network card on the nodes' network.`) })],
    routes, sockets: listeningOnNode(node, cluster),
    sysctls: { ipForward: true, bridgeNf: true, routeLocalnet: false, rpFilter: 0 },
  };
}

/** The node's addresses that lie on no segment of the nodes' network, so that only the router knows where they are. */
export const addressesOffLan = (node: Node, cluster: Cluster): Node['addresses'] =>
  node.addresses.filter((address) => segmentOf(lanOf(cluster), address) === undefined && nodeAddress(node, familyOf(address)) !== undefined);
