import type { Cluster } from '../model/types.ts';
import { NOTHING } from './connection-table.ts';
import type { Peer } from './ends.ts';
import { allowedJson, isPair, reachOfBoth, type Allowed, type Reach } from './reach.ts';

export type ChangeKind = 'opened' | 'closed' | 'changed';
/** What NetworkPolicy (and Ingress) lets pass between two peers, before and after; empty = nothing, also where a peer did not exist. */
export interface ConnectionChange { readonly src: string; readonly dst: string; readonly change: ChangeKind; readonly before: readonly Allowed[]; readonly after: readonly Allowed[] }
export interface ReachDiff { readonly connections: readonly ConnectionChange[]; readonly peersAdded: readonly string[]; readonly peersRemoved: readonly string[] }

/** Peers that neither cluster tells apart from one another, with one of them as it stands in each. */
interface Group { readonly names: Peer[]; readonly before: Peer | null; readonly after: Peer | null }

/** Peers that nothing tells apart, before or after, by the numbers of their ends and what Ingresses expose of them. */
function groupsOf(before: Reach, after: Reach): readonly Group[] {
  const known = new Map(before.peers.map((peer) => [peer.name, peer]));
  const groups = new Map<string, Group>();
  const sideOf = (peer: Peer | undefined, { exposed }: Reach): string => (peer ? `${peer.ends.join('.')} ${exposed.get(peer.name)?.join(' ') ?? ''}` : '-');
  const put = (was: Peer | undefined, is: Peer | undefined): void => {
    const one = (is ?? was)!;
    const key = `${sideOf(was, before)}|${sideOf(is, after)}|${one.kind}`;
    const group = groups.get(key);
    if (group) group.names.push(one);
    else groups.set(key, { names: [one], before: was ?? null, after: is ?? null });
  };
  for (const peer of after.peers) put(known.get(peer.name), peer);
  const still = new Set(after.peers.map(({ name }) => name));
  for (const peer of before.peers) if (!still.has(peer.name)) put(peer, undefined);
  return [...groups.values()];
}

/** A pair whose answer differs, with the numbers of both answers. */
interface Found { readonly src: Peer; readonly dst: Peer; readonly before: number; readonly after: number }

function changesBetween(groups: readonly Group[], before: Reach, after: Reach): readonly Found[] {
  const found: Found[] = [];
  for (const from of groups) for (const to of groups) {
    const was = from.before && to.before ? before.idBetween(from.before, to.before) : NOTHING;
    const is = from.after && to.after ? after.idBetween(from.after, to.after) : NOTHING;
    if (was === is) continue;
    for (const src of from.names) for (const dst of to.names) if (src.name !== dst.name && isPair(src, dst)) found.push({ src, dst, before: was, after: is });
  }
  return found;
}

const kindOf = (before: readonly Allowed[], after: readonly Allowed[]): ChangeKind => (before.length === 0 ? 'opened' : after.length === 0 ? 'closed' : 'changed');

/** Adjacent ranges with the same change towards or from the same workload become one. */
function mergeRanges(found: readonly ConnectionChange[], rangeOf: ReadonlyMap<string, number>): readonly ConnectionChange[] {
  const merged: ConnectionChange[] = [];
  const lastOf = new Map<string, { readonly at: number; readonly segment: number }>();
  for (const one of found) {
    const side = rangeOf.has(one.src) ? 'src' : rangeOf.has(one.dst) ? 'dst' : null;
    if (side === null) {
      merged.push(one);
      continue;
    }
    const segment = rangeOf.get(one[side])!;
    const key = `${side} ${side === 'src' ? one.dst : one.src} ${JSON.stringify([one.before, one.after])} ${one[side].includes(':')}`;
    const last = lastOf.get(key);
    if (last && last.segment === segment - 1) {
      const whole = merged[last.at]!;
      merged[last.at] = { ...whole, [side]: `${whole[side].slice(0, whole[side].indexOf('-'))}${one[side].slice(one[side].indexOf('-'))}` };
      lastOf.set(key, { at: last.at, segment });
    } else lastOf.set(key, { at: merged.push(one) - 1, segment });
  }
  return merged;
}

/** What became allowed, what is no longer, and what is allowed on other ports, between two clusters, pair by pair of workloads and outside ranges. Pairs that neither tells apart are compared once. */
export function diffReach(before: Cluster, after: Cluster): ReachDiff {
  const [was, is] = reachOfBoth(before, after, { listeningOnly: false, ipBlocksMatchPods: true });
  const found = changesBetween(groupsOf(was, is), was, is);
  const order = new Map([...new Set([...is.peers, ...was.peers].map(({ name }) => name))].map((name, i) => [name, i]));
  const rank = ({ src, dst }: Found): number => order.get(src.name)! * order.size + order.get(dst.name)!;
  const listed = found.toSorted((a, b) => rank(a) - rank(b)).map(({ src, dst, before: a, after: b }): ConnectionChange => {
    const [one, other] = [allowedJson(was.setOf(a)), allowedJson(is.setOf(b))];
    return { src: src.name, dst: dst.name, change: kindOf(one, other), before: one, after: other };
  });
  const ranges = new Map(is.peers.filter((peer) => peer.kind === 'range').map((peer, i) => [peer.name, i]));
  const missing = (here: Reach, there: Reach): readonly string[] => {
    const names = new Set(there.peers.map(({ name }) => name));
    return here.peers.map(({ name }) => name).filter((name) => !names.has(name));
  };
  return { connections: mergeRanges(listed, ranges), peersAdded: missing(is, was), peersRemoved: missing(was, is) };
}
