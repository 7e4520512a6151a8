import { cidrContains, type Cidr } from '../base/cidr.ts';
import { compareIps, parseIp, type Ip } from '../base/ip.ts';
import type { NetnsId } from '../dataplane/ids.ts';
import type { Netns } from '../dataplane/netns.ts';
import type { IpRange, PortRange } from '../dataplane/packet.ts';
import type { Atom, NamedSet, NatTo, Table, Tuple, Verdict } from '../dataplane/rules.ts';
import type { Run } from './walk-state.ts';

/** One value of a key, as read off a packet: an address, a name, or a number. */
export type Value = string | number;
export interface SetElement { readonly key: Tuple; readonly verdict?: Verdict; readonly to?: NatTo; readonly nomatch?: boolean }

/** A set or map ready to be asked; exact elements are found by hash, prefixes and ranges one by one. */
export interface CompiledSet { readonly set: NamedSet | null; find(key: readonly Value[]): SetElement | null }

const protocolNumbers: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58, 'ipv6-icmp': 58, sctp: 132, ipip: 4, ipencap: 4 };
/** A protocol's number, from its name, its number, or a number in text. */
export const protocolNumber = (value: string | number): number => (typeof value === 'number' ? value : protocolNumbers[value] ?? Number(value));

const isRange = (atom: Atom): atom is IpRange | PortRange => typeof atom === 'object';

/** Whether a value is what an atom describes: equal, in a prefix or range, or (names) before a trailing `*`. */
export function atomHolds(atom: Atom, value: Value): boolean {
  if (isRange(atom)) {
    if (typeof atom.from === 'number') return typeof value === 'number' && value >= atom.from && value <= (atom.to as number);
    return typeof value === 'string' && compareIps(atom.from, value as Ip) <= 0 && compareIps(value as Ip, atom.to as Ip) <= 0;
  }
  if (typeof atom === 'number' || typeof value === 'number') return typeof atom === 'number' || typeof value === 'number' ? looseEqual(atom, value) : false;
  if (atom.includes('/') && parseIp(value) !== null) return cidrContains(atom as Cidr, value as Ip);
  return atom.endsWith('*') ? value.startsWith(atom.slice(0, -1)) : atom === value;
}

// `tcp` and 6 are the same protocol; a port may be text.
const looseEqual = (a: Value, b: Value): boolean => a === b || protocolNumber(a) === protocolNumber(b);

const exact = (atom: Atom): boolean => typeof atom === 'number' || (typeof atom === 'string' && !atom.includes('/') && !atom.endsWith('*'));
const canonical = (value: Value): Value => (typeof value === 'string' && value in protocolNumbers ? protocolNumbers[value]! : value);
/** A key's text, in which protocol names are numbers. */
export const keyText = (key: readonly Value[]): string => key.map(canonical).join(' ');

const holdsKey = (element: SetElement, key: readonly Value[]): boolean => element.key.length === key.length && element.key.every((atom, i) => atomHolds(atom, key[i]!));

/** The yardstick's set: every element is looked at, one after the other, in the order in which the prepared one decides. */
function plainElements(elements: readonly SetElement[], set: NamedSet | null): CompiledSet {
  const isExact = (element: SetElement): boolean => element.nomatch !== true && element.key.every(exact);
  const others = elements.filter((element) => !isExact(element)).sort((a, b) => Number(b.nomatch === true) - Number(a.nomatch === true));
  const ordered = [...elements.filter(isExact), ...others];
  return {
    set,
    find(key) {
      const found = ordered.find((element) => holdsKey(element, key));
      return found === undefined || found.nomatch === true ? null : found;
    },
  };
}

/** Prepares elements for lookup; a `nomatch` element takes out what a wider one lets in. */
export function compileElements(elements: readonly SetElement[], set: NamedSet | null = null): CompiledSet {
  const hashed = new Map<string, SetElement>();
  const others: SetElement[] = [];
  for (const element of elements) {
    if (element.nomatch !== true && element.key.every(exact)) {
      const text = keyText(element.key as readonly Value[]);
      if (!hashed.has(text)) hashed.set(text, element);
    } else others.push(element);
  }
  others.sort((a, b) => Number(b.nomatch === true) - Number(a.nomatch === true));
  return {
    set,
    find(key) {
      const known = hashed.get(keyText(key));
      if (known) return known;
      const found = others.find((element) => element.key.length === key.length && element.key.every((atom, i) => atomHolds(atom, key[i]!)));
      return found === undefined || found.nomatch === true ? null : found;
    },
  };
}

/** The sets that a table's rules can name. */
export interface Sets { named(name: string): CompiledSet | null; ipset(name: string): CompiledSet | null }

const known = { indexed: new WeakMap<Netns, Map<Table, Sets>>(), naive: new WeakMap<Netns, Map<Table, Sets>>() };

/** The sets of a table and the ipsets of its namespace, prepared as they are first asked. */
export function setsOf(netns: Netns, table: Table, naive: boolean): Sets {
  const remembered = naive ? known.naive : known.indexed;
  let ours = remembered.get(netns);
  if (!ours) remembered.set(netns, (ours = new Map()));
  let sets = ours.get(table);
  const compile = naive ? plainElements : compileElements;
  if (!sets) ours.set(table, (sets = { named: lookup(table.sets, compile), ipset: lookup(netns.ipsets, compile) }));
  return sets;
}

function lookup(sets: readonly NamedSet[], compile: (elements: readonly SetElement[], set: NamedSet) => CompiledSet): (name: string) => CompiledSet | null {
  const compiled = new Map<string, CompiledSet | null>();
  return (name) => {
    let set = compiled.get(name);
    if (set === undefined) {
      const found = sets.find((s) => s.name === name.replace(/^@/, ''));
      compiled.set(name, (set = found ? compile(found.elements, found) : null));
    }
    return set;
  };
}

const dynamicKey = (netns: NetnsId, set: string, key: readonly Value[]): string => `${netns} ${set} ${keyText(key)}`;

/** Whether packets put this key into the set, and it has not expired. */
export function dynamicHolds(run: Run, netns: NetnsId, set: string, key: readonly Value[]): boolean {
  const id = dynamicKey(netns, set, key);
  const expires = run.dynamicSets?.get(id) ?? run.state.dynamicSets[id];
  return expires !== undefined && expires > run.state.now;
}

/** Puts a key into a set until `now + seconds` (for ever without); `add` leaves an element's time as it is. */
export function putDynamic(run: Run, netns: NetnsId, set: string, key: readonly Value[], seconds: number | undefined, op: 'add' | 'update'): void {
  if (op === 'add' && dynamicHolds(run, netns, set, key)) return;
  run.dynamicSets ??= new Map();
  run.dynamicSets.set(dynamicKey(netns, set, key), seconds === undefined ? Number.MAX_SAFE_INTEGER : run.state.now + seconds * 1000);
}
