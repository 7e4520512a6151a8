import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { at, curveOf, distance, pointAlong, reverseOf, roundCorners, sliceOf, toPathData } from './geometry.ts';

const corner = [at(0, 0), at(100, 0), at(100, 100)];
const orthogonal = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: -300, max: 300 })), { minLength: 1, maxLength: 12 }).map((steps) => {
  const points = [at(0, 0)];
  for (const [across, by] of steps) {
    const { x, y } = points.at(-1)!;
    points.push(across ? at(x + by, y) : at(x, y + by));
  }
  return points;
});

describe('rounded corners', () => {
  test('a corner of radius 9 leaves the lines 9 px before it', () => {
    const { curve } = roundCorners(corner, 9);
    expect([curve.points[1], curve.points.at(-2)]).toEqual([at(91, 0), at(100, 9)]);
  });
  test('ends stay, marks rise, nothing gets longer', () => {
    fc.assert(fc.property(orthogonal, (polyline) => {
      const { curve, marks } = roundCorners(polyline, 9);
      expect(curve.points[0]).toEqual(polyline[0]);
      expect(distance(curve.points.at(-1)!, polyline.at(-1)!)).toBeLessThan(0.01);
      expect(marks.every((m, i) => i === 0 || m >= marks[i - 1]! - 1e-6)).toBe(true);
      expect(curve.length).toBeLessThanOrEqual(curveOf(polyline).length + 1e-6);
    }));
  });
  test('a marked point is near where it was drawn', () => {
    fc.assert(fc.property(orthogonal, (polyline) => {
      const { curve, marks } = roundCorners(polyline, 9);
      polyline.forEach((p, i) => expect(distance(pointAlong(curve, marks[i]!), p)).toBeLessThan(9));
    }));
  });
});

describe('along a curve', () => {
  const curve = curveOf(corner);
  test('points beyond the ends are the ends', () => expect([-5, 0, 50, 150, 999].map((d) => pointAlong(curve, d))).toEqual([at(0, 0), at(0, 0), at(50, 0), at(100, 50), at(100, 100)]));
  test('a slice begins and ends where it says', () => expect(toPathData(sliceOf(curve, 50, 150))).toBe('M50 0L100 0L100 50'));
  test('nothing lies between a place and itself', () => expect(sliceOf(curve, 50, 50)).toEqual([]));
  test('going back is the same way', () => expect([10, 120].map((d) => pointAlong(reverseOf(curve), curve.length - d))).toEqual([10, 120].map((d) => pointAlong(curve, d))));
});
