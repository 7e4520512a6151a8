import { describe, expect, test } from 'vitest';
import { buildTimeline } from '../scene/timeline.ts';
import { recordedAnswer } from '../testing/fixture.ts';
import type { Clock } from './clock.ts';
import { createPlayback } from './create-playback.ts';

const { journey, glossary } = recordedAnswer();
const timeline = buildTimeline(journey, 1, glossary);

/** A clock that the test turns by hand. */
function handClock(): Clock & { readonly turn: (ms: number) => void; readonly running: () => boolean } {
  let tick: ((elapsed: number) => boolean) | null = null;
  return {
    run: (given) => { tick = given; },
    stop: () => { tick = null; },
    turn: (ms) => { if (tick !== null && !tick(ms)) tick = null; },
    running: () => tick !== null,
  };
}

function player(calm = false): { readonly clock: ReturnType<typeof handClock> } & ReturnType<typeof createPlayback> {
  const clock = handClock();
  return { clock, ...createPlayback(clock, () => calm) };
}

describe('playing', () => {
  test('an empty player has no clock running and ignores its buttons', () => {
    const { store, clock } = player();
    store.getState().play();
    store.getState().next();
    expect([store.getState().status, clock.running()]).toEqual(['empty', false]);
  });
  test('it plays to the end, stops the clock there and begins anew on play', () => {
    const { store, clock, cursor } = player();
    store.getState().load(timeline, true);
    clock.turn(100);
    expect([store.getState().status, store.getState().moment, cursor.ms()]).toEqual(['playing', 0, 100]);
    clock.turn(1e6);
    expect([store.getState().status, store.getState().moment, clock.running()]).toEqual(['ended', timeline.moments.length - 1, false]);
    store.getState().toggle();
    expect([store.getState().status, cursor.ms()]).toEqual(['playing', 0]);
  });
  test('speed stretches time, within a quarter and four', () => {
    const { store, clock, cursor } = player();
    store.getState().load(timeline, true);
    store.getState().setSpeed(9);
    clock.turn(100);
    expect([store.getState().speed, cursor.ms()]).toEqual([4, 400]);
  });
  test('a changed moment is told once, a moved cursor every frame', () => {
    const { store, clock, cursor } = player();
    let renders = 0;
    let frames = 0;
    store.getState().load(timeline, true);
    store.subscribe((now, before) => { if (now.moment !== before.moment) renders += 1; });
    cursor.watch(() => { frames += 1; });
    for (let i = 0; i < 60; i++) clock.turn(16);
    expect([frames, renders]).toEqual([60, 1]);
  });
  test('with pause at each hop it rests where the packet has arrived, and play goes on', () => {
    const { store, clock } = player();
    store.getState().setPauseAtEachHop(true);
    store.getState().load(timeline, true);
    const seen: string[] = [];
    for (let i = 0; i < 20 && store.getState().status !== 'ended'; i++) {
      clock.turn(1e6);
      seen.push(`${store.getState().status} ${timeline.moments[store.getState().moment]!.netns}`);
      if (store.getState().status === 'paused') store.getState().play();
    }
    expect(seen.slice(0, 3)).toEqual(['paused pod/shop/web-1', 'paused node/a', 'paused node/b']);
    expect(seen.at(-1)).toBe('ended pod/shop/web-1');
  });
});

describe('what goes on beside it', () => {
  test('the clock runs on after the end until it is there, and the end has been told', () => {
    const { store, clock, cursor } = player();
    store.getState().load(timeline, true, 500);
    clock.turn(1e6);
    expect([store.getState().status, cursor.ms(), clock.running()]).toEqual(['ended', timeline.totalMs, true]);
    clock.turn(400);
    expect([store.getState().moment, cursor.ms(), clock.running()]).toEqual([timeline.moments.length - 1, timeline.totalMs + 400, true]);
    clock.turn(400);
    expect([cursor.ms(), clock.running()]).toEqual([timeline.totalMs + 500, false]);
  });
  test('another timeline has its own end', () => {
    const { store, clock, cursor } = player();
    store.getState().load(timeline, true, 500);
    store.getState().load(timeline, true);
    clock.turn(1e6);
    expect([cursor.ms(), clock.running()]).toEqual([timeline.totalMs, false]);
  });
});

describe('stepping', () => {
  test('next names the moment at once and lets the packet run to its end', () => {
    const { store, clock, cursor } = player();
    store.getState().load(timeline);
    store.getState().next();
    const goal = timeline.moments[1]!.start + timeline.moments[1]!.duration;
    expect([store.getState().status, store.getState().moment]).toEqual(['paused', 1]);
    clock.turn(1e6);
    expect([cursor.ms(), clock.running()]).toEqual([goal, false]);
  });
  test('previous runs back; the same moment comes out as going forward', () => {
    const { store, clock, cursor } = player();
    store.getState().load(timeline);
    store.getState().seek(7);
    const there = cursor.ms();
    store.getState().next();
    clock.turn(1e6);
    store.getState().previous();
    clock.turn(1e6);
    expect([store.getState().moment, cursor.ms()]).toEqual([7, there]);
  });
  test('stepping on from a place inside a moment never runs backwards', () => {
    const { store, clock, cursor } = player();
    store.getState().load(timeline);
    store.getState().seekMs(timeline.moments[3]!.start + 10);
    const before = cursor.ms();
    store.getState().next();
    clock.turn(1);
    expect(cursor.ms()).toBeGreaterThan(before);
  });
  test('last ends it, first brings it back', () => {
    const { store, clock } = player();
    store.getState().load(timeline);
    store.getState().last();
    clock.turn(1e6);
    expect([store.getState().status, store.getState().moment]).toEqual(['ended', timeline.moments.length - 1]);
    store.getState().first();
    clock.turn(1e6);
    expect([store.getState().status, store.getState().moment]).toEqual(['paused', 0]);
  });
  test('a bar dragged to its end has ended, and dragged back has not', () => {
    const { store } = player();
    store.getState().load(timeline);
    store.getState().seekMs(timeline.totalMs);
    const atEnd = store.getState().status;
    store.getState().seekMs(10);
    expect([atEnd, store.getState().status]).toEqual(['ended', 'paused']);
  });
  test('with less motion a step jumps: no frame is ever asked for', () => {
    const { store, clock, cursor } = player(true);
    store.getState().load(timeline);
    store.getState().next();
    expect([store.getState().moment, cursor.ms(), clock.running()]).toEqual([1, timeline.moments[1]!.start + timeline.moments[1]!.duration, false]);
  });
});

test('loading nothing empties the player', () => {
  const { store, clock } = player();
  store.getState().load(timeline, true);
  store.getState().load(null);
  expect([store.getState().status, store.getState().timeline, clock.running()]).toEqual(['empty', null, false]);
});
