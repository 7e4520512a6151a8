// The page of bench/canvas-page: an entry of its own and no part of the app, built, served on loopback and opened in Chromium.
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { chromium } from '@playwright/test';
import react from '@vitejs/plugin-react';
import { build } from 'vite';
import { chromiumHere } from '../scripts/ensure-browser.mjs';

const out = 'dist/bench-canvas';
const types = /** @type {Readonly<Record<string, string>>} */ ({ '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.woff2': 'font/woff2', '.svg': 'image/svg+xml' });

/** @typedef {{ readonly most?: number, readonly least?: number }} Goal */
/** @typedef {{ readonly label: string, readonly unit: string, readonly value: number, readonly goal?: Goal }} Row */

/** Notes figures; each also goes to the error stream at once, because the whole takes minutes. */
export function createRows() {
  /** @type {Row[]} */
  const rows = [];
  /** @param {string} label @param {string} unit @param {number} value @param {Goal} [goal] */
  const note = (label, unit, value, goal) => {
    rows.push({ label, unit, value, ...(goal === undefined ? {} : { goal }) });
    console.error(`${label}: ${value.toFixed(1)} ${unit}`);
  };
  return { rows, note };
}

/** @param {readonly number[]} sorted @param {number} share */
export const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
/** @param {readonly number[]} values */
export const median = (values) => quantile(values.toSorted((a, b) => a - b), 0.5);

/** Serves the page's files, nothing else. */
async function servePage() {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const file = join(out, path === '/' ? 'index.html' : path);
    const found = !path.includes('..') && existsSync(file);
    if (!found) response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' }).end(readFileSync(file));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = server.address();
  return { server, url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/` };
}

/** Builds and serves the page and opens a browser for as long as `use` runs; answers false where there is no Chromium. @param {(browser: import('@playwright/test').Browser, url: string) => Promise<void>} use */
export async function withBenchPage(use) {
  const executablePath = chromiumHere();
  if (executablePath === null) return false;
  await build({ configFile: false, logLevel: 'error', root: 'bench/canvas-page', base: './', plugins: [react()], build: { outDir: join('..', '..', out), emptyOutDir: true, chunkSizeWarningLimit: 2000 } });
  const { server, url } = await servePage();
  const browser = await chromium.launch({ args: ['--no-sandbox', '--disable-quic'], ...(executablePath === '' ? {} : { executablePath }) });
  try {
    await use(browser, url);
  } finally {
    await browser.close();
    server.close();
    server.closeAllConnections();
  }
  return true;
}
