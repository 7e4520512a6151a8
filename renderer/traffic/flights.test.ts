import { describe, expect, test } from 'vitest';
import type { ProbeVerdict } from '../../shared/trace/types.ts';
import { curveOf } from '../scene/geometry.ts';
import { recordedAnswer } from '../testing/fixture.ts';
import { flightAt, longestFlight, type Flight } from './flights.ts';

const answer = recordedAnswer();
const curve = curveOf([{ x: 420, y: 0 }, { x: 0, y: 0 }, { x: 0, y: 420 }]);
const flight = (verdict: ProbeVerdict): Flight => ({ pair: 'p', answer, branch: 0, verdict, left: 1000 });

describe('a request on the map', () => {
  test('is nowhere before it leaves, goes along its line, and is gone where it is delivered', () => {
    expect([999, 1500, 2500, 3001].map((now) => flightAt(curve, flight('delivered'), now)?.at ?? null)).toEqual([null, { x: 210, y: 0 }, { x: 0, y: 210 }, null]);
  });
  test('faces the way it goes', () => {
    expect([flightAt(curve, flight('delivered'), 1500)?.heading, flightAt(curve, flight('refused'), 3700)?.heading]).toEqual([-1, 1]);
  });
  test.each(['dropped', 'timeout'] as const)('%s: stays where it ended, spent, and fades', (verdict) => {
    const [there, later, over] = [3100, 3800, 4000].map((now) => flightAt(curve, flight(verdict), now));
    expect([there?.spent, there?.at, there?.opacity, (later?.opacity ?? 1) < 1, over]).toEqual([true, { x: 0, y: 420 }, 1, true, null]);
  });
  test('refused: the answer runs back at double speed', () => {
    expect([3500, 4001].map((now) => flightAt(curve, flight('refused'), now)?.at ?? null)).toEqual([{ x: 0, y: 0 }, null]);
  });
  test('the same time always shows the same, so that it can be paused anywhere', () => {
    expect(flightAt(curve, flight('dropped'), 3333)).toEqual(flightAt(curve, flight('dropped'), 3333));
  });
  test('none lasts longer than it is kept', () => {
    const long = curveOf([{ x: 4000, y: 0 }, { x: 0, y: 0 }]);
    expect(flightAt(long, flight('dropped'), 1000 + longestFlight)).toBeNull();
  });
});
