import type { Ip } from '../base/ip.ts';
import type { ObjectRef } from '../base/object-ref.ts';
import { fullName } from './problems.ts';
import type { Cluster, EndpointSlice, Namespace, Node, Outsider, Pod, Service, Workload } from './types.ts';

/** A cluster with its lists turned into maps: namespaced objects by `namespace/name`, addresses by their canonical text. */
export interface ClusterIndex {
  readonly cluster: Cluster;
  readonly namespaces: ReadonlyMap<string, Namespace>;
  readonly nodes: ReadonlyMap<string, Node>;
  readonly pods: ReadonlyMap<string, Pod>;
  readonly services: ReadonlyMap<string, Service>;
  /** By `Kind/namespace/name`. */
  readonly workloads: ReadonlyMap<string, Workload>;
  /** By `client/name` and `host/name`. */
  readonly outsiders: ReadonlyMap<string, Outsider>;
  /** Slices of a Service that kube-proxy reads, in order of name. */
  readonly slicesOf: ReadonlyMap<string, readonly EndpointSlice[]>;
  /** Who has an address; pods on the host network are found by their node. */
  readonly podByIp: ReadonlyMap<Ip, Pod>;
  readonly nodeByIp: ReadonlyMap<Ip, Node>;
  readonly outsiderByIp: ReadonlyMap<Ip, Outsider>;
  /** The Service of a ClusterIP, load balancer or external address. */
  readonly serviceByIp: ReadonlyMap<Ip, Service>;
  /** Pods by their owner's `Kind/namespace/name`. */
  readonly podsByOwner: ReadonlyMap<string, readonly Pod[]>;
  readonly podsByNode: ReadonlyMap<string, readonly Pod[]>;
}

/** What of an index decides which endpoints a node uses. */
export type EndpointIndex = Pick<ClusterIndex, 'cluster' | 'nodes' | 'slicesOf'>;

const indexes = new WeakMap<Cluster, ClusterIndex>();

/** The index of a cluster, made once per cluster value. */
export function indexCluster(cluster: Cluster): ClusterIndex {
  const known = indexes.get(cluster);
  if (known) return known;
  const made = buildIndex(cluster);
  indexes.set(cluster, made);
  return made;
}

/** `Kind/namespace/name`, the key of `workloads` and `podsByOwner`. */
export const ownerKey = (ref: ObjectRef): string => `${ref.kind}/${ref.namespace ?? ''}/${ref.name}`;

function buildIndex(cluster: Cluster): ClusterIndex {
  const byFullName = <T extends { readonly namespace: string; readonly name: string }>(list: readonly T[]): ReadonlyMap<string, T> => new Map(list.map((item) => [fullName(item), item]));
  const made = new Map<keyof ClusterIndex, unknown>();
  // each map only when it is first asked for: most questions need one or two, and a large cluster's take long
  const once = <T>(name: keyof ClusterIndex, make: () => T): T => {
    if (!made.has(name)) made.set(name, make());
    return made.get(name) as T;
  };
  const own = (): readonly Pod[] => cluster.pods.filter((pod) => !pod.hostNetwork && pod.phase !== 'Succeeded' && pod.phase !== 'Failed');
  return {
    cluster,
    get namespaces() { return once('namespaces', () => new Map(cluster.namespaces.map((namespace) => [namespace.name, namespace]))); },
    get nodes() { return once('nodes', () => new Map(cluster.nodes.map((node) => [node.name, node]))); },
    get pods() { return once('pods', () => byFullName(cluster.pods)); },
    get services() { return once('services', () => byFullName(cluster.services)); },
    get workloads() { return once('workloads', () => new Map(cluster.workloads.map((workload) => [ownerKey(workload), workload]))); },
    get outsiders() { return once('outsiders', () => new Map(cluster.outsiders.map((outsider) => [`${outsider.kind}/${outsider.name}`, outsider]))); },
    get slicesOf() { return once('slicesOf', () => groupBy(cluster.endpointSlices, fullNameOfService)); },
    get podByIp() { return once('podByIp', () => firstByIp(own(), (pod) => pod.ips)); },
    get nodeByIp() { return once('nodeByIp', () => firstByIp(cluster.nodes, (node) => node.addresses)); },
    get outsiderByIp() { return once('outsiderByIp', () => firstByIp(cluster.outsiders, (outsider) => outsider.addresses)); },
    get serviceByIp() { return once('serviceByIp', () => firstByIp(cluster.services, (service) => [...service.clusterIps, ...service.loadBalancer.flatMap((entry) => entry.ip ?? []), ...service.externalIps])); },
    get podsByOwner() { return once('podsByOwner', () => groupBy(cluster.pods, (pod) => (pod.owner ? ownerKey(pod.owner) : ''))); },
    get podsByNode() { return once('podsByNode', () => groupBy(cluster.pods, (pod) => pod.node)); },
  };
}

const fullNameOfService = (slice: EndpointSlice): string => (slice.service === '' ? '' : `${slice.namespace}/${slice.service}`);

/** Items by key, in order; items with an empty key are left out. */
export function groupBy<T>(list: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of list) {
    const key = keyOf(item);
    if (key === '') continue;
    const known = groups.get(key);
    if (known) known.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

function firstByIp<T>(list: readonly T[], addressesOf: (item: T) => readonly Ip[]): ReadonlyMap<Ip, T> {
  const map = new Map<Ip, T>();
  for (const item of list) for (const address of addressesOf(item)) if (!map.has(address)) map.set(address, item);
  return map;
}
