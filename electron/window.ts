import { BrowserWindow, screen } from 'electron';
import { pageAddress } from './page-address.ts';
import { leastSize, pickWindowBounds, type Rect, type WindowState } from './window-bounds.ts';
import { readWindowState, writeWindowState } from './window-state-file.ts';

function workAreas(): readonly [Rect, ...Rect[]] {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter((display) => display.id !== primary.id);
  return [primary.workArea, ...others.map((display) => display.workArea)];
}

const stateOf = (window: BrowserWindow): WindowState => ({ bounds: window.getNormalBounds(), isMaximized: window.isMaximized(), isFullScreen: window.isFullScreen() });

/** Opens the app's window where it was last; `preload` is the bundled preload, `stateFile` where the place is remembered. */
export function openWindow(preload: string, stateFile: string): BrowserWindow {
  const saved = readWindowState(stateFile);
  const window = new BrowserWindow({
    ...pickWindowBounds(saved?.bounds ?? null, workAreas()),
    minWidth: leastSize.width,
    minHeight: leastSize.height,
    title: 'Podhop',
    show: false,
    webPreferences: { preload, nodeIntegration: false, contextIsolation: true, sandbox: true },
  });
  window.once('ready-to-show', () => {
    if (saved?.isMaximized === true) window.maximize();
    if (saved?.isFullScreen === true) window.setFullScreen(true);
    window.show();
  });
  window.on('close', () => writeWindowState(stateFile, stateOf(window)));
  // the page sets no title of its own: the shell does, with the document's name
  window.on('page-title-updated', (event) => event.preventDefault());
  window.loadURL(pageAddress).catch((error: Error) => console.error(`the page did not load: ${error.message}`));
  return window;
}
