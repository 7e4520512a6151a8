// npm test: everything that guards the project, in one run. Ends with one line: `N passed, N failed, N skipped`.
import './require-node.mjs';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';
import { browserMissing, ensureChromium } from './ensure-browser.mjs';
import { addCounts, countGate, countPlaywright, countTap, describeSkips, nothing, summaryLine, withExitCode } from './test-counts.mjs';

/** @typedef {import('./test-counts.mjs').Counts} Counts */

const root = fileURLToPath(new URL('..', import.meta.url));
const temp = mkdtempSync(join(tmpdir(), 'podhop-test-'));
const limitMs = 30 * 60_000;

/** Runs one of the project's tools; its output goes to the screen unless it is to be read. @param {string} tool @param {readonly string[]} args @param {{ env?: Record<string, string>, capture?: boolean }} [options] @returns {Promise<{ code: number, printed: string }>} */
function run(tool, args, { env = {}, capture = false } = {}) {
  const child = spawn(process.execPath, [join(root, tool), ...args], { cwd: root, stdio: ['ignore', capture ? 'pipe' : 'inherit', 'inherit'], env: { ...process.env, ...env }, timeout: limitMs, killSignal: 'SIGKILL' });
  let printed = '';
  child.stdout?.setEncoding('utf8').on('data', (/** @type {string} */ text) => (printed += text));
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: 1, printed: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, printed }));
  });
}

/** @param {string} file @returns {string | null} */
const readIfThere = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : null);

/** @param {string} name @param {readonly string[]} args @returns {() => Promise<Counts>} */
const vitest = (name, args) => async () => {
  const file = join(temp, `${name}.json`);
  const { code } = await run('node_modules/vitest/vitest.mjs', ['run', '--reporter=default', '--reporter=./scripts/vitest/count-reporter.mjs', ...args], { env: { PODHOP_COUNTS: file } });
  const json = readIfThere(file);
  return withExitCode(json === null ? nothing : JSON.parse(json), code);
};

/** @param {string} project @returns {() => Promise<Counts>} */
const playwright = (project) => async () => {
  if (chromium === null) {
    console.log(browserMissing());
    return { ...nothing, failed: 1 };
  }
  const file = join(temp, `${project}.json`);
  const env = { PLAYWRIGHT_JSON_OUTPUT_FILE: file, ...(chromium ? { CHROMIUM_PATH: chromium } : {}) };
  const { code } = await run('node_modules/@playwright/test/cli.js', ['test', '-c', 'e2e/playwright.config.ts', `--project=${project}`, '--reporter=list,json'], { env });
  const json = readIfThere(file);
  return withExitCode(json === null ? nothing : countPlaywright(json), code);
};

/** @param {string} tool @param {readonly string[]} args @returns {() => Promise<Counts>} */
const gate = (tool, args) => async () => countGate((await run(tool, args)).code);

async function buildAll() {
  const { code, printed } = await build();
  if (code !== 0) console.log(printed);
  return countGate(code);
}

async function checkScenarios() {
  const { code, printed } = await run('dist/cli/podhop.mjs', ['check', 'scenarios', '--reporter', 'tap'], { capture: true });
  console.log(printed.split('\n').filter((line) => !line.startsWith('ok ')).join('\n').trim());
  return withExitCode(countTap(printed), code);
}

/** @type {readonly (readonly [name: string, run: () => Promise<Counts>])[]} */
const stages = [
  ['build', buildAll],
  ['types and rooms (tsc -b)', gate('node_modules/typescript/bin/tsc', ['-b'])],
  ['lint (oxlint)', gate('node_modules/oxlint/bin/oxlint', [])],
  ['own checks', gate('scripts/checks/run.mjs', [])],
  ['unit and property tests', vitest('unit', ['--project', 'node', '--project', 'dom'])],
  ['scenarios', checkScenarios],
  ['kernel', vitest('kernel', ['--project', 'kernel'])],
  ['end to end, browser build', playwright('web')],
  ['end to end, main and preload on a recorded Electron', playwright('electron-harness')],
  ['end to end, real Electron', playwright('electron')],
];

const chromium = ensureChromium();
let total = nothing;
for (const [name, stage] of stages) {
  const started = performance.now();
  console.log(`\n── ${name}`);
  const counts = await stage();
  total = addCounts(total, counts);
  for (const line of describeSkips(counts.skipped)) console.log(line);
  console.log(`── ${name}: ${summaryLine(counts)}, ${((performance.now() - started) / 1000).toFixed(1)} s`);
}
rmSync(temp, { recursive: true, force: true });
console.log(`\n${summaryLine(total)}`);
process.exitCode = total.failed > 0 ? 1 : 0;
