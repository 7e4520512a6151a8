// The same app on Electron itself, wherever its runtime and a display are.
import { fileURLToPath } from 'node:url';
import { _electron, expect, test, type ElectronApplication, type Page } from '@playwright/test';
import { electronBinary, hasDisplay } from '../../../scripts/electron-runtime.mjs';
import { oneToTwo, twoPods } from '../harness/manifests.ts';
import { request, revisionOf } from '../harness/talk.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const binary = electronBinary();

test.skip(binary === null, 'no Electron runtime');
test.skip(!hasDisplay(process.platform, process.env), 'no display for Electron');

let app: ElectronApplication;
let page: Page;
test.beforeEach(async () => {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  app = await _electron.launch({ executablePath: binary ?? '', args: [...sandbox, root] });
  page = await app.firstWindow();
});
test.afterEach(() => app.close());

test('the window opens the page', async () => {
  await expect(page.locator('#app > *').first()).toBeVisible();
  expect(page.url()).toBe('app://bundle/index.html');
});

test('the engine answers through the preload', async () => {
  // the page opens its first lesson of itself
  await expect.poll(() => revisionOf(page)).toBeGreaterThan(0);
  expect(await request(page, 'engine', 'open', { documents: [{ name: 'two.yaml', text: twoPods }], title: 'two.yaml' })).toMatchObject({ ok: true });
  expect(await request(page, 'engine', 'ask', { probe: oneToTwo })).toMatchObject({ ok: true, output: { journey: { branches: [{ verdict: 'delivered' }] } } });
});

test('A2, A5: the page is isolated and under the policy', async () => {
  expect(await page.evaluate(() => ['require', 'process', 'module', 'Buffer'].filter((name) => name in globalThis))).toEqual([]);
  const violation = page.evaluate(() => new Promise<string>((resolve) => {
    document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective));
    const script = document.createElement('script');
    script.append('globalThis.injected = 1');
    document.head.append(script);
  }).catch(() => 'blocked'));
  expect(await violation).toMatch(/script|trusted-types|blocked/);
  expect(await page.evaluate(() => Reflect.get(globalThis, 'injected') as unknown)).toBeUndefined();
});

test('A7: files of the disk cannot be fetched', async () => {
  expect(await page.evaluate(() => fetch('file:///etc/hosts').then(() => 'read', () => 'refused'))).toBe('refused');
});

test('A13, A14: no other page, no second window', async () => {
  await page.evaluate(() => {
    window.open('https://evil.example/');
    location.href = 'https://evil.example/';
  });
  expect(await request(page, 'shell', 'about', {})).toMatchObject({ ok: true });
  expect([page.url(), app.windows().length]).toEqual(['app://bundle/index.html', 1]);
});
