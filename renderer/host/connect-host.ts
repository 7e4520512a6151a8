import type { EngineNotice } from '../../shared/api/channel.ts';
import type { Bridge } from '../../shared/api/bridge.ts';
import { connect } from '../../shared/api/connect.ts';
import { createBrowserShell } from './browser-shell.ts';
import { createDesktopShell } from './desktop-shell.ts';
import { createHearers } from './hearers.ts';
import type { Host } from './host.ts';
import { startEngineWorker } from './trusted-worker.ts';
import { createWorkerEngine } from './worker-engine.ts';

const version = '0.1.0';

function connectDesktop(bridge: Bridge): Host {
  const notices = createHearers<EngineNotice>();
  const { api } = connect(bridge.engine, notices.tell);
  return { engine: api, shell: createDesktopShell(bridge.shell), onNotice: notices.add };
}

function connectBrowser(): Host {
  const { engine, onNotice, restart } = createWorkerEngine(startEngineWorker);
  return { engine, onNotice, shell: createBrowserShell(version, () => restart('You stopped the engine')) };
}

/** Connects to the desktop's engine where the preload offers one, else to a Web Worker. */
export function connectHost(): Host {
  const { podhop } = globalThis as { readonly podhop?: Bridge };
  return podhop === undefined ? connectBrowser() : connectDesktop(podhop);
}
