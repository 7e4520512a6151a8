import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const inputs = ['shared', 'electron', 'renderer', 'cli', 'scenarios', 'vite.config.ts', 'package-lock.json'];
const outputs = ['dist/cli/podhop.mjs', 'dist/electron/main.mjs', 'dist/electron/preload.cjs', 'dist/electron/engine-process.mjs', 'dist/renderer/index.html', 'dist/app-files.json'];

/** When the newest file below a path was changed, in milliseconds; 0 where there is none. @param {string} path @returns {number} */
function newest(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  // a folder's own time changes when a file in it is removed
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/**
 * Why the build must be made, or null where it is there and as new as its sources.
 * @param {readonly (number | null)[]} built when each output was written; null = missing @param {number} changed when the newest source was
 */
export function staleness(built, changed) {
  if (built.some((time) => time === null)) return 'not built yet';
  return built.some((time) => (time ?? 0) < changed) ? 'sources have changed' : null;
}

/** Why this checkout must be built, or null. */
export function buildNeeded() {
  const built = outputs.map((path) => (existsSync(join(root, path)) ? statSync(join(root, path)).mtimeMs : null));
  return staleness(built, Math.max(...inputs.map((path) => newest(join(root, path)))));
}

/** Builds all hosts; gives the exit code and what was printed. @returns {Promise<{ code: number, printed: string }>} */
export function build() {
  const child = spawn(process.execPath, [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--app', '--logLevel', 'warn'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (/** @type {string} */ text) => (printed += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, printed }));
  });
}

/** Builds where it must be, and says so through `say`; ends the process with the build's own words where it fails. @param {(line: string) => void} say */
export async function ensureBuilt(say) {
  const why = buildNeeded();
  if (why === null) return;
  say(`Building Podhop (${why}) …`);
  const { code, printed } = await build();
  if (code === 0) return;
  console.error(printed);
  process.exit(code);
}
