import { baseOf } from '../../base/cidr.ts';
import { offsetIp, type Ip } from '../../base/ip.ts';
import { matchesSelector } from '../selectors.ts';
import type { Cluster, Labels, Pod, Policy, PolicyRule } from '../types.ts';
import { allConnections, intersect, noConnections, unite, type ConnectionSet } from './connection-set.ts';
import { peerMiss, portMiss, ruleAllows, type Miss, type PolicyEnd, type PolicyOptions, type PolicyProtocol } from './match-rule.ts';

export type Direction = 'ingress' | 'egress';

/** Why one entry of a rule did not let the connection pass; none of a rule's entries did. */
export interface RuleMiss extends Miss { readonly policy: Policy; readonly rule: number }

/** A decision with its evidence. Policies only add: there is no order and no deny rule. */
export type Decision =
  | { readonly allowed: true; readonly direction: Direction; readonly how: 'not-isolated' | 'own-node' | 'no-policy-sees-it' | 'self' }
  | { readonly allowed: true; readonly direction: Direction; readonly how: 'rule'; readonly policy: Policy; readonly rule: number }
  | { readonly allowed: false; readonly direction: Direction; readonly isolatedBy: readonly Policy[]; readonly misses: readonly RuleMiss[] };

export interface PolicyIndex {
  readonly cluster: Cluster;
  readonly namespaceLabels: ReadonlyMap<string, Labels>;
  readonly policiesByNamespace: ReadonlyMap<string, readonly Policy[]>;
  readonly podByIp: ReadonlyMap<Ip, Pod>;
}

const indexes = new WeakMap<Cluster, PolicyIndex>();

/** Whether policies see this pod at all: it has a network of its own and is not finished. hostNetwork pods are their node. */
export const isPolicyPod = (pod: Pod): boolean => !pod.hostNetwork && pod.phase !== 'Succeeded' && pod.phase !== 'Failed';

/** What the oracle looks up again and again; built once per cluster. */
export function indexPolicies(cluster: Cluster): PolicyIndex {
  let index = indexes.get(cluster);
  if (!index) {
    const policiesByNamespace = new Map<string, Policy[]>();
    for (const policy of cluster.policies) {
      const list = policiesByNamespace.get(policy.namespace);
      if (list) list.push(policy);
      else policiesByNamespace.set(policy.namespace, [policy]);
    }
    index = {
      cluster,
      namespaceLabels: new Map(cluster.namespaces.map((ns): [string, Labels] => [ns.name, ns.labels])),
      policiesByNamespace,
      podByIp: new Map(cluster.pods.filter(isPolicyPod).flatMap((pod) => pod.ips.map((ip): [Ip, Pod] => [ip, pod]))),
    };
    indexes.set(cluster, index);
  }
  return index;
}

/** The pod as an end of a connection. */
export const podEnd = (index: PolicyIndex, pod: Pod): PolicyEnd => ({ kind: 'pod', pod, ips: pod.ips, namespaceLabels: index.namespaceLabels.get(pod.namespace) ?? {} });

/** An address as an end: the pod that has it, seen with this address alone (a packet has one, whatever the pod's other family), or just the address. */
export function addressEnd(index: PolicyIndex, ip: Ip): PolicyEnd {
  const pod = index.podByIp.get(ip);
  return pod ? { kind: 'pod', pod, ips: [ip], namespaceLabels: index.namespaceLabels.get(pod.namespace) ?? {} } : { kind: 'address', ip };
}

const rulesOf = (policy: Policy, direction: Direction): readonly PolicyRule[] | null => (direction === 'ingress' ? policy.ingress : policy.egress);

/** The policies that isolate this pod in this direction, whether or not any of their rules can ever match. */
export function isolating(index: PolicyIndex, pod: Pod, direction: Direction): readonly Policy[] {
  if (!isPolicyPod(pod)) return [];
  return (index.policiesByNamespace.get(pod.namespace) ?? []).filter((policy) => rulesOf(policy, direction) !== null && matchesSelector(policy.podSelector, pod.labels));
}

const defaults: PolicyOptions = { ipBlocksMatchPods: true };

/** Everything that the policies selecting `subject` in this direction allow with the other end. */
export function directionAllows(index: PolicyIndex, direction: Direction, subject: PolicyEnd, other: PolicyEnd, options: PolicyOptions = defaults): ConnectionSet {
  if (subject.kind === 'address') return allConnections;
  const policies = isolating(index, subject.pod, direction);
  if (policies.length === 0) return allConnections;
  const destination = direction === 'ingress' ? subject : other;
  let sum = noConnections;
  for (const policy of policies) {
    for (const rule of rulesOf(policy, direction)!) sum = unite(sum, ruleAllows(rule, policy.namespace, other, destination, options));
  }
  return sum;
}

/** Everything that may pass from one end to the other: the source's egress and the destination's ingress must both allow it. */
export function allowedBetween(index: PolicyIndex, from: PolicyEnd, to: PolicyEnd, options: PolicyOptions = defaults): ConnectionSet {
  return intersect(directionAllows(index, 'egress', from, to, options), directionAllows(index, 'ingress', to, from, options));
}

/** Why a rule did not match: every peer entry's reason, or every port entry's; null where it matched. */
function ruleMisses(policy: Policy, direction: Direction, n: number, rule: PolicyRule, other: PolicyEnd, destination: PolicyEnd, protocol: PolicyProtocol, port: number, options: PolicyOptions): readonly RuleMiss[] | null {
  const path = `spec.${direction}[${n}]`;
  const side = direction === 'ingress' ? 'from' : 'to';
  const inRule = (misses: readonly (Miss | null)[] | undefined): readonly RuleMiss[] | null => {
    const found = misses?.filter((miss) => miss !== null);
    return found && found.length === misses!.length ? found.map((miss) => ({ ...miss, policy, rule: n })) : null;
  };
  return inRule(rule.peers?.map((peer, i) => peerMiss(peer, policy.namespace, other, `${path}.${side}[${i}]`, options)))
    ?? inRule(rule.ports?.map((entry, i) => portMiss(entry, destination, protocol, port, `${path}.ports[${i}]`)));
}

/** Whether this is an address of the node that the pod runs on, its pod gateway included: that traffic cannot be blocked. */
function isOwnNode(index: PolicyIndex, pod: Pod, ip: Ip): boolean {
  const node = index.cluster.nodes.find((one) => one.name === pod.node);
  return node !== undefined && (node.addresses.includes(ip) || node.podCidrs.some((network) => offsetIp(baseOf(network), 1) === ip));
}

/** Allowed or not in one direction, by which rule, or why none of the rules matched. The port is the pod's own, after any Service's rewrite. */
export function decideDirection(index: PolicyIndex, direction: Direction, from: PolicyEnd, to: PolicyEnd, protocol: PolicyProtocol, port: number, options: PolicyOptions = defaults): Decision {
  const subject = direction === 'ingress' ? to : from;
  const other = direction === 'ingress' ? from : to;
  if (subject.kind === 'address') return { allowed: true, direction, how: 'no-policy-sees-it' };
  if (other.kind === 'pod' && other.pod === subject.pod) return { allowed: true, direction, how: 'self' };
  if (other.kind === 'address' && isOwnNode(index, subject.pod, other.ip)) return { allowed: true, direction, how: 'own-node' };
  const policies = isolating(index, subject.pod, direction);
  if (policies.length === 0) return { allowed: true, direction, how: 'not-isolated' };
  const misses: RuleMiss[] = [];
  for (const policy of policies) {
    for (const [n, rule] of rulesOf(policy, direction)!.entries()) {
      const missed = ruleMisses(policy, direction, n, rule, other, to, protocol, port, options);
      if (!missed) return { allowed: true, direction, how: 'rule', policy, rule: n };
      misses.push(...missed);
    }
  }
  return { allowed: false, direction, isolatedBy: policies, misses };
}

/** Both directions of one connection: egress of the source, then ingress of the destination. */
export function decide(index: PolicyIndex, from: PolicyEnd, to: PolicyEnd, protocol: PolicyProtocol, port: number, options: PolicyOptions = defaults): readonly [Decision, Decision] {
  return [decideDirection(index, 'egress', from, to, protocol, port, options), decideDirection(index, 'ingress', from, to, protocol, port, options)];
}

// A sentence that nobody reads to its end explains nothing.
const MAX_REASONS = 8;

const names = (policies: readonly Policy[]): string => policies.map((p) => `${p.namespace}/${p.name}`).join(', ');

/** The decision in one sentence: which rule let it pass, or "selected by A, B; none of their rules matched because …". */
export function explainDecision(decision: Decision): string {
  const word = decision.direction === 'ingress' ? 'Ingress' : 'Egress';
  if (decision.allowed) {
    switch (decision.how) {
      case 'rule': return `${word} is allowed by rule ${decision.rule + 1} of NetworkPolicy ${names([decision.policy])}.`;
      case 'not-isolated': return `No NetworkPolicy selects the pod for ${decision.direction}, so everything may pass.`;
      case 'own-node': return 'Traffic between a pod and its own node cannot be blocked.';
      case 'self': return 'A pod talks to itself; NetworkPolicy leaves that undefined and nothing filters it here.';
      case 'no-policy-sees-it': return `NetworkPolicy does not see this end for ${decision.direction}: it is no pod of the pod network.`;
    }
  }
  const { isolatedBy, misses } = decision;
  if (misses.length === 0) return `${word} is denied: the pod is selected by ${names(isolatedBy)}, which ${isolatedBy.length === 1 ? 'has' : 'have'} no ${decision.direction} rules.`;
  const because = misses.slice(0, MAX_REASONS).map((m) => `${m.policy.name} rule ${m.rule + 1} (${m.field}): ${m.why}`).join('; ') + (misses.length > MAX_REASONS ? `; and ${misses.length - MAX_REASONS} more` : '');
  return `${word} is denied: the pod is selected by ${names(isolatedBy)}; none of their rules matched because ${because}.`;
}
