import { expect, test } from 'vitest';
import { atRate, departuresUntil, rates, startStream, type Stream } from './departures.ts';

const even = (rate: number, next = 0): Stream => ({ rate, next, sent: 0 });

test.each(rates)('at %i a second there are that many in every second', (rate) => {
  let streams: readonly Stream[] = [startStream(rate, 0, 0)];
  const seconds = [1, 2, 3].map((second) => {
    const { departures, streams: after } = departuresUntil(streams, second * 1000);
    streams = after;
    return departures.length;
  });
  expect(seconds).toEqual([rate, rate, rate]);
});
test('stretches join without a gap: the numbers go on and the times stay even', () => {
  const first = departuresUntil([even(4)], 600);
  const second = departuresUntil(first.streams, 1200);
  expect([...first.departures, ...second.departures]).toEqual([0, 250, 500, 750, 1000].map((at, nth) => ({ pair: 0, nth, at })));
});
test('pairs are mixed by time, the earlier pair first where two leave at once', () => {
  expect(departuresUntil([even(2), even(4)], 600).departures.map(({ pair, at }) => `${pair}@${at}`)).toEqual(['0@0', '1@0', '1@250', '0@500', '1@500']);
});
test('pairs of one rate do not leave together', () => {
  const starts = [0, 1, 2, 3].map((place) => startStream(1, 0, place).next);
  expect(Math.min(...starts.flatMap((a, i) => starts.slice(i + 1).map((b) => Math.abs(a - b))))).toBeGreaterThan(100);
});
test('faster takes effect at once, slower after what is due', () => {
  expect([atRate(even(1, 900), 10, 0).next, atRate(even(10, 50), 1, 0).next]).toEqual([100, 50]);
});
