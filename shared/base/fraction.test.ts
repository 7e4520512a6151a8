import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addFractions, compareFractions, complement, equalFractions, fraction, fromFractionJson, multiplyFractions, one, printFraction, toFractionJson, toNumber, zero, type Fraction } from './fraction.ts';

const odds: fc.Arbitrary<Fraction> = fc.tuple(fc.nat(50), fc.integer({ min: 1, max: 50 })).map(([n, d]) => fraction(n, d));

describe('fractions', () => {
  test('are reduced, exact and ordered', () => {
    expect([fraction(6, 4), fraction(0, 7), fraction(3, 3), fraction(2n ** 70n, 2n ** 71n)]).toEqual([{ num: 3n, den: 2n }, zero, one, { num: 1n, den: 2n }]);
    expect([1, 2, 3].map((n) => compareFractions(fraction(n, 4), fraction(1, 2)))).toEqual([-1, 0, 1]);
    expect([printFraction(fraction(1, 3)), printFraction(fraction(4, 2)), printFraction({ num: 1, den: '3' }), toNumber(fraction(1, 4))]).toEqual(['1/3', '2', '1/3', 0.25]);
  });

  test('add and multiply as rationals do', () => {
    fc.assert(fc.property(odds, odds, odds, (a, b, c) => {
      expect(addFractions(a, b)).toEqual(addFractions(b, a));
      expect(multiplyFractions(a, addFractions(b, c))).toEqual(addFractions(multiplyFractions(a, b), multiplyFractions(a, c)));
      expect([multiplyFractions(a, one), addFractions(a, zero), equalFractions(a, b)]).toEqual([a, a, toNumber(a) === toNumber(b)]);
    }), { seed: 1 });
  });

  test('the chances of n rules of 1/n, 1/(n−1), … 1 are each exactly 1/n, and their sum is 1', () => {
    for (const n of [1, 2, 3, 7, 100, 1000]) {
      let left = one;
      let sum = zero;
      for (let i = n; i >= 1; i--) {
        const taken = multiplyFractions(left, fraction(1, i));
        if (i % 97 === 0 || i < 3) expect(taken).toEqual(fraction(1, n));
        sum = addFractions(sum, taken);
        left = multiplyFractions(left, complement(fraction(1, i)));
      }
      expect([sum, left]).toEqual([one, zero]);
    }
  });

  test('survive JSON: numbers up to 2⁵³, digits beyond', () => {
    const big = fraction(1n, 3n ** 60n);
    expect([toFractionJson(fraction(1, 3)), toFractionJson(big)]).toEqual([{ num: 1, den: 3 }, { num: 1, den: (3n ** 60n).toString() }]);
    expect(fromFractionJson(JSON.parse(JSON.stringify(toFractionJson(big))) as never)).toEqual(big);
  });

  test('what is no chance is our own bug', () => {
    expect(() => fraction(1, 0)).toThrow('not a fraction: 1/0');
    expect(() => fraction(-1, 2)).toThrow('not a fraction: -1/2');
    expect(() => complement(fraction(3, 2))).toThrow('not a fraction');
  });
});
