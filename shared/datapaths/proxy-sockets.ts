import type { Socket } from '../dataplane/netns.ts';
import { healthChecks, proxyHealth, proxyHealthPort } from '../model/health-checks.ts';
import { isLoopback, nodePortAddresses, proxyFamilies } from '../model/proxy-node.ts';
import type { Cluster, Node } from '../model/types.ts';

/** What kube-proxy itself listens on: its own health (10256) and the health-check node ports, which bind where node ports answer. The `health` app answers HTTP with `config.status`. */
export function proxySockets(by: string, node: Node, cluster: Cluster, fallback: 'all' | 'primary'): readonly Socket[] {
  const families = proxyFamilies(cluster);
  const own: Socket = { protocol: 'tcp', port: proxyHealthPort, app: 'health', config: { status: proxyHealth(node, '/healthz'), path: '/healthz' }, origin: { by, why: 'kube-proxy says here whether it is well; balancers of Services with externalTrafficPolicy Cluster ask it' } };
  const places = families.map((family) => nodePortAddresses(cluster.settings, node, family, fallback));
  const anywhere = places.some((place) => place.matchAll);
  const addresses = places.flatMap((place) => place.addresses).filter((address) => !isLoopback(address));
  const checks = healthChecks(cluster, node.name, families).flatMap(({ service, port, status, localEndpoints }): readonly Socket[] => {
    const socket: Socket = {
      protocol: 'tcp', port, app: 'health', config: { status, localEndpoints, service: `${service.namespace}/${service.name}` },
      origin: {
        by, for: { kind: 'Service', namespace: service.namespace, name: service.name }, field: 'spec.healthCheckNodePort',
        why: status === 200 ? `This node has ${localEndpoints} ready endpoint${localEndpoints === 1 ? '' : 's'} of Service ${service.namespace}/${service.name}, so load balancers may send traffic here` : `This node has no ready endpoint of Service ${service.namespace}/${service.name}, so load balancers are told to send nothing here`,
      },
    };
    return anywhere ? [socket] : addresses.map((address) => ({ ...socket, address }));
  });
  return [own, ...checks];
}
