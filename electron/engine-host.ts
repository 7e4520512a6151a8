import { utilityProcess, type UtilityProcess } from 'electron';
import type { EngineNotice, RequestMessage, ResponseMessage } from '../shared/api/channel.ts';
import { idleEngine, superviseEngine, type EngineEffect, type EngineEvent } from './engine-supervisor.ts';

const tickMs = 250;

export interface EngineHost {
  readonly start: () => void;
  readonly restart: () => void;
  readonly pageLoaded: () => void;
  readonly request: (message: RequestMessage) => void;
  /** Ends the engine for good: SIGTERM, and SIGKILL half a second later. */
  readonly quit: () => void;
}

type Happening = EngineEvent extends infer E ? (E extends EngineEvent ? Omit<E, 'at'> : never) : never;

/** Owns the engine's process: what to do is `superviseEngine`'s, doing it is here. `modulePath` is the bundled engine. */
export function createEngineHost(modulePath: string, toPage: (message: ResponseMessage | EngineNotice) => void): EngineHost {
  let state = idleEngine;
  let child: UtilityProcess | null = null;
  const timer = setInterval(() => happen({ kind: 'tick' }), tickMs);

  const startChild = (): void => {
    const own = utilityProcess.fork(modulePath, [], { serviceName: 'Podhop engine', stdio: 'inherit' });
    child = own;
    own.on('spawn', () => happen({ kind: 'spawned' }));
    own.on('message', (message: unknown) => happen({ kind: 'from-engine', message }));
    own.on('exit', () => {
      if (child === own) child = null;
      if (state.phase === 'quitting') clearInterval(timer);
      happen({ kind: 'exited' });
    });
  };
  const kill = (): void => {
    if (child?.pid !== undefined) process.kill(child.pid, 'SIGKILL');
  };
  const perform = (effect: EngineEffect): void => {
    switch (effect.do) {
      case 'fork':
        return startChild();
      case 'terminate':
        child?.kill();
        return;
      case 'kill':
        return kill();
      case 'to-engine':
        return child?.postMessage(effect.message);
      case 'to-page':
        return toPage(effect.message);
    }
  };
  function happen(happening: Happening): void {
    const next = superviseEngine(state, { ...happening, at: performance.now() });
    state = next.state;
    next.effects.forEach(perform);
  }

  return {
    start: () => happen({ kind: 'start' }),
    restart: () => happen({ kind: 'restart' }),
    pageLoaded: () => happen({ kind: 'page-loaded' }),
    request: (message) => happen({ kind: 'from-page', message }),
    quit: () => {
      if (child === null) clearInterval(timer);
      happen({ kind: 'quit' });
    },
  };
}
