import type { HostNetns } from '../dataplane/build-dataplane.ts';
import type { Cluster } from '../model/types.ts';
import { nodeNetns, outsiderNetns } from './naming.ts';
import { outsidersOf, stationsOn } from './stations.ts';
import type { Host } from './types.ts';

/** Every machine there is: nodes, clients and other hosts, and what stands between them. */
export function hostsOf(cluster: Cluster): readonly Host[] {
  return [
    ...cluster.nodes.map((node): Host => ({ kind: 'node', id: nodeNetns(node.name), node })),
    ...outsidersOf(cluster).map((outsider): Host => ({ kind: outsider.kind, id: outsiderNetns(outsider), outsider })),
    { kind: 'switch', id: 'switch/lan' },
    { kind: 'router', id: 'router/lab' },
    { kind: 'switch', id: 'switch/outside' },
    { kind: 'world', id: 'world/internet' },
    ...(hasCloudBalancer(cluster) ? [{ kind: 'load-balancer', id: 'lb/cloud' } as const] : []),
  ];
}

/** Whether a cloud's load balancer stands beside the router: only where some Service has an address on it. */
export const hasCloudBalancer = (cluster: Cluster): boolean =>
  cluster.settings.loadBalancer === 'cloud' && cluster.services.some((service) => service.loadBalancer.some((ingress) => ingress.ip !== null));

/** The machine's own namespace and those of the pods on it. */
export const netnsOf = (host: Host, cluster: Cluster): HostNetns =>
  ({ id: host.id, netns: [host.id, ...(host.kind === 'node' ? stationsOn(host.node, cluster).map((station) => station.netns) : [])] });
