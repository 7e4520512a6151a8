import { expect, test } from 'vitest';
import { nextChoosing } from './choosing.ts';

test.each([
  ['browsing', 'source', 'source'],
  ['browsing', 'destination', 'destination'],
  ['browsing', 'picked', 'browsing'],
  ['source', 'picked', 'destination'],
  ['source', 'pickedLast', 'browsing'],
  ['source', 'cancel', 'browsing'],
  ['source', 'destination', 'destination'],
  ['destination', 'picked', 'browsing'],
  ['destination', 'source', 'source'],
  ['destination', 'cancel', 'browsing'],
] as const)('in %s, %s leads to %s', (now, type, next) => expect(nextChoosing(now, { type })).toBe(next));
