import { describe, expect, test } from 'vitest';
import { fittingView, movingFactor, nearness, nudge, textFactor } from './use-view.ts';

describe('the fitting view', () => {
  const size = { width: 900, height: 600 };
  test('shows everything, centred', () => expect(fittingView({ width: 1800, height: 600 }, size, 1.33)).toEqual({ x: 0, y: 150, zoom: 0.5 }));
  test('never grows beyond what the stage was drawn for', () => expect(fittingView({ width: 300, height: 200 }, size, 1.33).zoom).toBe(1.33));
  test('stays within the zoom’s range', () => expect(fittingView({ width: 90_000, height: 200 }, size, 1).zoom).toBe(0.1));
});

test.each([[0.1, 1], [0.5, 1], [1, 1], [1.2, 1], [4, 1], [0.7, 1.5], [1.2, 1.5], [3, 1.5]])('at zoom %d words of 12 px are never seen smaller than 12 × %d px', (zoom, least) => {
  expect(12 * textFactor(zoom, least, 1) * zoom).toBeGreaterThanOrEqual(12 * least - 1e-9);
});

test.each([[1.5, 1.45, 1.5], [1.5, 1.5, 1.5], [1.5, 1.6, 1.68], [1.5, 1.2, 1.26]])('while a zoom moves, words at %d that should be at %d are drawn at %d: never too small, seldom again', (shown, exact, drawn) => expect(movingFactor(shown, exact)).toBeCloseTo(drawn, 9));

test('what has no room is left out in two steps', () => expect([1, 0.78, 0.7, 0.5, 0.4].map(nearness)).toEqual(['near', 'near', 'mid', 'mid', 'far']));

test.each([[30, 60, 0], [-10, 20, 34], [890, 930, -54], [-500, 2000, 524]])('what lies from %d to %d of 900 px comes into view by moving %d', (low, high, by) => expect(nudge(low, high, 900)).toBe(by));
