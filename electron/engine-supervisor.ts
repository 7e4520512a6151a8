// What the owner of the engine's process does and when, as one pure function: event in, next state and effects out (reliability G1-G3).
import type { EngineNotice, RequestMessage, ResponseMessage } from '../shared/api/channel.ts';
import { acknowledgedBy } from '../shared/api/acknowledged.ts';
import type { Input } from '../shared/api/contract.ts';

export type EngineEvent =
  | { readonly kind: 'start' | 'spawned' | 'restart' | 'page-loaded' | 'tick' | 'quit' | 'exited'; readonly at: number }
  | { readonly kind: 'from-page'; readonly at: number; readonly message: RequestMessage }
  | { readonly kind: 'from-engine'; readonly at: number; readonly message: unknown };

export type EngineEffect =
  | { readonly do: 'fork' | 'terminate' | 'kill' }
  | { readonly do: 'to-engine'; readonly message: RequestMessage }
  | { readonly do: 'to-page'; readonly message: ResponseMessage | EngineNotice };

/** Whom an answer of the engine is for. A page that was reloaded waits for nothing any more. */
type Waiting =
  | { readonly for: 'page'; readonly id: number; readonly method: string; readonly opens: Input<'open'> | null }
  | { readonly for: 'nobody'; readonly method: string; readonly opens: Input<'open'> | null }
  | { readonly for: 'heartbeat' }
  | { readonly for: 'restore' };

export interface EngineState {
  readonly phase: 'idle' | 'starting' | 'restoring' | 'running' | 'ending' | 'failed' | 'quitting';
  readonly isRestart: boolean;
  /** The documents of the last acknowledged `open` or edit: any engine can be started again from them (DESIGN §8.1). */
  readonly kept: Input<'open'> | null;
  readonly lastId: number;
  readonly waiting: ReadonlyMap<number, Waiting>;
  /** Requests that came before the first engine stood. */
  readonly early: readonly RequestMessage[];
  readonly crashes: readonly number[];
  readonly askedAt: number | null;
  readonly lastAskedAt: number;
  readonly isBusy: boolean;
  readonly endingSince: number | null;
}

export const idleEngine: EngineState = {
  phase: 'idle', isRestart: false, kept: null, lastId: 0, waiting: new Map(), early: [], crashes: [], askedAt: null, lastAskedAt: Number.NEGATIVE_INFINITY, isBusy: false, endingSince: null,
};

/** In milliseconds. */
export const engineTimes = { heartbeat: 1_000, silence: 3_000, grace: 500, crashWindow: 60_000 } as const;
const mostCrashes = 3;

export interface Supervised { readonly state: EngineState; readonly effects: readonly EngineEffect[] }

const tell = (notice: EngineNotice['notice'], detail: string): EngineEffect => ({ do: 'to-page', message: { notice, detail } });
const refuse = (id: number, message: string): EngineEffect => ({ do: 'to-page', message: { id, ok: false, error: { code: 'engine-stopped', message } } });
const stay = (state: EngineState): Supervised => ({ state, effects: [] });

function post(state: EngineState, method: string, input: unknown, waiting: Waiting): Supervised {
  const id = state.lastId + 1;
  return { state: { ...state, lastId: id, waiting: new Map([...state.waiting, [id, waiting]]) }, effects: [{ do: 'to-engine', message: { id, method, input } }] };
}

const isDocument = (value: unknown): boolean => typeof value === 'object' && value !== null && typeof (value as { name?: unknown }).name === 'string' && typeof (value as { text?: unknown }).text === 'string';

/** What an `open` opens, if it is well formed: only the engine judges more, and only what it acknowledges is kept. */
function opensOf({ method, input }: RequestMessage): Input<'open'> | null {
  if (method !== 'open' || typeof input !== 'object' || input === null) return null;
  const { documents, title } = input as { documents?: unknown; title?: unknown };
  return Array.isArray(documents) && documents.every(isDocument) && typeof title === 'string' ? (input as Input<'open'>) : null;
}

const pass = (state: EngineState, message: RequestMessage): Supervised => post(state, message.method, message.input, { for: 'page', id: message.id, method: message.method, opens: opensOf(message) });

function run(state: EngineState, notice: EngineEffect): Supervised {
  const running: Supervised = { state: { ...state, phase: 'running', isRestart: false, early: [], askedAt: null }, effects: [notice] };
  return state.early.reduce<Supervised>((done, message) => {
    const next = pass(done.state, message);
    return { state: next.state, effects: [...done.effects, ...next.effects] };
  }, running);
}

const isBack = 'The engine was restarted';

function spawned(state: EngineState): Supervised {
  if (state.phase !== 'starting') return stay(state);
  if (state.kept === null) return run(state, state.isRestart ? tell('restarted', isBack) : tell('ready', ''));
  return post({ ...state, phase: 'restoring' }, 'open', state.kept, { for: 'restore' });
}

const fork = (state: EngineState, isRestart: boolean): EngineState => ({ ...state, phase: 'starting', isRestart, waiting: new Map(), askedAt: null, isBusy: false, endingSince: null });

function exited(state: EngineState, at: number): Supervised {
  if (state.phase === 'ending') return { state: fork(state, true), effects: [{ do: 'fork' }] };
  if (state.phase === 'quitting' || state.phase === 'failed' || state.phase === 'idle') return stay(state);
  const crashes = [...state.crashes.filter((crash) => at - crash < engineTimes.crashWindow), at];
  const lost = { ...fork(state, true), crashes, early: [] };
  const unsaid = state.early.map((message) => refuse(message.id, 'The engine ended unexpectedly'));
  if (crashes.length >= mostCrashes) return { state: { ...lost, phase: 'failed' }, effects: [...unsaid, tell('failed', `The engine ended ${mostCrashes} times within a minute, so it is not started again`)] };
  return { state: lost, effects: [...unsaid, tell('stopped', 'The engine ended unexpectedly and is being started again'), { do: 'fork' }] };
}

function restart(state: EngineState, at: number): Supervised {
  if (state.phase === 'quitting' || state.phase === 'ending') return stay(state);
  if (state.phase === 'failed' || state.phase === 'idle') return { state: { ...fork(state, true), crashes: [] }, effects: [{ do: 'fork' }] };
  const unsaid = state.early.map((message) => refuse(message.id, 'The engine is being started again'));
  return { state: { ...state, phase: 'ending', endingSince: at, isBusy: false, early: [] }, effects: [...unsaid, tell('stopped', 'The engine is being started again'), { do: 'terminate' }] };
}

function fromPage(state: EngineState, message: RequestMessage): Supervised {
  if (state.phase === 'running') return pass(state, message);
  if ((state.phase === 'starting' || state.phase === 'idle') && !state.isRestart) return stay({ ...state, early: [...state.early, message] });
  return { state, effects: [refuse(message.id, state.phase === 'failed' ? 'The engine has stopped; start it again from the menu' : 'The engine is being started again')] };
}

/** An engine's answer, or null for anything else; main forwards it unread. */
function readResponse(message: unknown): ResponseMessage | null {
  if (typeof message !== 'object' || message === null) return null;
  const { id, ok } = message as Partial<ResponseMessage>;
  return typeof id === 'number' && typeof ok === 'boolean' ? (message as ResponseMessage) : null;
}

function fromEngine(state: EngineState, message: unknown): Supervised {
  const response = readResponse(message);
  const waiting = response === null ? undefined : state.waiting.get(response.id);
  if (response === null || waiting === undefined) return stay(state);
  const rest = new Map(state.waiting);
  rest.delete(response.id);
  const alive: readonly EngineEffect[] = state.isBusy ? [tell('ready', '')] : [];
  const heard: EngineState = { ...state, waiting: rest, isBusy: false, askedAt: waiting.for === 'heartbeat' ? null : state.askedAt };
  if (waiting.for === 'heartbeat') return { state: heard, effects: alive };
  if (waiting.for === 'restore') return run(heard, tell('restarted', response.ok ? isBack : `${isBack}, but what was open could not be read again`));
  const kept = response.ok ? waiting.opens ?? acknowledgedBy(waiting.method, response.output) ?? state.kept : state.kept;
  const answer: readonly EngineEffect[] = waiting.for === 'page' ? [{ do: 'to-page', message: { ...response, id: waiting.id } }] : [];
  return { state: { ...heard, kept }, effects: [...alive, ...answer] };
}

function tick(state: EngineState, at: number): Supervised {
  if (state.endingSince !== null && at - state.endingSince >= engineTimes.grace) return { state: { ...state, endingSince: null }, effects: [{ do: 'kill' }] };
  if (state.phase !== 'running') return stay(state);
  if (state.askedAt !== null) {
    const isSilent = !state.isBusy && at - state.askedAt >= engineTimes.silence;
    return isSilent ? { state: { ...state, isBusy: true }, effects: [tell('busy', 'The engine is not answering')] } : stay(state);
  }
  if (at - state.lastAskedAt < engineTimes.heartbeat) return stay(state);
  return post({ ...state, askedAt: at, lastAskedAt: at }, 'ping', {}, { for: 'heartbeat' });
}

/** A page that was loaded anew numbers its requests from one again: answers to the old one must not reach it. */
function pageLoaded(state: EngineState): Supervised {
  const waiting = new Map([...state.waiting].map(([id, one]): [number, Waiting] => [id, one.for === 'page' ? { for: 'nobody', method: one.method, opens: one.opens } : one]));
  return stay({ ...state, waiting, early: [] });
}

/** One step of the engine's supervision. `at` is in milliseconds of any clock that only goes forward. */
export function superviseEngine(state: EngineState, event: EngineEvent): Supervised {
  switch (event.kind) {
    case 'start':
      return state.phase === 'idle' ? { state: { ...fork(state, false), early: state.early }, effects: [{ do: 'fork' }] } : stay(state);
    case 'spawned':
      return spawned(state);
    case 'exited':
      return exited(state, event.at);
    case 'restart':
      return restart(state, event.at);
    case 'from-page':
      return fromPage(state, event.message);
    case 'from-engine':
      return fromEngine(state, event.message);
    case 'tick':
      return tick(state, event.at);
    case 'page-loaded':
      return pageLoaded(state);
    case 'quit':
      return { state: { ...state, phase: 'quitting', endingSince: event.at }, effects: state.phase === 'idle' || state.phase === 'failed' ? [] : [{ do: 'terminate' }] };
  }
}
