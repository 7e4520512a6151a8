import type { IpFamily } from '../base/ip.ts';
import { indexCluster } from './index-cluster.ts';
import { endpointsOn, proxyEndpoints } from './proxy-endpoints.ts';
import { portsOfService } from './service-ports.ts';
import type { Cluster, Node, Service } from './types.ts';

/** What a health-check node port of one Service answers on one node (ServiceHealthServer, pkg/proxy/healthcheck/service_health.go). */
export interface HealthCheck {
  readonly service: Service;
  readonly port: number;
  /** Ready endpoints on this node, by distinct address; terminating ones do not count although they may still be served. */
  readonly localEndpoints: number;
  /** 200 with at least one, else 503. */
  readonly status: 200 | 503;
}

/** Where kube-proxy says whether it is well itself (`--healthz-bind-address`). */
export const proxyHealthPort = 10256;

/** The status of a page there: `/healthz` is 503 on a node that the cluster autoscaler is about to take away (KEP-3836, proxy_health.go NodeEligible), `/livez` is not; there are no others. It is well otherwise. */
export function proxyHealth(node: Pick<Node, 'taints'>, path: string): 200 | 404 | 503 {
  const page = path.split('?')[0];
  if (page === '/livez') return 200;
  if (page !== '/healthz') return 404;
  return node.taints.some(({ key }) => key === 'ToBeDeletedByClusterAutoscaler') ? 503 : 200;
}

/** The health-check node ports that one node answers, in the order of the Services. */
export function healthChecks(cluster: Cluster, nodeName: string, families: readonly IpFamily[]): readonly HealthCheck[] {
  const found = new Map<Service, { port: number; addresses: Set<string> }>();
  const asked = cluster.services.filter((service) => service.healthCheckNodePort !== 0);
  for (const family of families) {
    for (const proxied of asked.flatMap((service) => portsOfService(service, family))) {
      if (proxied.healthCheckNodePort === 0) continue;
      let check = found.get(proxied.service);
      if (check === undefined) found.set(proxied.service, (check = { port: proxied.healthCheckNodePort, addresses: new Set() }));
      const endpoints = proxyEndpoints(indexCluster(cluster), proxied.service, proxied.service.ports[proxied.index]!, family);
      for (const endpoint of endpointsOn(endpoints, nodeName)) if (endpoint.ready) check.addresses.add(endpoint.ip);
    }
  }
  return [...found].map(([service, { port, addresses }]) => ({ service, port, localEndpoints: addresses.size, status: addresses.size > 0 ? 200 : 503 }));
}
