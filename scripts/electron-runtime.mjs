import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const electron = fileURLToPath(new URL('../node_modules/electron', import.meta.url));

/**
 * The path of Electron's executable where its runtime has been fetched, else null. Never `require('electron')`: that downloads without a time limit.
 * @param {string} dir the `electron` package's folder @param {string | undefined} override ELECTRON_OVERRIDE_DIST_PATH @returns {string | null}
 */
export function electronBinary(dir = electron, override = process.env['ELECTRON_OVERRIDE_DIST_PATH']) {
  const named = join(dir, 'path.txt');
  const name = existsSync(named) ? readFileSync(named, 'utf8').trim() : override === undefined ? null : 'electron';
  const path = name === null ? null : join(override ?? join(dir, 'dist'), name);
  return path !== null && existsSync(path) ? path : null;
}

/** Whether windows can be shown: on Linux that takes a display. @param {NodeJS.Platform} platform @param {Readonly<Record<string, string | undefined>>} env */
export const hasDisplay = (platform, env) => platform !== 'linux' || Boolean(env['DISPLAY']) || Boolean(env['WAYLAND_DISPLAY']);

/** @param {string} dir @returns {number} the bytes below a folder, as far as it can be read */
function bytesBelow(dir) {
  if (!existsSync(dir)) return 0;
  return readdirSync(dir, { withFileTypes: true, recursive: true }).reduce((sum, entry) => {
    const stat = entry.isFile() ? statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false }) : undefined;
    return sum + (stat?.size ?? 0);
  }, 0);
}

/**
 * Fetches Electron's runtime by its own installer. Ends it when nothing has grown for `limitMs`. Gives null on success, else one line that says why not.
 * @param {number} [limitMs] @param {string} [dir] @returns {Promise<string | null>}
 */
export function fetchElectron(limitMs = 30_000, dir = electron) {
  const installer = join(dir, 'install.js');
  if (!existsSync(installer)) return Promise.resolve('the electron package is not installed');
  const temp = mkdtempSync(join(tmpdir(), 'podhop-electron-'));
  const child = spawn(process.execPath, [installer], { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, TMPDIR: temp, TEMP: temp, TMP: temp } });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (/** @type {string} */ text) => (said += text));
  const watch = watchProgress(() => bytesBelow(temp) + bytesBelow(join(dir, 'dist')), limitMs, () => child.kill('SIGKILL'));
  return new Promise((resolve) => {
    const finish = (/** @type {string | null} */ why) => {
      watch.stop();
      rmSync(temp, { recursive: true, force: true });
      resolve(why);
    };
    child.on('error', (error) => finish(error.message));
    child.on('close', (code) => finish(code === 0 ? null : watch.stalled() ? `no progress for ${limitMs / 1000} s` : (said.trim().split('\n')[0] ?? `installer ended with ${code}`)));
  });
}

/** @param {() => number} measure @param {number} limitMs @param {() => void} onStall */
function watchProgress(measure, limitMs, onStall) {
  let size = measure();
  let changedAt = Date.now();
  let stalled = false;
  const timer = setInterval(() => {
    const now = measure();
    if (now !== size) [size, changedAt] = [now, Date.now()];
    if (Date.now() - changedAt < limitMs) return;
    stalled = true;
    onStall();
  }, Math.min(1_000, limitMs));
  return { stop: () => clearInterval(timer), stalled: () => stalled };
}
