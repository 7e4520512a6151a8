import { describe, expect, test } from 'vitest';
import { at } from './geometry.ts';
import { separate } from './lanes.ts';

describe('lanes', () => {
  test('a line alone keeps its place', () => {
    const line = [at(0, 0), at(50, 0), at(100, 0), at(100, 80)];
    expect(separate(line, []).points).toEqual(line);
  });
  test('a second line on the same track moves 9 px below it', () => {
    const first = separate([at(0, 0), at(100, 0)], []);
    expect(separate([at(0, 0), at(100, 0)], first.pieces).points).toEqual([at(0, 9), at(100, 9)]);
  });
  test('a second line on the same spine moves 9 px left, and its corners with it', () => {
    const first = separate([at(100, 0), at(50, 0), at(50, 200), at(100, 200)], []);
    expect(separate([at(100, 0), at(50, 0), at(50, 400), at(100, 400)], first.pieces).points).toEqual([at(100, 9), at(41, 9), at(41, 400), at(100, 400)]);
  });
  test('a line that turns on the spot comes back in a lane of its own', () => {
    expect(separate([at(100, 0), at(20, 0), at(100, 0)], []).points).toEqual([at(100, 0), at(20, 0), at(20, 9), at(100, 9)]);
  });
  test('given points are found again, repeats included', () => {
    const { points, marks } = separate([at(0, 0), at(40, 0), at(40, 0), at(100, 0), at(100, 50)], []);
    expect(marks.map((m) => points[m])).toEqual([at(0, 0), at(40, 0), at(40, 0), at(100, 0), at(100, 50)]);
  });
  test('a line that never moves is one point', () => expect(separate([at(5, 5), at(5, 5)], [])).toEqual({ points: [at(5, 5)], pieces: [], marks: [0, 0] }));
});
