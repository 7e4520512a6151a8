import { spawnSync } from 'node:child_process';
import { row, type Row } from './measure.ts';

/** The canvas in a browser, in a process of its own: Playwright and the bundler are no part of the bundled benchmarks. */
function canvas(): readonly Row[] {
  const done = spawnSync(process.execPath, ['bench/canvas-run.mjs'], { encoding: 'utf8', maxBuffer: 2 ** 24 });
  if (done.status !== 0) return [row(`the canvas: not measured: ${done.stderr.trim().split('\n').at(-1) ?? 'it failed'}`, '', 0)];
  return JSON.parse(done.stdout.trim().split('\n').at(-1) ?? '[]') as readonly Row[];
}

export const canvasBenches: Readonly<Record<string, () => readonly Row[]>> = { canvas };
