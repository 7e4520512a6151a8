import type { IpFamily } from '../base/ip.ts';
import { sameValue } from '../base/same-value.ts';
import { replaced, windowBetween, type Window } from '../base/window.ts';
import { selectEndpoints, type EndpointSelection } from '../model/endpoints.ts';
import { groupBy, indexCluster, type EndpointIndex } from '../model/index-cluster.ts';
import { proxyEndpoints } from '../model/proxy-endpoints.ts';
import { portsOfService, type ProxiedPort } from '../model/service-ports.ts';
import type { Cluster, EndpointSlice, Node, Service } from '../model/types.ts';
import { variantKeys } from './remember-list.ts';

/** A Service as one node sees it in one family; the same object for as long as nothing that shapes its rules changed. */
export interface ServiceView {
  readonly service: Service;
  readonly ports: readonly { readonly port: ProxiedPort; readonly view: EndpointSelection }[];
  /** Over all its ports. */
  readonly endpoints: number;
}

interface Seen { readonly cluster: Cluster; readonly views: readonly ServiceView[] }

const keyOf = variantKeys();
const remembered = new WeakMap<object, Seen>();
// With so many Services touched, the index of the whole cluster is cheaper than one of their own.
const FEW = 500;

/** Every Service of the cluster as this node sees it. After an earlier cluster with the same settings and the same node, only Services are looked at anew which changed or whose slices did: found by the identity of the objects, then by their content but for its place in the text. */
export function serviceViews(cluster: Cluster, node: Node, family: IpFamily): readonly ServiceView[] {
  const key = keyOf(node, String(family));
  const last = remembered.get(key);
  const views = last && last.cluster.settings === cluster.settings ? viewsAgain(last, cluster, node, family) : cluster.services.map((service) => viewOf(indexCluster(cluster), service, node, family));
  remembered.set(key, { cluster, views });
  return views;
}

function viewOf(index: EndpointIndex, service: Service, node: Node, family: IpFamily): ServiceView {
  const ports = portsOfService(service, family);
  const specOf = (port: ProxiedPort) => service.ports[port.index]!;
  return {
    service,
    ports: ports.map((port) => ({ port, view: selectEndpoints(index, service, specOf(port), node.name, family) })),
    endpoints: ports.reduce((sum, port) => sum + proxyEndpoints(index, service, specOf(port), family).all.length, 0),
  };
}

const nameOf = ({ namespace, name }: { readonly namespace: string; readonly name: string }): string => `${namespace}/${name}`;
const sameContent = (a: object | undefined, b: object | undefined): boolean => a !== undefined && b !== undefined && sameValue(a, b, 'at');

/** The Services, by name, whose slices differ. Whether slices of one Service are told apart by their order does not matter: kube-proxy sorts endpoints. */
function touchedBySlices(before: readonly EndpointSlice[], after: readonly EndpointSlice[]): ReadonlySet<string> {
  const { from, oldTo, newTo } = windowBetween(before, after);
  const old = groupBy(before.slice(from, oldTo), nameOf);
  const now = groupBy(after.slice(from, newTo), nameOf);
  const touched = new Set<string>();
  for (const name of new Set([...old.keys(), ...now.keys()])) {
    const [was, is] = [old.get(name) ?? [], now.get(name) ?? []];
    if (was.length === 1 && is.length === 1 && sameContent(was[0], is[0])) continue;
    for (const slice of [...was, ...is]) touched.add(`${slice.namespace}/${slice.service}`);
  }
  return touched;
}

/** The old views, fit to the new Services; null where a Service must be looked at anew. */
function keptViews({ cluster: before, views }: Seen, cluster: Cluster, { from, oldTo, newTo }: Window, touched: ReadonlySet<string>): readonly (ServiceView | null)[] {
  const old = new Map(views.slice(from, oldTo).map((view, i) => [nameOf(before.services[from + i]!), view]));
  const between = cluster.services.slice(from, newTo).map((service) => {
    const view = old.get(nameOf(service));
    return view && sameContent(view.service, service) ? view : null;
  });
  const kept = replaced<ServiceView | null>(views, from, oldTo, between);
  if (touched.size === 0) return kept;
  const names = new Set([...touched].map((name) => name.slice(name.indexOf('/') + 1)));
  return kept.map((view) => (view && names.has(view.service.name) && touched.has(nameOf(view.service)) ? null : view));
}

// Of the last slices that were looked through whole: a Service is edited more often than what it leads to.
const grouped = new WeakMap<readonly EndpointSlice[], EndpointIndex['slicesOf']>();

function slicesOf(slices: readonly EndpointSlice[]): EndpointIndex['slicesOf'] {
  let found = grouped.get(slices);
  if (!found) grouped.set(slices, (found = groupBy(slices, ({ namespace, service }) => (service === '' ? '' : `${namespace}/${service}`))));
  return found;
}

/** What the choice of endpoints needs of these Services alone. */
function indexOf(before: Cluster, cluster: Cluster, node: Node, services: readonly Service[]): EndpointIndex {
  if (services.length > FEW) return indexCluster(cluster);
  const nodes = new Map([[node.name, node]]);
  if (before.endpointSlices === cluster.endpointSlices) return { cluster, nodes, slicesOf: slicesOf(cluster.endpointSlices) };
  const names = new Set(services.map((service) => service.name));
  return { cluster, nodes, slicesOf: groupBy(cluster.endpointSlices.filter((slice) => names.has(slice.service)), (slice) => `${slice.namespace}/${slice.service}`) };
}

function viewsAgain(last: Seen, cluster: Cluster, node: Node, family: IpFamily): readonly ServiceView[] {
  const window = windowBetween(last.cluster.services, cluster.services);
  const kept = keptViews(last, cluster, window, touchedBySlices(last.cluster.endpointSlices, cluster.endpointSlices));
  const anew: number[] = [];
  for (let i = kept.indexOf(null); i >= 0; i = kept.indexOf(null, i + 1)) anew.push(i);
  if (anew.length === 0) {
    const { from, oldTo, newTo } = windowBetween(last.views, kept);
    return from === oldTo && from === newTo ? last.views : (kept as readonly ServiceView[]);
  }
  const index = indexOf(last.cluster, cluster, node, anew.map((i) => cluster.services[i]!));
  const views = kept.slice() as ServiceView[];
  for (const i of anew) views[i] = viewOf(index, cluster.services[i]!, node, family);
  return views;
}
