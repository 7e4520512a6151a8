import { createStore, type StoreApi } from 'zustand/vanilla';
import { momentAt } from '../scene/timeline.ts';
import type { Timeline } from '../scene/types.ts';
import type { Clock } from './clock.ts';
import { nextStatus, type PlaybackEvent, type PlaybackStatus } from './machine.ts';

export const speeds: readonly number[] = [0.25, 0.5, 1, 1.5, 2, 4];

export interface Playback {
  readonly status: PlaybackStatus;
  readonly timeline: Timeline | null;
  /** Index into timeline.moments; 0 while empty. */
  readonly moment: number;
  readonly speed: number;
  readonly pauseAtEachHop: boolean;
  play(): void;
  pause(): void;
  toggle(): void;
  next(): void;
  previous(): void;
  first(): void;
  last(): void;
  seek(moment: number): void;
  seekMs(ms: number): void;
  setSpeed(speed: number): void;
  setPauseAtEachHop(on: boolean): void;
  /** `tail`: ms that the clock runs on after the end, for what goes on beside it. */
  load(timeline: Timeline | null, autoplay?: boolean, tail?: number): void;
}

/** Where playback stands, outside React: it changes every frame. */
export interface Cursor {
  /** Milliseconds from the timeline's start. */
  ms(): number;
  /** Hears each change; returns the way to stop listening. */
  watch(hear: (ms: number) => void): () => void;
}

/** Going back is a rewind, not a replay. */
const rewind = 3;

interface Deck { cursor: number; goal: number | null; tail: number; readonly hear: Set<(ms: number) => void> }
type Store = StoreApi<Playback>;

const endOf = (timeline: Timeline, moment: number): number => {
  const m = timeline.moments[moment];
  return m === undefined ? 0 : m.start + m.duration;
};

/** Where playing has to rest next: the end of the next hop's arrival, or of everything. */
function restAfter({ timeline, pauseAtEachHop, moment }: Playback, cursor: number): number {
  if (timeline === null) return 0;
  const mark = pauseAtEachHop ? timeline.marks.find((m) => m.moment > moment && endOf(timeline, m.moment) > cursor) : undefined;
  return mark === undefined ? timeline.totalMs : endOf(timeline, mark.moment);
}

function moveCursor(store: Store, deck: Deck, ms: number): void {
  const { timeline, moment } = store.getState();
  if (timeline === null) return;
  deck.cursor = Math.max(0, Math.min(timeline.totalMs + deck.tail, ms));
  const at = deck.goal === null ? momentAt(timeline, deck.cursor) : moment;
  if (at !== moment) store.setState({ moment: at });
  for (const hear of deck.hear) hear(deck.cursor);
}

/** After the end: what goes on beside it arrives. */
function runOut(store: Store, deck: Deck, end: number, step: number): boolean {
  moveCursor(store, deck, Math.min(end, deck.cursor + step));
  return deck.cursor < end;
}

/** Advances by `elapsed` ms of real time; answers whether anything is still to come. */
function tick(store: Store, deck: Deck, elapsed: number): boolean {
  const state = store.getState();
  if (state.timeline === null) return false;
  if (state.status === 'playing') {
    const rest = restAfter(state, deck.cursor);
    moveCursor(store, deck, Math.min(rest, deck.cursor + elapsed * state.speed));
    if (deck.cursor < rest) return true;
    const finished = rest >= state.timeline.totalMs;
    store.setState({ status: nextStatus('playing', finished ? 'finished' : 'pause') });
    return finished && deck.tail > 0;
  }
  if (deck.goal === null) return state.status === 'ended' && runOut(store, deck, state.timeline.totalMs + deck.tail, elapsed * state.speed);
  const step = elapsed * state.speed;
  const { goal } = deck;
  moveCursor(store, deck, goal >= deck.cursor ? Math.min(goal, deck.cursor + step) : Math.max(goal, deck.cursor - step * rewind));
  if (deck.cursor !== goal) return true;
  deck.goal = null;
  return deck.tail > 0 && store.getState().status === 'ended';
}

type Get = () => Playback;
type Controls = Pick<Playback, 'play' | 'pause' | 'toggle' | 'next' | 'previous' | 'first' | 'last' | 'seek' | 'seekMs' | 'load'>;

/** The buttons and the bar: what each does to the deck, as the machine allows. */
function controlsOf(store: Store, deck: Deck, clock: Clock, calm: () => boolean): Controls {
  const get: Get = store.getState;
  const send = (type: PlaybackEvent['type']): void => store.setState({ status: nextStatus(get().status, type) });
  const run = (): void => clock.run((elapsed) => tick(store, deck, elapsed));
  const follow = (): void => (get().status === 'playing' ? run() : clock.stop());
  const jump = (ms: number): void => {
    deck.goal = null;
    send('moved');
    moveCursor(store, deck, ms);
    const { timeline, status } = get();
    if (status === 'paused' && timeline !== null && deck.cursor >= timeline.totalMs) send('finished');
  };
  const start = (type: 'play' | 'toggle'): void => {
    deck.goal = null;
    if (get().status === 'ended') moveCursor(store, deck, 0);
    send(type);
    follow();
  };
  const step = stepper(store, deck, { send, jump, run, stop: clock.stop, calm });
  return {
    play: () => start('play'),
    pause: () => { send('pause'); follow(); },
    toggle: () => start('toggle'),
    next: () => step(get().moment + 1),
    previous: () => step(get().moment - 1),
    first: () => step(0),
    last: () => step((get().timeline?.moments.length ?? 1) - 1),
    seek: (moment) => { const { timeline } = get(); if (timeline !== null) jump(endOf(timeline, moment)); follow(); },
    seekMs: (ms) => { jump(ms); follow(); },
    load: (timeline, autoplay = false, tail = 0) => {
      Object.assign(deck, { goal: null, cursor: 0, tail });
      store.setState({ timeline, moment: 0 });
      send(timeline === null ? 'clear' : autoplay ? 'loadPlaying' : 'load');
      moveCursor(store, deck, 0);
      follow();
    },
  };
}

interface Means { readonly send: (type: PlaybackEvent['type']) => void; readonly jump: (ms: number) => void; readonly run: () => void; readonly stop: () => void; readonly calm: () => boolean }

/** Steps to a moment: named at once in words, and the packet runs there; with less motion it jumps. */
function stepper(store: Store, deck: Deck, { send, jump, run, stop, calm }: Means): (to: number) => void {
  return (to) => {
    const { timeline, moment: before } = store.getState();
    if (timeline === null) return;
    const last = timeline.moments.length - 1;
    const moment = Math.max(0, Math.min(last, to));
    const goal = endOf(timeline, moment);
    send('pause');
    send('moved');
    if (calm()) {
      stop();
      jump(goal);
    } else {
      if (moment > before) deck.cursor = Math.max(deck.cursor, timeline.moments[moment]?.start ?? 0);
      deck.goal = goal;
      store.setState({ moment });
      run();
    }
    if (moment === last) send('finished');
  };
}

/** A player of timelines on the given clock: a machine for what the buttons mean, a cursor for where the packet is. */
export function createPlayback(clock: Clock, calm: () => boolean): { readonly store: Store; readonly cursor: Cursor } {
  const deck: Deck = { cursor: 0, goal: null, tail: 0, hear: new Set() };
  const cursor: Cursor = {
    ms: () => deck.cursor,
    watch: (hear) => {
      deck.hear.add(hear);
      return () => deck.hear.delete(hear);
    },
  };
  const store = createStore<Playback>()((set, _get, api) => ({
    status: 'empty', timeline: null, moment: 0, speed: 1, pauseAtEachHop: false,
    setSpeed: (speed) => set({ speed: Math.max(0.25, Math.min(4, speed)) }),
    setPauseAtEachHop: (pauseAtEachHop) => set({ pauseAtEachHop }),
    ...controlsOf(api, deck, clock, calm),
  }));
  return { store, cursor };
}
