import { baseOf, prefixLength } from '../base/cidr.ts';
import type { Ip } from '../base/ip.ts';
import type { Match, Rule } from '../dataplane/rules.ts';
import type { Walk } from './walk-state.ts';

/** Rules of a long chain, grouped by one exact condition each must meet; the rest are always tried. Numbers are positions in the chain, ascending. */
export interface ChainIndex {
  readonly byDst: ReadonlyMap<Ip, readonly number[]>;
  readonly bySrc: ReadonlyMap<Ip, readonly number[]>;
  readonly byPort: ReadonlyMap<number, readonly number[]>;
  readonly rest: readonly number[];
}

const worthIt = 8;
// What may be tested in any order: no memory, no chance, no unknown.
const pure = new Set<Match['kind']>(['src', 'dst', 'iprange', 'protocol', 'sport', 'dport', 'ports', 'iif', 'oif', 'physdev', 'mark', 'connmark', 'ct-state', 'addrtype', 'icmp-type', 'tcp-flags', 'comment', 'set']);

const isHost = (net: Parameters<typeof prefixLength>[0]): boolean => prefixLength(net) === (net.includes(':') ? 128 : 32);

type Key = { readonly in: 'byDst' | 'bySrc'; readonly key: Ip } | { readonly in: 'byPort'; readonly key: number };

/** The condition a rule is filed under: an exact destination, else source, else destination port, if nothing before it has side effects. */
function keyOf(rule: Rule): Key | null {
  let found: Key | null = null;
  const rank = { byDst: 3, bySrc: 2, byPort: 1 };
  for (const match of rule.match) {
    if (!pure.has(match.kind)) break;
    let key: Key | null = null;
    if ((match.kind === 'dst' || match.kind === 'src') && match.not !== true && isHost(match.net)) key = { in: match.kind === 'dst' ? 'byDst' : 'bySrc', key: baseOf(match.net) };
    else if (match.kind === 'dport' && match.not !== true && match.ports.length === 1 && match.ports[0]!.from === match.ports[0]!.to) key = { in: 'byPort', key: match.ports[0]!.from };
    if (key && (found === null || rank[key.in] > rank[found.in])) found = key;
  }
  return found;
}

/** Indexes a chain; null where walking it is as quick. */
export function buildIndex(rules: readonly Rule[]): ChainIndex | null {
  if (rules.length <= worthIt) return null;
  const index = { byDst: new Map<Ip, number[]>(), bySrc: new Map<Ip, number[]>(), byPort: new Map<number, number[]>(), rest: [] as number[] };
  rules.forEach((rule, i) => {
    const key = keyOf(rule);
    if (key === null) index.rest.push(i);
    else {
      const group: Map<Ip | number, number[]> = index[key.in];
      const same = group.get(key.key);
      if (same) same.push(i);
      else group.set(key.key, [i]);
    }
  });
  return index.rest.length > rules.length / 2 ? null : index;
}

const none: readonly number[] = [];

/** Walks the positions that could match this packet, ascending; `next` gives Infinity at the end. */
export interface Cursor { next(): number }

/** Merges the groups this packet could match. The packet's addresses and ports do not change while a chain is walked. */
export function candidates(index: ChainIndex, w: Walk): Cursor {
  const { src, dst } = w.packet;
  const lists = [index.rest];
  for (const list of [index.byDst.get(dst), index.bySrc.get(src), index.byPort.get(w.dport)]) if (list) lists.push(list);
  if (lists.length === 1) return single(lists[0] ?? none);
  const at = lists.map(() => 0);
  return {
    next() {
      let best = -1;
      let position = Infinity;
      for (let i = 0; i < lists.length; i++) {
        const p = lists[i]![at[i]!] ?? Infinity;
        if (p < position) [best, position] = [i, p];
      }
      if (best >= 0) at[best]!++;
      return position;
    },
  };
}

function single(list: readonly number[]): Cursor {
  let i = 0;
  return { next: () => list[i++] ?? Infinity };
}
