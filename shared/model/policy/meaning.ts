import type { LabelSelector, Policy, PolicyPeer } from '../types.ts';
import type { Direction } from './oracle.ts';

/** Who could be at the other end, also pods and namespaces that do not exist yet. */
export type SymbolicPeer =
  | { readonly kind: 'everyone' }
  | { readonly kind: 'pods'; /** Null = of this one namespace. */ readonly namespaces: LabelSelector | null; readonly namespace: string; readonly pods: LabelSelector }
  | { readonly kind: 'block'; readonly cidr: string; readonly except: readonly string[] };

const everySelector: LabelSelector = { matchLabels: {}, matchExpressions: [] };
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

/** A rule's peer entry (null = it names none) as a description of whom it means. */
export function symbolicPeer(peer: PolicyPeer | null, namespace: string): SymbolicPeer {
  if (peer === null) return { kind: 'everyone' };
  if (peer.ipBlock) return { kind: 'block', cidr: peer.ipBlock.cidr, except: peer.ipBlock.except };
  return { kind: 'pods', namespaces: peer.namespaceSelector, namespace, pods: peer.podSelector ?? everySelector };
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
      const peers = rule.peers === null ? 'everyone' : rule.peers.map((peer) => peerWords(symbolicPeer(peer, policy.namespace))).join(' or ');
      const ports = rule.ports === null ? '' : ` on ${rule.ports.map(({ protocol, port, endPort }) => (port === null ? `any ${protocol.toUpperCase()} port` : `${protocol.toUpperCase()} ${port}${endPort === null ? '' : `–${endPort}`}`)).join(', ')}`;
      return `${word} ${peers}${ports}`;
    });
    return parts.length === 0 ? `${verb} no connections` : `${verb} connections ${parts.join(', and ')}, and no others`;
  };
  const sides = [side('ingress'), side('egress')].filter((one) => one !== null);
  return `${who} ${sides.join('; ')}${sides.length > 0 ? ' (besides what other policies allow)' : 'is left alone'}.`;
}
