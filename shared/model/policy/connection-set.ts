import type { L4Protocol } from '../types.ts';

/** Port ranges of one protocol: sorted, disjoint, not touching; both ends included. */
export type Ranges = readonly (readonly [number, number])[];
/** Which ports of which protocols: what two pods may say to each other. Port 0 stands for none and never occurs. */
export type ConnectionSet = Readonly<Record<L4Protocol, Ranges>>;

export const PROTOCOLS: readonly L4Protocol[] = ['tcp', 'udp', 'sctp'];
const ALL: Ranges = [[1, 65535]];

export const noConnections: ConnectionSet = { tcp: [], udp: [], sctp: [] };
export const allConnections: ConnectionSet = { tcp: ALL, udp: ALL, sctp: ALL };

/** Sorts and joins ranges that overlap or touch. */
export function normalizeRanges(ranges: Ranges): Ranges {
  const out: [number, number][] = [];
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = out.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else out.push([from, to]);
  }
  return out;
}

function intersectRanges(a: Ranges, b: Ranges): Ranges {
  if (a === ALL) return b;
  if (b === ALL) return a;
  const out: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const from = Math.max(a[i]![0], b[j]![0]);
    const to = Math.min(a[i]![1], b[j]![1]);
    if (from <= to) out.push([from, to]);
    if (a[i]![1] < b[j]![1]) i++;
    else j++;
  }
  return out;
}

const isAll = (ranges: Ranges): boolean => ranges.length === 1 && ranges[0]![0] === 1 && ranges[0]![1] === 65535;
const uniteRanges = (a: Ranges, b: Ranges): Ranges => {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const joined = normalizeRanges([...a, ...b]);
  return isAll(joined) ? ALL : joined;
};

/** Both allow it. */
export function intersect(a: ConnectionSet, b: ConnectionSet): ConnectionSet {
  if (a === allConnections) return b;
  if (b === allConnections) return a;
  return { tcp: intersectRanges(a.tcp, b.tcp), udp: intersectRanges(a.udp, b.udp), sctp: intersectRanges(a.sctp, b.sctp) };
}

/** Either allows it. */
export function unite(a: ConnectionSet, b: ConnectionSet): ConnectionSet {
  if (a === noConnections) return b;
  if (b === noConnections) return a;
  return { tcp: uniteRanges(a.tcp, b.tcp), udp: uniteRanges(a.udp, b.udp), sctp: uniteRanges(a.sctp, b.sctp) };
}

export const isEmpty = (set: ConnectionSet): boolean => set.tcp.length === 0 && set.udp.length === 0 && set.sctp.length === 0;
export const has = (set: ConnectionSet, protocol: L4Protocol, port: number): boolean => set[protocol].some(([from, to]) => from <= port && port <= to);
export const equal = (a: ConnectionSet, b: ConnectionSet): boolean => a === b || print(a) === print(b);

/** `all`, or `80,443,8000-8100`. */
export const printRanges = (ranges: Ranges): string => (isAll(ranges) ? 'all' : ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(','));

function print(set: ConnectionSet): string {
  return PROTOCOLS.map((protocol) => printRanges(set[protocol])).join('|');
}
