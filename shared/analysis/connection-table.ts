import { allConnections, intersect, noConnections, PROTOCOLS, printRanges, unite, type ConnectionSet } from '../model/policy/connection-set.ts';

/** Connection sets as small numbers, so that equal sets are the same number and a union is looked up, not computed again. 0 = nothing, 1 = everything. */
export interface ConnectionTable {
  idOf(set: ConnectionSet): number;
  setOf(id: number): ConnectionSet;
  unite(a: number, b: number): number;
  intersect(a: number, b: number): number;
}
export const NOTHING = 0;
export const EVERYTHING = 1;

const textOf = (set: ConnectionSet): string => PROTOCOLS.map((protocol) => printRanges(set[protocol])).join('|');
const PAIR = 2 ** 20;

/** A table that knows nothing but nothing and everything. Holds up to 2^20 distinct sets. */
export function createConnectionTable(): ConnectionTable {
  const sets: ConnectionSet[] = [noConnections, allConnections];
  const ids = new Map(sets.map((set, i) => [textOf(set), i]));
  const idOf = (set: ConnectionSet): number => {
    const text = textOf(set);
    let id = ids.get(text);
    if (id === undefined) ids.set(text, (id = sets.push(set) - 1));
    return id;
  };
  const remember = (compute: (a: ConnectionSet, b: ConnectionSet) => ConnectionSet) => {
    const known = new Map<number, number>();
    return (a: number, b: number): number => {
      const key = a < b ? a * PAIR + b : b * PAIR + a;
      let id = known.get(key);
      if (id === undefined) known.set(key, (id = idOf(compute(sets[a]!, sets[b]!))));
      return id;
    };
  };
  const [united, common] = [remember(unite), remember(intersect)];
  return {
    idOf,
    setOf: (id) => sets[id]!,
    unite: (a, b) => (a === b || b === NOTHING || a === EVERYTHING ? a : a === NOTHING || b === EVERYTHING ? b : united(a, b)),
    intersect: (a, b) => (a === b || b === EVERYTHING || a === NOTHING ? a : a === EVERYTHING || b === NOTHING ? b : common(a, b)),
  };
}
