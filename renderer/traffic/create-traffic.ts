import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SandboxApi } from '../../shared/api/contract.ts';
import type { Answer } from '../../shared/api/shapes.ts';
import type { Departure, KernelMemory, Traffic } from '../../shared/api/traffic-contract.ts';
import type { Clock } from '../playback/clock.ts';
import { toProbe } from '../state/request-words.ts';
import type { Request } from '../state/world.ts';
import { atRate, departuresUntil, startStream, type Stream } from './departures.ts';
import { longestFlight, type Flight } from './flights.ts';
import { addStretch, nothingSent, type Tally } from './tally.ts';

/** A question that is asked again and again, so many times a virtual second. */
export interface Pair { readonly id: string; readonly request: Request; readonly rate: number; readonly tally: Tally; /** At the latest revision; null before its first stretch. */ readonly answer: Answer | null }

export interface TrafficState {
  /** Off: nothing is counted and nothing is kept. */
  readonly status: 'off' | 'flowing' | 'paused';
  readonly pairs: readonly Pair[];
  /** The pair whose chart is shown; '' = the first. */
  readonly chosen: string;
  /** Virtual ms up to which requests are counted. */
  readonly counted: number;
  readonly failure: string | null;
}

export interface TrafficHost {
  readonly engine: () => Pick<SandboxApi, 'traffic' | 'ask'>;
  readonly clock: Clock;
  /** Less motion: no flights, and the numbers move in steps of a second. */
  readonly calm: () => boolean;
  readonly speed: () => number;
}

/** Virtual ms that are asked of the engine at a time: an edit shows in the packets after at most one of them. */
const stretchMs = 250;
const calmStretchMs = 1000;
const firstRate = 5;

const nothing: TrafficState = { status: 'off', pairs: [], chosen: '', counted: 0, failure: null };

/** What changes every frame or is of no concern to the screen. */
interface Deck {
  now: number;
  /** Virtual ms up to which departures are asked for. */
  asked: number;
  /** The stretch that waits for the engine; another object after a stop, so that a late answer is known for one. */
  waiting: object | null;
  memory: KernelMemory | undefined;
  streams: ReadonlyMap<string, Stream>;
  flights: readonly Flight[];
  readonly hear: Set<() => void>;
}

const emptyDeck = { now: 0, asked: 0, waiting: null, memory: undefined, streams: new Map<string, Stream>(), flights: [] } as const satisfies Omit<Deck, 'hear'>;

interface Machine { readonly store: StoreApi<TrafficState>; readonly deck: Deck; readonly host: TrafficHost }

const idOf = (request: Request): string => JSON.stringify(toProbe(request));

/** Every pair's answer at this revision; one that cannot be had is null, and its requests are counted but not drawn. */
async function answersAt({ host }: Machine, pairs: readonly Pair[], revision: number): Promise<readonly (Answer | null)[]> {
  return Promise.all(pairs.map(async ({ answer, request }) => {
    if (answer?.revision === revision) return answer;
    try {
      const fresh = await host.engine().ask({ probe: toProbe(request) });
      return fresh.revision === revision ? fresh : null;
    } catch {
      return null;
    }
  }));
}

interface Sent { readonly pairs: readonly Pair[]; readonly departures: readonly Departure[]; readonly from: number; readonly until: number }

function flightsOf({ pairs, departures, from, until }: Sent, { order, pairs: ends }: Traffic, answers: readonly (Answer | null)[]): readonly Flight[] {
  return departures.flatMap(({ pair, at }, i): readonly Flight[] => {
    const end = ends[pair]?.ends[order[i] ?? -1];
    const answer = answers[pair];
    const branch = end?.branches[0];
    // the engine was asked when the stretch was over: all of it leaves one stretch later
    return end === undefined || branch === undefined || answer === null || answer === undefined ? [] : [{ pair: pairs[pair]!.id, answer, branch, verdict: end.verdict, left: at + until - from }];
  });
}

function book({ store, deck, host }: Machine, sent: Sent, answered: Traffic, answers: readonly (Answer | null)[]): void {
  const { departures, from, until, pairs: asked } = sent;
  deck.memory = answered.memory;
  if (!host.calm()) deck.flights = [...deck.flights.filter(({ left }) => left > deck.now - longestFlight), ...flightsOf(sent, answered, answers)];
  const pairs = store.getState().pairs.map((pair): Pair => {
    const place = asked.findIndex(({ id }) => id === pair.id);
    const told = answered.pairs[place];
    if (told === undefined) return pair;
    const order = departures.flatMap((one, i) => (one.pair === place ? [answered.order[i] ?? -1] : []));
    return { ...pair, answer: answers[place] ?? pair.answer, tally: addStretch(pair.tally, { pair: told, order, revision: answered.revision, from, until }) };
  });
  store.setState({ pairs, counted: until });
}

/** Asks the engine for the next stretch; at most one at a time. */
async function sendStretch(machine: Machine, length: number): Promise<void> {
  const { store, deck, host } = machine;
  const { pairs } = store.getState();
  const from = deck.asked;
  const until = from + length;
  const { departures, streams } = departuresUntil(pairs.map(({ id, rate }, place) => deck.streams.get(id) ?? startStream(rate, from, place)), until);
  const waiting = {};
  Object.assign(deck, { asked: until, waiting, streams: new Map(pairs.map(({ id }, i) => [id, streams[i]!])) });
  try {
    const answered = await host.engine().traffic({ probes: pairs.map(({ request }) => toProbe(request)), departures, ...(deck.memory === undefined ? {} : { memory: deck.memory }) });
    const answers = await answersAt(machine, pairs, answered.revision);
    if (deck.waiting !== waiting) return;
    book(machine, { pairs, departures, from, until }, answered, answers);
  } catch (thrown) {
    if (deck.waiting !== waiting) return;
    host.clock.stop();
    store.setState({ status: 'paused', failure: thrown instanceof Error ? thrown.message : 'The engine did not answer' });
  }
  deck.waiting = null;
}

/** Advances virtual time; it waits where the engine is a whole stretch behind. */
function tick(machine: Machine, elapsed: number): boolean {
  const { store, deck, host } = machine;
  if (store.getState().status !== 'flowing') return false;
  const length = host.calm() ? calmStretchMs : stretchMs;
  const limit = deck.waiting === null ? Number.POSITIVE_INFINITY : deck.asked + length;
  deck.now = Math.min(limit, deck.now + elapsed * host.speed());
  if (deck.waiting === null && deck.now >= deck.asked + length) void sendStretch(machine, length);
  for (const hear of deck.hear) hear();
  return true;
}

export interface TrafficControls {
  /** Lets this question flow too; a pair that is there already is chosen instead. */
  add(request: Request): void;
  remove(id: string): void;
  setRate(id: string, rate: number): void;
  choose(id: string): void;
  start(): void;
  pause(): void;
  /** Ends it and forgets what was counted; the pairs stay. */
  stop(): void;
  /** Ends it and forgets the pairs too. */
  clear(): void;
}

function controlsOf(machine: Machine): TrafficControls {
  const { store, deck, host } = machine;
  const { clock } = host;
  const stop = (more: Partial<TrafficState>): void => {
    clock.stop();
    Object.assign(deck, emptyDeck);
    store.setState((was) => ({ ...nothing, chosen: was.chosen, pairs: was.pairs.map((pair) => ({ ...pair, tally: nothingSent, answer: null })), ...more }));
    for (const hear of deck.hear) hear();
  };
  return {
    add: (request) => store.setState((was) => {
      const id = idOf(request);
      const known = was.pairs.some((pair) => pair.id === id);
      return { chosen: id, pairs: known ? was.pairs : [...was.pairs, { id, request, rate: firstRate, tally: nothingSent, answer: null }] };
    }),
    remove: (id) => {
      const pairs = store.getState().pairs.filter((pair) => pair.id !== id);
      if (pairs.length === 0) return stop({ pairs, chosen: '' });
      deck.flights = deck.flights.filter(({ pair }) => pair !== id);
      store.setState((was) => ({ pairs, chosen: was.chosen === id ? '' : was.chosen }));
    },
    setRate: (id, rate) => {
      const stream = deck.streams.get(id);
      if (stream !== undefined) deck.streams = new Map([...deck.streams, [id, atRate(stream, rate, deck.asked)]]);
      store.setState((was) => ({ pairs: was.pairs.map((pair) => (pair.id === id ? { ...pair, rate } : pair)) }));
    },
    choose: (chosen) => store.setState({ chosen }),
    start: () => {
      if (store.getState().pairs.length === 0 || store.getState().status === 'flowing') return;
      store.setState({ status: 'flowing', failure: null });
      clock.run((elapsed) => tick(machine, elapsed));
    },
    pause: () => {
      if (store.getState().status !== 'flowing') return;
      clock.stop();
      store.setState({ status: 'paused' });
    },
    stop: () => stop({}),
    clear: () => stop({ pairs: [], chosen: '' }),
  };
}

/** What the map needs every frame. */
export interface TrafficStage { now(): number; flights(): readonly Flight[]; /** Hears each change of time; returns the way to stop listening. */ watch(hear: () => void): () => void }

/** Traffic on the given clock and engine: virtual time, the stretches that are asked for, what they came to, and what is on the map. The same engine, pairs and moments give the same traffic. */
export function createTraffic(host: TrafficHost): { readonly store: StoreApi<TrafficState>; readonly controls: TrafficControls; readonly stage: TrafficStage } {
  const store = createStore<TrafficState>(() => nothing);
  const deck: Deck = { ...emptyDeck, hear: new Set() };
  const stage: TrafficStage = {
    now: () => deck.now,
    flights: () => deck.flights,
    watch: (hear) => {
      deck.hear.add(hear);
      return () => deck.hear.delete(hear);
    },
  };
  return { store, controls: controlsOf({ store, deck, host }), stage };
}
