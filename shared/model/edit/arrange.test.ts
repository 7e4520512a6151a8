import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arranged } from './arrange.ts';
import type { Positions } from './types.ts';

const order = (ids: readonly string[], positions: Positions): string => arranged(ids, (id) => id, positions, 'y').join('');
const ranks = (ids: string): Positions => Object.fromEntries([...ids].map((id, y) => [id, { x: 0, y }]));

describe('the order that a person gave', () => {
  test('without ranks things stand as they were given', () => expect(order(['a', 'b', 'c'], {})).toBe('abc'));
  test('ranks decide', () => expect(order(['a', 'b', 'c'], ranks('cab'))).toBe('cab'));
  test('what has no rank follows what it follows in the given order', () => expect(order(['a', 'b', 'n', 'c'], ranks('cab'))).toBe('cabn'));
  test('what comes before everything that has a rank stays first', () => expect(order(['0', 'a', 'b'], ranks('ba'))).toBe('0ba'));
  test('the other axis does not count', () => expect(arranged(['a', 'b'], (id) => id, { b: { x: -1, y: 5 } }, 'y').join('')).toBe('ab'));

  test('whatever comes or goes, the others keep their order among themselves', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 14 }), fc.array(fc.nat(20)), fc.nat(), fc.nat(), (ids, given, out, into) => {
      const positions: Positions = Object.fromEntries(ids.flatMap((id, i) => (given[i] === undefined ? [] : [[id, { x: 0, y: given[i] }]])));
      const before = arranged(ids, (id) => id, positions, 'y');
      const gone = ids[out % ids.length];
      const placed = positions[gone ?? ''] !== undefined;
      const less = arranged(ids.filter((id) => id !== gone), (id) => id, positions, 'y');
      // with a placed thing go those that followed it: they follow the one before it then
      if (!placed) expect(less).toEqual(before.filter((id) => id !== gone));
      const more = arranged(ids.toSpliced(into % (ids.length + 1), 0, 'a new one'), (id) => id, positions, 'y');
      expect(more.filter((id) => id !== 'a new one')).toEqual(before);
    }));
  });
});
