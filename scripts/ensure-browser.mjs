// Finds a Chromium for the end-to-end tests, or installs one, or says what to install.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const installLimitMs = 240_000;

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Where a Chromium is: CHROMIUM_PATH, Playwright's own ('' = let Playwright choose it), or one on the PATH; null where there is none.
 * @param {Readonly<Record<string, string | undefined>>} env @param {string} playwrights the path of Playwright's own @param {(path: string) => boolean} exists
 * @returns {string | null}
 */
export function findChromium(env, playwrights, exists) {
  if (env['CHROMIUM_PATH']) return exists(env['CHROMIUM_PATH']) ? env['CHROMIUM_PATH'] : null;
  if (exists(playwrights)) return '';
  const dirs = (env['PATH'] ?? '').split(delimiter).filter((dir) => dir !== '');
  return names.flatMap((name) => dirs.map((dir) => join(dir, name))).find(exists) ?? null;
}

/** As findChromium, on this machine. */
export const chromiumHere = () => findChromium(process.env, chromium.executablePath(), isExecutable);

/** @param {string} program @param {readonly string[]} args */
const runs = (program, args) => spawnSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'], timeout: installLimitMs }).status === 0;

/** @returns {string | null} a Chromium, installed if there was none; null where that failed too */
export function ensureChromium() {
  const found = chromiumHere();
  if (found !== null || process.env['CHROMIUM_PATH']) return found;
  console.log('No Chromium found; installing one with Playwright …');
  const cli = fileURLToPath(new URL('../node_modules/@playwright/test/cli.js', import.meta.url));
  if (runs(process.execPath, [cli, 'install', 'chromium']) && chromiumHere() !== null) return chromiumHere();
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    console.log('That failed; installing Debian\'s chromium …');
    if (runs('apt-get', ['update']) && runs('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'])) return chromiumHere();
  }
  return null;
}

export const browserMissing = () =>
  process.env['CHROMIUM_PATH']
    ? `CHROMIUM_PATH is ${process.env['CHROMIUM_PATH']}, which cannot be run.`
    : 'No Chromium was found and none could be installed. Install one (`npx playwright install chromium`, or your system\'s chromium or google-chrome) or set CHROMIUM_PATH.';
