import type { EndpointView } from './proxy-endpoints.ts';
import type { ProxiedPort } from './service-ports.ts';

/** One address and port that a Service port may be sent to; `key` is `ip:port`, `[ip6]:port`. */
export type Backend = Pick<EndpointView, 'ip' | 'port' | 'key' | 'pod'>;

/** What one node may send a Service port's connections to (CategorizeEndpoints, pkg/proxy/topology.go). */
export interface PortView {
  readonly cluster: readonly Backend[];
  readonly local: readonly Backend[];
  /** Any usable endpoint on any node. */
  readonly hasEndpoints: boolean;
}

/** The decisions that all rules of one Service port on one node follow from, in every mode (the head of syncProxyRules' loop). */
export interface PortPlan {
  readonly port: ProxiedPort;
  readonly view: PortView;
  /** ClusterIP traffic reaches somebody. */
  readonly hasInternal: boolean;
  /** Traffic to node ports, external IPs and load balancer addresses reaches somebody. */
  readonly hasExternal: boolean;
  /** Has external addresses, and endpoints somewhere: the short cuts of a Local policy exist even where outsiders reach nobody. */
  readonly usesExternal: boolean;
  readonly restrictsSources: boolean;
  readonly usesCluster: boolean;
  readonly usesLocal: boolean;
  /** Every endpoint of the lists in use, once. */
  readonly reachable: readonly Backend[];
}

function reachable({ cluster, local }: PortView, usesCluster: boolean, usesLocal: boolean): readonly Backend[] {
  if (!usesLocal) return usesCluster ? cluster : [];
  if (!usesCluster) return local;
  const seen = new Set(cluster.map((endpoint) => endpoint.key));
  return [...cluster, ...local.filter((endpoint) => !seen.has(endpoint.key))];
}

/** Weighs one Service port against what its node can reach. */
export function planPort(port: ProxiedPort, view: PortView): PortPlan {
  const noLocal = view.local.length === 0;
  const { internalLocal, externalLocal, externallyAccessible } = port;
  const usesCluster = view.cluster.length > 0 && (!internalLocal || externallyAccessible);
  const usesLocal = !noLocal && (internalLocal || (externalLocal && externallyAccessible));
  return {
    port, view, usesCluster, usesLocal,
    hasInternal: view.hasEndpoints && !(internalLocal && noLocal),
    hasExternal: view.hasEndpoints && !(externalLocal && noLocal),
    usesExternal: view.hasEndpoints && externallyAccessible,
    restrictsSources: port.vips.length > 0 && port.sourceRanges.length > 0,
    reachable: reachable(view, usesCluster, usesLocal),
  };
}
