import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import type { MenuItemConstructorOptions } from 'electron';
import type { Browser } from '@playwright/test';
import { createWindowClass, type Log, type RecordedWindow } from './recorded-window.ts';
import { strict } from './strict.ts';
import { createUtilityProcess } from './utility-process.ts';

export interface Recorded {
  /** What the app imports as `electron`. */
  readonly members: Record<string, unknown>;
  /** What the app did, in order. */
  readonly log: Log;
  readonly app: RecordedApp;
  readonly ipcMain: EventEmitter;
  readonly windows: ReadonlySet<RecordedWindow>;
  readonly children: readonly ChildProcess[];
  /** Answers that the next native dialogs give, first come first served. */
  readonly dialogAnswers: unknown[];
  readonly menu: () => readonly MenuItemConstructorOptions[];
  /** The first window, its page loaded. */
  readonly firstWindow: Promise<RecordedWindow>;
  readonly requestApp: (request: Request) => Promise<Response>;
}

export interface RecordedApp extends EventEmitter {
  readonly quit: () => void;
  readonly isReady: () => boolean;
  /** Electron is ready some time after main's module has run, never before. */
  readonly becomeReady: () => void;
}

type AppHandler = (request: Request) => Promise<Response> | Response;

function createApp(log: Log, userData: string): RecordedApp {
  let isReady = false;
  const events = new EventEmitter();
  let onReady = (): void => {};
  const ready = new Promise<void>((resolve) => (onReady = resolve));
  return strict('app', Object.assign(events, {
    isPackaged: false,
    whenReady: () => ready,
    isReady: () => isReady,
    becomeReady: () => {
      isReady = true;
      events.emit('ready');
      onReady();
    },
    getVersion: () => '0.0.0-recorded',
    getPath: (name: string) => join(userData, name),
    requestSingleInstanceLock: (data: unknown) => {
      log.push(['lock', Object.keys(data as object)]);
      return true;
    },
    enableSandbox: () => log.push(['enableSandbox', isReady]),
    exit: (code: number) => {
      log.push(['exit', code]);
      events.emit('exited', code);
    },
    quit: () => {
      log.push(['quit']);
      events.emit('will-quit', { preventDefault: () => {} });
    },
  }));
}

function createSession(log: Log): unknown {
  const note = (name: string) => (decide: unknown) => log.push([name, decide]);
  const own = Object.assign(new EventEmitter(), {
    setPermissionRequestHandler: note('permissionRequest'),
    setPermissionCheckHandler: note('permissionCheck'),
    setDevicePermissionHandler: note('devicePermission'),
    setDisplayMediaRequestHandler: note('displayMedia'),
  });
  return strict('session', { defaultSession: strict('defaultSession', own) });
}

function createProtocol(log: Log, isReady: () => boolean, onHandle: (handler: AppHandler) => void): unknown {
  return strict('protocol', {
    registerSchemesAsPrivileged: (schemes: unknown) => {
      if (isReady()) throw new Error('schemes must be declared before the app is ready');
      log.push(['schemes', schemes]);
    },
    handle: (_scheme: string, handler: AppHandler) => onHandle(handler),
  });
}

function createDialog(log: Log, answers: unknown[]): unknown {
  const show = (kind: string) => async (_window: unknown, options: unknown): Promise<unknown> => {
    log.push(['dialog', kind, options]);
    if (answers.length === 0) throw new Error(`recorded electron: nobody answers the ${kind} dialog`);
    return answers.shift();
  };
  return strict('dialog', { showOpenDialog: show('open'), showSaveDialog: show('save') });
}

/** One launch's `electron`: only what the app uses, each use recorded, and everything it shows is a real Chromium page of `browser`. */
export function createRecordedElectron(browser: Browser, userData: string): Recorded {
  const log: Log = [];
  const windows = new Set<RecordedWindow>();
  const children: ChildProcess[] = [];
  const dialogAnswers: unknown[] = [];
  const app = createApp(log, userData);
  const ipcMain = new EventEmitter();
  const screen = { id: 1, workArea: { x: 0, y: 0, width: 1920, height: 1040 } };
  let handler: AppHandler = () => new Response('', { status: 404 });
  let template: readonly MenuItemConstructorOptions[] = [];
  let onFirst: (window: RecordedWindow, error: Error | null) => void = () => {};
  const firstWindow = new Promise<RecordedWindow>((resolve, reject) => {
    onFirst = (window, error) => (error === null ? resolve(window) : reject(error));
    app.once('exited', (code: number) => reject(new Error(`the app ended itself with ${code}`)));
  });
  const members = {
    app,
    BrowserWindow: createWindowClass({ browser, log, ipcMain, app, windows, appHandler: () => handler, onWindow: onFirst }),
    dialog: createDialog(log, dialogAnswers),
    ipcMain: strict('ipcMain', ipcMain),
    Menu: strict('Menu', { buildFromTemplate: (items: readonly MenuItemConstructorOptions[]) => items, setApplicationMenu: (items: readonly MenuItemConstructorOptions[]) => (template = items) }),
    protocol: createProtocol(log, app.isReady, (own) => (handler = own)),
    screen: strict('screen', { getPrimaryDisplay: () => screen, getAllDisplays: () => [screen] }),
    session: createSession(log),
    shell: strict('shell', { openExternal: async (url: string) => void log.push(['openExternal', url]) }),
    utilityProcess: strict('utilityProcess', createUtilityProcess(children)),
  };
  return { members, log, app, ipcMain, windows, children, dialogAnswers, menu: () => template, firstWindow, requestApp: async (request) => handler(request) };
}
