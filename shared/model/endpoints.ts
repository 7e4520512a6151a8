import { familyOf, type IpFamily } from '../base/ip.ts';
import type { EndpointIndex } from './index-cluster.ts';
import { endpointsOn, proxyEndpoints, seenFrom, type EndpointView, type ProxyEndpoints } from './proxy-endpoints.ts';
import type { Service, ServicePort } from './types.ts';

export type TopologyMode = 'none' | 'same-node' | 'same-zone';

/** What one node's kube-proxy may send a Service port's connections to. Lists that no node changes are shared between calls. */
export interface EndpointSelection {
  readonly cluster: readonly EndpointView[];
  readonly local: readonly EndpointView[];
  /** Any usable endpoint on any node. */
  readonly hasEndpoints: boolean;
  /** Something to send ClusterIP traffic to. */
  readonly hasInternal: boolean;
  /** Something to send external traffic to. */
  readonly hasExternal: boolean;
  readonly topology: TopologyMode;
}

/** How a Service's policies read in one family (pkg/api/v1/service/util.go, serviceport.go). */
export interface TrafficPolicies {
  readonly internalLocal: boolean;
  /** externalTrafficPolicy Local on a Service that its type makes reachable from outside. */
  readonly externalLocal: boolean;
  /** Has a node port, a load balancer VIP or an external IP. */
  readonly externallyAccessible: boolean;
  readonly usesCluster: boolean;
  readonly usesLocal: boolean;
}

export function trafficPolicies(service: Service, port: ServicePort, family: IpFamily): TrafficPolicies {
  const vips = service.loadBalancer.some((entry) => entry.ip !== null && entry.ipMode === 'VIP' && familyOf(entry.ip) === family);
  const externalIps = service.externalIps.some((address) => familyOf(address) === family);
  const byType = service.type === 'LoadBalancer' || service.type === 'NodePort' || (service.type === 'ClusterIP' && service.externalIps.length > 0);
  const internalLocal = service.internalTrafficPolicy === 'Local';
  const externalLocal = service.externalTrafficPolicy === 'Local' && byType;
  const externallyAccessible = port.nodePort > 0 || vips || externalIps;
  return { internalLocal, externalLocal, externallyAccessible, usesCluster: !internalLocal || externallyAccessible, usesLocal: internalLocal || (externalLocal && externallyAccessible) };
}

/** kube-proxy's choice of endpoints on one node (pkg/proxy/topology.go CategorizeEndpoints): the two lists fall back to terminating endpoints independently. */
export function selectEndpoints(index: EndpointIndex, service: Service, port: ServicePort, nodeName: string, family: IpFamily): EndpointSelection {
  const policies = trafficPolicies(service, port, family);
  const endpoints = seenFrom(proxyEndpoints(index, service, port, family), nodeName);
  const topology = policies.usesCluster ? topologyMode(index, endpoints, nodeName) : 'none';
  const cluster = policies.usesCluster ? clusterList(index, endpoints, nodeName, topology) : none;
  const local = policies.usesLocal ? localList(endpoints, nodeName) : none;
  const hasEndpoints = endpoints.ready.length > 0 || endpoints.draining.length > 0;
  return {
    cluster, local, hasEndpoints, topology,
    hasInternal: hasEndpoints && !(policies.internalLocal && local.length === 0),
    hasExternal: hasEndpoints && !(policies.externalLocal && local.length === 0),
  };
}

const none: readonly EndpointView[] = [];
const zoneOf = (index: EndpointIndex, nodeName: string): string => index.nodes.get(nodeName)?.labels['topology.kubernetes.io/zone'] ?? '';

/** topologyModeFromHints: one ready endpoint without a hint turns it off for the whole Service. */
function topologyMode(index: EndpointIndex, endpoints: ProxyEndpoints, nodeName: string): TopologyMode {
  if (endpoints.ready.length === 0) return 'none';
  const { preferSameTrafficDistribution } = index.cluster.settings;
  if (preferSameTrafficDistribution && endpoints.allHintNodes && endpoints.ready.some((view) => view.hintNodes.includes(nodeName))) return 'same-node';
  if (!endpoints.allHintZones) return 'none';
  const zone = zoneOf(index, nodeName);
  return endpoints.ready.some((view) => view.hintZones.includes(zone)) ? 'same-zone' : 'none';
}

function clusterList(index: EndpointIndex, endpoints: ProxyEndpoints, nodeName: string, topology: TopologyMode): readonly EndpointView[] {
  if (endpoints.ready.length === 0) return endpoints.draining;
  switch (topology) {
    case 'same-node':
      return endpoints.ready.filter((view) => view.hintNodes.includes(nodeName));
    case 'same-zone': {
      const zone = zoneOf(index, nodeName);
      return endpoints.ready.filter((view) => view.hintZones.includes(zone));
    }
    case 'none':
      return endpoints.ready;
  }
}

function localList(endpoints: ProxyEndpoints, nodeName: string): readonly EndpointView[] {
  const here = endpointsOn(endpoints, nodeName);
  const ready = here.filter((view) => view.ready);
  return ready.length > 0 ? ready : here.filter((view) => view.serving && view.terminating);
}

/** Endpoints of the Service port that this node's kube-proxy does not use for the asked list, each with the reason in a few words. */
export function leftOutEndpoints(index: EndpointIndex, service: Service, port: ServicePort, nodeName: string, family: IpFamily, list: 'cluster' | 'local'): readonly { readonly endpoint: EndpointView; readonly why: string }[] {
  const selection = selectEndpoints(index, service, port, nodeName, family);
  const used = new Set(selection[list]);
  const endpoints = seenFrom(proxyEndpoints(index, service, port, family), nodeName);
  const why = (view: EndpointView): string => {
    if (list === 'local' && view.nodeName !== nodeName) return view.nodeName === '' ? 'its slice names no node' : `it runs on node ${view.nodeName}`;
    if (!view.ready && !(view.serving && view.terminating)) return view.terminating ? 'it is terminating and no longer serving' : 'it is not ready';
    if (!view.ready) return 'it is terminating, and ready endpoints are preferred';
    return selection.topology === 'same-node' ? `its hints name other nodes than ${nodeName}` : `its hints name other zones than ${zoneOf(index, nodeName)}`;
  };
  return endpoints.all.filter((view) => !used.has(view)).map((endpoint) => ({ endpoint, why: why(endpoint) }));
}
