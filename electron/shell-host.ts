import { rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { app, dialog, shell, type BrowserWindow } from 'electron';
import type { ResponseMessage } from '../shared/api/channel.ts';
import { layoutFileOf } from '../shared/api/layout-file.ts';
import type { ShellMethods } from '../shared/api/shell-api.ts';
import { helpAddress, isHelpAddress } from './help-pages.ts';
import { readFolder, readOpened, readPaths, titleOf } from './read-files.ts';
import { readRequest } from './read-request.ts';
import { safeFileName } from './safe-file-name.ts';
import { readShellCall, type ShellCall } from './shell-input.ts';
import { windowTitle } from './window-title.ts';

export interface ShellHost {
  /** Answers a message of the page; null where it is no request at all. */
  readonly answer: (message: unknown, window: BrowserWindow) => Promise<ResponseMessage | null>;
  /** Files that the desktop asked to open wait here until the page takes them. */
  readonly opened: (paths: readonly string[]) => void;
}

type Output = ShellMethods[ShellCall['method']]['output'];

async function openFiles(folder: boolean, window: BrowserWindow): Promise<ShellMethods['openFiles']['output']> {
  const filters = [{ name: 'Manifests', extensions: ['yaml', 'yml', 'json'] }, { name: 'All files', extensions: ['*'] }];
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: folder ? 'Open a folder of manifests' : 'Open manifests',
    properties: folder ? ['openDirectory'] : ['openFile', 'multiSelections'],
    ...(folder ? {} : { filters }),
  });
  const [first] = filePaths;
  if (canceled || first === undefined) return null;
  return { ...(await (folder ? readFolder(first) : readPaths(filePaths))), title: titleOf(filePaths) };
}

/** The layout lies beside the file, under a name that follows from the chosen one. */
async function saveLayout(path: string, layout: string | null): Promise<void> {
  const beside = join(dirname(path), layoutFileOf(basename(path)));
  await (layout === null ? rm(beside, { force: true }) : writeFile(beside, layout, 'utf8'));
}

async function saveFile({ suggested, text, layout }: ShellMethods['saveFile']['input'], window: BrowserWindow, folder: string): Promise<{ readonly path: string } | null> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, { title: 'Save', defaultPath: join(folder, safeFileName(suggested)) });
  if (canceled || filePath === '') return null;
  await writeFile(filePath, text, 'utf8');
  await saveLayout(filePath, layout);
  return { path: filePath };
}

type Perform = (call: ShellCall, window: BrowserWindow) => Promise<Output>;

/** Answers one message of the page: what was done, or why not; null where it is no request. */
async function answerBy(perform: Perform, message: unknown, window: BrowserWindow): Promise<ResponseMessage | null> {
  const request = readRequest(message);
  if (request === null) return null;
  const call = readShellCall(request.method, request.input);
  if (call === null) return { id: request.id, ok: false, error: { code: 'bad-request', message: 'the shell does not do this' } };
  try {
    return { id: request.id, ok: true, output: await perform(call, window) };
  } catch (error) {
    return { id: request.id, ok: false, error: { code: 'problem', message: (error as Error).message } };
  }
}

/** Saves to where the person says, next time in the same folder. */
function createSaver(): (input: ShellMethods['saveFile']['input'], window: BrowserWindow) => Promise<ShellMethods['saveFile']['output']> {
  let folder = app.getPath('documents');
  return async (input, window) => {
    const saved = await saveFile(input, window, folder);
    if (saved === null) return null;
    folder = dirname(saved.path);
    return { name: basename(saved.path) };
  };
}

/** Answers the shell's table for the page. The page names no path: what is read or written is what the person chose in a native dialog (reliability A12). */
export function createShellHost(restartEngine: () => void): ShellHost {
  let waiting: readonly string[] = [];
  const save = createSaver();
  const takeOpened = async (): Promise<ShellMethods['takeOpened']['output']> => {
    const paths = waiting;
    waiting = [];
    return paths.length === 0 ? null : { ...(await readOpened(paths)), title: titleOf(paths) };
  };
  const perform: Perform = async (call, window) => {
    switch (call.method) {
      case 'about':
        return { host: 'desktop', platform: process.platform, version: app.getVersion() };
      case 'openFiles':
        return openFiles(call.input.folder, window);
      case 'takeOpened':
        return takeOpened();
      case 'saveFile':
        return save(call.input, window);
      case 'openHelp':
        await openHelp(call.input.page);
        return {};
      case 'setTitle':
        window.setTitle(windowTitle(call.input, process.platform));
        window.setDocumentEdited(call.input.edited);
        return {};
      case 'restartEngine':
        restartEngine();
        return {};
    }
  };
  return { opened: (paths) => { waiting = [...waiting, ...paths]; }, answer: (message, window) => answerBy(perform, message, window) };
}

/** Opens a help page in the person's own browser; anything but a page of the list does nothing. */
export async function openHelp(page: unknown): Promise<void> {
  const address = helpAddress(page);
  if (address !== null && isHelpAddress(address)) await shell.openExternal(address);
}
