// The decisions of `npm start`, each on its own.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { staleness } from './build.mjs';
import { electronBinary, fetchElectron, hasDisplay } from './electron-runtime.mjs';
import { browserCommand } from './open-browser.mjs';

const made: string[] = [];
function packageDir(files: Readonly<Record<string, string>>): string {
  const dir = mkdtempSync(join(tmpdir(), 'podhop-start-'));
  made.push(dir);
  mkdirSync(join(dir, 'dist'));
  for (const [path, text] of Object.entries(files)) writeFileSync(join(dir, path), text);
  return dir;
}
afterEach(() => made.splice(0).forEach((dir) => rmSync(dir, { recursive: true, force: true })));

describe('the build is made again', () => {
  test.each([
    ['when an output is missing', [5, null, 5], 1, 'not built yet'],
    ['when a source is newer than one output', [5, 3, 5], 4, 'sources have changed'],
    ['and not when all outputs are newer', [5, 6, 5], 4, null],
    ['and not when the times are equal', [5], 5, null],
  ] as const)('%s', (_name, built, changed, why) => expect(staleness(built, changed)).toBe(why));
});

describe("Electron's runtime", () => {
  test('is found by path.txt and its file', () => {
    const dir = packageDir({ 'path.txt': 'electron', 'dist/electron': '' });
    expect(electronBinary(dir, undefined)).toBe(join(dir, 'dist', 'electron'));
  });

  test('is not found without its file, or without path.txt', () => {
    expect([electronBinary(packageDir({ 'path.txt': 'electron' }), undefined), electronBinary(packageDir({ 'dist/electron': '' }), undefined)]).toEqual([null, null]);
  });

  test('is found where ELECTRON_OVERRIDE_DIST_PATH says', () => {
    const elsewhere = packageDir({ electron: '' });
    expect(electronBinary(packageDir({}), elsewhere)).toBe(join(elsewhere, 'electron'));
  });

  test('a failing installer gives its first line', async () => {
    expect(await fetchElectron(5_000, packageDir({ 'install.js': "console.error('no network\\nat x'); process.exit(1);" }))).toBe('no network');
  });

  test('an installer that hangs is ended', async () => {
    expect(await fetchElectron(300, packageDir({ 'install.js': 'setInterval(() => {}, 1000);' }))).toBe('no progress for 0.3 s');
  });

  test('an installer that goes on is not ended', async () => {
    const slow = "const fs = require('fs'), os = require('os'); let n = 0; const t = setInterval(() => { fs.appendFileSync(os.tmpdir() + '/part', 'x'); if (++n > 8) { clearInterval(t); } }, 100);";
    expect(await fetchElectron(400, packageDir({ 'install.js': slow }))).toBeNull();
  });

  test('a missing package is said', async () => expect(await fetchElectron(300, packageDir({}))).toBe('the electron package is not installed'));
});

describe('a display', () => {
  test.each([
    ['linux', {}, false],
    ['linux', { DISPLAY: '' }, false],
    ['linux', { DISPLAY: ':0' }, true],
    ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, true],
    ['darwin', {}, true],
    ['win32', {}, true],
  ] as const)('%s with %j: %s', (platform, env, expected) => expect(hasDisplay(platform, env)).toBe(expected));
});

describe('the command that opens the browser', () => {
  const url = 'http://127.0.0.1:4646/';
  const never = () => false;
  test.each([
    ['darwin', {}, never, ['open', url]],
    ['win32', {}, never, ['cmd', '/c', 'start', '', url]],
    ['linux', { PATH: '/usr/bin', DISPLAY: ':0' }, (path: string) => path === join('/usr/bin', 'xdg-open'), ['xdg-open', url]],
    ['linux', { PATH: '/usr/bin' }, () => true, null],
    ['linux', { PATH: '/usr/bin', DISPLAY: ':0' }, never, null],
    ['linux', { DISPLAY: ':0' }, () => true, null],
  ] as const)('on %s with %j', (platform, env, exists, command) => expect(browserCommand(url, platform, env, exists)).toEqual(command));
});
