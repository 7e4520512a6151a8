import type { ChangeKind, ReachAnswer } from '../../shared/api/reach-contract.ts';
import { pairOf, printAllowed, readPeer, shareOf, type Peer } from './reach-pairs.ts';

/** How one cell of the grid looks, and what a screen reader says of it. */
export interface Face { readonly open: 'none' | 'some' | 'all'; /** 0…1: the side of its square grows with it. */ readonly share: number; readonly change: ChangeKind | null; /** Not judged against itself. */ readonly self: boolean; readonly words: string }
export type FaceOf = (from: Peer, to: Peer) => Face;

const openOf = (share: number): Face['open'] => (share <= 0 ? 'none' : share < 1 ? 'some' : 'all');

/** A pair of workloads or ranges: how many ports are open. */
export const pairFaces = (now: ReachAnswer, before: ReachAnswer | null): FaceOf => (from, to) => {
  if (from.id === to.id) return { open: 'none', share: 0, change: null, self: true, words: `${from.name} to itself: not judged` };
  const { allowed, change, before: was } = pairOf(now, before, from.id, to.id);
  const share = shareOf(allowed);
  const then = change === null || was === null ? '' : `, ${change}; was ${printAllowed(was).toLowerCase()}`;
  return { open: openOf(share), share, change, self: false, words: `${from.name} to ${to.name}: ${printAllowed(allowed).toLowerCase()}${then}` };
};

/** The namespaces of an answer as rows and columns; what is outside stands last. */
export function namespacePeers(peers: readonly Peer[]): readonly Peer[] {
  const groups = [...new Set(peers.map(({ group }) => group))];
  return groups.map((group): Peer => ({ id: group, name: group, group: '', kind: 'Namespace' }));
}

interface Tally { pairs: number; opened: number; closed: number; changed: number }
const noPairs: Readonly<Tally> = { pairs: 0, opened: 0, closed: 0, changed: 0 };

function tallies(now: ReachAnswer, before: ReachAnswer | null): ReadonlyMap<string, Readonly<Tally>> {
  const found = new Map<string, Tally>();
  const groups = new Map([...now.peers, ...(before?.peers ?? [])].map((id) => [id, readPeer(id).group]));
  const tallyOf = (src: string, dst: string): Tally => {
    const key = `${groups.get(src)!}\0${groups.get(dst)!}`;
    let tally = found.get(key);
    if (tally === undefined) found.set(key, (tally = { ...noPairs }));
    return tally;
  };
  for (const { src, dst } of now.connections) tallyOf(src, dst).pairs++;
  if (before === null) return found;
  const shown = new Set(now.peers);
  const keys = new Map([...before.connections, ...now.connections].map(({ src, dst }) => [`${src}\0${dst}`, [src, dst] as const]));
  for (const [src, dst] of keys.values()) {
    if (!shown.has(src) || !shown.has(dst)) continue;
    const { change } = pairOf(now, before, src, dst);
    if (change !== null) tallyOf(src, dst)[change]++;
  }
  return found;
}

/** A pair of namespaces: how many of their pairs may connect at all. */
export function namespaceFaces(now: ReachAnswer, before: ReachAnswer | null): FaceOf {
  const counted = tallies(now, before);
  const sizes = new Map<string, number>();
  for (const id of now.peers) sizes.set(readPeer(id).group, (sizes.get(readPeer(id).group) ?? 0) + 1);
  return (from, to) => {
    const { pairs, opened, closed, changed } = counted.get(`${from.id}\0${to.id}`) ?? noPairs;
    const [rows, columns] = [sizes.get(from.id) ?? 0, sizes.get(to.id) ?? 0];
    const all = from.id === to.id ? rows * (rows - 1) : rows * columns;
    if (all === 0 || (from.id === 'Outside' && to.id === 'Outside')) return { open: 'none', share: 0, change: null, self: true, words: `${from.name} to ${to.name}: no pair that policies judge` };
    const changes = [[opened, 'opened'], [closed, 'closed'], [changed, 'changed']].filter(([n]) => n !== 0);
    const change = changes.length === 0 ? null : changes.length === 1 ? (changes[0]![1] as ChangeKind) : 'changed';
    return { open: openOf(pairs / all), share: pairs / all, change, self: false, words: `${from.name} to ${to.name}: ${pairs} of ${all} pairs may connect${changes.map(([n, word]) => `, ${n} ${word}`).join('')}` };
  };
}
