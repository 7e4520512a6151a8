// What the app's bundle gets for `import … from 'electron'`: the members of its launch's recorded module.
/** @type {Map<string, Record<string, unknown>>} */
const launches = Reflect.get(globalThis, Symbol.for('podhop.recorded-electron'));
const members = launches.get(new URL(import.meta.url).searchParams.get('launch') ?? '');
if (members === undefined) throw new Error('no recorded electron for this launch');

export const { app, BrowserWindow, dialog, ipcMain, Menu, protocol, screen, session, shell, utilityProcess } = members;
