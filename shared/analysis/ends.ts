import type { Cidr } from '../base/cidr.ts';
import type { Cluster, LabelSelector, Pod, Policy } from '../model/types.ts';
import { addressEnd, indexPolicies, isPolicyPod, podEnd, type PolicyIndex } from '../model/policy/oracle.ts';
import type { PolicyEnd } from '../model/policy/match-rule.ts';
import { segmentsOf, type Segment } from './ip-ranges.ts';

/** Who can be at an end of a connection: a workload (one of its pods stands for it) or a range of outside addresses. */
export interface Peer {
  /** `shop/web[Deployment]`, or `10.0.0.0-10.255.255.255`. */
  readonly name: string;
  readonly kind: 'workload' | 'range';
  /** Index into ReachEnds.ends: peers that no policy tells apart share it. */
  readonly end: number;
  readonly segment?: Segment;
  readonly pod?: Pod;
}
export interface ReachEnds { readonly index: PolicyIndex; readonly ends: readonly PolicyEnd[]; readonly peers: readonly Peer[] }

/** The label keys that any policy looks at, on pods and on namespaces. */
function keysRead(policies: readonly Policy[]): { pod: ReadonlySet<string>; namespace: ReadonlySet<string>; portNames: ReadonlySet<string> } {
  const pod = new Set<string>();
  const namespace = new Set<string>();
  const portNames = new Set<string>();
  const read = (selector: LabelSelector | null, keys: Set<string>): void => {
    for (const key of Object.keys(selector?.matchLabels ?? {})) keys.add(key);
    for (const { key } of selector?.matchExpressions ?? []) keys.add(key);
  };
  for (const policy of policies) {
    read(policy.podSelector, pod);
    for (const rule of [...(policy.ingress ?? []), ...(policy.egress ?? [])]) {
      for (const peer of rule.peers ?? []) {
        read(peer.podSelector, pod);
        read(peer.namespaceSelector, namespace);
      }
      for (const { port } of rule.ports ?? []) if (typeof port === 'string') portNames.add(port);
    }
  }
  return { pod, namespace, portNames };
}

/** Every network that any ipBlock names. */
export const networksRead = (policies: readonly Policy[]): readonly Cidr[] =>
  policies.flatMap((policy) => [...(policy.ingress ?? []), ...(policy.egress ?? [])])
    .flatMap((rule) => rule.peers ?? [])
    .flatMap((peer) => (peer.ipBlock ? [peer.ipBlock.cidr, ...peer.ipBlock.except] : []));

/** `namespace/name[Kind]` of the workload a pod belongs to; a bare pod is its own. */
export const workloadName = (pod: Pod): string =>
  pod.owner ? `${pod.namespace}/${pod.owner.name}[${pod.owner.kind}]` : `${pod.namespace}/${pod.name}[Pod]`;

/** All ends and peers of a cluster; pods with the same namespace, labels, named ports and addresses as far as any policy reads them are one end. */
export function reachEnds(cluster: Cluster, families: readonly (4 | 6)[]): ReachEnds {
  const index = indexPolicies(cluster);
  const read = keysRead(cluster.policies);
  const networks = networksRead(cluster.policies);
  const segments = families.flatMap((family) => segmentsOf(networks, family));
  const ends: PolicyEnd[] = [];
  const known = new Map<string, number>();
  const endOf = (key: string, make: () => PolicyEnd): number => {
    let n = known.get(key);
    if (n === undefined) {
      n = ends.push(make()) - 1;
      known.set(key, n);
    }
    return n;
  };
  const segmentOf = segmentFinder(segments);
  const podKey = (pod: Pod): string => {
    const labels = [...read.pod].map((key) => (Object.hasOwn(pod.labels, key) ? `=${pod.labels[key]}` : '!')).join('\0');
    const ports = pod.ports.filter((p) => read.portNames.has(p.name)).map((p) => `${p.name}/${p.protocol}/${p.port}`).join(',');
    const places = networks.length === 0 ? '' : pod.ips.map(segmentOf).join(',');
    return `${pod.namespace}\0${labels}\0${ports}\0${places}\0${isPolicyPod(pod)}`;
  };
  const peers = new Map<string, Peer>();
  for (const pod of cluster.pods) {
    const name = workloadName(pod);
    if (pod.implied && !pod.owner) continue;
    if (peers.has(name) || pod.phase === 'Succeeded' || pod.phase === 'Failed') continue;
    const end = endOf(podKey(pod), () => (isPolicyPod(pod) ? podEnd(index, pod) : addressEnd(index, pod.ips[0]!)));
    peers.set(name, { name, kind: 'workload', end, pod });
  }
  const ranges = segments.map((segment): Peer => {
    const name = `${segment.from}-${segment.to}`;
    return { name, kind: 'range', end: endOf(name, () => ({ kind: 'address', ip: segment.from })), segment };
  });
  return { index, ends, peers: [...[...peers.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)), ...ranges] };
}

function segmentFinder(segments: readonly Segment[]): (ip: string) => string {
  if (segments.length <= 1) return () => '';
  const compare = (a: string, b: string): number => {
    const [x, y] = [a, b].map((ip) => ip.split('.').map(Number));
    for (let i = 0; i < 4; i++) if (x![i] !== y![i]) return x![i]! - y![i]!;
    return 0;
  };
  const v4 = segments.filter((s) => !s.from.includes(':'));
  return (ip) => {
    if (ip.includes(':')) return ip;
    let [low, high] = [0, v4.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (compare(v4[middle]!.from, ip) <= 0) low = middle;
      else high = middle - 1;
    }
    return String(low);
  };
}

