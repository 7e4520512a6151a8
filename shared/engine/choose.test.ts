import { describe, expect, test } from 'vitest';
import { fraction, printFraction } from '../base/fraction.ts';
import { exploringChooser, prepareOptions } from './choose.ts';

const half = [fraction(1, 2), fraction(1, 2)];
const explored = (key: number | undefined): readonly string[] => {
  const options = prepareOptions(half, { by: 'r', what: 'ecmp' });
  const chooser = exploringChooser();
  const found: string[] = [];
  do found.push(`${chooser.pick(options, key)}${chooser.pick(options, key)} ${printFraction(chooser.odds())}`); while (chooser.next());
  return found;
};

describe('all branches', () => {
  test('a flow that comes by again is hashed to the same way (fib_multipath_hash)', () => {
    expect(explored(7)).toEqual(['00 1/2', '11 1/2']);
  });
  test('decisions that no flow ties draw anew', () => {
    expect(explored(undefined)).toEqual(['00 1/4', '01 1/4', '10 1/4', '11 1/4']);
  });
});
