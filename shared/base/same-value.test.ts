import { expect, test } from 'vitest';
import { sameValue } from './same-value.ts';

test.each<[string, unknown, unknown, boolean]>([
  ['objects whose fields stand in another order are the same', { a: 1, b: [2] }, { b: [2], a: 1 }, true],
  ['a field that is missing is not one that is undefined', { a: undefined }, {}, false],
  ['nor is it when another one makes up the number', { a: undefined }, { b: undefined }, false],
  ['lists are compared in order', [1, 2], [2, 1], false],
  ['a list is no object with the same places', [1], { 0: 1 }, false],
  ['null is no object', null, {}, false],
  ['not-a-number is itself', Number.NaN, Number.NaN, true],
  ['texts are no numbers', '1', 1, false],
])('%s', (_title, a, b, same) => {
  expect([sameValue(a, b), sameValue(b, a)]).toEqual([same, same]);
});

test('the ignored field does not count at the top, and counts below it', () => {
  expect([sameValue({ at: 1, x: 0 }, { at: 2, x: 0 }, 'at'), sameValue({ x: 0 }, { at: 2, x: 0 }, 'at'), sameValue({ x: { at: 1 } }, { x: { at: 2 } }, 'at')]).toEqual([true, true, false]);
});
