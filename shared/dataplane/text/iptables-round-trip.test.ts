import { expect, test } from 'vitest';
import fc from 'fast-check';
import { cidr } from '../../base/cidr.ts';
import { fraction } from '../../base/fraction.ts';
import { ip, ipFromU32 } from '../../base/ip.ts';
import type { PortRange } from '../packet.ts';
import type { Action, Match, Rule, Table } from '../rules.ts';
import { withBuiltinChains } from '../builtin-chains.ts';
import { tcpFlagNames } from './iptables-words.ts';
import { parseIptablesSave } from './parse-iptables-save.ts';
import { joinLines, printIptablesSave } from './print-iptables-save.ts';

const maybeNot = fc.constantFrom({}, { not: true } as const);
const net = fc.tuple(fc.integer({ min: 0, max: 0xffff_ffff }), fc.integer({ min: 1, max: 32 })).map(([n, bits]) => cidr(`${ipFromU32(n)}/${bits}`));
const range = fc.tuple(fc.integer({ min: 1, max: 65_535 }), fc.integer({ min: 1, max: 65_535 })).map(([a, b]): PortRange => ({ from: Math.min(a, b), to: Math.max(a, b) }));
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,12}$/);
const words = fc.string({ unit: fc.constantFrom('a', 'Z', '0', ' ', ':', '/', '"', '\'', '\\', '-', '_', ',', '.', '!'), minLength: 1, maxLength: 20 });
const some = <T>(values: readonly T[]): fc.Arbitrary<readonly T[]> => fc.subarray([...values], { minLength: 1 });
const one = (arbitrary: fc.Arbitrary<Match>): fc.Arbitrary<readonly Match[]> => fc.option(arbitrary, { nil: undefined, freq: 1 }).map((match) => (match ? [match] : []));
const states = ['invalid', 'new', 'related', 'established', 'untracked', 'snat', 'dnat'] as const;

/** iptables' own options first, then each module at most once: the order in which iptables-save holds a rule. */
const matches: fc.Arbitrary<readonly Match[]> = fc.tuple(
  one(fc.record({ kind: fc.constant('src' as const), net }).chain((m) => maybeNot.map((not) => ({ ...m, ...not })))),
  one(fc.record({ kind: fc.constant('dst' as const), net }).chain((m) => maybeNot.map((not) => ({ ...m, ...not })))),
  one(fc.tuple(name, maybeNot).map(([text, not]): Match => ({ kind: 'iif', name: text, ...not }))),
  one(fc.tuple(name, maybeNot).map(([text, not]): Match => ({ kind: 'oif', name: `${text}+`, ...not }))),
  fc.constant<readonly Match[]>([{ kind: 'protocol', protocol: 'tcp' }]),
  one(fc.tuple(range, maybeNot).map(([ports, not]): Match => ({ kind: 'sport', ports: [ports], ...not }))),
  one(fc.tuple(range, maybeNot).map(([ports, not]): Match => ({ kind: 'dport', ports: [ports], ...not }))),
  one(fc.tuple(some(tcpFlagNames), fc.subarray([...tcpFlagNames])).map(([mask, comp]): Match => ({ kind: 'tcp-flags', mask, comp }))),
  one(fc.tuple(fc.array(range, { minLength: 1, maxLength: 5 }), maybeNot).map(([ports, not]): Match => ({ kind: 'dport', ports, multiport: true, ...not }))),
  one(words.map((text): Match => ({ kind: 'comment', text }))),
  one(fc.tuple(u32, u32, maybeNot).map(([value, mask, not]): Match => ({ kind: 'mark', value, mask, ...not }))),
  one(fc.tuple(some(states), maybeNot).map(([list, not]): Match => ({ kind: 'ct-state', states: list, module: 'conntrack', ...not }))),
  one(fc.tuple(fc.constantFrom('src' as const, 'dst' as const), fc.constantFrom('LOCAL' as const, 'UNICAST' as const), maybeNot).map(([side, type, not]): Match => ({ kind: 'addrtype', side, type, ...not }))),
  one(fc.integer({ min: 1, max: 40_000 }).map((n): Match => ({ kind: 'statistic', mode: 'random', probability: fraction(1, n) }))),
  one(fc.tuple(name, fc.option(fc.integer({ min: 1, max: 100_000 }), { nil: undefined })).map(([list, seconds]): Match => ({ kind: 'recent', op: 'rcheck', name: list, side: 'source', mask: ip('255.255.255.255'), ...(seconds === undefined ? {} : { seconds, reap: true }) }))),
  one(fc.tuple(name, maybeNot).map(([set, not]): Match => ({ kind: 'set', set, dims: ['dst', 'src'], ...not }))),
  one(fc.tuple(u32, u32).map(([a, b]): Match => ({ kind: 'iprange', side: 'src', range: { from: ipFromU32(Math.min(a, b)), to: ipFromU32(Math.max(a, b)) } }))),
).map((lists) => lists.flat());

const actions: fc.Arbitrary<readonly Action[]> = fc.oneof(
  fc.constant<readonly Action[]>([]),
  fc.constantFrom('accept' as const, 'drop' as const, 'return' as const).map((kind): readonly Action[] => [{ kind: 'verdict', verdict: { kind } }]),
  fc.constantFrom('icmp-port-unreachable' as const, 'tcp-reset' as const, 'icmp-admin-prohibited' as const).map((code): readonly Action[] => [{ kind: 'verdict', verdict: { kind: 'reject', with: code } }]),
  fc.constantFrom('jump' as const, 'goto' as const).map((kind): readonly Action[] => [{ kind: 'verdict', verdict: { kind, chain: 'OTHER' } }]),
  fc.tuple(u32, fc.option(range, { nil: undefined })).map(([n, ports]): readonly Action[] => [{ kind: 'dnat', to: { ip: ipFromU32(n), ...(ports ? { ports } : {}) } }]),
  fc.tuple(u32, u32).map(([value, mask]): readonly Action[] => [{ kind: 'set-mark', value, mask, form: 'xmark' }]),
  fc.boolean().map((random): readonly Action[] => [{ kind: 'masquerade', ...(random ? { randomFully: true } : {}) }]),
);

test('print∘parse: every rule that the data can hold is printed and read back as itself', () => {
  fc.assert(fc.property(fc.array(fc.tuple(matches, actions), { minLength: 1, maxLength: 4 }), (drafts) => {
    const origin = { by: 'test', why: 'Because.' };
    const rules = drafts.map(([match, does], i): Rule => ({ id: `ip/nat/OWN/${i + 1}`, match, do: does, origin }));
    const table: Table = withBuiltinChains({ family: 'ip', name: 'nat', tool: 'iptables', sets: [], chains: [{ id: 'ip/nat/OTHER', name: 'OTHER', kind: 'regular', rules: [], origin }, { id: 'ip/nat/OWN', name: 'OWN', kind: 'regular', rules, origin }] });
    const text = joinLines(printIptablesSave({ tables: [table] }, 'ip'));
    const parsed = parseIptablesSave(text, 'ip');
    const read = parsed.ok ? parsed.value[0]!.chains.find((chain) => chain.name === 'OWN')!.rules.map((rule) => ({ match: rule.match, do: rule.do })) : parsed.error;
    expect(read).toEqual(rules.map((rule) => ({ match: rule.match, do: rule.do })));
  }), { numRuns: 500 });
});

test('no text makes the reader throw', () => {
  const line = fc.oneof(fc.string(), fc.constantFrom('*nat', '*filter', 'COMMIT', ':INPUT ACCEPT [0:0]', ':X - [0:0]', '-A INPUT -j X', '-A X -m', '-A X ! ', '-A X -j', '-A X -p tcp --dport', '-A X -m statistic --mode', '-A X -m comment --comment "'));
  fc.assert(fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
    expect(typeof parseIptablesSave(lines.join('\n'), 'ip').ok).toBe('boolean');
  }), { numRuns: 1000 });
});
