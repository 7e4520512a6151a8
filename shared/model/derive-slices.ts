import { familyOf, type IpFamily } from '../base/ip.ts';
import { podSuffix } from '../base/stable-id.ts';
import type { ServiceDraft } from './service-fields.ts';
import type { Endpoint, EndpointSlice, Labels, Node, Pod, Service, ServicePort } from './types.ts';

/** `--max-endpoints-per-slice` of kube-controller-manager. */
export const MAX_ENDPOINTS_PER_SLICE = 100;
const zoneLabel = 'topology.kubernetes.io/zone';

type SlicePort = EndpointSlice['ports'][number];

/** Finds the pods of a namespace that carry given labels without reading all of them. */
export interface PodFinder { readonly find: (namespace: string, selector: Labels) => readonly Pod[] }

/** Indexes pods by namespace and label. The order of `pods` is kept in every answer. */
export function createPodFinder(pods: readonly Pod[]): PodFinder {
  const byLabel = new Map<string, Pod[]>();
  for (const pod of pods) {
    for (const key in pod.labels) {
      const entry = `${pod.namespace}\n${key}\n${pod.labels[key]!}`;
      const known = byLabel.get(entry);
      if (known) known.push(pod);
      else byLabel.set(entry, [pod]);
    }
  }
  const none: readonly Pod[] = [];
  return {
    find: (namespace, selector) => {
      const lists = Object.entries(selector).map(([key, value]) => byLabel.get(`${namespace}\n${key}\n${value}`) ?? none);
      const shortest = lists.reduce<readonly Pod[]>((best, list) => (list.length < best.length ? list : best), lists[0] ?? none);
      return shortest.filter((pod) => Object.entries(selector).every(([key, value]) => pod.labels[key] === value));
    },
  };
}

/** The port number of a pod behind a Service port; null where no container names it with that protocol (podutil.FindPort). */
export function targetPortOn(pod: Pod, port: ServicePort): number | null {
  if (typeof port.targetPort === 'number') return port.targetPort;
  return pod.ports.find((candidate) => candidate.name === port.targetPort && candidate.protocol === port.protocol)?.port ?? null;
}

/** EndpointSlices that the EndpointSlice controller would write for a Service with a selector: one set per family and per combination of port numbers, at most 100 endpoints each. */
export const deriveSlices = (draft: ServiceDraft, service: Service, finder: PodFinder, nodes: ReadonlyMap<string, Node>): readonly EndpointSlice[] => slicesOfService(service, draft.families, finder, nodes);

/** The same for a Service whose families are known. */
export function slicesOfService(service: Service, families: readonly IpFamily[], finder: PodFinder, nodes: ReadonlyMap<string, Node>): readonly EndpointSlice[] {
  if (service.selector === null || service.type === 'ExternalName') return [];
  const pods = finder.find(service.namespace, service.selector).filter((pod) => pod.phase !== 'Succeeded' && pod.phase !== 'Failed');
  return families.flatMap((family) => slicesOfFamily(service, family, pods, nodes));
}

function slicesOfFamily(service: Service, family: IpFamily, pods: readonly Pod[], nodes: ReadonlyMap<string, Node>): readonly EndpointSlice[] {
  const groups = new Map<string, { readonly ports: readonly SlicePort[]; readonly endpoints: Endpoint[] }>();
  for (const pod of pods) {
    const addresses = pod.ips.filter((address) => familyOf(address) === family);
    if (addresses.length === 0) continue;
    const ports = slicePortsOf(service, pod);
    const key = ports.map((port) => `${port.name ?? ''}/${port.protocol}/${port.port ?? ''}`).join(' ');
    const group = groups.get(key) ?? { ports, endpoints: [] };
    group.endpoints.push(endpointOf(service, pod, addresses, nodes.get(pod.node)));
    groups.set(key, group);
  }
  const made = [...groups.values()].flatMap(({ ports, endpoints }) => chunk(endpoints).map((part) => ({ ports, endpoints: part })));
  // without endpoints the controller writes a placeholder
  const wanted = made.length > 0 ? made : [{ ports: [], endpoints: [] }];
  return wanted.map(({ ports, endpoints }, i): EndpointSlice => ({
    namespace: service.namespace,
    name: `${service.name}-${podSuffix(`EndpointSlice/${service.namespace}/${service.name}/${family}`, i)}`,
    service: service.name,
    addressType: family === 4 ? 'IPv4' : 'IPv6',
    ports,
    endpoints: withHints(service, endpoints),
    headlessLabel: service.headless,
    at: service.at,
    implied: false,
  }));
}

const chunk = (endpoints: readonly Endpoint[]): readonly (readonly Endpoint[])[] =>
  Array.from({ length: Math.ceil(endpoints.length / MAX_ENDPOINTS_PER_SLICE) }, (_, i) => endpoints.slice(i * MAX_ENDPOINTS_PER_SLICE, (i + 1) * MAX_ENDPOINTS_PER_SLICE));

function slicePortsOf(service: Service, pod: Pod): readonly SlicePort[] {
  return service.ports.flatMap((port) => {
    const number = targetPortOn(pod, port);
    return number === null ? [] : [{ name: port.name, protocol: port.protocol, port: number }];
  });
}

/** endpointslice `podToEndpoint`: a terminating pod is never ready unless the Service publishes it anyway. */
function endpointOf(service: Service, pod: Pod, addresses: readonly string[], node: Node | undefined): Endpoint {
  return {
    addresses,
    ready: service.publishNotReadyAddresses || (pod.ready && !pod.terminating),
    serving: pod.ready,
    terminating: pod.terminating,
    nodeName: pod.node,
    zone: node?.labels[zoneLabel] ?? '',
    hintZones: [],
    hintNodes: [],
    target: { kind: 'Pod', namespace: pod.namespace, name: pod.name },
    hostname: pod.hostname !== '' && pod.subdomain === service.name ? pod.hostname : '',
  };
}

/** Whether the topology annotation asks for hints by CPU shares, which takes precedence over trafficDistribution and is not modelled. */
export const asksForAutoHints = (service: Service): boolean =>
  ['service.kubernetes.io/topology-mode', 'service.kubernetes.io/topology-aware-hints'].some((key) => service.annotations[key]?.toLowerCase() === 'auto');

/** Hints go to ready endpoints only (endpointslice/trafficdist `ReconcileHints`); PreferClose is PreferSameZone's old name (KEP-3015). */
function withHints(service: Service, endpoints: readonly Endpoint[]): readonly Endpoint[] {
  if (asksForAutoHints(service)) return endpoints;
  const sameNode = service.trafficDistribution === 'PreferSameNode';
  if (!sameNode && service.trafficDistribution !== 'PreferSameZone' && service.trafficDistribution !== 'PreferClose') return endpoints;
  return endpoints.map((endpoint) => (endpoint.ready ? {
    ...endpoint,
    hintZones: endpoint.zone === '' ? [] : [endpoint.zone],
    hintNodes: sameNode && endpoint.nodeName !== '' ? [endpoint.nodeName] : [],
  } : endpoint));
}
