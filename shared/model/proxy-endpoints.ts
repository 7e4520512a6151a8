import { familyOf, parseIp, type Ip, type IpFamily } from '../base/ip.ts';
import type { ObjectRef } from '../base/object-ref.ts';
import { groupBy, type EndpointIndex } from './index-cluster.ts';
import type { Endpoint, Service, ServicePort } from './types.ts';

/** One address and port behind a Service port, as every kube-proxy sees it. */
export interface EndpointView {
  readonly ip: Ip;
  readonly port: number;
  /** `ip:port`, or `[ip]:port`: the endpoint's identity and its sort key. */
  readonly key: string;
  /** '' = local nowhere. */
  readonly nodeName: string;
  readonly zone: string;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  readonly hintZones: readonly string[];
  readonly hintNodes: readonly string[];
  readonly target: ObjectRef | null;
  /** `namespace/name` of the pod behind it; null for an address without one. */
  readonly pod: string | null;
  /** The slice that names it. */
  readonly slice: string;
}

/** All endpoints of a Service port, before any node looks at them. */
export interface ProxyEndpoints {
  /** Sorted by key, each key once. */
  readonly all: readonly EndpointView[];
  /** For keys that several slices name differently: every candidate, best first. Empty almost always. */
  readonly contested: ReadonlyMap<string, readonly EndpointView[]>;
  readonly ready: readonly EndpointView[];
  /** Serving although terminating: the fallback. */
  readonly draining: readonly EndpointView[];
  /** Every ready endpoint names nodes, or zones (topologyModeFromHints). */
  readonly allHintNodes: boolean;
  readonly allHintZones: boolean;
}

const remembered = new WeakMap<EndpointIndex, Map<string, ProxyEndpoints>>();

/** Endpoints of one Service port in one family, matched by port name and protocol (endpointslicecache); computed once per cluster. */
export function proxyEndpoints(index: EndpointIndex, service: Service, port: ServicePort, family: IpFamily): ProxyEndpoints {
  let known = remembered.get(index);
  if (!known) remembered.set(index, known = new Map());
  const key = `${family} ${service.namespace}/${service.name} ${port.protocol} ${port.name}`;
  let made = known.get(key);
  if (!made) known.set(key, made = settleEndpoints(candidatesOf(index, service, port, family)));
  return made;
}

function candidatesOf(index: EndpointIndex, service: Service, port: ServicePort, family: IpFamily): readonly EndpointView[] {
  const addressType = family === 4 ? 'IPv4' : 'IPv6';
  const views: EndpointView[] = [];
  for (const slice of index.slicesOf.get(`${service.namespace}/${service.name}`) ?? []) {
    // kube-proxy's informer skips slices that carry the headless label
    if (slice.addressType !== addressType || slice.headlessLabel) continue;
    for (const entry of slice.ports) {
      if (entry.name !== port.name || entry.protocol !== port.protocol || entry.port === null) continue;
      for (const endpoint of slice.endpoints) {
        const view = viewOf(endpoint, entry.port, family, slice.name);
        if (view) views.push(view);
      }
    }
  }
  return views;
}

function viewOf(endpoint: Endpoint, port: number, family: IpFamily, slice: string): EndpointView | null {
  const address = endpoint.addresses[0];
  const ip = address === undefined ? null : parseIp(address);
  if (ip === null || familyOf(ip) !== family) return null;
  const { nodeName, zone, ready, serving, terminating, hintZones, hintNodes, target } = endpoint;
  const pod = target?.kind === 'Pod' ? `${target.namespace ?? ''}/${target.name}` : null;
  return { ip, port, key: family === 4 ? `${ip}:${port}` : `[${ip}]:${port}`, nodeName, zone, ready, serving, terminating, hintZones, hintNodes, target, pod, slice };
}

const byKey = (a: EndpointView, b: EndpointView): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
const uncontested: ProxyEndpoints['contested'] = new Map();

/** Builds the sorted view from candidates in any order; which slice named an endpoint never decides. */
export function settleEndpoints(candidates: readonly EndpointView[]): ProxyEndpoints {
  const all = candidates.toSorted(byKey);
  return all.every((view, i) => i === 0 || view.key !== all[i - 1]!.key) ? summarise(all, uncontested) : settleContested(candidates);
}

function settleContested(candidates: readonly EndpointView[]): ProxyEndpoints {
  const named = groupBy(candidates, ({ key }) => key);
  const contested = new Map<string, readonly EndpointView[]>();
  for (const [key, views] of named) if (views.length > 1) contested.set(key, views.toSorted(byPreference));
  return summarise([...named].map(([key, views]) => contested.get(key)?.[0] ?? views[0]!).toSorted(byKey), contested);
}

// Hardly any endpoint is on its way up or down: what all have in common is one list, and what none has another.
const none: readonly EndpointView[] = [];
const chosen = (all: readonly EndpointView[], is: (view: EndpointView) => boolean): readonly EndpointView[] => (all.every(is) ? all : all.some(is) ? all.filter(is) : none);

function summarise(all: readonly EndpointView[], contested: ProxyEndpoints['contested']): ProxyEndpoints {
  const ready = chosen(all, (view) => view.ready);
  return {
    all, contested, ready,
    draining: chosen(all, (view) => view.serving && view.terminating),
    allHintNodes: ready.every((view) => view.hintNodes.length > 0),
    allHintZones: ready.every((view) => view.hintZones.length > 0),
  };
}

const nodes = new WeakMap<ProxyEndpoints, ReadonlyMap<string, readonly EndpointView[]>>();

/** Those on one node; told apart by node when first asked for, since most Services never ask. */
export function endpointsOn(endpoints: ProxyEndpoints, nodeName: string): readonly EndpointView[] {
  let byNode = nodes.get(endpoints);
  if (!byNode) nodes.set(endpoints, (byNode = groupBy(endpoints.all, (view) => view.nodeName)));
  return byNode.get(nodeName) ?? none;
}

// kube-proxy takes whichever it meets first, of the local ones if there is one; a running pod before a terminating one (as newer versions do) makes that certain
function byPreference(a: EndpointView, b: EndpointView): number {
  if (a.terminating !== b.terminating) return a.terminating ? 1 : -1;
  if (a.ready !== b.ready) return a.ready ? -1 : 1;
  const [x, y] = [`${a.nodeName} ${a.pod ?? ''} ${a.slice}`, `${b.nodeName} ${b.pod ?? ''} ${b.slice}`];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** The same endpoints as one node sees them: of contested ones the local candidate wins. */
export function seenFrom(endpoints: ProxyEndpoints, nodeName: string): ProxyEndpoints {
  if (endpoints.contested.size === 0) return endpoints;
  const all = endpoints.all.map((view) => endpoints.contested.get(view.key)?.find((candidate) => candidate.nodeName === nodeName) ?? view);
  return summarise(all, endpoints.contested);
}
