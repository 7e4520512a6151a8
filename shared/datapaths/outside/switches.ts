import type { NetnsId, Origin } from '../../dataplane/ids.ts';
import type { Link, NetnsPart } from '../../dataplane/netns.ts';
import type { Cluster } from '../../model/types.ts';
import { hasCloudBalancer } from '../hosts.ts';
import { isOnLan, lanOf } from '../lan.ts';
import { ifNameFor, nodeNetns, outsiderNetns } from '../naming.ts';
import { bridgeLink, cableEnd } from '../wiring.ts';
import { outsidersOf } from '../stations.ts';
import { nodePort } from './node.ts';
import type { Outsider } from '../../model/types.ts';

const by = (why: string): Origin => ({ by: 'outside', why });
/** A switch's port for a client (`c-`) or another host (`h-`). */
export const outsiderPort = (outsider: Outsider): string => ifNameFor(outsider.kind === 'client' ? 'c-' : 'h-', outsider.name);

function switchOf(netns: NetnsId, what: string, ports: readonly Link[]): NetnsPart {
  return {
    netns, kind: 'switch', host: netns, origin: by(`${what}: it passes frames on and looks at no packet.`),
    links: [bridgeLink(netns, 'br0', [], by(`${what}.`)), ...ports],
    sysctls: { ipForward: false, bridgeNf: false, routeLocalnet: false, rpFilter: 0 },
  };
}

const port = (netns: NetnsId, name: string, machine: NetnsId, link = 'eth0'): Link =>
  cableEnd({ netns, name, to: { netns: machine, link }, master: 'br0', origin: by(`The cable to ${machine}.`) });

/** The switch that all nodes are plugged into. */
export function lanSwitch(netns: NetnsId, cluster: Cluster): NetnsPart {
  const lan = lanOf(cluster);
  return switchOf(netns, 'The switch between the nodes', [
    port(netns, 'router', 'router/lab', 'lan0'),
    ...(hasCloudBalancer(cluster) ? [port(netns, 'lb', 'lb/cloud', 'eth1')] : []),
    ...cluster.nodes.map((node) => port(netns, nodePort(node), nodeNetns(node.name))),
    ...outsidersOf(cluster).filter((o) => isOnLan(lan, o)).map((o) => port(netns, outsiderPort(o), outsiderNetns(o))),
  ]);
}

/** The segment beyond the router: clients, hosts, the cloud's load balancer and the way to the rest of the internet. */
export function outsideSwitch(netns: NetnsId, cluster: Cluster): NetnsPart {
  const lan = lanOf(cluster);
  return switchOf(netns, 'The network outside the cluster', [
    port(netns, 'router', 'router/lab', 'out0'),
    port(netns, 'world', 'world/internet'),
    ...(hasCloudBalancer(cluster) ? [port(netns, 'lb', 'lb/cloud')] : []),
    ...outsidersOf(cluster).filter((o) => !isOnLan(lan, o)).map((o) => port(netns, outsiderPort(o), outsiderNetns(o))),
  ]);
}
