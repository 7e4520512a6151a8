import type { ObjectRef } from '../../base/object-ref.ts';
import type { Origin } from '../../dataplane/ids.ts';
import type { Direction } from '../../model/policy/oracle.ts';
import type { Pod, Policy } from '../../model/types.ts';
import type { EntryPlan, GuardPlan, PeerPlan, PortPlan, RulesPlan } from './plan.ts';

export const by = 'network-policy';
export const denied = 'policy-default-deny';

export const refOfPolicy = (policy: Policy): ObjectRef => ({ kind: 'NetworkPolicy', namespace: policy.namespace, name: policy.name });
export const podName = (pod: Pod): string => `${pod.namespace}/${pod.name}`;
const word = (direction: Direction): string => (direction === 'ingress' ? 'Ingress' : 'Egress');
const names = (policies: readonly Policy[]): string => policies.map((policy) => `${policy.namespace}/${policy.name}`).join(', ');

const peerWords = (peer: PeerPlan, direction: Direction): string => {
  const side = direction === 'ingress' ? 'from' : 'to';
  if (peer.kind === 'everyone') return `${side} everyone`;
  if (peer.kind === 'pods') return `${side} ${peer.ips.length === 0 ? 'pods, of which there are none' : `the pods it selects (${peer.ips.length} ${peer.ips.length === 1 ? 'address' : 'addresses'})`}`;
  return `${side} ${peer.cidr}${peer.except.length === 0 ? '' : ` except ${peer.except.join(', ')}`}`;
};

const portWords = (port: PortPlan): string => {
  if (port.kind === 'every') return 'on every port';
  const protocol = port.protocol.toUpperCase();
  if (port.kind === 'named') return port.targets.length === 0 ? `on the ${protocol} port named ${port.name}, which no such pod has` : `on each pod's own ${protocol} port named ${port.name}`;
  if (port.from === 1 && port.to === 65535) return `on every ${protocol} port`;
  return `on ${protocol} port ${port.from}${port.to === port.from ? '' : `–${port.to}`}`;
};

/** Why an allowing rule is there. */
export const originOfEntry = (plan: RulesPlan, entry: EntryPlan): Origin => ({
  by, for: refOfPolicy(plan.policy), field: entry.field,
  why: `${word(plan.direction)} rule of NetworkPolicy ${plan.policy.namespace}/${plan.policy.name} (${entry.field}${entry.ports === '' ? '' : `, ${entry.ports}`}): allowed ${peerWords(entry.peer, plan.direction)} ${portWords(entry.port)}`,
});

/** Why what no rule allowed is dropped: being selected isolates, whatever the rules say. */
export const originOfDrop = ({ pod, direction, policies }: GuardPlan): Origin => ({
  by, for: refOfPolicy(policies[0]!), code: denied,
  why: `${word(direction)} of pod ${podName(pod)} is isolated because it is selected by ${policies.length === 1 ? 'NetworkPolicy' : 'NetworkPolicies'} ${names(policies)}; none of their rules allowed this packet`,
});

export const because = (why: string, policy?: Policy): Origin => (policy ? { by, for: refOfPolicy(policy), why } : { by, why });
export const whyGuard = ({ pod, direction, policies }: GuardPlan): string =>
  `${direction === 'ingress' ? 'What goes to' : 'What comes from'} pod ${podName(pod)} must be allowed by a rule of ${names(policies)}`;
export const whyRules = (plan: RulesPlan): string => `The ${plan.direction} rules of NetworkPolicy ${plan.policy.namespace}/${plan.policy.name}; whatever one of them allows gets the mark`;
