import type { Cluster, LabelSelector, Pod, Policy, PolicyPeer } from '../model/types.ts';
import { allConnections, isEmpty, type ConnectionSet } from '../model/policy/connection-set.ts';
import { ruleAllows } from '../model/policy/match-rule.ts';
import { indexPolicies, isolating, isPolicyPod, podEnd, type Direction } from '../model/policy/oracle.ts';
import { allowedJson, type Allowed } from './reach.ts';

/** Who could be at the other end, also pods and namespaces that do not exist yet. */
export type SymbolicPeer =
  | { readonly kind: 'everyone' }
  | { readonly kind: 'pods'; /** Null = of this one namespace. */ readonly namespaces: LabelSelector | null; readonly namespace: string; readonly pods: LabelSelector }
  | { readonly kind: 'block'; readonly cidr: string; readonly except: readonly string[] };

/** One way in or out: who, on which ports, by which field; `by` null = because nothing isolates the pod. `now` counts the pods that it means today. */
export interface ExposureEntry { readonly peer: SymbolicPeer; readonly words: string; readonly allowed: readonly Allowed[]; readonly by: { readonly namespace: string; readonly name: string; readonly field: string } | null; readonly now: number }
export interface Exposure { readonly isolated: Readonly<Record<Direction, boolean>>; readonly ingress: readonly ExposureEntry[]; readonly egress: readonly ExposureEntry[] }

const everything: LabelSelector = { matchLabels: {}, matchExpressions: [] };
const isOpen = (selector: LabelSelector): boolean => Object.keys(selector.matchLabels).length === 0 && selector.matchExpressions.length === 0;

const requirements = (selector: LabelSelector): string => [
  ...Object.entries(selector.matchLabels).map(([key, value]) => `${key}=${value}`),
  ...selector.matchExpressions.map(({ key, operator, values }) => {
    switch (operator) {
      case 'In': return values.length === 1 ? `${key}=${values[0]}` : `${key} in (${values.join(', ')})`;
      case 'NotIn': return values.length === 1 ? `${key} other than ${values[0]}` : `${key} not in (${values.join(', ')})`;
      case 'Exists': return `a label ${key}`;
      case 'DoesNotExist': return `no label ${key}`;
    }
  }),
].join(' and ');

/** A symbolic peer in words: "any pod with app=web of any namespace with team=blue". */
export function peerWords(peer: SymbolicPeer): string {
  if (peer.kind === 'everyone') return 'everyone, inside and outside';
  if (peer.kind === 'block') return `addresses of ${peer.cidr}${peer.except.length > 0 ? ` except ${peer.except.join(', ')}` : ''}`;
  const pods = isOpen(peer.pods) ? 'any pod' : `any pod with ${requirements(peer.pods)}`;
  if (peer.namespaces === null) return `${pods} of namespace ${peer.namespace}`;
  return `${pods} of any namespace${isOpen(peer.namespaces) ? '' : ` with ${requirements(peer.namespaces)}`}`;
}

function symbolic(peer: PolicyPeer | null, namespace: string): SymbolicPeer {
  if (peer === null) return { kind: 'everyone' };
  if (peer.ipBlock) return { kind: 'block', cidr: peer.ipBlock.cidr, except: peer.ipBlock.except };
  return { kind: 'pods', namespaces: peer.namespaceSelector, namespace, pods: peer.podSelector ?? everything };
}

interface Subject { readonly cluster: Cluster; readonly pod: Pod; readonly direction: Direction }

/** The ports of one rule. On the way in names are looked up on the pod itself; on the way out on today's peers, since a pod that does not exist has no ports yet. */
function portsFor({ cluster, pod, direction }: Subject, policy: Policy, n: number, peer: PolicyPeer | null): { readonly set: ConnectionSet; readonly now: number } {
  const index = indexPolicies(cluster);
  const rule = policy[direction]![n]!;
  const one = { peers: peer === null ? null : [peer], ports: rule.ports };
  const others = cluster.pods.filter((other) => other !== pod && isPolicyPod(other)).map((other) => podEnd(index, other))
    .filter((end) => !isEmpty(ruleAllows({ ...one, ports: null }, policy.namespace, end, end, { ipBlocksMatchPods: true })));
  const self = podEnd(index, pod);
  if (direction === 'ingress' || rule.ports === null || rule.ports.every(({ port }) => typeof port !== 'string')) return { set: ruleAllows({ peers: null, ports: rule.ports }, policy.namespace, self, self, { ipBlocksMatchPods: true }), now: others.length };
  const named = others.map((end) => ruleAllows({ peers: null, ports: rule.ports }, policy.namespace, end, end, { ipBlocksMatchPods: true }));
  return { set: named.find((set) => !isEmpty(set)) ?? ruleAllows({ peers: null, ports: rule.ports }, policy.namespace, self, { kind: 'address', ip: '0.0.0.0' as Pod['ips'][number] }, { ipBlocksMatchPods: true }), now: others.length };
}

function entriesOf(subject: Subject): readonly ExposureEntry[] {
  const { cluster, pod, direction } = subject;
  const policies = isolating(indexPolicies(cluster), pod, direction);
  if (policies.length === 0) return [{ peer: { kind: 'everyone' }, words: peerWords({ kind: 'everyone' }), allowed: allowedJson(allConnections), by: null, now: cluster.pods.filter((other) => other !== pod && isPolicyPod(other)).length }];
  return policies.flatMap((policy) => policy[direction]!.flatMap((rule, n) => (rule.peers ?? [null]).flatMap((peer, i): readonly ExposureEntry[] => {
    const { set, now } = portsFor(subject, policy, n, peer);
    if (isEmpty(set)) return [];
    const who = symbolic(peer, policy.namespace);
    const base = `spec.${direction}[${n}]`;
    return [{ peer: who, words: peerWords(who), allowed: allowedJson(set), by: { namespace: policy.namespace, name: policy.name, field: peer === null ? base : `${base}.${direction === 'ingress' ? 'from' : 'to'}[${i}]` }, now }];
  })));
}

/** Who could reach this pod and whom it could reach, pods that do not exist yet among them: rule by rule, in words. A hostNetwork pod is not isolated by anything. */
export function exposureOf(cluster: Cluster, pod: Pod): Exposure {
  const isolated = (direction: Direction): boolean => isolating(indexPolicies(cluster), pod, direction).length > 0;
  return { isolated: { ingress: isolated('ingress'), egress: isolated('egress') }, ingress: entriesOf({ cluster, pod, direction: 'ingress' }), egress: entriesOf({ cluster, pod, direction: 'egress' }) };
}

/** The meaning of a policy in one sentence. */
export function policyMeaning(policy: Policy): string {
  const who = `${isOpen(policy.podSelector) ? 'Every pod' : `Every pod with ${requirements(policy.podSelector)}`} of namespace ${policy.namespace}`;
  const side = (direction: Direction): string | null => {
    const rules = policy[direction];
    if (rules === null) return null;
    const [verb, word] = direction === 'ingress' ? ['accepts', 'from'] : ['opens', 'to'];
    if (rules.some((rule) => rule.peers === null && rule.ports === null)) return `${verb} connections ${word} everyone, inside and outside`;
    const parts = rules.map((rule) => {
      const peers = rule.peers === null ? 'everyone' : rule.peers.map((peer) => peerWords(symbolic(peer, policy.namespace))).join(' or ');
      const ports = rule.ports === null ? '' : ` on ${rule.ports.map(({ protocol, port, endPort }) => (port === null ? `any ${protocol.toUpperCase()} port` : `${protocol.toUpperCase()} ${port}${endPort === null ? '' : `–${endPort}`}`)).join(', ')}`;
      return `${word} ${peers}${ports}`;
    });
    return parts.length === 0 ? `${verb} no connections` : `${verb} connections ${parts.join(', and ')}, and no others`;
  };
  const sides = [side('ingress'), side('egress')].filter((one) => one !== null);
  return `${who} ${sides.join('; ')}${sides.length > 0 ? ' (besides what other policies allow)' : 'is left alone'}.`;
}
