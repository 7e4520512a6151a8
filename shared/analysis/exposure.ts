import type { Cluster, LabelSelector, Labels, Pod, Policy, PolicyPeer } from '../model/types.ts';
import { allConnections, isEmpty, type ConnectionSet } from '../model/policy/connection-set.ts';
import { ruleAllows, type PolicyEnd } from '../model/policy/match-rule.ts';
import { peerWords, symbolicPeer, type SymbolicPeer } from '../model/policy/meaning.ts';
import { indexPolicies, isolating, isPolicyPod, podEnd, type Direction } from '../model/policy/oracle.ts';
import { matchesSelector } from '../model/selectors.ts';
import { workloadName } from './ends.ts';
import { allowedJson, type Allowed } from './reach.ts';

/** One way in or out: who, on which ports, by which field; `by` null = because nothing isolates the pod. */
export interface ExposureEntry {
  readonly peer: SymbolicPeer;
  readonly words: string;
  readonly allowed: readonly Allowed[];
  readonly by: { readonly namespace: string; readonly name: string; readonly field: string } | null;
  /** How many pods it means today, and the workloads they belong to, at most 20. */
  readonly now: number;
  readonly today: readonly string[];
  /** Policies that would judge the other side as well, were it a pod with only the labels that it needs. */
  readonly alsoJudgedBy: readonly string[];
}
export interface Exposure { readonly isolated: Readonly<Record<Direction, boolean>>; readonly ingress: readonly ExposureEntry[]; readonly egress: readonly ExposureEntry[] }

const MOST_NAMES = 20;
const opposite = { ingress: 'egress', egress: 'ingress' } as const;
const anyPods = { ipBlocksMatchPods: true } as const;

interface Subject { readonly cluster: Cluster; readonly pod: Pod; readonly direction: Direction }

const othersOf = ({ cluster, pod }: Subject): readonly PolicyEnd[] => cluster.pods.filter((other) => other !== pod && isPolicyPod(other)).map((other) => podEnd(indexPolicies(cluster), other));

/** The ports of one rule. On the way in names are looked up on the pod itself; on the way out on today's peers, since a pod that does not exist has no ports yet. */
function portsFor({ cluster, pod, direction }: Subject, policy: Policy, n: number, meant: readonly PolicyEnd[]): ConnectionSet {
  const rule = { peers: null, ports: policy[direction]![n]!.ports };
  const self = podEnd(indexPolicies(cluster), pod);
  if (direction === 'ingress' || rule.ports === null || rule.ports.every(({ port }) => typeof port !== 'string')) return ruleAllows(rule, policy.namespace, self, self, anyPods);
  const named = meant.map((end) => ruleAllows(rule, policy.namespace, end, end, anyPods));
  return named.find((set) => !isEmpty(set)) ?? ruleAllows(rule, policy.namespace, self, { kind: 'address', ip: '0.0.0.0' as Pod['ips'][number] }, anyPods);
}

const wanted = (selector: LabelSelector): Labels => ({ ...Object.fromEntries(selector.matchExpressions.filter(({ operator }) => operator === 'In').map(({ key, values }) => [key, values[0] ?? ''])), ...selector.matchLabels });

/** Policies of the one namespace that is meant, which select a pod with only the labels that it needs; a namespace that does not exist yet has none. */
function judgesOf({ cluster, direction }: Subject, peer: SymbolicPeer): readonly string[] {
  if (peer.kind !== 'pods' || peer.namespaces !== null) return [];
  const labels = wanted(peer.pods);
  return cluster.policies.filter((policy) => policy.namespace === peer.namespace && policy[opposite[direction]] !== null && matchesSelector(policy.podSelector, labels)).map(({ namespace, name }) => `${namespace}/${name}`);
}

const workloadsOf = (ends: readonly PolicyEnd[]): readonly string[] => [...new Set(ends.flatMap((end) => (end.kind === 'pod' ? [workloadName(end.pod)] : [])))].slice(0, MOST_NAMES);

function entriesOf(subject: Subject): readonly ExposureEntry[] {
  const { cluster, pod, direction } = subject;
  const policies = isolating(indexPolicies(cluster), pod, direction);
  const others = othersOf(subject);
  const everyone: SymbolicPeer = { kind: 'everyone' };
  if (policies.length === 0) return [{ peer: everyone, words: peerWords(everyone), allowed: allowedJson(allConnections), by: null, now: others.length, today: workloadsOf(others), alsoJudgedBy: [] }];
  const entry = (policy: Policy, n: number, peer: PolicyPeer | null, field: string): readonly ExposureEntry[] => {
    const meant = others.filter((end) => !isEmpty(ruleAllows({ peers: peer === null ? null : [peer], ports: null }, policy.namespace, end, end, anyPods)));
    const set = portsFor(subject, policy, n, meant);
    if (isEmpty(set)) return [];
    const who = symbolicPeer(peer, policy.namespace);
    return [{ peer: who, words: peerWords(who), allowed: allowedJson(set), by: { namespace: policy.namespace, name: policy.name, field }, now: meant.length, today: workloadsOf(meant), alsoJudgedBy: judgesOf(subject, who) }];
  };
  const side = direction === 'ingress' ? 'from' : 'to';
  return policies.flatMap((policy) => policy[direction]!.flatMap((rule, n) => (rule.peers ?? [null]).flatMap((peer, i) =>
    entry(policy, n, peer, peer === null ? `spec.${direction}[${n}]` : `spec.${direction}[${n}].${side}[${i}]`))));
}

/** Who could reach this pod and whom it could reach, pods that do not exist yet among them: rule by rule, in words. A hostNetwork pod is not isolated by anything. */
export function exposureOf(cluster: Cluster, pod: Pod): Exposure {
  const isolated = (direction: Direction): boolean => isolating(indexPolicies(cluster), pod, direction).length > 0;
  return { isolated: { ingress: isolated('ingress'), egress: isolated('egress') }, ingress: entriesOf({ cluster, pod, direction: 'ingress' }), egress: entriesOf({ cluster, pod, direction: 'egress' }) };
}
