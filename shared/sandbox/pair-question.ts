import type { Question } from '../api/analysis-contract.ts';
import { ApiFailure } from '../api/failure.ts';
import { compareIps, familyOf, parseIp, type Ip } from '../base/ip.ts';
import type { Cluster, Pod } from '../model/types.ts';
import type { Probe } from '../trace/types.ts';
import { speakers } from './diff-paths.ts';

interface Range { readonly first: Ip; readonly last: Ip }

function rangeOf(name: string): Range | null {
  const [first, last] = name.split('-').map(parseIp);
  return first && last ? { first, last } : null;
}

/** The machine outside that stands in a range, and its address there; the clients are looked at first where one is to send. */
function machineIn({ outsiders }: Cluster, { first, last }: Range, kind: 'client' | 'host'): { readonly id: string; readonly ip: Ip } | null {
  const inside = (ip: Ip): boolean => familyOf(ip) === familyOf(first) && compareIps(first, ip) <= 0 && compareIps(ip, last) <= 0;
  const found = [...outsiders].toSorted((a, b) => Number(b.kind === kind) - Number(a.kind === kind)).find(({ addresses }) => addresses.some(inside));
  return found ? { id: `${found.kind}/${found.name}`, ip: found.addresses.find(inside)! } : null;
}

const idOf = ({ namespace, name }: Pod): string => `pod/${namespace}/${name}`;

function speaker(cluster: Cluster, peer: string): Pod {
  if (peer.startsWith('{')) throw new ApiFailure('problem', 'The ingress controller sends nothing by itself: ask for a URL instead');
  const pod = speakers(cluster).get(peer);
  if (!pod) throw new ApiFailure('problem', `There is no running pod of ${peer}`);
  return pod;
}

function targetOf(cluster: Cluster, to: string): { readonly to: string; readonly pod: Pod | null } {
  if (to.startsWith('service/')) return { to, pod: null };
  const range = rangeOf(to);
  if (range) return { to: machineIn(cluster, range, 'host')?.ip ?? range.first, pod: null };
  const pod = speaker(cluster, to);
  return { to: idOf(pod), pod };
}

/** The question in the words of `ask`. From outside to a pod, where nothing routes there or no machine stands in the range, the packet is handed to the destination's node as if it had just arrived. */
export function toProbe(cluster: Cluster, question: Question): Probe {
  if (question.kind === 'probe') return question.probe;
  const { protocol, port } = question;
  const { to, pod } = targetOf(cluster, question.to);
  const range = rangeOf(question.from);
  if (!range) return { from: idOf(speaker(cluster, question.from)), to, protocol, port };
  const machine = machineIn(cluster, range, 'client');
  if (machine && (pod === null || cluster.settings.podsRoutable)) return { from: machine.id, to, protocol, port };
  const node = pod?.node ?? cluster.nodes[0]?.name;
  return { from: `ip/${machine?.ip ?? range.first}`, ...(node === undefined || node === '' ? {} : { at: `node/${node}` }), to, protocol, port };
}
