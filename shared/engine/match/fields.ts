import { fraction } from '../../base/fraction.ts';
import type { Field, Match } from '../../dataplane/rules.ts';
import { prepareOptions } from '../choose.ts';
import type { Matcher, RuleContext } from '../compile-chain.ts';
import { addrTypeOf } from '../route.ts';
import { atomHolds, compileElements, dynamicHolds, type Value } from '../sets.ts';
import type { Walk } from '../walk-state.ts';
import { unknownMatch } from './unknown.ts';
import { tcpFlagsOf } from './layer4.ts';
import { count } from './statistic.ts';

export type FieldReader = (w: Walk) => Value | readonly string[];

function readNumgen(field: Extract<Field, { field: 'numgen' }>, rule: string): FieldReader {
  const { mod, offset } = field;
  if (field.mode === 'inc') return (w) => (count(w, rule) % mod) + offset;
  if (mod === 1) return () => offset;
  const options = prepareOptions(Array.from({ length: mod }, () => fraction(1, mod)), { by: rule, what: 'numgen' });
  return (w) => {
    const index = w.run.chooser.pick(options);
    w.steps.push(options.steps[index]!);
    return index + offset;
  };
}

const ctStatus = (w: Walk): readonly string[] =>
  w.conn === null ? [] : [...(w.conn.replied ? ['seen-reply', 'assured'] : []), ...(w.conn.confirmed ? ['confirmed'] : []), ...(w.conn.snat ? ['snat'] : []), ...(w.conn.dnat ? ['dnat'] : [])];

const simple: Readonly<Record<Exclude<Field['field'], 'fib-type' | 'numgen'>, FieldReader>> = {
  'saddr': (w) => w.packet.src, 'daddr': (w) => w.packet.dst, 'sport': (w) => w.sport, 'dport': (w) => w.dport, 'protocol': (w) => w.proto,
  'iifname': (w) => w.iif?.name ?? '', 'oifname': (w) => w.oif?.name ?? '', 'mark': (w) => w.mark, 'ct-mark': (w) => w.conn?.mark ?? 0,
  'ct-state': (w) => w.ct, 'ct-status': ctStatus, 'ct-direction': (w) => (w.reply ? 'reply' : 'original'), 'nfproto': (w) => (w.v6 ? 'ipv6' : 'ipv4'),
  'icmp-type': ({ packet: { l4 } }) => (l4.proto === 'icmp' ? l4.type : -1),
  'tcp-flags': ({ packet: { l4 } }) => (l4.proto === 'tcp' ? tcpFlagsOf[l4.flags].map((flag) => flag.toLowerCase()) : []),
};

/** How a field is read off a packet. Sets of flags come as lists, of which a comparison needs one (`ct status dnat`). */
export function readField(field: Field, rule: string): FieldReader {
  if (field.field === 'numgen') return readNumgen(field, rule);
  if (field.field === 'fib-type') {
    const { of, iif } = field;
    return (w) => addrTypeOf(w.ns, of === 'saddr' ? w.packet.src : w.packet.dst, iif === true ? w.iif : undefined).toLowerCase();
  }
  return simple[field.field];
}

/** Reads a whole key; null where a part does not exist in this packet (no ports), which ends an nft rule. */
export function keyReader(fields: readonly Field[], rule: string): (w: Walk) => readonly Value[] | null {
  const readers = fields.map((field) => readField(field, rule));
  const ported = fields.some((f) => f.field === 'sport' || f.field === 'dport');
  return (w) => (ported && w.dport < 0 ? null : readers.map((read) => one(read(w))));
}
const one = (value: Value | readonly string[]): Value => (typeof value === 'object' ? value.join(',') : value);

/** `saddr 10.0.0.0/8`, `meta l4proto . th dport { tcp . 80 }`: equal to one of the right sides, or (`!=`) to none. */
export function matchCompare(match: Extract<Match, { kind: 'compare' }>, { rule }: RuleContext): Matcher {
  const wanted = match.op === '==';
  if (match.left.length === 1) {
    const field = match.left[0]!;
    const read = readField(field, rule.id);
    const ported = field.field === 'sport' || field.field === 'dport';
    return (w) => {
      const value = read(w);
      if (ported && value === -1) return false;
      const holds = match.right.some(([atom]) => atom !== undefined && (typeof value === 'object' ? value.some((v) => atomHolds(atom, v)) : atomHolds(atom, value)));
      return holds === wanted;
    };
  }
  const read = keyReader(match.left, rule.id);
  const set = compileElements(match.right.map((key) => ({ key })));
  return (w) => {
    const key = read(w);
    return key !== null && (set.find(key) !== null) === wanted;
  };
}

/** `… @set`: in the set as written, or put there by packets. */
export function matchLookup(match: Extract<Match, { kind: 'lookup' }>, { rule, sets, netns }: RuleContext): Matcher {
  const set = sets.named(match.set);
  if (!set) return unknownMatch(`set ${match.set} does not exist`);
  const read = keyReader(match.key, rule.id);
  const not = match.not === true;
  const name = match.set.replace(/^@/, '');
  return (w) => {
    const key = read(w);
    return key !== null && (set.find(key) !== null || dynamicHolds(w.run, netns.id, name, key)) !== not;
  };
}

/** `mark & 0x4000 == 0x4000`. */
export function matchBitTest(match: Extract<Match, { kind: 'bit-test' }>): Matcher {
  const not = match.not === true;
  const equals = match.equals >>> 0;
  return (w) => ((((match.field === 'mark' ? w.mark : w.conn?.mark ?? 0) & match.mask) >>> 0) === equals) !== not;
}
