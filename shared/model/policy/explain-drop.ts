import type { ObjectRef } from '../../base/object-ref.ts';
import type { Cluster, Policy } from '../types.ts';
import type { PolicyEnd, PolicyProtocol } from './match-rule.ts';
import { decide, explainDecision, indexPolicies } from './oracle.ts';

/** Why NetworkPolicy ate a packet: the stable code, one sentence, and every policy that isolates the pod. */
export interface DropExplained { readonly code: 'policy-default-deny'; readonly sentence: string; readonly decidedBy: readonly ObjectRef[] }

const refOf = (policy: Policy): ObjectRef => ({ kind: 'NetworkPolicy', namespace: policy.namespace, name: policy.name });

/** Explains a drop between two ends as they stand at the dropping hop (after any rewrite); `port` is the destination's. Null where policy allows it, so that somebody else dropped it. */
export function explainDrop(cluster: Cluster, from: PolicyEnd, to: PolicyEnd, protocol: PolicyProtocol, port: number): DropExplained | null {
  const denied = decide(indexPolicies(cluster), from, to, protocol, port).find((decision) => !decision.allowed);
  if (!denied || denied.allowed) return null;
  return { code: 'policy-default-deny', sentence: explainDecision(denied), decidedBy: denied.isolatedBy.map(refOf) };
}
