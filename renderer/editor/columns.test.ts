import { expect, test } from 'vitest';
import { offsetOfColumn } from './columns.ts';

test.each([
  ['name: api', 1, 0],
  ['name: api', 7, 6],
  ['name: api', 99, 9],
  ['a: 😀 b', 5, 5],
  ['', 1, 0],
])('in %j column %i is offset %i', (line, col, offset) => expect(offsetOfColumn(line, col)).toBe(offset));
