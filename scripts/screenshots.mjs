// Takes the README's pictures from the built browser app: node scripts/screenshots.mjs (after npm run build).
import { existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { ensureChromium } from './ensure-browser.mjs';
import { createWebServer, listenOnLoopback, readApp } from './web-server.mjs';

const boutique = '../shared/manifests/online-boutique.yaml';
/** @typedef {{ file: string, width: number, height: number, theme: 'light' | 'dark' | 'projector', open: string, from?: string, to?: string, port?: string, steps: number | 'end', inside?: string, flows?: true }} Shot */
/** @type {readonly Shot[]} */
const shots = [
  { file: 'clusterip-light', width: 1440, height: 900, theme: 'light', open: 'ClusterIP', to: 'api', steps: 6 },
  { file: 'node-inside-light', width: 1440, height: 900, theme: 'light', open: 'ClusterIP', to: 'api', steps: 6, inside: 'Node a' },
  { file: 'traffic-light', width: 1440, height: 900, theme: 'light', open: 'ClusterIP', to: 'api', steps: 'end', flows: true },
  { file: 'clusterip-dark', width: 1280, height: 720, theme: 'dark', open: 'ClusterIP', to: 'api', steps: 9 },
  { file: 'clusterip-projector', width: 1280, height: 720, theme: 'projector', open: 'ClusterIP', to: 'api', steps: 6 },
  { file: 'refused-light', width: 1280, height: 720, theme: 'light', open: 'ClusterIP', from: 'web-1', to: 'api-2', port: '81', steps: 'end' },
  ...(existsSync(boutique) ? [/** @type {const} */ ({ file: 'boutique-light', width: 1440, height: 900, theme: 'light', open: boutique, from: 'frontend-', to: 'cartservice', steps: 20 })] : []),
];

/** @param {import('@playwright/test').Page} page @param {string} label @param {string} text */
async function choose(page, label, text) {
  const box = page.getByRole('combobox', { name: label, exact: true });
  await box.click();
  await box.fill(text);
  await page.getByRole('option').filter({ hasText: text }).first().click();
}

/** @param {import('@playwright/test').Page} page @param {string} what */
async function open(page, what) {
  if (!what.endsWith('.yaml')) {
    await page.getByRole('button', { name: /^Scenario:/ }).click();
    await page.getByText(what, { exact: true }).first().click();
    return;
  }
  const chooser = page.waitForEvent('filechooser');
  await page.keyboard.press('Control+o');
  await (await chooser).setFiles(what);
  await page.getByRole('dialog').getByRole('button', { name: /^(Replace|Open)/ }).click();
}

/** Traffic, and an edit while it flows. @param {import('@playwright/test').Page} page @param {string} file */
async function flow(page, file) {
  await page.getByRole('button', { name: 'Traffic', exact: true }).click();
  await page.getByRole('complementary', { name: 'Traffic' }).getByRole('button', { name: 'Start' }).click();
  await page.waitForTimeout(5000);
  await page.getByRole('application', { name: 'Cluster' }).getByRole('button', { name: /^Pod api-3/ }).focus();
  await page.keyboard.press('Delete');
  await page.waitForTimeout(6000);
  await page.screenshot({ path: `docs/${file}.png` });
}

/** @param {import('@playwright/test').Page} page @param {Shot} shot */
async function take(page, { file, theme, open: what, from, to, port, steps, inside, flows }) {
  await page.goto('/');
  await page.getByRole('button', { name: /^Pod / }).first().waitFor();
  await open(page, what);
  await page.waitForTimeout(500);
  if (from) await choose(page, 'From', from);
  if (to) await choose(page, 'To', to);
  if (port) {
    const box = page.getByRole('combobox', { name: 'Port and protocol' });
    await box.fill(port);
    await box.press('Enter');
    await box.blur();
  }
  if (flows) return flow(page, file);
  if (theme === 'projector') await page.getByRole('button', { name: 'Projector' }).click();
  await page.keyboard.press('Control+Enter');
  await page.waitForTimeout(400);
  await page.keyboard.press('Home');
  if (steps === 'end') await page.keyboard.press('End');
  else for (let i = 0; i < steps; i++) await page.keyboard.press('ArrowRight');
  if (inside) await page.getByRole('button', { name: new RegExp(`^${inside}`) }).first().dblclick();
  await page.mouse.move(0, 0);
  await page.waitForTimeout(1500);
  await page.screenshot({ path: `docs/${file}.png` });
}

mkdirSync('docs', { recursive: true });
const server = createWebServer(readApp(fileURLToPath(new URL('../dist', import.meta.url))));
const baseURL = `http://127.0.0.1:${await listenOnLoopback(server, 0)}/`;
const executablePath = ensureChromium();
const browser = await chromium.launch({ ...(executablePath ? { executablePath } : {}), args: ['--no-sandbox', '--disable-quic'] });
for (const shot of shots) {
  const context = await browser.newContext({ baseURL, viewport: { width: shot.width, height: shot.height }, colorScheme: shot.theme === 'dark' ? 'dark' : 'light' });
  await take(await context.newPage(), shot);
  await context.close();
}
await browser.close();
server.close();
server.closeAllConnections();
