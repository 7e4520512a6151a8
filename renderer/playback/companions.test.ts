import { expect, test } from 'vitest';
import { buildTimeline } from '../scene/timeline.ts';
import { recordedAnswer } from '../testing/fixture.ts';
import { companionsOf, keepCompanions, mostCompanions, stillTravelling, tailOf, type Companion } from './companions.ts';

const answer = recordedAnswer();
const timelineOf = (branch: number): Companion['timeline'] => buildTimeline(answer.journey, branch, answer.glossary);
const packet = (id: number): Omit<Companion, 'base'> => ({ id, answer, branch: 1, timeline: timelineOf(1) });

test('a packet under way goes on beside the next one, from where it stood; one that has ended does not', () => {
  const first = packet(1);
  expect([stillTravelling(first, 'playing', 500), stillTravelling(first, 'paused', 500), stillTravelling(first, 'ended', 5000), stillTravelling(first, 'paused', 0)].map((all) => all.map(({ id, base }) => [id, base]))).toEqual([[[1, 500]], [[1, 500]], [], []]);
});
test('with a third packet both go on, each from where it has come to; who has arrived leaves', () => {
  const [first, second, third] = [packet(1), packet(2), packet(3)];
  const { totalMs } = second.timeline;
  keepCompanions(second.timeline, stillTravelling(first, 'playing', 500));
  const beside = stillTravelling(second, 'playing', 700);
  keepCompanions(third.timeline, beside);
  expect([beside.map(({ id, base }) => [id, base]), stillTravelling(third, 'playing', totalMs - 1000).map(({ id }) => id)]).toEqual([[[1, 1200], [2, 700]], [2, 3]]);
});
test('they belong to one timeline: with another on stage they are gone', () => {
  const [first, second] = [packet(1), packet(2)];
  keepCompanions(second.timeline, stillTravelling(first, 'playing', 500));
  expect([companionsOf(second.timeline).length, companionsOf(timelineOf(1)), companionsOf(null)]).toEqual([1, [], []]);
});
test('the clock runs on until the last of them is there', () => {
  const long = { ...packet(1), base: 100 };
  expect([tailOf({ ...long.timeline, totalMs: 1000 }, [long]), tailOf(long.timeline, [long])]).toEqual([long.timeline.totalMs - 1100, 0]);
});
test('no more than so many at once', () => {
  let current = packet(0);
  for (let id = 1; id < 20; id++) {
    const next = packet(id);
    keepCompanions(next.timeline, stillTravelling(current, 'playing', 1));
    current = next;
  }
  expect(companionsOf(current.timeline).map(({ id }) => id)).toEqual(Array.from({ length: mostCompanions }, (_, i) => 18 - mostCompanions + 1 + i));
});
