// Measures the canvas in a real browser and prints JSON rows; run by bench/canvas.ts.
import { existsSync } from 'node:fs';
import { loadavg } from 'node:os';
import { createWebServer, listenOnLoopback, readApp } from '../scripts/web-server.mjs';
import { createRows, median, quantile, withBenchPage } from './bench-page.mjs';

const { rows, note } = createRows();
/** Each figure of moving packets is the median of so many windows. */
const windows = 3;
const windowMs = 3000;

/** A reader of how long the page's main thread has been at work, in seconds: by the wall's clock, or by the processor time it got. @param {import('@playwright/test').Page} page @param {'timeTicks' | 'threadTicks'} timeDomain */
async function workMeter(page, timeDomain) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain });
  return async () => (await session.send('Performance.getMetrics')).metrics.find((m) => m.name === 'TaskDuration')?.value ?? 0;
}

/** @typedef {{ p50: number, p95: number, longest: number, fps: number, busy: number, own: number }} Frames */

/** Frame times over one window, and the main thread's share: `busy` in % by the wall's clock, `own` as ms of processor time a frame, without what it waited for a processor that others had. @param {import('@playwright/test').Page} page @param {(() => Promise<number>)[]} meters @returns {Promise<Frames>} */
async function oneWindow(page, meters) {
  const before = await Promise.all(meters.map((meter) => meter()));
  const start = performance.now();
  const times = await page.evaluate((forMs) => new Promise((/** @type {(times: number[]) => void} */ resolve) => {
    /** @type {number[]} */
    const seen = [];
    const began = performance.now();
    let last = 0;
    const frame = (/** @type {number} */ now) => {
      if (last > 0) seen.push(now - last);
      last = now;
      if (performance.now() - began < forMs) requestAnimationFrame(frame);
      else resolve(seen);
    };
    requestAnimationFrame(frame);
  }), windowMs);
  const after = await Promise.all(meters.map((meter) => meter()));
  const seconds = (performance.now() - start) / 1000;
  const [worked = 0, own = 0] = after.map((work, i) => work - (before[i] ?? 0));
  const sorted = times.toSorted((a, b) => a - b);
  return { p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95), longest: sorted.at(-1) ?? 0, fps: (times.length * 1000) / times.reduce((sum, t) => sum + t, 0), busy: (worked / seconds) * 100, own: (own * 1000) / (times.length + 1) };
}

/** @param {import('@playwright/test').Page} page @returns {Promise<Frames>} */
async function frames(page) {
  const meters = await Promise.all([workMeter(page, 'timeTicks'), workMeter(page, 'threadTicks')]);
  /** @type {Frames[]} */
  const seen = [];
  for (let i = 0; i < windows; i++) seen.push(await oneWindow(page, meters));
  const middle = (/** @type {keyof Frames} */ key) => median(seen.map((one) => one[key]));
  return { p50: middle('p50'), p95: middle('p95'), longest: middle('longest'), fps: middle('fps'), busy: middle('busy'), own: middle('own') };
}

/** Goals are those of a still picture in which packets move; a plain React state has none. @param {Frames} f @param {string} what @param {boolean} ours */
function noteFrames(f, what, ours) {
  note(`${what}: frame p50`, 'ms', f.p50);
  note(`${what}: frame p95`, 'ms', f.p95, ours ? { most: 17.5 } : undefined);
  note(`${what}: longest frame`, 'ms', f.longest, ours ? { most: 34 } : undefined);
  note(`${what}: main thread, by the clock`, '%', f.busy, ours ? { most: 35 } : undefined);
  note(`${what}: main thread, its processor time (35 % of 60 frames a second are 5.8)`, 'ms a frame', f.own);
}

/** @param {import('@playwright/test').Browser} browser @param {string} url */
async function measureCrowds(browser, url) {
  for (const [boxes, packets] of [[200, 200], [1000, 1000], [3000, 1000]]) {
    /** @type {Record<string, Frames>} */
    const got = {};
    for (const by of ['canvas', 'react']) {
      const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
      await page.goto(`${url}?boxes=${boxes}&packets=${packets}&by=${by}`);
      await page.waitForTimeout(1500);
      const f = await frames(page);
      got[by] = f;
      noteFrames(f, `${boxes} boxes + ${packets} packets, ${by === 'canvas' ? 'as the app draws them' : 'plain React state'}`, by === 'canvas');
      if (by === 'canvas') for (const how of /** @type {const} */ (['panning', 'zooming'])) await measureMoving(page, `${boxes} boxes + ${packets} packets`, how, { least: (boxes ?? 0) > 1000 ? 50 : 55 });
      await page.close();
    }
    if (got['canvas'] && got['react']) {
      note('  ratio of p95, React state / app', '×', got['react'].p95 / got['canvas'].p95);
      note('  ratio of processor time a frame, React state / app', '×', got['react'].own / got['canvas'].own);
    }
  }
}

/** Wheel turns move the picture to and fro while frames are counted; zooming keeps between the whole picture and about two thirds of its size. @param {import('@playwright/test').Page} page @param {string} what @param {'panning' | 'zooming'} how @param {import('./bench-page.mjs').Goal} goal */
async function measureMoving(page, what, how, goal) {
  await page.mouse.move(800, 450);
  const turning = { on: true };
  if (how === 'zooming') await page.keyboard.down('Control');
  const wheel = (async () => {
    while (turning.on) await page.mouse.wheel(how === 'panning' ? Math.sin(performance.now() / 300) * 24 : 0, how === 'zooming' ? Math.sin(performance.now() / 400) * 0.6 : 0);
  })();
  const f = await frames(page);
  turning.on = false;
  await wheel;
  if (how === 'zooming') await page.keyboard.up('Control');
  note(`${what}, ${how}`, 'fps', f.fps, goal);
}

/** Goals of the first picture, ms by boxes. */
const firstPicture = /** @type {const} */ ([[50, 350], [200, 500], [1000, 650], [3000, 750]]);

/** One fresh page with a still picture: ms to its first paint, and the frames asked for while nothing moves. @param {import('@playwright/test').Browser} browser @param {string} url @param {number} boxes */
async function openStill(browser, url, boxes) {
  const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
  await page.addInitScript(() => {
    const ask = window.requestAnimationFrame.bind(window);
    Reflect.set(window, 'framesAsked', 0);
    window.requestAnimationFrame = (hear) => {
      Reflect.set(window, 'framesAsked', Number(Reflect.get(window, 'framesAsked')) + 1);
      return ask(hear);
    };
    // noted by the page itself when its first box stands: asking from outside would add its own way
    new MutationObserver((_changes, observer) => {
      if (document.querySelector('.row-box') === null) return;
      observer.disconnect();
      ask(() => setTimeout(() => Reflect.set(window, 'paintedAt', performance.now()), 0));
    }).observe(document, { childList: true, subtree: true });
  });
  await page.goto(`${url}?boxes=${boxes}&by=none`, { waitUntil: 'commit' });
  await page.waitForFunction(() => Reflect.get(window, 'paintedAt') !== undefined);
  const painted = await page.evaluate(() => Number(Reflect.get(window, 'paintedAt')));
  await page.waitForTimeout(1000);
  const asked = () => page.evaluate(() => Number(Reflect.get(window, 'framesAsked')));
  const before = await asked();
  await page.waitForTimeout(2000);
  const idle = (await asked()) - before;
  await page.close();
  return { painted, idle };
}

/** @param {import('@playwright/test').Browser} browser @param {string} url */
async function measureStill(browser, url) {
  for (const [boxes, most] of firstPicture) {
    const seen = [];
    for (let i = 0; i < 3; i++) seen.push(await openStill(browser, url, boxes));
    note(`${boxes} boxes: navigation to painted, median of 3`, 'ms', median(seen.map(({ painted }) => painted)), { most });
    note(`${boxes} boxes: frames asked for in 2 s while nothing moves`, 'frames', Math.max(...seen.map(({ idle }) => idle)), { most: 0 });
  }
}

/** One Send by a click in a fresh page: ms until the named line is drawn and that frame painted, and the longest event that the browser timed. @param {import('@playwright/test').Browser} browser @param {number} port @param {string} line */
async function sendOnce(browser, port, line) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`http://127.0.0.1:${port}/`);
  await page.getByRole('button', { name: /^Pod / }).first().waitFor();
  await page.waitForTimeout(1500);
  await page.evaluate((name) => {
    /** @type {{ start?: number, painted?: number, event: number }} */
    const seen = { event: 0 };
    Reflect.set(window, 'seen', seen);
    new PerformanceObserver((list) => { for (const { duration } of list.getEntries()) seen.event = Math.max(seen.event, duration); }).observe(/** @type {PerformanceObserverInit} */ ({ type: 'event', durationThreshold: 16 }));
    const look = () => {
      if ((document.querySelector(`[data-line="${name}"]`)?.getAttribute('d') ?? '') === '') return requestAnimationFrame(look);
      return setTimeout(() => { seen.painted = performance.now(); }, 0);
    };
    window.addEventListener('click', (event) => { seen.start = event.timeStamp; requestAnimationFrame(look); }, { capture: true, once: true });
  }, line);
  await page.getByRole('button', { name: /^Send/ }).first().click();
  await page.waitForFunction(() => Reflect.get(Reflect.get(window, 'seen'), 'painted') !== undefined);
  await page.waitForTimeout(300);
  const seen = await page.evaluate(() => /** @type {{ start: number, painted: number, event: number }} */ (Reflect.get(window, 'seen')));
  await page.close();
  return { way: seen.painted - seen.start, event: seen.event };
}

/** In the app itself, its first lesson open. @param {import('@playwright/test').Browser} browser */
async function measureSend(browser) {
  if (!existsSync('dist/app-files.json')) return;
  const server = createWebServer(readApp('dist'));
  const port = await listenOnLoopback(server, 0);
  const [ways, events, moves] = [[], [], []].map(() => /** @type {number[]} */ ([]));
  for (let i = 0; i < 5; i++) {
    const painted = await sendOnce(browser, port, 'ahead');
    ways?.push(painted.way);
    events?.push(painted.event);
    moves?.push((await sendOnce(browser, port, 'gone')).way);
  }
  note('the app, first lesson: click on Send to its way painted, median of 5', 'ms', median(ways ?? []), { most: 40 });
  note('the app, first lesson: the longest event of that click (Event Timing, steps of 8 ms), median of 5', 'ms', median(events ?? []), { most: 40 });
  note('the app, first lesson: click on Send to the packet\'s first movement (a connection first opens for 480 ms)', 'ms', median(moves ?? []));
  server.close();
  server.closeAllConnections();
}

const measured = await withBenchPage(async (browser, url) => {
  await measureCrowds(browser, url);
  await measureStill(browser, url);
  await measureSend(browser);
  note('load average while this was measured: beyond 2 the figures are of a busy machine', '', loadavg()[0] ?? 0);
});
if (!measured) note('the canvas', 'not measured: no Chromium here', 0);
console.log(JSON.stringify(rows));
