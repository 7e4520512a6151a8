import { ip, type Ip } from '../base/ip.ts';
import { exposedPorts, INGRESS_CONTROLLER, type ExposedPorts } from '../model/ingress-ports.ts';
import { indexCluster, ownerKey } from '../model/index-cluster.ts';
import type { Cluster, Pod, Policy } from '../model/types.ts';
import { indexPolicies, isPolicyPod, podEnd, type PolicyIndex } from '../model/policy/oracle.ts';
import type { PolicyEnd } from '../model/policy/match-rule.ts';
import { segmentFinder, segmentsOf, type Segment } from './ip-ranges.ts';
import { labelsKey, policyReads, type PolicyReads } from './labels-read.ts';

/** Who can be at an end of a connection: a workload, a range of outside addresses, or the controller that Ingresses come through. */
export interface Peer {
  /** `shop/web[Deployment]`, `10.0.0.0-10.255.255.255`, or `{ingress-controller}`. */
  readonly name: string;
  readonly kind: 'workload' | 'range' | 'ingress-controller';
  /** Indexes into ReachEnds.ends: whatever no policy tells apart shares one. A workload has several where its pods differ in something that a policy reads. */
  readonly ends: readonly number[];
  readonly segment?: Segment;
  readonly pods?: readonly Pod[];
}
export interface ReachEnds {
  readonly ends: readonly PolicyEnd[];
  readonly peers: readonly Peer[];
  /** What Ingresses expose of each workload, by its name. */
  readonly exposed: ReadonlyMap<string, ExposedPorts>;
}

/** `namespace/name[Kind]` of the workload a pod belongs to; a bare pod is its own. */
export const workloadName = (pod: Pod): string => (pod.owner ? `${pod.namespace}/${pod.owner.name}[${pod.owner.kind}]` : `${pod.namespace}/${pod.name}[Pod]`);

/** Implied objects never appear (CLI.md): a pod that stands in no document and belongs to no workload of one. */
function isListed(cluster: Cluster, pod: Pod): boolean {
  if (pod.phase === 'Succeeded' || pod.phase === 'Failed') return false;
  if (!pod.implied) return true;
  return pod.owner !== null && indexCluster(cluster).workloads.get(ownerKey(pod.owner))?.implied !== true;
}

/** Text that two pods share exactly when no policy tells them apart. */
export function podKeys(read: PolicyReads, index: PolicyIndex, placeOf: (ip: Ip) => number): (pod: Pod) => string {
  const namespaceKeys = new Map<string, string>();
  const namespaceKey = (name: string): string => {
    let key = namespaceKeys.get(name);
    if (key === undefined) namespaceKeys.set(name, (key = `${read.policyNamespaces.has(name) ? name : ''}\0${labelsKey(index.namespaceLabels.get(name) ?? {}, read.namespace)}`));
    return key;
  };
  return (pod) => {
    const places = read.networks.length === 0 ? '' : pod.ips.map(placeOf).join(',');
    if (!isPolicyPod(pod)) return `address\0${places}`;
    const ports = read.portNames.size === 0 ? '' : pod.ports.filter((p) => read.portNames.has(p.name)).map((p) => `${p.name}/${p.protocol}/${p.port}`).toSorted().join(',');
    return `${namespaceKey(pod.namespace)}\0${labelsKey(pod.labels, read.pod)}\0${ports}\0${places}`;
  };
}

const NOWHERE = ip('0.0.0.0');

/** A pod that does not exist now, as far as policies would see it. */
const standIn = (namespace: string, name: string, labels: Pod['labels'], owner: Pod['owner'] = null): Pod => ({
  namespace, name, labels, node: '', ips: [], hostNetwork: false, phase: 'Running', ready: true, terminating: false, containers: [], ports: [], hostname: name, subdomain: '', serviceAccount: '', dnsPolicy: '', owner, at: null, implied: true,
});

/** A CronJob has pods only at its hours, and is a workload all the same. */
const cronJobPods = (cluster: Cluster): readonly Pod[] => cluster.workloads.filter(({ kind, implied }) => kind === 'CronJob' && !implied)
  .map(({ kind, namespace, name, podLabels }) => standIn(namespace, name, podLabels, { kind, namespace, name }));

/** Where an Ingress exposes something there is its controller: a pod of its own namespace without labels, since no document says more of it. */
function controllerEnd(): PolicyEnd {
  const name = INGRESS_CONTROLLER.slice(1, -1);
  const pod = standIn(name, name, {});
  return { kind: 'pod', pod, namespaceLabels: { 'kubernetes.io/metadata.name': name }, ips: [] };
}

/** What ends are told apart by, and the ends found so far. Clusters that share one number alike whatever no policy of any of them tells apart. */
export interface EndNumbers {
  readonly read: PolicyReads;
  readonly segments: readonly Segment[];
  readonly ends: readonly PolicyEnd[];
  numberOf(key: string, make: () => PolicyEnd): number;
}

/** Numbers for the ends of these clusters: pods as far as any of their policies sees them, and the outside cut at every edge that one of them names; IPv6 is there where pods or policies speak of it. */
export function endNumbers(...clusters: readonly Cluster[]): EndNumbers {
  const read = policyReads([...new Set<Policy>(clusters.flatMap(({ policies }) => policies))]);
  const v6 = [...read.networks, ...clusters.flatMap(({ settings }) => settings.podSubnets)].some((network) => network.includes(':'));
  const ends: PolicyEnd[] = [];
  const known = new Map<string, number>();
  return {
    read, ends, segments: (v6 ? ([4, 6] as const) : ([4] as const)).flatMap((family) => segmentsOf(read.networks, family)),
    numberOf(key, make) {
      let n = known.get(key);
      if (n === undefined) known.set(key, (n = ends.push(make()) - 1));
      return n;
    },
  };
}

/** Everybody who stands in a document, workload by workload, by name. */
function workloadsOf(cluster: Cluster, endOf: (pod: Pod) => number): readonly Peer[] {
  const members = new Map<string, { readonly pods: Pod[]; readonly ends: Set<number> }>();
  for (const pod of [...cluster.pods, ...cronJobPods(cluster)]) {
    if (!isListed(cluster, pod)) continue;
    const name = workloadName(pod);
    let one = members.get(name);
    if (!one) members.set(name, (one = { pods: [], ends: new Set() }));
    one.pods.push(pod);
    one.ends.add(endOf(pod));
  }
  return [...members].map(([name, one]): Peer => ({ name, kind: 'workload', ends: [...one.ends], pods: one.pods })).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** All ends and peers of a cluster. With numbers that another cluster shares, `ends` are those of both. */
export function reachEnds(cluster: Cluster, numbers: EndNumbers = endNumbers(cluster)): ReachEnds {
  const index = indexPolicies(cluster);
  const keyOf = podKeys(numbers.read, index, segmentFinder(numbers.segments));
  const endOf = (pod: Pod): number => numbers.numberOf(keyOf(pod), () => (isPolicyPod(pod) ? podEnd(index, pod) : { kind: 'address', ip: pod.ips[0] ?? NOWHERE }));
  const workloads = workloadsOf(cluster, endOf);
  const ranges = numbers.segments.map((segment, i): Peer => ({ name: `${segment.from}-${segment.to}`, kind: 'range', ends: [numbers.numberOf(`range\0${i}`, () => ({ kind: 'address', ip: segment.from }))], segment }));
  const exposed = new Map(workloads.flatMap((peer): [string, ExposedPorts][] => {
    const ports = exposedPorts(cluster, peer.pods!);
    return ports === null ? [] : [[peer.name, ports]];
  }));
  const controller: readonly Peer[] = exposed.size === 0 ? [] : [{ name: INGRESS_CONTROLLER, kind: 'ingress-controller', ends: [numbers.numberOf('controller', controllerEnd)] }];
  return { ends: numbers.ends, peers: [...workloads, ...ranges, ...controller], exposed };
}
