import fc from 'fast-check';
import { expect, test } from 'vitest';
import { replaced, windowBetween } from './window.ts';

const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => ({ name }));

test.each([
  ['one item became another', [a, b, c], [a, d, c], { from: 1, oldTo: 2, newTo: 2 }],
  ['one came in', [a, c], [a, b, c], { from: 1, oldTo: 1, newTo: 2 }],
  ['one of two that are the same went', [a, a], [a], { from: 1, oldTo: 2, newTo: 1 }],
  ['lists with the same items have nothing between them', [a, b], [a, b], { from: 2, oldTo: 2, newTo: 2 }],
  ['items of the same content are still different ones', [{ name: 'a' }], [{ name: 'a' }], { from: 0, oldTo: 1, newTo: 1 }],
])('%s', (_title, before, after, window) => {
  expect(windowBetween(before, after)).toEqual(window);
});

test('the old list with its window replaced by the new list\'s is the new list', () => {
  const list = fc.array(fc.nat(3), { maxLength: 12 });
  fc.assert(fc.property(list, list, (before, after) => {
    const { from, oldTo, newTo } = windowBetween(before, after);
    expect(replaced(before, from, oldTo, after.slice(from, newTo))).toEqual(after);
  }), { seed: 1 });
});

test('replacing leaves the list that was there as it was', () => {
  const list = [1, 2, 3];
  expect([replaced(list, 1, 2, [9]), replaced(list, 0, 3, []), list]).toEqual([[1, 9, 3], [], [1, 2, 3]]);
});
