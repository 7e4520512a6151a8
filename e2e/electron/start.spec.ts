// `npm start` as a person meets it: the window where it can be, else the same app in the browser, with one line that says why.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';

test.skip(process.platform !== 'linux', 'stands in for Electron with a shell script, and takes the display away');

const script = fileURLToPath(new URL('../../scripts/start.mjs', import.meta.url));
let dir = '';
let child: ChildProcess | null = null;
test.beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'podhop-runtime-'));
});
test.afterEach(() => {
  if (child?.exitCode === null) child.kill('SIGINT');
  rmSync(dir, { recursive: true, force: true });
});

/** A stand-in for Electron's binary that does what this shell text says. */
function runtime(shell: string): Record<string, string> {
  writeFileSync(join(dir, 'electron'), `#!/bin/sh\n${shell}\n`);
  chmodSync(join(dir, 'electron'), 0o755);
  return { ELECTRON_OVERRIDE_DIST_PATH: dir, DISPLAY: ':99' };
}

/** Starts the command; `lines` is what it has said so far. PATH has no browser opener in it. */
function start(args: readonly string[], env: Record<string, string>): { readonly lines: () => readonly string[]; readonly ended: Promise<unknown> } {
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...rest } = process.env;
  child = spawn(process.execPath, [script, ...args], { env: { ...rest, PATH: dir, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text));
  return { lines: () => said.split('\n').filter((line) => line !== '' && !line.startsWith('Building ')), ended: once(child, 'exit') };
}

const served = /^Podhop is at http:\/\/127\.0\.0\.1:\d+\/ \(Ctrl-C ends it\)$/;
const instead = (why: string) => `The desktop window is not available (${why}); the same app opens in your browser instead.`;
const patience = { timeout: 20_000 };

test('without a display it says so in one line and serves the app, until Ctrl-C', async () => {
  const { lines, ended } = start(['--port', '0'], {});
  await expect.poll(lines, patience).toEqual([instead('there is no display'), expect.stringMatching(served)]);
  const url = /http:\S+/.exec(lines()[1] ?? '')?.[0] ?? '';
  const response = await fetch(url);
  expect([response.status, (await response.text()).includes('<title>Podhop</title>')]).toEqual([200, true]);
  child?.kill('SIGINT');
  expect(await ended).toEqual([0, null]);
});

test('start:web asks for the browser directly', async () => {
  const { lines } = start(['--web', '--port', '0'], runtime('exit 0'));
  await expect.poll(lines, patience).toEqual([expect.stringMatching(served)]);
});

for (const [name, shell, why] of [['with an error', 'exit 3', 'Electron ended at once: code 3'], ['by a signal', 'kill -TRAP $$', 'Electron ended at once: SIGTRAP']] as const) {
  test(`a runtime that ends at once ${name} falls back`, async () => {
    const { lines } = start(['--port', '0'], runtime(shell));
    await expect.poll(lines, patience).toEqual([instead(why), expect.stringMatching(served)]);
  });
}

test('a runtime that runs is left to run, gets the arguments, and its end is our end', async () => {
  const { lines, ended } = start(['cluster.yaml'], runtime('echo "ran $2"; exit 0'));
  expect(await ended).toEqual([0, null]);
  expect(lines()).toEqual(['ran cluster.yaml']);
});

test('a taken port is said, with what it means', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as { port: number };
  const { lines } = start(['--web', '--port', String(port)], {});
  await expect.poll(lines, patience).toEqual([expect.stringMatching(new RegExp(`^Port ${port} is taken; using \\d+\\. What you save in the browser stays with the port\\.$`)), expect.stringMatching(served)]);
  holder.close();
});
