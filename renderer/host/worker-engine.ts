import type { Channel, EngineNotice, RequestMessage, ResponseMessage } from '../../shared/api/channel.ts';
import { connect, type Connection } from '../../shared/api/connect.ts';
import { acknowledgedBy } from '../../shared/api/acknowledged.ts';
import { methods, type Input, type Output, type SandboxApi } from '../../shared/api/contract.ts';
import { createHearers, type Hearers } from './hearers.ts';

/** What of a Worker the engine needs; a test gives its own. */
export interface EngineThread {
  postMessage(message: unknown): void;
  terminate(): void;
  onmessage: ((event: MessageEvent) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

/** Milliseconds. `silence`: how long without an answer until the person is told; `crashes` within `window` until we stop starting it again. */
export interface Patience { readonly beat: number; readonly silence: number; readonly window: number; readonly crashes: number }
export const usualPatience: Patience = { beat: 1000, silence: 3000, window: 60_000, crashes: 3 };

export interface WorkerEngine {
  readonly engine: SandboxApi;
  readonly onNotice: (hear: (notice: EngineNotice) => void) => () => void;
  /** Ends the worker and starts another from the last acknowledged documents. */
  readonly restart: (why: string) => Promise<void>;
  /** Ends the worker for good. */
  readonly close: () => void;
}

interface Running { readonly thread: EngineThread; readonly connection: Connection; readonly stopWatching: () => void; stopped: boolean }

interface State {
  readonly start: () => EngineThread;
  readonly patience: Patience;
  readonly notices: Hearers<EngineNotice>;
  readonly crashes: number[];
  acknowledged: Input<'open'> | null;
  running: Running | null;
}

function channelOf(thread: EngineThread): Channel<RequestMessage, ResponseMessage | EngineNotice> {
  return {
    post: (message) => thread.postMessage(message),
    listen: (hear) => {
      thread.onmessage = (event) => hear(event.data as ResponseMessage);
      return () => {
        thread.onmessage = null;
      };
    },
  };
}

/** Asks for a sign of life each beat; tells when it is missing for too long, and when it is back. Returns the way to stop. */
function watch(api: SandboxApi, { beat, silence }: Patience, tell: (notice: EngineNotice) => void): () => void {
  let asked: number | null = null;
  let busy = false;
  const onBeat = (): void => {
    asked = null;
    if (busy) tell({ notice: 'ready', detail: '' });
    busy = false;
  };
  const timer = setInterval(() => {
    if (asked === null) {
      asked = performance.now();
      api.ping({}).then(onBeat, () => {});
    } else if (!busy && performance.now() - asked >= silence) {
      busy = true;
      tell({ notice: 'busy', detail: 'The engine is still working' });
    }
  }, beat);
  return () => clearInterval(timer);
}

function launch(state: State): Running {
  const thread = state.start();
  const connection = connect(channelOf(thread));
  const one: Running = { thread, connection, stopWatching: watch(connection.api, state.patience, state.notices.tell), stopped: false };
  thread.onerror = (event) => {
    event.preventDefault();
    void onCrash(state, one);
  };
  state.running = one;
  return one;
}

function end(one: Running | null, reason: string): void {
  if (one === null || one.stopped) return;
  one.stopped = true;
  one.stopWatching();
  one.thread.terminate();
  one.connection.abandon(reason);
}

async function restart(state: State, why: string): Promise<void> {
  end(state.running, why);
  state.notices.tell({ notice: 'stopped', detail: why });
  const one = launch(state);
  try {
    if (state.acknowledged !== null) await one.connection.api.open(state.acknowledged);
  } catch {
    // it died over these documents, which onCrash counts, or was stopped again
    return;
  }
  state.notices.tell({ notice: 'restarted', detail: why });
}

async function onCrash(state: State, one: Running): Promise<void> {
  if (one.stopped) return;
  const { crashes, patience, notices } = state;
  const now = performance.now();
  crashes.push(now);
  if (crashes.filter((at) => now - at < patience.window).length < patience.crashes) return restart(state, 'The engine stopped by itself');
  const detail = `The engine stopped ${patience.crashes} times within a minute and was not started again`;
  end(one, detail);
  notices.tell({ notice: 'failed', detail });
}

/**
 * The engine in a Web Worker: watched by heartbeat, so that the window can say when it is busy, and started again from the last
 * acknowledged documents when it is stopped or dies (DESIGN §8.7).
 */
export function createWorkerEngine(start: () => EngineThread, patience: Patience = usualPatience): WorkerEngine {
  const state: State = { start, patience, notices: createHearers(), crashes: [], acknowledged: null, running: null };
  launch(state);
  const forward = <M extends keyof SandboxApi>(method: M) => async (input: Input<M>): Promise<Output<M>> => {
    const output = await (state.running ?? launch(state)).connection.api[method](input);
    state.acknowledged = acknowledgedBy(method, output) ?? state.acknowledged;
    return output;
  };
  const engine: SandboxApi = {
    ...(Object.fromEntries(methods.map((method) => [method, forward(method)])) as unknown as SandboxApi),
    open: async (input) => {
      const opened = await forward('open')(input);
      state.acknowledged = input;
      return opened;
    },
  };
  return { engine, onNotice: state.notices.add, restart: (why) => restart(state, why), close: () => end(state.running, 'The engine was closed') };
}
