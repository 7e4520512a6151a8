import type { Cluster, L4Protocol } from '../model/types.ts';
import { isEmpty, noConnections, normalizeRanges, printRanges, PROTOCOLS, type ConnectionSet } from '../model/policy/connection-set.ts';
import { endNumbers, reachEnds, type Peer, type ReachEnds } from './ends.ts';
import { createMatrices, type Matrix } from './matrix.ts';

export interface ReachOptions {
  /** Keep only ports that a container of the destination declares. */
  readonly listeningOnly: boolean;
  /** Let ipBlocks match pod addresses too (CLI.md `--ip-block any`). */
  readonly ipBlocksMatchPods: boolean;
}
export interface Reach {
  readonly peers: readonly Peer[];
  /** How many ends policies can tell apart: what the cost grows with. */
  readonly ends: number;
  /** What Ingresses expose of each workload, by its name. */
  readonly exposed: ReachEnds['exposed'];
  /** What may pass from one peer to another, as a number: equal answers are the same number, 0 is nothing. */
  idBetween(from: Peer, to: Peer): number;
  setOf(id: number): ConnectionSet;
  between(from: Peer, to: Peer): ConnectionSet;
}

const onlyTcp = (ranges: ConnectionSet['tcp']): ConnectionSet => ({ ...noConnections, tcp: ranges });

/** The ports that the containers of a workload declare. */
function declared(peer: Peer): ConnectionSet {
  const ports = (peer.pods ?? []).flatMap((pod) => pod.ports);
  const of = (protocol: L4Protocol): ConnectionSet['tcp'] => normalizeRanges(ports.filter((p) => p.protocol === protocol).map((p): [number, number] => [p.port, p.port]));
  return { tcp: of('tcp'), udp: of('udp'), sctp: of('sctp') };
}

/** What stands between a pair beside policies: the destination's ports, and what an Ingress exposes. Only workloads are reached through one. */
function limits(base: ReachEnds, { table }: Matrix, listeningOnly: boolean): (from: Peer, to: Peer, id: number) => number {
  const remembered = new Map<Peer, number>();
  const declaredBy = (peer: Peer): number => {
    let id = remembered.get(peer);
    if (id === undefined) remembered.set(peer, (id = table.idOf(declared(peer))));
    return id;
  };
  return (from, to, id) => {
    let left = id;
    if (listeningOnly && to.kind === 'workload') left = table.intersect(left, declaredBy(to));
    if (to.kind === 'ingress-controller') return 0;
    if (from.kind !== 'ingress-controller') return left;
    const exposed = base.exposed.get(to.name);
    return exposed ? table.intersect(left, table.idOf(onlyTcp(exposed))) : 0;
  };
}

/** Adjacent ranges with equal answers, from and to everybody, become one peer. */
function mergeRanges(peers: readonly Peer[], matrix: Matrix): readonly Peer[] {
  const ends = [...new Set(peers.flatMap((peer) => (peer.kind === 'workload' ? peer.ends : [])))];
  const answers = (peer: Peer): string => ends.map((end) => `${matrix.between(peer.ends[0]!, end)}.${matrix.between(end, peer.ends[0]!)}`).join(' ');
  const merged: { readonly peer: Peer; readonly answers: string }[] = [];
  for (const peer of peers.filter((one) => one.kind === 'range')) {
    const last = merged.at(-1);
    const own = answers(peer);
    const sameFamily = last?.peer.segment!.from.includes(':') === peer.segment!.from.includes(':');
    if (last && sameFamily && last.answers === own) {
      const segment = { from: last.peer.segment!.from, to: peer.segment!.to };
      merged[merged.length - 1] = { answers: own, peer: { ...last.peer, segment, name: `${segment.from}-${segment.to}` } };
    } else merged.push({ peer, answers: own });
  }
  return [...peers.filter((one) => one.kind === 'workload'), ...merged.map(({ peer }) => peer), ...peers.filter((one) => one.kind === 'ingress-controller')];
}

/** What may pass between the peers of one cluster, by its matrix; of a workload whose pods differ, what any of them may. */
function answersOf(base: ReachEnds, matrix: Matrix, listeningOnly: boolean): Omit<Reach, 'peers'> {
  const limited = limits(base, matrix, listeningOnly);
  const { table } = matrix;
  const anyOf = (from: Peer, to: Peer): number => {
    let id = 0;
    for (const a of from.ends) for (const b of to.ends) id = table.unite(id, matrix.between(a, b));
    return id;
  };
  const policyBetween = (from: Peer, to: Peer): number => (from.ends.length === 1 && to.ends.length === 1 ? matrix.between(from.ends[0]!, to.ends[0]!) : anyOf(from, to));
  const idBetween = listeningOnly || base.exposed.size > 0 ? (from: Peer, to: Peer): number => limited(from, to, policyBetween(from, to)) : policyBetween;
  return { ends: base.ends.length, exposed: base.exposed, idBetween, setOf: (id) => table.setOf(id), between: (from, to) => table.setOf(idBetween(from, to)) };
}

/** Who may connect to whom, workload by workload, outside ranges included, as if NetworkPolicy is enforced. Ends that no policy tells apart are evaluated once. */
export function reach(cluster: Cluster, options: ReachOptions): Reach {
  const base = reachEnds(cluster);
  const matrix = createMatrices(base.ends, options)(cluster.policies);
  return { peers: mergeRanges(base.peers, matrix), ...answersOf(base, matrix, options.listeningOnly) };
}

/** The same for two clusters that are to be compared: equal answers are the same number in both, the outside is cut at the edges that either names, and adjacent ranges are not merged. What did not change between them is found once. */
export function reachOfBoth(before: Cluster, after: Cluster, options: ReachOptions): readonly [Reach, Reach] {
  const numbers = endNumbers(before, after);
  const sides = [before, after].map((cluster) => ({ cluster, base: reachEnds(cluster, numbers) }));
  const matrixOf = createMatrices(numbers.ends, options);
  return sides.map(({ cluster, base }): Reach => ({ peers: base.peers, ...answersOf(base, matrixOf(cluster.policies), options.listeningOnly) })) as [Reach, Reach];
}

export interface Allowed { readonly protocol: string; readonly ports: string }
export interface ReachJson {
  readonly connections: readonly { readonly src: string; readonly dst: string; readonly allowed: readonly Allowed[] }[];
  readonly peers: readonly string[];
}

/** A connection set as CLI.md's `allowed` list; protocols with nothing are left out. */
export const allowedJson = (set: ConnectionSet): readonly Allowed[] =>
  PROTOCOLS.filter((protocol) => set[protocol].length > 0).map((protocol) => ({ protocol: protocol.toUpperCase(), ports: printRanges(set[protocol]) }));

/** Whether a pair is anybody's business here: a workload is no peer of itself, and two ranges are outside both. */
export const isPair = (from: Peer, to: Peer): boolean => from !== to && (from.kind === 'workload' || to.kind === 'workload');

/** CLI.md's JSON of `reach`. Pairs with nothing allowed are left out. */
export function reachJson(result: Reach): ReachJson {
  const connections: ReachJson['connections'][number][] = [];
  for (const from of result.peers) {
    for (const to of result.peers) {
      if (!isPair(from, to)) continue;
      const set = result.between(from, to);
      if (!isEmpty(set)) connections.push({ src: from.name, dst: to.name, allowed: allowedJson(set) });
    }
  }
  return { connections, peers: result.peers.map((peer) => peer.name) };
}
