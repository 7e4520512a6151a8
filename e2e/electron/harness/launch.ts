import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { register } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser, Page } from '@playwright/test';
import { createRecordedElectron, type Recorded } from './recorded-electron.ts';

export interface Launched extends Recorded {
  readonly page: Page;
  readonly userData: string;
  readonly close: () => Promise<void>;
}

export interface LaunchOptions {
  /** The folder of the bundled main, preload and engine. */
  readonly dir?: string;
  /** What the command line names after the app. */
  readonly args?: readonly string[];
}

const built = fileURLToPath(new URL('../../../dist/electron', import.meta.url));
const launches = new Map<string, Record<string, unknown>>();
let isRegistered = false;

const patienceMs = 2_000;

/** Waits until a child has ended; one that main forgot is ended here. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  await once(child, 'exit');
  clearTimeout(timer);
}

/** Imports the bundled main with this command line in `process.argv`, which it reads while it starts. */
async function importMain(dir: string, launch: string, args: readonly string[], { app, firstWindow }: Recorded): Promise<void> {
  const { argv } = process;
  process.argv = [argv[0] ?? 'electron', '.', ...args];
  try {
    await import(`${pathToFileURL(join(dir, 'main.mjs')).href}?launch=${launch}`);
    app.becomeReady();
    await firstWindow;
  } finally {
    process.argv = argv;
  }
}

/** Starts the real, bundled main and preload on a recorded `electron` whose windows are pages of `browser`. */
export async function launchApp(browser: Browser, { dir = built, args = [] }: LaunchOptions = {}): Promise<Launched> {
  if (!isRegistered) {
    Reflect.set(globalThis, Symbol.for('podhop.recorded-electron'), launches);
    register('./hooks.mjs', import.meta.url);
    isRegistered = true;
  }
  const launch = `${process.pid}-${launches.size + 1}`;
  const userData = mkdtempSync(join(tmpdir(), 'podhop-user-'));
  const recorded = createRecordedElectron(browser, userData);
  launches.set(launch, recorded.members);
  const close = async (): Promise<void> => {
    recorded.app.quit();
    await Promise.all([...recorded.windows].map((window) => window.end()));
    await Promise.all(recorded.children.map(ended));
    rmSync(userData, { recursive: true, force: true });
  };
  try {
    await importMain(dir, launch, args, recorded);
  } catch (error) {
    await close();
    throw error;
  }
  const page = (await recorded.firstWindow).page();
  return { ...recorded, page, userData, close };
}
