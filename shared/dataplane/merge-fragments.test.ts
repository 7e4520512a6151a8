import { describe, expect, test } from 'vitest';
import { ifAddress } from '../base/cidr.ts';
import { buildBuiltinChain } from './builtin-chains.ts';
import { buildDataplane } from './build-dataplane.ts';
import { checkDataplane } from './check-dataplane.ts';
import { chainsOf } from './find-chain.ts';
import type { Origin } from './ids.ts';
import { mergeFragments } from './merge-fragments.ts';
import type { Dataplane, Fragment, Link, Netns, NetnsPart, OwnChains } from './netns.ts';
import type { Chain, Rule, Table } from './rules.ts';

const origin: Origin = { by: 'test', why: 'Because of the test.' };
const rule = (id: string, why: string): Rule => ({ id, match: [], do: [{ kind: 'counter' }], origin: { by: 'test', why } });
const nat = (...chains: readonly Chain[]): Table => ({ family: 'ip', name: 'nat', tool: 'iptables', sets: [], chains });
const post = (...rules: readonly Rule[]): Chain => buildBuiltinChain('ip', 'nat', 'POSTROUTING', { rules, origin })!;
const own = (name: string, ...rules: readonly Rule[]): Chain => ({ id: `ip/nat/${name}`, name, kind: 'regular', rules, origin });
const creator: NetnsPart = { netns: 'n', kind: 'node', host: 'n', origin };
const fragment = (rank: number, part: Partial<NetnsPart>): Fragment => ({ rank, parts: [{ netns: 'n', ...part }] });

describe('merging what datapaths contribute to one kernel (DESIGN §8.4)', () => {
  test('rules of one chain stand in rank order, numbered from 1, whatever the order of fragments', () => {
    const late = fragment(60, { tables: [nat(post(rule('ip/nat/POSTROUTING/1', 'late')))] });
    const early = fragment(40, { tables: [nat(post(rule('ip/nat/POSTROUTING/1', 'early')), own('X', rule('ip/nat/X/1', 'x')))] });
    const base = fragment(0, creator);
    const rules = (fragments: readonly Fragment[]): readonly string[] => mergeFragments('n', fragments).tables[0]!.chains.flatMap((c) => c.rules.map((r) => `${r.id} ${r.origin.why}`));
    const expected = ['ip/nat/POSTROUTING/1 early', 'ip/nat/POSTROUTING/2 late', 'ip/nat/X/1 x'];
    expect([rules([base, late, early]), rules([early, base, late])]).toEqual([expected, expected]);
  });
  test('a rule that keeps its place stays the very same object', () => {
    const only = rule('ip/nat/POSTROUTING/1', 'only');
    expect(mergeFragments('n', [fragment(0, creator), fragment(40, { tables: [nat(post(only))] })]).tables[0]!.chains.find((c) => c.name === 'POSTROUTING')!.rules[0]).toBe(only);
  });
  test('a used table has all its built-in chains, as in the kernel', () => {
    expect(mergeFragments('n', [fragment(0, creator), fragment(40, { tables: [nat(own('X'))] })]).tables[0]!.chains.map((c) => c.name)).toEqual(['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING', 'X']);
  });
  test('the kernel\'s own share: lo, and the routes that addresses bring along', () => {
    const eth0: Link = { kind: 'veth', name: 'eth0', mac: '02:00:00:00:00:01', mtu: 1500, up: true, addresses: [ifAddress('10.0.0.1/24'), ifAddress('fd00::1/64')], peer: { netns: 'm', link: 'x' }, origin };
    const merged = mergeFragments('n', [fragment(0, { ...creator, links: [eth0] })]);
    expect(merged.links.map((link) => link.name)).toEqual(['lo', 'eth0']);
    expect(merged.routes.map((route) => `${route.table}: ${route.id}`)).toEqual([
      'local: local 127.0.0.0/8 dev lo proto kernel scope host src 127.0.0.1', 'local: local 127.0.0.1 dev lo proto kernel scope host src 127.0.0.1', 'local: local ::1 dev lo proto kernel metric 0 pref medium',
      'local: local 10.0.0.1 dev eth0 proto kernel scope host src 10.0.0.1', 'main: 10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.1',
      'local: local fd00::1 dev eth0 proto kernel metric 0 pref medium', 'main: fd00::/64 dev eth0 proto kernel metric 256 pref medium',
    ]);
  });
  test('switches: what is not said is Linux\' default, and the last word counts', () => {
    expect(mergeFragments('n', [fragment(0, { ...creator, sysctls: { ipForward: true } }), fragment(40, { sysctls: { routeLocalnet: true } })]).sysctls).toEqual({ ipForward: true, bridgeNf: false, routeLocalnet: true, rpFilter: 0 });
  });
  test('our own mistakes throw: nobody creates the namespace, or two disagree about a chain', () => {
    expect(() => mergeFragments('n', [fragment(0, {})])).toThrow('no datapath creates n');
    const other: Chain = { ...post(), kind: 'base', type: 'nat', hook: 'input', priority: 100, policy: 'accept' };
    expect(() => mergeFragments('n', [fragment(0, creator), fragment(1, { tables: [nat(post())] }), fragment(2, { tables: [nat(other)] })])).toThrow('two datapaths disagree about chain ip/nat/POSTROUTING');
  });
  const many = ['X', 'Y', 'Z', 'V', 'W'].map((name) => own(name));
  test('our own mistakes throw: a regular chain that has a built-in chain\'s name, among however many others', () => {
    const clash = fragment(2, { tables: [nat(...many, own('POSTROUTING'))] });
    expect(() => mergeFragments('n', [fragment(0, creator), fragment(1, { tables: [nat(post())] }), clash])).toThrow('two datapaths disagree about chain ip/nat/POSTROUTING');
  });
  test('our own mistakes throw: one part that has a name twice and disagrees with itself', () => {
    expect(() => mergeFragments('n', [fragment(0, creator), fragment(1, { tables: [nat(...many, post(), own('POSTROUTING'))] })])).toThrow('two datapaths disagree about chain ip/nat/POSTROUTING');
  });
  const owned = (...list: readonly Chain[]): OwnChains => ({ list, find: (name) => list.find((chain) => chain.name === name) });
  test('chains that one datapath alone writes to stand behind all others, as the very same objects, and are found by name', () => {
    const table = mergeFragments('n', [fragment(0, creator), fragment(1, { tables: [{ ...nat(own('A')), own: owned(...many) }] }), fragment(2, { tables: [nat(own('B'))] })]).tables[0]!;
    expect(table.chains.map((chain) => chain.name)).toEqual(['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING', 'A', 'B', 'X', 'Y', 'Z', 'V', 'W']);
    expect([chainsOf(table).find('Z') === many[2], chainsOf(table).find('B')?.name, chainsOf(table).find('C'), chainsOf(table).base.map((chain) => chain.name)]).toEqual([true, 'B', undefined, ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING']]);
  });
  test('our own mistakes throw: a chain that belongs to one datapath is written to by another', () => {
    expect(() => mergeFragments('n', [fragment(0, creator), fragment(1, { tables: [{ ...nat(), own: owned(...many) }] }), fragment(2, { tables: [nat(own('V'))] })])).toThrow('chain ip/nat/V belongs to one datapath, and another writes to it');
  });
});

test('A machine\'s fragments are asked for once, and only when one of its namespaces is looked at', () => {
  const asked: string[] = [];
  const parts = (id: string): readonly Fragment[] => { asked.push(id); return [{ rank: 0, parts: [`${id}`, `${id}/pod`].map((netns) => ({ netns, kind: 'node', host: id, origin })) }]; };
  const dataplane = buildDataplane([{ id: 'a', netns: ['a', 'a/pod'] }, { id: 'b', netns: ['b', 'b/pod'] }], parts);
  expect([dataplane.ids, asked]).toEqual([['a', 'a/pod', 'b', 'b/pod'], []]);
  expect(dataplane.netns('a/pod')).toBe(dataplane.netns('a/pod'));
  expect([dataplane.netns('a')!.id, dataplane.netns('c'), asked]).toEqual(['a', null, ['a']]);
});

describe('what no kernel could hold is found', () => {
  const sound = mergeFragments('n', [fragment(0, creator)]);
  const one = (netns: Netns): Dataplane => ({ ids: ['n'], netns: (id) => (id === 'n' ? netns : null) });
  const veth = (over: Partial<Extract<Link, { kind: 'veth' }>>): Link => ({ kind: 'veth', name: 'v', mac: '02:00:00:00:00:01', mtu: 1500, up: true, addresses: [], peer: { netns: 'm', link: 'x' }, origin, ...over });
  test.each<[string, Partial<Netns>, readonly string[]]>([
    ['nothing', {}, []],
    ['a cable to nowhere', { links: [...sound.links, veth({})] }, ['n: v leads to m x, which does not exist']],
    ['a port without its bridge', { links: [...sound.links, veth({ master: 'br0', peer: { netns: 'n', link: 'v' } })] }, ['n: v has no bridge br0']],
    ['a name too long, twice', { links: [...sound.links, veth({ name: 'a-much-too-long-name', peer: { netns: 'n', link: 'a-much-too-long-name' } }), veth({ name: 'a-much-too-long-name', peer: { netns: 'n', link: 'a-much-too-long-name' } })] },
      ['n: link a-much-too-long-name stands twice', 'n: a-much-too-long-name is longer than a kernel\'s 15 characters (IFNAMSIZ)', 'n: a-much-too-long-name is longer than a kernel\'s 15 characters (IFNAMSIZ)']],
    ['a jump to nowhere, and a wrong number', { tables: [nat(own('X', { ...rule('ip/nat/X/7', 'w'), do: [{ kind: 'verdict', verdict: { kind: 'jump', chain: 'Y' } }] }))] },
      ['n: rule 1 of ip/nat/X has the id ip/nat/X/7', 'n: ip/nat/X/7 jumps to Y, which does not exist']],
    ['a set that is not there', { tables: [nat(own('X', { ...rule('ip/nat/X/1', 'w'), match: [{ kind: 'set', set: 's', dims: ['src'] }] }))] }, ['n: ip/nat/X/1 asks the set s, which does not exist']],
    ['a rule without a reason', { tables: [nat(own('X', rule('ip/nat/X/1', '')))] }, ['n: ip/nat/X/1 does not say why it exists']],
  ])('%s', (_name, over, expected) => {
    expect(checkDataplane(one({ ...sound, ...over }))).toEqual(expected);
  });
});
