import { describe, expect, test } from 'vitest';
import { checkBundle } from './check-bundles.mjs';
import { checkExactVersions, checkLockfile } from './check-lockfile.mjs';
import { checkSource } from './check-source.mjs';

const window = (flags: string) => `new BrowserWindow({ webPreferences: { ${flags} } });`;
const safeFlags = 'nodeIntegration: false, contextIsolation: true, sandbox: true, preload: at';

const planted: readonly (readonly [rule: string, path: string, text: string])[] = [
  ['export-star', 'shared/base/index.ts', "export * from './ip.ts';"],
  ['export-star', 'renderer/index.ts', "export type * from './ip.ts';"],
  ['too-long', 'shared/base/ip.ts', 'export {};\n'.repeat(401)],
  ['unfinished', 'cli/podhop.ts', '// TODO: the rest'],
  ['unfinished', 'shared/kube/x.ts', '/** FIXME later */ export const a = 1;'],
  ['clock-or-dice', 'shared/base/prng.ts', 'export const a = Math.random();'],
  ['clock-or-dice', 'shared/base/prng.ts', "export const a = Math['random']();"],
  ['clock-or-dice', 'shared/engine/x.ts', 'export const a = Date.now();'],
  ['clock-or-dice', 'shared/engine/x.ts', 'export const a = new Date(0);'],
  ['dom-sink', 'renderer/x.ts', 'a.innerHTML = b;'],
  ['dom-sink', 'renderer/x.ts', "a['outerHTML'] = b;"],
  ['dom-sink', 'renderer/x.ts', "a.insertAdjacentHTML('beforeend', b);"],
  ['dom-sink', 'renderer/x.ts', 'document.write(b);'],
  ['dom-sink', 'renderer/x.ts', 'new DOMParser();'],
  ['dom-sink', 'renderer/x.ts', 'range.createContextualFragment(b);'],
  ['dom-sink', 'renderer/x.ts', 'frame.srcdoc = b;'],
  ['dom-sink', 'renderer/x.tsx', 'export const a = <p dangerouslySetInnerHTML={{ __html: b }} />;'],
  ['web-preferences', 'electron/window.ts', window('nodeIntegration: true, contextIsolation: true, sandbox: true')],
  ['web-preferences', 'electron/window.ts', window('nodeIntegration: false, contextIsolation: false, sandbox: true')],
  ['web-preferences', 'electron/window.ts', window('nodeIntegration: false, contextIsolation: true')],
  ['web-preferences', 'electron/window.ts', 'new BrowserWindow({ webPreferences: preferences });'],
  ['weakened-shell', 'electron/window.ts', window(`${safeFlags}, nodeIntegrationInWorker: true`)],
  ['weakened-shell', 'electron/window.ts', window(`${safeFlags}, webviewTag: true`)],
  ['weakened-shell', 'electron/window.ts', window(`${safeFlags}, webSecurity: false`)],
  ['weakened-shell', 'electron/app-scheme.ts', 'register({ privileges: { standard: true, bypassCSP: true } });'],
  ['load-file', 'electron/window.ts', "window.loadFile('index.html');"],
  ['open-path', 'electron/files.ts', 'shell.openPath(path);'],
  ['bare-ipc', 'electron/files.ts', "ipcMain.handle('x', () => 1);"],
  ['raw-ipc-renderer', 'renderer/host/x.ts', "ipcRenderer.send('x');"],
  ['shell-command', 'electron/files.ts', 'spawn(kubectl, argv, { shell: true });'],
  ['shell-command', 'cli/podhop.ts', "import { exec } from 'node:child_process';"],
  ['sigterm-handler', 'electron/engine-process.ts', "process.on('SIGTERM', () => {});"],
  ['silenced-warnings', 'electron/main.ts', "process.env.ELECTRON_DISABLE_SECURITY_WARNINGS = '1';"],
  ['silenced-warnings', 'electron/main.ts', "process.env['ELECTRON_DISABLE_SECURITY_WARNINGS'] = '1';"],
  ['archive-reader', 'electron/files.ts', "import unzip from 'unzipper';"],
];

const allowed: readonly (readonly [path: string, text: string])[] = [
  ['shared/base/index.ts', "export { parseIp } from './ip.ts'; export * as ip from './ip.ts';"],
  ['shared/base/prng.ts', '// not Math.random, not Date.now\nexport const a = 1;'],
  ['shared/engine/x.test.ts', 'const started = Date.now();'],
  ['renderer/playback/clock.ts', 'export const now = () => Date.now();'],
  ['electron/window.ts', window(safeFlags)],
  ['electron/trusted-sender.ts', "import { ipcMain } from 'electron';"],
  ['electron/preload.ts', "import { ipcRenderer } from 'electron';"],
  ['shared/base/ip.ts', 'export {};\n'.repeat(400)],
];

describe('own checks on the sources', () => {
  test.each(planted)('%s is found in %s', (rule, path, text) => {
    expect(checkSource(path, text).map((finding) => finding.id)).toContain(rule);
  });

  test.each(allowed)('%s with nothing wrong has no finding', (path, text) => {
    expect(checkSource(path, text)).toEqual([]);
  });

  test('a finding names the file, the line and the rule', () => {
    expect(checkSource('shared/a.ts', "export const a = 1;\nexport * from './b.ts';\n")).toEqual([
      { path: 'shared/a.ts', line: 2, id: 'export-star', what: '`export *` hides what a room offers: name the exports' },
    ]);
  });
});

describe('own checks on the bundles (reliability A4)', () => {
  test.each([
    ['main', '//#region node_modules/yaml/browser/dist/parse.js\n', 'main contains node_modules/yaml/browser/dist/parse.js'],
    ['main', '// shared/engine/send.ts\n', 'main contains shared/engine/send.ts'],
    ['main', 'import { parse } from "yaml";\n', 'main imports yaml'],
    ['preload', 'const fs = require("node:fs");\n', 'preload imports node:fs'],
    ['engine-process', 'import { readFileSync } from "node:fs";\n', 'engine-process imports node:fs'],
    ['engine-process', 'const app = await import("electron");\n', 'engine-process imports electron'],
    ['engine-process', '// electron/files.ts\n', 'engine-process contains electron/files.ts'],
  ] as const)('%s with %j is refused', (bundle, text, finding) => {
    expect(checkBundle(bundle, text)).toEqual([finding]);
  });

  test('bundles of the right modules pass', () => {
    const main = 'import { app } from "electron";\nimport { readFile } from "node:fs/promises";\n//#region shared/api/channel.ts\n// electron/main.ts\n';
    expect([checkBundle('main', main), checkBundle('preload', 'require("electron");\n'), checkBundle('engine-process', '// shared/engine/send.ts\n// electron/engine-process.ts\n')]).toEqual([[], [], []]);
  });
});

describe('own checks on the packages (reliability H2)', () => {
  const lock = (entry: object, lockfileVersion = 3) => JSON.stringify({ lockfileVersion, packages: { '': {}, 'node_modules/a': entry } });

  test.each([
    [lock({ integrity: 'sha1-x' }), 'node_modules/a has no sha512 hash'],
    [lock({}), 'node_modules/a has no sha512 hash'],
    [lock({ integrity: 'sha512-x', resolved: 'git+ssh://somewhere' }), 'node_modules/a names where it was fetched from'],
    [lock({ integrity: 'sha512-x', link: true }), 'node_modules/a is a link'],
    [lock({ integrity: 'sha512-x' }, 2), 'lockfileVersion is 2, not 3'],
    [lock({ integrity: 'sha512-x', optionalDependencies: { 'a-darwin': '1.0.0' } }), 'node_modules/a wants a-darwin, which is not locked'],
  ])('the lockfile %s is refused', (text, finding) => {
    expect(checkLockfile(text)).toEqual([finding]);
  });

  test('versions are exact', () => {
    const manifest = { dependencies: { a: '1.2.3', b: '^1.2.3' }, devDependencies: { c: 'latest', d: '1.0.0-rc.1' } };
    expect(checkExactVersions(JSON.stringify(manifest))).toEqual(['b is ^1.2.3, not an exact version', 'c is latest, not an exact version']);
  });
});
