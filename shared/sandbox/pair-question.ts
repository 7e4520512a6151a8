import type { Question } from '../api/analysis-contract.ts';
import { ApiFailure } from '../api/failure.ts';
import { podId } from '../model/describe.ts';
import { machineIn, parseOutsideRange } from '../model/outside-range.ts';
import type { Cluster, Pod } from '../model/types.ts';
import type { Probe } from '../trace/types.ts';
import { speakers } from './diff-paths.ts';

function speaker(cluster: Cluster, peer: string): Pod {
  if (peer.startsWith('{')) throw new ApiFailure('problem', 'The ingress controller sends nothing by itself: ask for a URL instead');
  const pod = speakers(cluster).get(peer);
  if (!pod) throw new ApiFailure('problem', `There is no running pod of ${peer}`);
  return pod;
}

function targetOf(cluster: Cluster, to: string): { readonly to: string; readonly pod: Pod | null } {
  if (to.startsWith('service/')) return { to, pod: null };
  const range = parseOutsideRange(to);
  if (range) return { to: machineIn(cluster, range, 'host')?.ip ?? range.first, pod: null };
  const pod = speaker(cluster, to);
  return { to: podId(pod), pod };
}

/** The question in the words of `ask`. From outside to a pod, where nothing routes there or no machine stands in the range, the packet is handed to the destination's node as if it had just arrived. */
export function toProbe(cluster: Cluster, question: Question): Probe {
  if (question.kind === 'probe') return question.probe;
  const { protocol, port } = question;
  const { to, pod } = targetOf(cluster, question.to);
  const range = parseOutsideRange(question.from);
  if (!range) return { from: podId(speaker(cluster, question.from)), to, protocol, port };
  const machine = machineIn(cluster, range, 'client');
  if (machine && (pod === null || cluster.settings.podsRoutable)) return { from: machine.id, to, protocol, port };
  const node = pod?.node ?? cluster.nodes[0]?.name;
  return { from: `ip/${machine?.ip ?? range.first}`, ...(node === undefined || node === '' ? {} : { at: `node/${node}` }), to, protocol, port };
}
