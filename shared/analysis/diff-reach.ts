import type { Cluster } from '../model/types.ts';
import type { ConnectionSet } from '../model/policy/connection-set.ts';
import { noConnections } from '../model/policy/connection-set.ts';
import type { Peer } from './ends.ts';
import { networksRead } from './labels-read.ts';
import { allowedJson, isPair, reach, type Allowed, type Reach, type ReachOptions } from './reach.ts';

export type ChangeKind = 'opened' | 'closed' | 'changed';
/** What NetworkPolicy (and Ingress) lets pass between two peers, before and after; empty = nothing, also where a peer did not exist. */
export interface ConnectionChange { readonly src: string; readonly dst: string; readonly change: ChangeKind; readonly before: readonly Allowed[]; readonly after: readonly Allowed[] }
export interface ReachDiff { readonly connections: readonly ConnectionChange[]; readonly peersAdded: readonly string[]; readonly peersRemoved: readonly string[] }

/** Peers that neither cluster tells apart from one another, with one of them as it stands in each. */
interface Group { readonly names: Peer[]; readonly before: Peer | null; readonly after: Peer | null }

const endsOf = (peer: Peer | undefined): string => (peer ? peer.ends.join('.') : '-');

function groupsOf(before: Reach, after: Reach, apart: (peer: Peer) => boolean): readonly Group[] {
  const known = new Map(before.peers.map((peer) => [peer.name, peer]));
  const groups = new Map<string, Group>();
  const put = (was: Peer | undefined, is: Peer | undefined): void => {
    const one = (is ?? was)!;
    const key = `${endsOf(was)}|${endsOf(is)}|${one.kind}${apart(one) ? one.name : ''}`;
    const group = groups.get(key);
    if (group) group.names.push(one);
    else groups.set(key, { names: [one], before: was ?? null, after: is ?? null });
  };
  for (const peer of after.peers) put(known.get(peer.name), peer);
  const still = new Set(after.peers.map(({ name }) => name));
  for (const peer of before.peers) if (!still.has(peer.name)) put(peer, undefined);
  return [...groups.values()];
}

interface Found { readonly src: Peer; readonly dst: Peer; readonly before: ConnectionSet; readonly after: ConnectionSet }

function changesBetween(from: Group, to: Group, before: Reach, after: Reach): readonly Found[] {
  const was = from.before && to.before ? before.between(from.before, to.before) : noConnections;
  const is = from.after && to.after ? after.between(from.after, to.after) : noConnections;
  if (was === is || JSON.stringify(was) === JSON.stringify(is)) return [];
  return from.names.flatMap((src) => to.names.flatMap((dst) => (src.name !== dst.name && isPair(src, dst) ? [{ src, dst, before: was, after: is }] : [])));
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
export function diffReach(before: Cluster, after: Cluster, options: Omit<ReachOptions, 'cuts'> = { listeningOnly: false, ipBlocksMatchPods: true }): ReachDiff {
  const v6 = [before, after].some((one) => networksRead(one.policies).some((network) => network.includes(':')) || one.settings.podSubnets.some((subnet) => subnet.includes(':')));
  const cuts = [...networksRead(before.policies), ...networksRead(after.policies)];
  const [was, is] = [before, after].map((cluster) => reach(cluster, { ...options, cuts, ...(v6 ? { families: [4, 6] } : {}) })) as [Reach, Reach];
  const exposing = [...was.peers, ...is.peers].some((peer) => peer.kind === 'ingress-controller');
  const groups = groupsOf(was, is, (peer) => peer.kind === 'workload' && (options.listeningOnly || exposing));
  const found = groups.flatMap((from) => groups.flatMap((to) => changesBetween(from, to, was, is)));
  const order = new Map([...new Set([...is.peers, ...was.peers].map(({ name }) => name))].map((name, i) => [name, i]));
  const rank = ({ src, dst }: Found): number => order.get(src.name)! * order.size + order.get(dst.name)!;
  const listed = found.toSorted((a, b) => rank(a) - rank(b)).map(({ src, dst, before: a, after: b }): ConnectionChange => {
    const [one, other] = [allowedJson(a), allowedJson(b)];
    return { src: src.name, dst: dst.name, change: kindOf(one, other), before: one, after: other };
  });
  const ranges = new Map(is.peers.filter((peer) => peer.kind === 'range').map((peer, i) => [peer.name, i]));
  const missing = (here: Reach, there: Reach): readonly string[] => {
    const names = new Set(there.peers.map(({ name }) => name));
    return here.peers.map(({ name }) => name).filter((name) => !names.has(name));
  };
  return { connections: mergeRanges(listed, ranges), peersAdded: missing(is, was), peersRemoved: missing(was, is) };
}
