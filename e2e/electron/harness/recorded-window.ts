import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type { BrowserWindowConstructorOptions } from 'electron';
import type { Browser, Frame, Page, Route } from '@playwright/test';
import { bindings, preloadScript } from './preload-script.ts';
import { strict, toWire } from './strict.ts';

export type Log = (readonly [what: string, ...details: unknown[]])[];

/** What the windows of one launch need of it. */
export interface WindowWorld {
  readonly browser: Browser;
  readonly log: Log;
  readonly ipcMain: EventEmitter;
  readonly app: EventEmitter;
  readonly appHandler: () => (request: Request) => Promise<Response> | Response;
  /** Called when a window has loaded its page, or could not. */
  readonly onWindow: (window: RecordedWindow, error: Error | null) => void;
  readonly windows: Set<RecordedWindow>;
}

// `app://bundle` has no meaning to plain Chromium: a loopback name stands for it, which is a secure context too
const standIn = 'http://bundle.app.localhost';
export const toStandIn = (url: string): string => url.replace(/^app:\/\/bundle/, standIn);
export const toApp = (url: string): string => url.replace(standIn, 'app://bundle');

interface Preventable { readonly url: string; readonly isMainFrame: boolean; readonly preventDefault: () => void }

/** Emits an event that listeners may prevent; answers whether one did. */
function isPrevented(contents: EventEmitter, name: string, url: string, isMainFrame: boolean): boolean {
  let prevented = false;
  const event: Preventable = { url, isMainFrame, preventDefault: () => (prevented = true) };
  contents.emit(name, event);
  return prevented;
}

let lastId = 0;

export interface RecordedContents extends EventEmitter {
  readonly id: number;
  isDestroyed(): boolean;
  send(channel: string, message: unknown): void;
  setWindowOpenHandler(handler: (details: { readonly url: string }) => { readonly action: string }): void;
}

export interface RecordedWindow extends EventEmitter {
  readonly options: BrowserWindowConstructorOptions;
  readonly webContents: RecordedContents;
  readonly title: () => string;
  readonly page: () => Page;
  readonly end: () => Promise<void>;
}

async function answerRequest(route: Route, world: WindowWorld, isAllowed: (frame: Frame) => boolean): Promise<void> {
  const request = route.request();
  const url = request.url();
  // `aborted` leaves the page as it is, as a prevented navigation does
  if (request.isNavigationRequest() && !isAllowed(request.frame())) return route.abort('aborted');
  if (!url.startsWith(`${standIn}/`)) {
    world.log.push(['left', url]);
    return route.abort();
  }
  const response = await world.appHandler()(new Request(toApp(url), { method: request.method() }));
  return route.fulfill({ status: response.status, headers: Object.fromEntries(response.headers), body: Buffer.from(await response.arrayBuffer()) });
}

async function openPage(world: WindowWorld, options: BrowserWindowConstructorOptions, contents: RecordedContents, openHandler: () => (details: { readonly url: string }) => { readonly action: string }): Promise<Page> {
  const context = await world.browser.newContext({ viewport: { width: options.width ?? 1280, height: options.height ?? 800 } });
  const page = await context.newPage();
  let isOurs = true;
  await page.exposeBinding(bindings.send, (source, channel: string, json: string) => {
    const senderFrame = { url: toApp(source.frame.url()), parent: source.frame.parentFrame() };
    world.ipcMain.emit(channel, { sender: contents, senderFrame }, JSON.parse(json));
  });
  const mayNavigate = (frame: Frame, to: string): boolean => {
    const isMainFrame = frame === page.mainFrame();
    const byUs = isOurs;
    isOurs = false;
    if (byUs) return true;
    return !isPrevented(contents, 'will-frame-navigate', to, isMainFrame) && !(isMainFrame && isPrevented(contents, 'will-navigate', to, true));
  };
  await page.route('**/*', (route) => answerRequest(route, world, (frame) => mayNavigate(frame, toApp(route.request().url()))));
  page.on('request', (request) => {
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) contents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false });
  });
  context.on('page', (popup) => {
    world.log.push(['popup', popup.url(), openHandler()({ url: popup.url() }).action]);
    void popup.close();
  });
  const preload = options.webPreferences?.preload;
  if (preload !== undefined) await page.addInitScript({ content: preloadScript(readFileSync(preload, 'utf8')) });
  return page;
}

/** `BrowserWindow` whose windows are real Chromium pages; what it cannot be is refused: a window without isolation throws. */
export function createWindowClass(world: WindowWorld): new (options: BrowserWindowConstructorOptions) => RecordedWindow {
  function RecordedBrowserWindow(options: BrowserWindowConstructorOptions): RecordedWindow {
    const { webPreferences } = options;
    if (webPreferences?.nodeIntegration !== false || webPreferences.contextIsolation !== true || webPreferences.sandbox !== true) throw new Error('recorded electron: this window would not be isolated');
    world.log.push(['window', { ...webPreferences, preload: 'preload' }]);
    return createWindow(world, options);
  }
  return RecordedBrowserWindow as unknown as new (options: BrowserWindowConstructorOptions) => RecordedWindow;
}

function createContents(isClosed: () => boolean, page: () => Page | null, onHandler: (handler: (details: { readonly url: string }) => { readonly action: string }) => void): RecordedContents {
  lastId += 1;
  const contents = Object.assign(new EventEmitter(), {
    id: lastId,
    isDestroyed: isClosed,
    send: (channel: string, message: unknown) => {
      const target = page();
      // a page that is just loading or closing has nobody to hear it
      target?.evaluate(([name, to, json]) => (Reflect.get(window, name) as (channel: string, json: string) => void)(to, json), [bindings.emit, channel, toWire(message)] as const).catch(() => {});
    },
    setWindowOpenHandler: onHandler,
  });
  return strict('webContents', contents) as RecordedContents;
}

function createWindow(world: WindowWorld, options: BrowserWindowConstructorOptions): RecordedWindow {
  let page: Page | null = null;
  let isClosed = false;
  let title = options.title ?? '';
  let openHandler = (_details: { readonly url: string }): { readonly action: string } => ({ action: 'allow' });
  const contents = createContents(() => isClosed, () => page, (handler) => (openHandler = handler));
  const bounds = { x: options.x ?? 0, y: options.y ?? 0, width: options.width ?? 800, height: options.height ?? 600 };
  const close = (): void => {
    if (isClosed) return;
    isClosed = true;
    self.emit('close', { preventDefault: () => {} });
    world.windows.delete(self);
    self.emit('closed');
    if (world.windows.size === 0) world.app.emit('window-all-closed');
  };
  const self = strict('BrowserWindow', Object.assign(new EventEmitter(), {
    options,
    webContents: contents,
    title: () => title,
    page: () => {
      if (page === null) throw new Error('the window has no page yet');
      return page;
    },
    end: async () => {
      close();
      await page?.context().close();
    },
    loadURL: async (url: string) => {
      page = await openPage(world, options, contents, () => openHandler);
      page.on('close', close);
      page.once('domcontentloaded', () => self.emit('ready-to-show'));
      try {
        await page.goto(toStandIn(url));
        world.onWindow(self, null);
      } catch (error) {
        world.onWindow(self, error as Error);
        throw error;
      }
    },
    setTitle: (text: string) => (title = text),
    setDocumentEdited: (edited: boolean) => world.log.push(['edited', edited]),
    getNormalBounds: () => bounds,
    isDestroyed: () => isClosed,
    isMinimized: () => false,
    isMaximized: () => false,
    isFullScreen: () => false,
    maximize: () => {},
    restore: () => {},
    setFullScreen: () => {},
    show: () => world.log.push(['show']),
    focus: () => world.log.push(['focus']),
  })) as unknown as RecordedWindow;
  world.windows.add(self);
  world.app.emit('web-contents-created', {}, contents);
  return self;
}
