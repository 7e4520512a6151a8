import type { ObjectRef } from '../base/object-ref.ts';
import type { Cluster, L4Protocol, Policy, PolicyRule } from '../model/types.ts';
import { has, intersect, equal, type ConnectionSet } from '../model/policy/connection-set.ts';
import { ruleAllows, type PolicyEnd } from '../model/policy/match-rule.ts';
import { directionAllows, indexPolicies, isolating, isPolicyPod, podEnd, type Direction } from '../model/policy/oracle.ts';
import { matchesSelector } from '../model/selectors.ts';

/** A probe as a policy sees it: names resolved, Services' rewrites done. */
export interface PolicyProbe { readonly from: PolicyEnd; readonly to: PolicyEnd; readonly protocol: L4Protocol; readonly port: number }

export interface RuleCoverage {
  readonly policy: ObjectRef;
  /** `spec.ingress[0]`. */
  readonly field: string;
  /** How many of the probes this rule would let pass, whether or not another one does so, too. */
  readonly hits: number;
  /** `selects-nothing`: it selects no pod, or nobody is its peer; `shadowed`: others allow all that it allows; `unmet`: no probe met it. */
  readonly state: 'met' | 'unmet' | 'selects-nothing' | 'shadowed';
  /** The cheapest probe that would meet it: between pods where there are such, on a port that the destination has. */
  readonly probe: { readonly from: string; readonly to: string; readonly protocol: L4Protocol; readonly port: number } | null;
}

interface Place { readonly policy: Policy; readonly direction: Direction; readonly rule: PolicyRule; readonly n: number }
interface Pair { readonly from: PolicyEnd; readonly to: PolicyEnd; readonly set: ConnectionSet }

const both = { ipBlocksMatchPods: true } as const;
/** Pairs looked at before a rule is held not to be shadowed. */
const MAX_PAIRS = 400;

const nameOf = (end: PolicyEnd): string => (end.kind === 'pod' ? `pod/${end.pod.namespace}/${end.pod.name}` : `ip/${end.ip}`);
const placesOf = (cluster: Cluster): readonly Place[] => cluster.policies.flatMap((policy) =>
  (['ingress', 'egress'] as const).flatMap((direction) => (policy[direction] ?? []).map((rule, n) => ({ policy, direction, rule, n }))));
const selects = ({ policy }: Place, end: PolicyEnd): boolean => end.kind === 'pod' && end.pod.namespace === policy.namespace && matchesSelector(policy.podSelector, end.pod.labels);
const sidesOf = ({ direction }: Place, { from, to }: { readonly from: PolicyEnd; readonly to: PolicyEnd }): readonly [subject: PolicyEnd, other: PolicyEnd] => (direction === 'ingress' ? [to, from] : [from, to]);
const isSame = (a: PolicyEnd, b: PolicyEnd): boolean => a.kind === 'pod' && b.kind === 'pod' && a.pod === b.pod;

const someOf = (set: ConnectionSet): boolean => set.tcp.length + set.udp.length + set.sctp.length > 0;

/** Pairs that the rule speaks of, pods before outside machines; at most MAX_PAIRS. */
function pairsOf(cluster: Cluster, place: Place): readonly Pair[] {
  const index = indexPolicies(cluster);
  const pods = cluster.pods.filter(isPolicyPod).map((pod) => podEnd(index, pod));
  const others: readonly PolicyEnd[] = [...pods, ...cluster.outsiders.flatMap((one) => one.addresses.slice(0, 1)).map((ip) => ({ kind: 'address', ip }) as const)];
  const found: Pair[] = [];
  for (const other of others) for (const subject of pods) {
    if (!selects(place, subject) || isSame(subject, other)) continue;
    const [from, to] = place.direction === 'ingress' ? [other, subject] : [subject, other];
    const set = ruleAllows(place.rule, place.policy.namespace, other, to, both);
    if (someOf(set) && found.push({ from, to, set }) >= MAX_PAIRS) return found;
  }
  return found;
}

/** Whether others allow all of it. */
function isShadowed(cluster: Cluster, place: Place, pairs: readonly Pair[]): boolean {
  if (pairs.length >= MAX_PAIRS) return false;
  const { policy, direction, n } = place;
  const rest = indexPolicies({ ...cluster, policies: cluster.policies.map((one) => (one === policy ? { ...one, [direction]: one[direction]!.filter((_, i) => i !== n) } : one)) });
  return pairs.every((pair) => {
    const [subject, other] = sidesOf(place, pair);
    return equal(intersect(pair.set, directionAllows(rest, direction, subject, other)), pair.set);
  });
}

function cheapest(pairs: readonly Pair[]): RuleCoverage['probe'] {
  for (const { from, to, set } of pairs) {
    const port = to.kind === 'pod' ? to.pod.ports.find((one) => has(set, one.protocol, one.port)) : undefined;
    if (port) return { from: nameOf(from), to: nameOf(to), protocol: port.protocol, port: port.port };
  }
  const [first] = pairs;
  const protocol = first && (['tcp', 'udp', 'sctp'] as const).find((one) => first.set[one].length > 0);
  return first && protocol ? { from: nameOf(first.from), to: nameOf(first.to), protocol, port: first.set[protocol][0]![0] } : null;
}

function met(cluster: Cluster, place: Place, probe: PolicyProbe): boolean {
  const [subject, other] = sidesOf(place, probe);
  if (!selects(place, subject) || isSame(subject, other)) return false;
  const index = indexPolicies(cluster);
  return subject.kind === 'pod' && isolating(index, subject.pod, place.direction).includes(place.policy) && has(ruleAllows(place.rule, place.policy.namespace, other, probe.to, both), probe.protocol, probe.port);
}

/** How often each policy rule is met by these probes, and for those that are not, why, or the cheapest probe that would meet them. */
export function policyCoverage(cluster: Cluster, probes: readonly PolicyProbe[]): readonly RuleCoverage[] {
  return placesOf(cluster).map((place) => {
    const { policy, direction, n } = place;
    const hits = probes.filter((probe) => met(cluster, place, probe)).length;
    const pairs = pairsOf(cluster, place);
    const state = pairs.length === 0 && hits === 0 ? 'selects-nothing' : isShadowed(cluster, place, pairs) && pairs.length > 0 ? 'shadowed' : hits > 0 ? 'met' : 'unmet';
    return { policy: { kind: 'NetworkPolicy', namespace: policy.namespace, name: policy.name }, field: `spec.${direction}[${n}]`, hits, state, probe: hits > 0 ? null : cheapest(pairs) };
  });
}
