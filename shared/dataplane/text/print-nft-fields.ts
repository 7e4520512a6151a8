import type { Cidr } from '../../base/cidr.ts';
import type { Ip } from '../../base/ip.ts';
import { toU128, toU32 } from '../../base/ip.ts';
import type { Atom, Field, TableFamily, Tuple } from '../rules.ts';
import { inQuotes, markText } from './nft-words.ts';

/** What a field's words depend on: the table's family, and the protocol that the rule has already asked for ('' = none). */
export interface NftContext { readonly family: TableFamily; readonly protocol: string }

const plain: Readonly<Record<string, string>> = {
  'protocol': 'meta l4proto', 'iifname': 'iifname', 'oifname': 'oifname', 'mark': 'meta mark', 'ct-state': 'ct state', 'ct-status': 'ct status',
  'tcp-flags': 'tcp flags', 'nfproto': 'meta nfproto', 'ct-mark': 'ct mark', 'ct-direction': 'ct direction',
};

/** `ip` or `ip6`: the table's own family, or in an inet table that of the value compared. */
export const ipWord = (family: TableFamily, value = ''): 'ip' | 'ip6' => (family === 'inet' ? (value.includes(':') ? 'ip6' : 'ip') : family);

/** One field as nft writes it; a port is `tcp dport` where the protocol is known, else `th dport`. */
export function fieldText(field: Field, context: NftContext, value = ''): string {
  switch (field.field) {
    case 'saddr': case 'daddr': return `${ipWord(context.family, value)} ${field.field}`;
    case 'sport': case 'dport': return `${context.protocol === '' ? 'th' : context.protocol} ${field.field}`;
    case 'icmp-type': return context.family === 'ip6' || context.protocol === 'icmpv6' ? 'icmpv6 type' : 'icmp type';
    case 'fib-type': return `fib ${field.of}${field.iif === true ? ' . iif' : ''} type`;
    case 'numgen': return `numgen ${field.mode} mod ${field.mod}${field.offset === 0 ? '' : ` offset ${field.offset}`}`;
    default: return plain[field.field]!;
  }
}

/** A key of one or several fields: `ip daddr . meta l4proto . th dport`. */
export const keyText = (fields: readonly Field[], context: NftContext, first?: Tuple): string =>
  fields.map((field, i) => fieldText(field, fields.length > 1 ? { ...context, protocol: '' } : context, first?.[i] === undefined ? '' : atomText(first[i], ''))).join(' . ');

const host = /\/(32|128)$/;
/** An address or network; a whole address has no prefix length. */
export const netText = (net: Cidr | string): string => (host.test(net) && (net.endsWith('/128') || !net.includes(':')) ? net.slice(0, net.indexOf('/')) : net);

const icmpNames: Readonly<Record<number, string>> = { 0: 'echo-reply', 3: 'destination-unreachable', 5: 'redirect', 8: 'echo-request', 11: 'time-exceeded', 12: 'parameter-problem' };
const icmp6Names: Readonly<Record<number, string>> = { 1: 'destination-unreachable', 2: 'packet-too-big', 3: 'time-exceeded', 128: 'echo-request', 129: 'echo-reply', 133: 'nd-router-solicit', 134: 'nd-router-advert', 135: 'nd-neighbor-solicit', 136: 'nd-neighbor-advert' };
/** An ICMP type by name where it has one. */
export const icmpTypeText = (type: number, v6: boolean): string => (v6 ? icmp6Names : icmpNames)[type] ?? `${type}`;

/** One value in the words of its field: marks in eight hex digits, interface names in quotes, networks without a whole prefix. */
export function atomText(atom: Atom, kind: string, v6 = false): string {
  if (typeof atom === 'object') return `${atom.from}-${atom.to}`;
  if (kind === 'mark' || kind === 'ct-mark') return markText(Number(atom));
  if (kind === 'iifname' || kind === 'oifname' || kind === 'ifname') return inQuotes(String(atom));
  if (kind === 'icmp-type') return typeof atom === 'number' ? icmpTypeText(atom, v6) : atom;
  return netText(String(atom));
}

/** One element's key in the words of its fields. */
export const tupleText = (tuple: Tuple, kinds: readonly string[], v6 = false): string => tuple.map((atom, i) => atomText(atom, kinds[i] ?? '', v6)).join(' . ');

const protocolNumbers: Readonly<Record<string, number>> = { icmp: 1, igmp: 2, tcp: 6, udp: 17, dccp: 33, ipv6: 41, gre: 47, esp: 50, ah: 51, icmpv6: 58, comp: 108, sctp: 132, udplite: 136 };
// The kernel's numbers for what sorts by them: ctinfo bits and verdict names do not.
const ctNumbers: Readonly<Record<string, number>> = { invalid: 1, established: 2, related: 4, new: 8, untracked: 64 };

/** An atom's bytes in the order of the wire. */
function bytesOf(atom: Atom): readonly number[] {
  const value = typeof atom === 'object' ? atom.from : atom;
  if (typeof value === 'number') return value > 0xffff ? [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255] : [value >> 8, value & 255];
  const number = protocolNumbers[value] ?? ctNumbers[value];
  if (number !== undefined) return [number];
  const address = (value.includes('/') ? value.slice(0, value.indexOf('/')) : value) as Ip;
  if (address.includes(':')) return Array.from({ length: 16 }, (_, i) => Number((toU128(address) >> BigInt(120 - 8 * i)) & 255n));
  if (!/^\d+\.\d+\.\d+\.\d+$/.test(address)) return Array.from({ length: value.length }, (_, i) => value.charCodeAt(i));
  const n = toU32(address);
  return [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255];
}

/** What nft sorts an element by: its value, of a concatenation the bytes from the last to the first (concat_expr_msort_value imports them in host order). */
const sortKey = (tuple: Tuple): readonly number[] => {
  const bytes = tuple.flatMap(bytesOf);
  return tuple.length > 1 ? bytes.reverse() : bytes;
};

function compareKeys(x: readonly number[], y: readonly number[]): number {
  if (x.length !== y.length) return compareLengths(x, y);
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return x[i]! - y[i]!;
  return 0;
}

/** Whether the keys are the numbers 0, 1, 2, …: the ends of a Service's dice, which are in order as they stand. */
const areCounted = <T>(items: readonly T[], tupleOf: (item: T) => Tuple): boolean => items.every((item, i) => {
  const tuple = tupleOf(item);
  return tuple.length === 1 && tuple[0] === i;
});

/** Items in the order in which nft lists a set's elements. */
export function sortByTuple<T>(items: readonly T[], tupleOf: (item: T) => Tuple): readonly T[] {
  if (areCounted(items, tupleOf)) return items;
  return items.map((item) => ({ item, key: sortKey(tupleOf(item)) })).sort((a, b) => compareKeys(a.key, b.key)).map(({ item }) => item);
}

// Texts of different length (interface names) compare from the left; numbers of different width by value.
function compareLengths(x: readonly number[], y: readonly number[]): number {
  const width = Math.max(x.length, y.length);
  const at = (bytes: readonly number[], i: number): number => bytes[i - (width - bytes.length)] ?? 0;
  for (let i = 0; i < width; i++) if (at(x, i) !== at(y, i)) return at(x, i) - at(y, i);
  return 0;
}
