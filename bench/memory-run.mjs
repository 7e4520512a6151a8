// Steps through packets on a picture of 2,000 pods in a real browser and samples its heap after forced collections; prints JSON rows. Run by bench/memory.ts.
import { createRows, withBenchPage } from './bench-page.mjs';
import { slopeOf } from './slope.mjs';

const [boxes, steps, warmUp] = [2000, 10_000, 2000];
const { rows, note } = createRows();

/** @param {import('@playwright/test').Browser} browser @param {string} url */
async function measure(browser, url) {
  const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
  await page.goto(`${url}?boxes=${boxes}&by=steps`);
  await page.waitForFunction(() => Reflect.get(window, 'takeSteps') !== undefined);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  /** @type {(readonly [number, number])[]} */
  const samples = [];
  let nodes = 0;
  for (let taken = 0; taken <= steps + warmUp; taken += 1000) {
    if (taken > 0) await page.evaluate(() => Reflect.get(window, 'takeSteps')(1000));
    await session.send('HeapProfiler.collectGarbage');
    const { metrics } = await session.send('Performance.getMetrics');
    const of = (/** @type {string} */ name) => metrics.find((m) => m.name === name)?.value ?? 0;
    nodes = of('Nodes');
    console.error(`${taken} steps: ${(of('JSHeapUsedSize') / 1e6).toFixed(2)} MB, ${nodes} nodes, ${of('JSEventListeners')} listeners`);
    if (taken >= warmUp) samples.push([taken / 1000, of('JSHeapUsedSize') / 1e6]);
  }
  note(`the page, ${boxes} pods: heap after ${warmUp + steps} steps`, 'MB', samples.at(-1)?.[1] ?? 0);
  note(`the page, ${boxes} pods: growth over ${steps} steps after a warm-up of ${warmUp}, garbage collected before each sample`, 'MB per 1,000 steps', slopeOf(samples), { most: 1 });
  note(`the page, ${boxes} pods: elements and texts at the end`, 'nodes', nodes);
  await page.close();
}

if (!(await withBenchPage(measure))) note('the page\'s memory', 'not measured: no Chromium here', 0);
console.log(JSON.stringify(rows));
