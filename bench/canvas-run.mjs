// Measures the canvas in a real browser and prints JSON rows; run by bench/canvas.ts. The page is an entry of its own and no part of the app.
import { createServer } from 'node:http';
import { existsSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { chromium } from '@playwright/test';
import react from '@vitejs/plugin-react';
import { build } from 'vite';
import { chromiumHere } from '../scripts/ensure-browser.mjs';
import { createWebServer, listenOnLoopback, readApp } from '../scripts/web-server.mjs';

const out = 'dist/bench-canvas';
const types = /** @type {Readonly<Record<string, string>>} */ ({ '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.woff2': 'font/woff2', '.svg': 'image/svg+xml' });
/** @type {{ label: string, unit: string, value: number }[]} */
const rows = [];
/** Notes a figure; it also goes to the error stream at once, because the whole takes minutes. */
const row = (/** @type {string} */ label, /** @type {string} */ unit, /** @type {number} */ value) => {
  rows.push({ label, unit, value });
  console.error(`${label}: ${value.toFixed(1)} ${unit}`);
};
/** @param {readonly number[]} sorted @param {number} share */
const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

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

/** Frame times over `ms`, and how busy the page's main thread was. @param {import('@playwright/test').Page} page @param {number} ms */
async function frames(page, ms) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const busy = async () => (await session.send('Performance.getMetrics')).metrics.find((m) => m.name === 'TaskDuration')?.value ?? 0;
  const before = await busy();
  const times = await page.evaluate((forMs) => new Promise((/** @type {(times: number[]) => void} */ resolve) => {
    /** @type {number[]} */
    const seen = [];
    const start = performance.now();
    let last = 0;
    const frame = (/** @type {number} */ now) => {
      if (last > 0) seen.push(now - last);
      last = now;
      if (performance.now() - start < forMs) requestAnimationFrame(frame);
      else resolve(seen);
    };
    requestAnimationFrame(frame);
  }), ms);
  const share = ((await busy()) - before) / (ms / 1000);
  const sorted = times.toSorted((a, b) => a - b);
  await session.detach();
  return { p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95), longest: sorted.at(-1) ?? 0, fps: (times.length * 1000) / times.reduce((sum, t) => sum + t, 0), busy: share * 100 };
}

/** @param {import('@playwright/test').Browser} browser @param {string} url */
async function measureCrowds(browser, url) {
  for (const [boxes, packets] of [[200, 200], [1000, 1000], [3000, 1000]]) {
    /** @type {Record<string, Awaited<ReturnType<typeof frames>>>} */
    const got = {};
    for (const by of ['canvas', 'react']) {
      const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
      await page.goto(`${url}?boxes=${boxes}&packets=${packets}&by=${by}`);
      await page.waitForTimeout(1500);
      const f = await frames(page, 5000);
      got[by] = f;
      const what = `${boxes} boxes + ${packets} packets, ${by === 'canvas' ? 'as the app draws them' : 'plain React state'}`;
      row(`${what}: frame p50`, 'ms', f.p50);
      row(`${what}: frame p95`, 'ms', f.p95);
      row(`${what}: longest frame`, 'ms', f.longest);
      row(`${what}: main thread`, '%', f.busy);
      if (by === 'canvas') await measurePan(page, `${boxes} boxes + ${packets} packets`);
      await page.close();
    }
    if (got['canvas'] && got['react']) {
      row('  ratio of p95, React state / app', '×', got['react'].p95 / got['canvas'].p95);
      row('  ratio of main thread, React state / app', '×', got['react'].busy / got['canvas'].busy);
    }
  }
}

/** Wheel turns pan the picture for three seconds. @param {import('@playwright/test').Page} page @param {string} what */
async function measurePan(page, what) {
  await page.mouse.move(800, 450);
  const wheel = (async () => {
    for (const end = performance.now() + 3000; performance.now() < end;) await page.mouse.wheel(Math.sin(performance.now() / 300) * 24, 0);
  })();
  const f = await frames(page, 2500);
  await wheel;
  row(`${what}, panning`, 'fps', f.fps);
}

/** First paint of a still picture and frames while nothing moves. @param {import('@playwright/test').Browser} browser @param {string} url */
async function measureStill(browser, url) {
  for (const boxes of [50, 200, 1000, 3000]) {
    const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
    await page.addInitScript(() => {
      const ask = window.requestAnimationFrame.bind(window);
      Reflect.set(window, 'framesAsked', 0);
      window.requestAnimationFrame = (hear) => {
        Reflect.set(window, 'framesAsked', Number(Reflect.get(window, 'framesAsked')) + 1);
        return ask(hear);
      };
    });
    await page.goto(`${url}?boxes=${boxes}&by=none`, { waitUntil: 'commit' });
    await page.waitForSelector('.row-box');
    const painted = await page.evaluate(() => new Promise((/** @type {(ms: number) => void} */ resolve) => requestAnimationFrame(() => setTimeout(() => resolve(performance.now()), 0))));
    row(`${boxes} boxes: navigation to painted`, 'ms', painted);
    await page.waitForTimeout(1000);
    const before = await page.evaluate(() => Number(Reflect.get(window, 'framesAsked')));
    await page.waitForTimeout(3000);
    row(`${boxes} boxes: frames asked for in 3 s while nothing moves`, 'frames', (await page.evaluate(() => Number(Reflect.get(window, 'framesAsked')))) - before);
    await page.close();
  }
}

/** One Send in a fresh page, ms until the named line of the picture is drawn. @param {import('@playwright/test').Browser} browser @param {number} port @param {string} line */
async function sendOnce(browser, port, line) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`http://127.0.0.1:${port}/`);
  await page.getByRole('button', { name: /^Pod / }).first().waitFor();
  await page.waitForTimeout(1000);
  const ms = await page.evaluate((name) => new Promise((/** @type {(ms: number) => void} */ resolve) => {
    const start = performance.now();
    const look = () => {
      if ((document.querySelector(`[data-line="${name}"]`)?.getAttribute('d') ?? '') !== '') return resolve(performance.now() - start);
      requestAnimationFrame(look);
      return undefined;
    };
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, bubbles: true }));
    requestAnimationFrame(look);
  }), line);
  await page.close();
  return ms;
}

/** In the app itself: from the key to the first frame in which the packet has moved. @param {import('@playwright/test').Browser} browser */
async function measureSend(browser) {
  if (!existsSync('dist/app-files.json')) return;
  const server = createWebServer(readApp('dist'));
  const port = await listenOnLoopback(server, 0);
  for (const [line, what] of [['ahead', 'its way is painted'], ['gone', 'the packet has moved (a connection first opens for 480 ms)']]) {
    /** @type {number[]} */
    const times = [];
    for (let i = 0; i < 5; i++) times.push(await sendOnce(browser, port, line ?? ''));
    row(`the app: Send to the first frame in which ${what}, median of 5`, 'ms', quantile(times.toSorted((a, b) => a - b), 0.5));
  }
  server.close();
  server.closeAllConnections();
}

await build({ configFile: false, logLevel: 'error', root: 'bench/canvas-page', base: './', plugins: [react()], build: { outDir: join('..', '..', out), emptyOutDir: true, chunkSizeWarningLimit: 2000 } });
const { server, url } = await servePage();
const executablePath = chromiumHere();
if (executablePath === null) {
  row('the canvas', 'not measured: no Chromium here', 0);
} else {
  const browser = await chromium.launch({ args: ['--no-sandbox', '--disable-quic'], ...(executablePath === '' ? {} : { executablePath }) });
  await measureCrowds(browser, url);
  await measureStill(browser, url);
  await measureSend(browser);
  await browser.close();
}
server.close();
server.closeAllConnections();
console.log(JSON.stringify(rows));
