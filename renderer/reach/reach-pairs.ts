import type { Allowed, ChangeKind, ReachAnswer } from '../../shared/api/reach-contract.ts';

/** One row and one column of the reach grid. */
export interface Peer {
  /** As `reach` names it: `shop/web[Deployment]`, `0.0.0.0-9.255.255.255`, `{ingress-controller}`. */
  readonly id: string;
  readonly name: string;
  /** What stands above it: a namespace, or `Outside`. */
  readonly group: string;
  /** `Deployment`, `Pod`; '' for what is no workload. */
  readonly kind: string;
}

export interface Pair { readonly allowed: readonly Allowed[]; readonly before: readonly Allowed[] | null; readonly change: ChangeKind | null }

const workload = /^([^/]+)\/(.+)\[([A-Za-z]+)\]$/;
export const outsideGroup = 'Outside';

/** A peer's name in its parts. */
export function readPeer(id: string): Peer {
  const [, group, name, kind] = workload.exec(id) ?? [];
  if (group !== undefined && name !== undefined && kind !== undefined) return { id, name, group, kind };
  if (id === '{ingress-controller}') return { id, name: 'Ingress controller', group: outsideGroup, kind: '' };
  return { id, name: /^0\.0\.0\.0-255\.255\.255\.255$/.test(id) ? 'Any address' : id, group: outsideGroup, kind: '' };
}

const none: readonly Allowed[] = [];
const keyOf = (src: string, dst: string): string => `${src} ${dst}`;
const remembered = new WeakMap<ReachAnswer, ReadonlyMap<string, readonly Allowed[]>>();

function tableOf(answer: ReachAnswer): ReadonlyMap<string, readonly Allowed[]> {
  let table = remembered.get(answer);
  if (table === undefined) remembered.set(answer, (table = new Map(answer.connections.map(({ src, dst, allowed }) => [keyOf(src, dst), allowed]))));
  return table;
}

/** What may pass from one peer to another; nothing = an empty list. */
export const allowedOf = (answer: ReachAnswer, src: string, dst: string): readonly Allowed[] => tableOf(answer).get(keyOf(src, dst)) ?? none;

/** `TCP 80,443`, `Everything`, `Nothing`. */
export function printAllowed(allowed: readonly Allowed[]): string {
  if (allowed.length === 0) return 'Nothing';
  if (allowed.length === 3 && allowed.every(({ ports }) => ports === 'all')) return 'Everything';
  return allowed.map(({ protocol, ports }) => `${protocol} ${ports === 'all' ? 'on every port' : ports.replaceAll(',', ', ')}`).join('; ');
}

/** What may pass now, and how that differs from before the last edit. A range that was cut otherwise before is compared with nothing. */
export function pairOf(now: ReachAnswer, before: ReachAnswer | null, src: string, dst: string): Pair {
  const allowed = allowedOf(now, src, dst);
  const known = before !== null && [src, dst].every((peer) => workload.test(peer) || before.peers.includes(peer));
  if (!known) return { allowed, before: null, change: null };
  const was = allowedOf(before, src, dst);
  if (printAllowed(was) === printAllowed(allowed)) return { allowed, before: was, change: null };
  return { allowed, before: was, change: was.length === 0 ? 'opened' : allowed.length === 0 ? 'closed' : 'changed' };
}

/** How many ports of how many a pair may use, 0…1, over the protocols that are open at all. */
export function shareOf(allowed: readonly Allowed[]): number {
  const count = ({ ports }: Allowed): number => (ports === 'all' ? 65_535 : ports.split(',').reduce((sum, range) => {
    const [from = 0, to = from] = range.split('-').map(Number);
    return sum + to - from + 1;
  }, 0));
  return Math.min(1, Math.max(0, ...allowed.map(count)) / 65_535);
}

/** The peers to show, by namespace, what is outside last; every word of the filter must be found in a peer's name, namespace or kind, and its namespace among those chosen, if any are. */
export function shownPeers(answer: ReachAnswer, filter: string, namespaces: readonly string[] = []): readonly Peer[] {
  const words = filter.toLowerCase().split(/\s+/).filter((word) => word !== '');
  const rank = ({ group }: Peer): string => (group === outsideGroup ? '\u{10ffff}' : group);
  return answer.peers
    .map(readPeer)
    .filter(({ group }) => namespaces.length === 0 || namespaces.includes(group))
    .filter(({ id, name }) => words.every((word) => `${id} ${name}`.toLowerCase().includes(word)))
    .toSorted((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0));
}

export interface ReachChanges { readonly opened: number; readonly closed: number; readonly changed: number }

/** How many pairs opened, closed and changed since the last edit. */
export function countChanges(now: ReachAnswer, before: ReachAnswer | null): ReachChanges {
  const counts = { opened: 0, closed: 0, changed: 0 };
  if (before === null) return counts;
  const keys = new Map([...before.connections, ...now.connections].map(({ src, dst }) => [keyOf(src, dst), [src, dst] as const]));
  for (const [src, dst] of keys.values()) {
    if (!now.peers.includes(src) || !now.peers.includes(dst)) continue;
    const { change } = pairOf(now, before, src, dst);
    if (change !== null) counts[change]++;
  }
  return counts;
}
