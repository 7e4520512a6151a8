import type { ObjectRef } from '../base/object-ref.ts';
import type { Probe } from '../trace/types.ts';
import type { Cluster, L4Protocol, Policy, PolicyRule } from '../model/types.ts';
import { equal, has, intersect, isEmpty, noConnections, PROTOCOLS, unite, type ConnectionSet } from '../model/policy/connection-set.ts';
import { peerMatches, ruleAllows, type PolicyEnd, type PolicyProtocol } from '../model/policy/match-rule.ts';
import { indexPolicies, isolating, type Direction } from '../model/policy/oracle.ts';
import { matchesSelector } from '../model/selectors.ts';
import { policyClasses, type PolicyClass } from './policy-classes.ts';
import { podId } from '../model/describe.ts';

/** A packet as a policy judged it: one direction, addresses and port as they were there. */
export interface JudgedPacket { readonly direction: Direction; readonly from: PolicyEnd; readonly to: PolicyEnd; readonly protocol: PolicyProtocol; readonly port: number }

export interface RuleCoverage {
  readonly policy: ObjectRef;
  /** `spec.ingress[0]`. */
  readonly field: string;
  /** How many of the questions sent a packet that this rule lets pass, whether or not another one does, too. */
  readonly hits: number;
  /** `selects-nothing`: it speaks of no pod, nobody or no port today; `shadowed`: without it the same would pass; `unmet`: no question met it. */
  readonly state: 'met' | 'unmet' | 'selects-nothing' | 'shadowed';
  /** Why, in a sentence; '' where the state says it all. */
  readonly why: string;
  /** The cheapest question that would meet it: between pods where there are such, on a port that the destination has. */
  readonly probe: Probe | null;
}

interface Place { readonly policy: Policy; readonly direction: Direction; readonly rule: PolicyRule; readonly n: number }
interface Pair { readonly subject: PolicyClass; readonly other: PolicyClass; readonly set: ConnectionSet }

const both = { ipBlocksMatchPods: true } as const;
/** Beyond this many pairs of classes a rule is not compared with the others, and never called shadowed. */
const MAX_PAIRS = 20_000;

const placesOf = (cluster: Cluster): readonly Place[] => cluster.policies.flatMap((policy) =>
  (['ingress', 'egress'] as const).flatMap((direction) => (policy[direction] ?? []).map((rule, n) => ({ policy, direction, rule, n }))));
const fieldOf = ({ direction, n }: Place): string => `spec.${direction}[${n}]`;
const nameOf = (place: Place): string => `${place.policy.namespace}/${place.policy.name} ${fieldOf(place)}`;
const isSubject = ({ policy }: Place, end: PolicyEnd): boolean => end.kind === 'pod' && end.pod.namespace === policy.namespace && matchesSelector(policy.podSelector, end.pod.labels);
/** What a rule allows of a pair; its ports are looked up at the destination. */
const allowsOf = ({ policy, direction, rule }: Place, subject: PolicyEnd, other: PolicyEnd): ConnectionSet =>
  ruleAllows(rule, policy.namespace, other, direction === 'ingress' ? subject : other, both);

/** The pairs that a rule speaks of. A pod and itself are none: no policy judges them. */
function pairsOf(classes: readonly PolicyClass[], place: Place): { readonly pairs: readonly Pair[]; readonly all: boolean } {
  const pairs: Pair[] = [];
  for (const subject of classes.filter(({ end }) => isSubject(place, end))) {
    for (const other of classes) {
      if (subject === other && subject.pods.length < 2) continue;
      const set = allowsOf(place, subject.end, other.end);
      if (isEmpty(set)) continue;
      if (pairs.length >= MAX_PAIRS) return { pairs, all: false };
      pairs.push({ subject, other, set });
    }
  }
  return { pairs, all: true };
}

const covers = (sum: ConnectionSet, set: ConnectionSet): boolean => equal(intersect(set, sum), set);

/** Who else allows all that this rule allows, for the same pods: one rule by name, or several together; null where nobody does. */
function shadowOf(places: readonly Place[], place: Place, pairs: readonly Pair[]): string | null {
  const others = places.filter((one) => one !== place && one.direction === place.direction && one.policy.namespace === place.policy.namespace);
  const beside = (pair: Pair): ConnectionSet => {
    let sum = noConnections;
    for (const one of others) {
      if (!isSubject(one, pair.subject.end)) continue;
      sum = unite(sum, allowsOf(one, pair.subject.end, pair.other.end));
      if (covers(sum, pair.set)) return sum;
    }
    return sum;
  };
  if (!pairs.every((pair) => covers(beside(pair), pair.set))) return null;
  const single = others.find((one) => pairs.every((pair) => isSubject(one, pair.subject.end) && covers(allowsOf(one, pair.subject.end, pair.other.end), pair.set)));
  return single ? nameOf(single) : 'several other rules together';
}

/** Why a rule speaks of nobody, in the order a person would look. */
function nothingBecause(classes: readonly PolicyClass[], place: Place): string {
  const { policy, direction, rule } = place;
  const subjects = classes.filter(({ end }) => isSubject(place, end));
  if (subjects.length === 0) return `No pod of namespace ${policy.namespace} is selected by this policy today.`;
  const met = rule.peers === null ? classes : classes.filter(({ end }) => rule.peers!.some((peer) => peerMatches(peer, policy.namespace, end, both)));
  if (met.length === 0) return `Nobody is meant by its ${direction === 'ingress' ? 'from' : 'to'} today.`;
  const alone = met.length === 1 && subjects.length === 1 && met[0] === subjects[0] && met[0]!.pods.length === 1;
  return alone ? 'It means only the selected pod itself, which no policy judges.' : 'No pod that it speaks of has a port of that name and protocol.';
}


/** A question between the two ends of a pair on a port that the set allows; null where nobody stands at the sending end. */
function questionOf({ direction }: Place, { subject, other, set }: Pair): Probe | null {
  const second = subject === other ? 1 : 0;
  const [from, to] = direction === 'ingress' ? [other, subject] : [subject, other];
  const source = from.pods.length > 0 ? podId(from.pods[direction === 'ingress' ? second : 0]!) : from.machine;
  if (source === '') return null;
  const target = to.pods.length > 0 ? podId(to.pods[direction === 'egress' ? second : 0]!) : to.machine !== '' ? to.machine : to.end.kind === 'address' ? to.end.ip : '';
  const declared = to.pods[0]?.ports.find((one) => has(set, one.protocol, one.port));
  const protocol: L4Protocol = declared?.protocol ?? PROTOCOLS.find((one) => set[one].length > 0)!;
  const port = declared?.port ?? set[protocol][0]![0];
  return { from: source, to: target, protocol, port };
}

/** Both ends pods on a declared port first, then pods, then outside machines, then bare addresses. */
function cheapest(place: Place, pairs: readonly Pair[]): Probe | null {
  const declares = ({ subject, other, set }: Pair): boolean => (place.direction === 'ingress' ? subject : other).pods[0]?.ports.some((one) => has(set, one.protocol, one.port)) === true;
  const cost = (pair: Pair): number => (pair.other.pods.length > 0 ? 0 : pair.other.machine !== '' ? 2 : 4) + (declares(pair) ? 0 : 1);
  for (const pair of pairs.toSorted((a, b) => cost(a) - cost(b))) {
    const probe = questionOf(place, pair);
    if (probe) return probe;
  }
  return null;
}

/** Whether a rule lets a judged packet pass. A rule without ports is for ICMP, too. */
function lets(cluster: Cluster, place: Place, packet: JudgedPacket): boolean {
  const { direction, from, to, protocol, port } = packet;
  const [subject, other] = direction === 'ingress' ? [to, from] : [from, to];
  if (direction !== place.direction || subject.kind !== 'pod' || (other.kind === 'pod' && other.pod === subject.pod)) return false;
  if (!isolating(indexPolicies(cluster), subject.pod, direction).includes(place.policy)) return false;
  if (protocol !== 'icmp') return has(allowsOf(place, subject, other), protocol, port);
  return place.rule.ports === null && !isEmpty(allowsOf(place, subject, other));
}

/**
 * How often each policy rule was met by these questions (the packets of each, as policies judged them), and for those that were not, why,
 * or the cheapest question that would meet them. Exact for the pods that exist and every address: classes that no policy tells apart are
 * looked at once. A rule is `shadowed` where all that it allows is allowed by others for the same pods, so that nothing changes without it
 * (policies only add, and the rest of its policy still isolates); of two equal rules each shadows the other.
 */
export function policyCoverage(cluster: Cluster, questions: readonly (readonly JudgedPacket[])[]): readonly RuleCoverage[] {
  const classes = policyClasses(cluster);
  const places = placesOf(cluster);
  return places.map((place) => {
    const { policy } = place;
    const hits = questions.filter((packets) => packets.some((packet) => lets(cluster, place, packet))).length;
    const { pairs, all } = pairsOf(classes, place);
    const base = { policy: { kind: 'NetworkPolicy', namespace: policy.namespace, name: policy.name }, field: fieldOf(place), hits };
    if (pairs.length === 0 && hits === 0) return { ...base, state: 'selects-nothing', why: nothingBecause(classes, place), probe: null };
    const probe = hits > 0 ? null : cheapest(place, pairs);
    const shadow = all && pairs.length > 0 ? shadowOf(places, place, pairs) : null;
    if (shadow !== null) return { ...base, state: 'shadowed', why: `All that it allows is allowed by ${shadow} as well.`, probe };
    return { ...base, state: hits > 0 ? 'met' : 'unmet', why: probe === null && hits === 0 ? 'Only addresses at which no machine stands could meet it.' : '', probe };
  });
}

/** For each single entry of every rule (one peer, one port) the cheapest question that it lets pass: kernels hold one rule for each. At most `most`. */
export function entryProbes(cluster: Cluster, most: number): readonly Probe[] {
  const classes = policyClasses(cluster);
  const found = new Map<string, Probe>();
  for (const place of placesOf(cluster)) {
    for (const peer of place.rule.peers ?? [null]) for (const port of place.rule.ports ?? [null]) {
      const one: Place = { ...place, rule: { peers: peer && [peer], ports: port && [port] } };
      const probe = cheapest(one, pairsOf(classes, one).pairs);
      if (probe) found.set(JSON.stringify(probe), probe);
      if (found.size >= most) return [...found.values()];
    }
  }
  return [...found.values()];
}
