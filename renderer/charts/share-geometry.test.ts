import { describe, expect, test } from 'vitest';
import { drawShares, windowOf } from './share-geometry.ts';

const frame = { width: 100, height: 100, from: 0, until: 1000 };
const halves = { since: 0, exact: [0.5, 0.5], points: [{ at: 500, shares: [1, 0] }, { at: 1000, shares: [0.5, 0.5] }] };

describe('shares over time', () => {
  test('bands are stacked, the first on top, and fill the height at every time', () => {
    const [run] = drawShares([halves], frame);
    expect(run!.bands).toEqual(['M0,0L50,0L100,0L100,0L100,50L100,50L50,100L0,100Z', 'M0,100L50,100L100,50L100,50L100,100L100,100L50,100L0,100Z']);
    expect(run!.ends).toEqual([{ y: 25, height: 50 }, { y: 75, height: 50 }]);
  });
  test('the exact borders stand where the bands will meet; a band of nothing or of all has none', () => {
    expect([[0.25, 0.25, 0.5], [1], [0, 1]].map((exact) => drawShares([{ since: 0, exact, points: [] }], frame)[0]!.borders)).toEqual([[25, 50], [], []]);
  });
  test('a run ends where the next begins', () => {
    const runs = drawShares([{ ...halves, points: halves.points.slice(0, 1) }, { since: 600, exact: [1], points: [{ at: 1000, shares: [1] }] }], frame);
    expect(runs.map(({ x0, x1 }) => [x0, x1])).toEqual([[0, 60], [60, 100]]);
  });
  test('what lies before the window is held at its edge', () => {
    const [run] = drawShares([halves], { ...frame, from: 500, until: 1500 });
    expect([run!.x0, run!.x1]).toEqual([0, 50]);
  });
  test('before the first request there is nothing to draw', () => {
    expect(drawShares([{ since: 0, exact: [0.5, 0.5], points: [] }], frame)[0]!.bands).toEqual(['', '']);
  });
});

test('a window starts at nothing, grows, and then moves on', () => {
  expect([0, 30, 90].map((now) => windowOf(now, 20, 60))).toEqual([{ from: 0, until: 20 }, { from: 0, until: 30 }, { from: 30, until: 90 }]);
});
