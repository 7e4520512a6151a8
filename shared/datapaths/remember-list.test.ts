import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rememberDistinct, rememberEdited, rememberFlat, rememberMap, variantKeys } from './remember-list.ts';
import { rememberOwnChains } from './remember-own-chains.ts';
import type { Chain } from '../dataplane/rules.ts';

interface Item { readonly name: string; readonly out: readonly Chain[] }
const chain = (name: string): Chain => ({ kind: 'regular', id: `ip/nat/${name}`, name, rules: [], origin: { by: 'test', why: 'Because of the test.' } });
const item = (name: string, chains: number): Item => ({ name, out: Array.from({ length: chains }, (_, i) => chain(`${name}-${i}`)) });

/** Lists that follow from each other by edits: items go, come, and become others. */
const lists = fc.array(fc.record({ at: fc.nat(9), gone: fc.nat(3), sizes: fc.array(fc.nat(2), { maxLength: 3 }) }), { maxLength: 12 }).map((edits) => {
  let list: readonly Item[] = Array.from({ length: 6 }, (_, i) => item(`first-${i}`, i % 3));
  return edits.map(({ at, gone, sizes }, n) => (list = list.toSpliced(at, gone, ...sizes.map((size, i) => item(`${n}-${i}`, size)))));
});

test('after any edits a remembered list is what the items make without memory, and each chain is found by its name', () => {
  const own = rememberOwnChains(({ out }: Item) => out);
  fc.assert(fc.property(lists, (edits) => {
    const [key, edited] = [{}, rememberEdited<Item>()];
    const seen = edits.map((items) => ({ items, chains: own(key, edited(key, items)) }));
    // the earlier answers are still right after the later edits
    for (const { items, chains } of seen) {
      expect(chains.list).toEqual(items.flatMap(({ out }) => out));
      for (const name of new Set(edits.flat().flatMap(({ out }) => out.map((one) => one.name)))) expect(chains.find(name)).toBe(chains.list.find((one) => one.name === name));
    }
  }), { seed: 3 });
});

test('a list in which nothing changed, or whose items bring nothing along, stays the very same object', () => {
  const [key, edited, flat] = [{}, rememberEdited<Item>(), rememberFlat(({ out }: Item) => out)];
  const items = [item('a', 2), item('b', 0)];
  const first = flat(key, edited(key, items)).items;
  expect(flat(key, edited(key, [...items])).items).toBe(first);
  expect(flat(key, edited(key, [items[0]!, item('c', 0)])).items).toBe(first);
  expect(flat(key, edited(key, [{ ...items[0]! }])).items).toBe(first);
});

test('what is made of what was made says what changed in it, over any edits', () => {
  fc.assert(fc.property(lists, (edits) => {
    const [key, edited, flat, names, distinct] = [{}, rememberEdited<Item>(), rememberFlat(({ out }: Item) => out), rememberMap<Chain, string>(true), rememberDistinct((text: string) => text)];
    for (const items of edits) {
      const chains = flat(key, edited(key, items));
      const { before, items: now, window: { from, oldTo, newTo } } = names(key, chains, ({ name }, place) => `${place} ${name}`);
      const expected = items.flatMap(({ out }) => out).map(({ name }, place) => `${place} ${name}`);
      expect(now).toEqual(expected);
      expect([...before.slice(0, from), ...now.slice(from, newTo), ...before.slice(oldTo)]).toEqual(expected);
      expect(distinct(key, { before, items: now, window: { from, oldTo, newTo } })).toEqual(expected);
    }
  }), { seed: 5 });
});

test('a list that was edited while nobody asked is put together from its items', () => {
  const [key, edited, flat] = [{}, rememberEdited<Item>(), rememberFlat(({ out }: Item) => out)];
  flat(key, edited(key, [item('a', 1)]));
  edited(key, [item('b', 1)]);
  expect(flat(key, edited(key, [item('c', 1)])).items.map(({ name }) => name)).toEqual(['c-0']);
});

test('only what differs is built again; by place, also what stands behind an insertion', () => {
  const built: string[] = [];
  const build = (name: string, place: number): string => { built.push(name); return `${place} ${name}`; };
  const [free, placed] = [rememberMap<string, string>(false), rememberMap<string, string>(true)];
  const key = {};
  for (const remember of [free, placed]) {
    const edited = rememberEdited<string>();
    remember(key, edited(key, ['a', 'b', 'c']), build);
    built.push('|');
    remember(key, edited(key, ['a', 'x', 'b', 'c']), build);
    built.push('|');
  }
  expect(built.join('')).toBe('abc|x|abc|xbc|');
});

test('of two items with one text the first one\'s place and the last one\'s value stay; a list without doubles is returned as it is', () => {
  const distinct = rememberDistinct(({ text }: { readonly text: string }) => text);
  const [a, b, again] = [{ text: 'a' }, { text: 'b' }, { text: 'a' }];
  const [key, both, edited] = [{}, [a, b], rememberEdited<typeof a>()];
  expect(distinct(key, edited(key, both))).toBe(both);
  expect(distinct(key, edited(key, [a, b, again])).map((one) => [a, b, again].indexOf(one))).toEqual([2, 1]);
  expect(distinct(key, edited(key, both))).toBe(both);
  // edited while nobody asked: counted anew
  edited(key, [a]);
  expect(distinct(key, edited(key, [a, again]))).toEqual([again]);
});

test('one thing\'s variant has one key, another variant or thing another', () => {
  const keyOf = variantKeys();
  const [x, y] = [{}, {}];
  expect([keyOf(x, '4') === keyOf(x, '4'), keyOf(x, '4') === keyOf(x, '6'), keyOf(x, '4') === keyOf(y, '4')]).toEqual([true, false, false]);
});
