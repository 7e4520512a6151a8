// The desktop app's main process: it moves bytes and owns windows, files and the engine's process. It never reads a manifest.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, BrowserWindow, Menu } from 'electron';
import type { EngineNotice, ResponseMessage } from '../shared/api/channel.ts';
import type { ShellEvent } from '../shared/api/shell-api.ts';
import { declareAppScheme, serveAppScheme } from './app-scheme.ts';
import { createEngineHost } from './engine-host.ts';
import { guardEverything } from './guards.ts';
import { buildMenu } from './menu.ts';
import { parseOpenArgs } from './open-args.ts';
import { readRequest } from './read-request.ts';
import { createShellHost, openHelp } from './shell-host.ts';
import { onTrusted, type ChannelName } from './trusted-sender.ts';
import { openWindow } from './window.ts';

const here = dirname(fileURLToPath(import.meta.url));
const dist = dirname(here);

/** What a first instance tells the one that is already there; Chromium may reorder the raw argv. */
interface SecondLaunch { readonly argv: readonly string[]; readonly cwd: string }

let window: BrowserWindow | null = null;
/** Files asked for before there is anybody to read them: macOS sends `open-file` before the app is ready. */
let early: readonly string[] = [];
let onOpened = (paths: readonly string[]): void => {
  early = [...early, ...paths];
};

const toPage = (channel: ChannelName, message: ResponseMessage | EngineNotice | ShellEvent): void => {
  if (window !== null && !window.isDestroyed()) window.webContents.send(channel, message);
};
const ownWindows = (): ReadonlySet<number> => new Set(window === null || window.isDestroyed() ? [] : [window.webContents.id]);

function focusWindow(): void {
  if (window === null) return;
  if (window.isMinimized()) window.restore();
  window.focus();
}

function start(): void {
  serveAppScheme(dist);
  guardEverything();
  const engine = createEngineHost(join(here, 'engine-process.mjs'), (message) => toPage('engine', message));
  app.on('will-quit', engine.quit);
  const shellHost = createShellHost(engine.restart);
  onTrusted('engine', ownWindows, (message) => {
    const request = readRequest(message);
    if (request !== null) engine.request(request);
  });
  onTrusted('shell', ownWindows, (message) => {
    const asking = window;
    if (asking === null) return;
    void shellHost.answer(message, asking).then((response) => response !== null && toPage('shell', response));
  });
  Menu.setApplicationMenu(Menu.buildFromTemplate([...buildMenu(process.platform, app.isPackaged, { command: (command) => toPage('shell', { kind: 'command', command }), help: (page) => void openHelp(page) })]));

  const open = (): void => {
    const own = openWindow(join(here, 'preload.cjs'), join(app.getPath('userData'), 'window.json'));
    window = own;
    own.webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
      if (isMainFrame && !isSameDocument) engine.pageLoaded();
    });
    own.on('closed', () => {
      if (window === own) window = null;
    });
  };
  onOpened = (paths) => {
    if (paths.length === 0) return;
    shellHost.opened(paths);
    toPage('shell', { kind: 'opened' });
  };
  onOpened([...early, ...parseOpenArgs({ argv: process.argv, cwd: process.cwd(), isPackaged: app.isPackaged })]);
  engine.start();
  open();
  app.on('activate', () => {
    if (window === null) open();
  });
}

function listen(): void {
  app.on('open-file', (event, path) => {
    event.preventDefault();
    onOpened([path]);
  });
  app.on('second-instance', (_event, _argv, _cwd, data) => {
    focusWindow();
    const { argv, cwd } = (data ?? {}) as Partial<SecondLaunch>;
    // another user's launch sends nothing: then there is only a window to show
    if (Array.isArray(argv) && typeof cwd === 'string') onOpened(parseOpenArgs({ argv, cwd, isPackaged: app.isPackaged }));
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
}

/** Without its window the app is nothing: it ends, and says why. */
function giveUp(error: unknown): void {
  console.error(`Podhop could not start: ${error instanceof Error ? error.message : String(error)}`);
  app.exit(1);
}

listen();
declareAppScheme();
app.enableSandbox();
const launch: SecondLaunch = { argv: process.argv, cwd: process.cwd() };
if (app.requestSingleInstanceLock({ ...launch })) app.whenReady().then(start).catch(giveUp);
else app.quit();
