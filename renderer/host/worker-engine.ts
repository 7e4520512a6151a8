import type { Channel, EngineNotice, RequestMessage, ResponseMessage } from '../../shared/api/channel.ts';
import { connect, type Connection } from '../../shared/api/connect.ts';
import type { Input, Output, SandboxApi } from '../../shared/api/contract.ts';
import { createHearers } from './hearers.ts';

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

interface Running { readonly thread: EngineThread; readonly connection: Connection; stopped: boolean }

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

/**
 * The engine in a Web Worker: watched by heartbeat, so that the window can say when it is busy, and started again from the last
 * acknowledged documents when it is stopped or dies (DESIGN §8.7).
 */
export function createWorkerEngine(start: () => EngineThread, patience: Patience = usualPatience): WorkerEngine {
  const notices = createHearers<EngineNotice>();
  const crashes: number[] = [];
  let acknowledged: Input<'open'> | null = null;
  let busy = false;
  let running = launch();

  function launch(): Running {
    const thread = start();
    const one: Running = { thread, connection: connect(channelOf(thread)), stopped: false };
    thread.onerror = (event) => {
      event.preventDefault();
      void onCrash(one);
    };
    watch(one);
    return one;
  }

  function watch(one: Running): void {
    let asked: number | null = null;
    const timer = setInterval(() => {
      if (one.stopped) return clearInterval(timer);
      if (asked === null) {
        asked = performance.now();
        one.connection.api.ping({}).then(onBeat, () => {});
      } else if (!busy && performance.now() - asked >= patience.silence) {
        busy = true;
        notices.tell({ notice: 'busy', detail: 'The engine is still working' });
      }
    }, patience.beat);
    const onBeat = (): void => {
      asked = null;
      if (busy && !one.stopped) {
        busy = false;
        notices.tell({ notice: 'ready', detail: '' });
      }
    };
  }

  function end(one: Running, reason: string): void {
    one.stopped = true;
    one.thread.terminate();
    one.connection.abandon(reason);
  }

  async function restart(why: string): Promise<void> {
    end(running, why);
    notices.tell({ notice: 'stopped', detail: why });
    const one = launch();
    running = one;
    busy = false;
    try {
      if (acknowledged !== null) await one.connection.api.open(acknowledged);
    } catch {
      // it died over these documents, which onCrash counts, or was stopped again
      return;
    }
    notices.tell({ notice: 'restarted', detail: why });
  }

  async function onCrash(one: Running): Promise<void> {
    if (one.stopped) return;
    const now = performance.now();
    crashes.push(now);
    if (crashes.filter((at) => now - at < patience.window).length < patience.crashes) return restart('The engine stopped by itself');
    const detail = `The engine stopped ${patience.crashes} times within a minute and was not started again`;
    end(one, detail);
    notices.tell({ notice: 'failed', detail });
  }

  const forward = <M extends keyof SandboxApi>(method: M) => (input: Input<M>): Promise<Output<M>> => running.connection.api[method](input);
  const engine: SandboxApi = {
    ping: forward('ping'),
    preview: forward('preview'),
    ask: forward('ask'),
    offers: forward('offers'),
    rules: forward('rules'),
    locate: forward('locate'),
    open: async (input) => {
      const opened = await running.connection.api.open(input);
      acknowledged = input;
      return opened;
    },
  };
  return { engine, onNotice: notices.add, restart, close: () => end(running, 'The engine was closed') };
}
