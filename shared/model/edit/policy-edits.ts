import type { Json } from '../../base/json.ts';
import { printRef, type ObjectRef } from '../../base/object-ref.ts';
import { baseOf, cidrFamily, parseCidr } from '../../base/cidr.ts';
import type { Problem } from '../../base/problem.ts';
import { ok, type Result } from '../../base/result.ts';
import { isEmpty, PROTOCOLS } from '../policy/connection-set.ts';
import type { PolicyEnd } from '../policy/match-rule.ts';
import { decideDirection, directionAllows, indexPolicies, isolating, isPolicyPod, podEnd, type Direction, type PolicyIndex } from '../policy/oracle.ts';
import { fullName } from '../problems.ts';
import type { Labels, Pod } from '../types.ts';
import { changes, freeName, refuse, type EditContext, type Planned } from './context.ts';
import { stableLabels } from './label-edits.ts';
import { podsOf } from './workload-edits.ts';
import type { ClusterEdit, PolicyParty, TextChange } from './types.ts';

type Fields = { readonly [key: string]: Json };
/** One side of a policy: pods that share labels, or a network. */
interface Side { readonly name: string; readonly pods: readonly Pod[]; readonly labels: Labels; readonly namespace: string; readonly cidr: string | null }

function sideOf(context: EditContext, party: PolicyParty): Result<Side, Problem> {
  if ('cidr' in party) {
    const cidr = parseCidr(party.cidr);
    return cidr ? ok({ name: party.cidr, pods: [], labels: {}, namespace: '', cidr }) : refuse('bad-cidr', `${party.cidr} is no network`, 'write 203.0.113.0/24');
  }
  const { ref } = party;
  if (ref.kind === 'Client' || ref.kind === 'Host' || ref.kind === 'client' || ref.kind === 'host') {
    const address = context.cluster.outsiders.find((one) => one.kind === ref.kind.toLowerCase() && one.name === ref.name)?.addresses[0];
    return address ? ok({ name: ref.name, pods: [], labels: {}, namespace: '', cidr: `${address}/${address.includes(':') ? 128 : 32}` }) : refuse('no-such-object', `there is no ${printRef(ref)}`);
  }
  const pods = podsFor(context, ref).filter(isPolicyPod);
  if (pods.length === 0) return refuse('no-such-object', `${printRef(ref)} has no pod that a NetworkPolicy sees`, 'choose a pod of the pod network, or a workload that has one');
  return ok({ name: ref.name, pods, labels: sharedLabels(pods), namespace: pods[0]!.namespace, cidr: null });
}

const podsFor = (context: EditContext, ref: ObjectRef): readonly Pod[] =>
  ref.kind.toLowerCase() === 'pod' ? context.cluster.pods.filter((pod) => pod.name === ref.name && pod.namespace === (ref.namespace ?? 'default')) : podsOf(context, ref);

/** Labels that all these pods carry and no controller generated. */
function sharedLabels(pods: readonly Pod[]): Labels {
  const [first, ...others] = pods.map(stableLabels);
  return Object.fromEntries(Object.entries(first ?? {}).filter(([key, value]) => others.every((other) => other[key] === value)));
}

const endsOf = (index: PolicyIndex, side: Side): readonly PolicyEnd[] => (side.cidr === null ? side.pods.map((pod) => podEnd(index, pod)) : [{ kind: 'address', ip: baseOf(parseCidr(side.cidr)!) }]);

/** The other side as a peer of a policy in `namespace`. */
function peerOf(side: Side, namespace: string): Json {
  if (side.cidr !== null) return { ipBlock: { cidr: side.cidr } };
  const podSelector = { matchLabels: { ...side.labels } };
  return side.namespace === namespace ? { podSelector } : { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': side.namespace } }, podSelector };
}

function policyChange(context: EditContext, name: string, subject: Side, rules: Fields): TextChange {
  const own = freeName((candidate) => context.cluster.policies.some((one) => one.namespace === subject.namespace && one.name === candidate), name.replace(/[^a-z0-9.-]+/g, '-').replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '').slice(0, 63));
  const types = Object.keys(rules).map((key) => (key === 'ingress' ? 'Ingress' : 'Egress'));
  return {
    kind: 'add', file: 'policies.yaml',
    object: { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: own, namespace: subject.namespace }, spec: { podSelector: { matchLabels: { ...subject.labels } }, policyTypes: types, ...rules } },
  };
}

/** Whether policies refuse this direction for some pair of the two sides, on this port if one is named. */
function refuses(index: PolicyIndex, direction: Direction, from: Side, to: Side, protocol: 'tcp' | 'udp' | 'sctp', port: number | undefined): boolean {
  return endsOf(index, from).some((source) => endsOf(index, to).some((target) => {
    if (port !== undefined) return !decideDirection(index, direction, source, target, protocol, port).allowed;
    const set = direction === 'egress' ? directionAllows(index, 'egress', source, target) : directionAllows(index, 'ingress', target, source);
    return PROTOCOLS.some((one) => set[one].length !== 1 || set[one][0]![0] > 1 || set[one][0]![1] < 65_535);
  }));
}

/** Writes the policies that let the connection pass, and only where one refuses it: a policy where none is would shut everyone else out. */
export function allow(context: EditContext, edit: Extract<ClusterEdit, { kind: 'allow' }>): Planned {
  const [from, to] = [sideOf(context, edit.from), sideOf(context, edit.to)];
  if (!from.ok) return from;
  if (!to.ok) return to;
  const index = indexPolicies(context.cluster);
  const protocol = (edit.protocol ?? 'TCP').toLowerCase() as 'tcp' | 'udp' | 'sctp';
  const ports = edit.port === undefined ? {} : { ports: [{ protocol: edit.protocol ?? 'TCP', port: edit.port }] };
  const list: TextChange[] = [];
  const [source, target] = [from.value, to.value];
  if (refuses(index, 'ingress', source, target, protocol, edit.port)) list.push(policyChange(context, `allow-${source.name}-to-${target.name}`, target, { ingress: [{ from: [peerOf(source, target.namespace)], ...ports }] }));
  if (refuses(index, 'egress', source, target, protocol, edit.port)) list.push(policyChange(context, `allow-${source.name}-out-to-${target.name}`, source, { egress: [{ to: [peerOf(target, source.namespace)], ...ports }] }));
  if (list.length === 0) return refuse('nothing-to-do', `no NetworkPolicy refuses ${source.name} → ${target.name}`, 'a policy here would shut everyone else out');
  return changes(`Allow ${source.name} to reach ${target.name}`, list, noteOf(source, target));
}

/** A policy chooses by labels, so it speaks of all who carry them. */
function noteOf(...sides: readonly Side[]): { readonly note?: string } {
  const bare = sides.find((side) => side.cidr === null && Object.keys(side.labels).length === 0);
  return bare ? { note: `${bare.name} has no labels, so this speaks of every pod of namespace ${bare.namespace}` } : {};
}

/** Everyone but this side, as the rule of a policy in `namespace`. */
function allBut(context: EditContext, side: Side, namespace: string): Json | null {
  const networks = context.cluster.settings.podSubnets;
  const families = [...new Set(networks.map(cidrFamily))];
  const outside = (except: readonly string[]): readonly Json[] => families.map((family) => {
    const holes = except.filter((cidr) => cidr.includes(':') === (family === 6));
    return { ipBlock: { cidr: family === 4 ? '0.0.0.0/0' : '::/0', ...(holes.length === 0 ? {} : { except: holes }) } };
  });
  if (side.cidr !== null) return [...outside([side.cidr])];
  const [label] = Object.entries(side.labels);
  if (!label) return null;
  const others = { matchExpressions: [{ key: label[0], operator: 'NotIn', values: [label[1]] }] };
  const inside: readonly Json[] = side.namespace === namespace
    ? [{ podSelector: others }, { namespaceSelector: { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: [namespace] }] } }]
    : [{ namespaceSelector: { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: [side.namespace] }] } }, { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': side.namespace } }, podSelector: others }];
  return [...inside, ...outside(networks)];
}

/** Isolates the destination from the source alone. Policies only add up: where others let it in already, no further policy can take that back. */
export function deny(context: EditContext, edit: Extract<ClusterEdit, { kind: 'deny' }>): Planned {
  const [from, to] = [sideOf(context, edit.from), sideOf(context, edit.to)];
  if (!from.ok) return from;
  if (!to.ok) return to;
  const index = indexPolicies(context.cluster);
  const [source, target] = [from.value, to.value];
  const direction: Direction = target.cidr === null ? 'ingress' : 'egress';
  const [subject, other] = direction === 'ingress' ? [target, source] : [source, target];
  if (subject.cidr !== null) return refuse('no-policy-sees-it', 'NetworkPolicies speak of pods, and neither side is one', 'choose a pod or a workload');
  const closed = endsOf(index, source).every((a) => endsOf(index, target).every((b) => isEmpty(direction === 'ingress' ? directionAllows(index, 'ingress', b, a) : directionAllows(index, 'egress', a, b))));
  if (closed) return refuse('nothing-to-do', `NetworkPolicies refuse ${source.name} → ${target.name} already`);
  const isolated = [...new Set(subject.pods.flatMap((pod) => isolating(index, pod, direction)))];
  if (isolated.length > 0) return refuse('allowed-by-policy', `${isolated.map(fullName).join(', ')} ${isolated.length === 1 ? 'lets' : 'let'} it pass, and a further NetworkPolicy can only allow more`, 'change the rule that lets it pass');
  const rule = allBut(context, other, subject.namespace);
  if (rule === null) return refuse('no-labels', `${other.name} has no label by which a policy could tell it from others`, 'give it a label first');
  const rules: Fields = direction === 'ingress' ? { ingress: [{ from: rule }] } : { egress: [{ to: rule }] };
  return changes(`Deny ${source.name} to reach ${target.name}`, [policyChange(context, `deny-${source.name}-to-${target.name}`, subject, rules)], { note: `${subject.name} is isolated now: everyone may ${direction === 'ingress' ? 'come in' : 'be reached'} but ${other.name}` });
}
