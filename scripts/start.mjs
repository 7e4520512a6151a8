// npm start: the desktop app where Electron's runtime is, or can be fetched, and a display is there; else the same app in the browser.
// `--web` asks for the browser directly. Everything else on the command line goes to the app.
import './require-node.mjs';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './build.mjs';
import { electronBinary, fetchElectron, hasDisplay } from './electron-runtime.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const diesYoungMs = 3_000;
const args = process.argv.slice(2);
// the port is the browser's; the rest is the app's
const portAt = args.indexOf('--port');
const portArgs = portAt < 0 ? [] : args.slice(portAt, portAt + 2);
const appArgs = args.filter((_, i) => portAt < 0 || i < portAt || i > portAt + 1);

/** Runs a child until it ends, handing it the signals that end us. @param {string} program @param {readonly string[]} argv */
function runChild(program, argv) {
  const child = spawn(program, argv, { stdio: 'inherit', cwd: root });
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
  let interrupted = false;
  const pass = (/** @type {NodeJS.Signals} */ signal) => {
    interrupted = true;
    child.kill(signal);
  };
  for (const signal of signals) process.on(signal, pass);
  /** @type {Promise<{ code: number | null, signal: string | null, error: string | null, interrupted: boolean }>} */
  const ended = new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: null, signal: null, error: error.message, interrupted }));
    child.on('exit', (code, signal) => resolve({ code, signal, error: null, interrupted }));
  });
  return ended.finally(() => signals.forEach((signal) => process.off(signal, pass)));
}

/** @param {string | null} why the reason for the browser, said in one line; null where it was asked for */
async function web(why) {
  if (why !== null) console.log(`The desktop window is not available (${why}); the same app opens in your browser instead.`);
  const { code } = await runChild(process.execPath, [fileURLToPath(new URL('serve-web.mjs', import.meta.url)), '--open', ...portArgs]);
  process.exit(code ?? 1);
}

async function desktop() {
  if (!hasDisplay(process.platform, process.env)) return web('there is no display');
  if (electronBinary() === null) {
    console.log('Fetching the Electron runtime (about 110 MB, once) …');
    const why = await fetchElectron();
    if (why !== null) return web(`Electron's runtime could not be fetched: ${why}`);
  }
  const binary = electronBinary();
  if (binary === null) return web("Electron's runtime is not there");
  const started = Date.now();
  const { code, signal, error, interrupted } = await runChild(binary, [root, ...appArgs]);
  if (!interrupted && (code !== 0 || signal !== null) && Date.now() - started < diesYoungMs) return web(`Electron ended at once: ${error ?? signal ?? `code ${code}`}`);
  process.exit(code ?? 1);
}

await ensureBuilt(console.log);
await (args.includes('--web') ? web(null) : desktop());
