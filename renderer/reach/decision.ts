import { addressEnd, decide, explainDecision, indexPolicies, isPolicyPod, podEnd, type Decision } from '../../shared/model/policy/oracle.ts';
import { podId } from '../../shared/model/describe.ts';
import { machineIn, parseOutsideRange } from '../../shared/model/outside-range.ts';
import type { PolicyEnd } from '../../shared/model/policy/match-rule.ts';
import type { Cluster, L4Protocol, Pod, Policy } from '../../shared/model/types.ts';
import type { Allowed } from '../../shared/api/reach-contract.ts';
import type { Request } from '../state/world.ts';
import type { Peer } from './reach-pairs.ts';

/** The pods of a workload, as `reach` groups them. */
export const podsOf = (cluster: Cluster, peer: Peer): readonly Pod[] => cluster.pods.filter(({ namespace, name, owner }) => namespace === peer.group && (owner === null ? peer.kind === 'Pod' && name === peer.name : owner.kind === peer.kind && owner.name === peer.name));

/** The peer that a pod belongs to. */
export const peerIdOf = ({ namespace, name, owner }: Pod): string => (owner === null ? `${namespace}/${name}[Pod]` : `${namespace}/${owner.name}[${owner.kind}]`);

const firstReady = (pods: readonly Pod[]): Pod | undefined => pods.find((pod) => pod.ready) ?? pods[0];

/** The port to ask about: the first that may pass, if one is named; else the first that the destination declares; else 80. */
export function portToAsk(allowed: readonly Allowed[], to: Pod | undefined): { readonly port: number; readonly protocol: L4Protocol } {
  const named = allowed.find(({ ports }) => ports !== 'all');
  if (named !== undefined) return { port: Number(/^\d+/.exec(named.ports)?.[0] ?? 80), protocol: named.protocol.toLowerCase() as L4Protocol };
  const declared = to?.ports[0];
  return declared === undefined ? { port: 80, protocol: 'tcp' } : { port: declared.port, protocol: declared.protocol };
}

export interface PairDecision {
  readonly port: number;
  readonly protocol: L4Protocol;
  readonly sentences: readonly string[];
  /** The policies that the sentences speak of. */
  readonly policies: readonly Policy[];
  /** The question that sends a packet this way; null where no machine of the cluster stands at an end. */
  readonly request: Request | null;
}

const policiesIn = (decision: Decision): readonly Policy[] => (!decision.allowed ? decision.isolatedBy : decision.how === 'rule' ? [decision.policy] : []);

interface End { readonly pod: Pod | undefined; readonly end: PolicyEnd; /** As a request names it; '' where nobody stands there. */ readonly id: string }

/** Who stands at one end of a pair; null where the peer is gone or is no single machine. */
function endOf(cluster: Cluster, peer: Peer, kind: 'client' | 'host'): End | null {
  const pod = firstReady(podsOf(cluster, peer));
  const index = indexPolicies(cluster);
  const ip = pod?.ips[0];
  if (pod !== undefined && ip !== undefined) return { pod, end: isPolicyPod(pod) ? podEnd(index, pod) : { kind: 'address', ip }, id: podId(pod) };
  const range = parseOutsideRange(peer.id);
  if (range === null) return null;
  const machine = machineIn(cluster, range, kind);
  return { pod: undefined, end: addressEnd(index, machine?.ip ?? range.first), id: machine?.id ?? (kind === 'host' ? range.first : '') };
}

/** Why a pair may or may not connect on one port, by which policies, and the packet that shows it; null where a peer is gone. */
export function decisionOf(cluster: Cluster, src: Peer, dst: Peer, allowed: readonly Allowed[]): PairDecision | null {
  const from = endOf(cluster, src, 'client');
  const to = endOf(cluster, dst, 'host');
  if (from === null || to === null) return null;
  const { port, protocol } = portToAsk(allowed, to.pod);
  const decisions = decide(indexPolicies(cluster), from.end, to.end, protocol, port);
  return {
    port, protocol,
    sentences: decisions.map(explainDecision),
    policies: [...new Set(decisions.flatMap(policiesIn))],
    request: from.id === '' ? null : { from: from.id, to: to.id, port, protocol },
  };
}
