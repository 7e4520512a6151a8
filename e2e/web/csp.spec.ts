// The browser build under its policy (reliability A5, A6): the probes are stopped, and a normal session breaks nothing.
import { expect, test, type Page } from '@playwright/test';
import { contentSecurityPolicy } from '../../electron/response-headers.mjs';
import { inject, injectionProbes, watchViolations } from './injection-probes.ts';

async function openApp(page: Page): Promise<void> {
  await page.goto('/');
  await expect(page.locator('#app > *').first()).toBeVisible();
}

test('the page and all it is made of carry the policy', async ({ page }) => {
  const seen = new Map<string, string | undefined>();
  page.on('response', (response) => seen.set(new URL(response.url()).pathname, response.headers()['content-security-policy']));
  await openApp(page);
  await page.waitForLoadState('networkidle');
  expect([...seen].filter(([path, policy]) => policy !== contentSecurityPolicy && !path.startsWith('blob:')).map(([path]) => path)).toEqual([]);
  expect([...seen.keys()].some((path) => path.startsWith('/assets/'))).toBe(true);
});

for (const [name, probe] of injectionProbes) {
  test(`A5: ${name} is blocked by the policy`, async ({ page }) => {
    await openApp(page);
    const violations = await watchViolations(page);
    await inject(page, probe);
    await expect.poll(async () => (await violations()).length).toBeGreaterThan(0);
    expect(await page.evaluate(() => Reflect.get(globalThis, 'injected') as unknown)).toBeUndefined();
  });
}

test('a normal session violates nothing, leaves for nowhere and logs no error', async ({ page, baseURL }) => {
  const wrong: string[] = [];
  page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('request', (request) => {
    const isOwn = request.url().startsWith(`${baseURL ?? ''}/`) || request.url().startsWith('blob:') || request.url().startsWith('data:');
    if (!isOwn) wrong.push(`request to ${request.url()}`);
  });
  await page.addInitScript(() => {
    const seen: string[] = [];
    Reflect.set(globalThis, 'violationsFromTheStart', seen);
    document.addEventListener('securitypolicyviolation', (event) => seen.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
  });
  await openApp(page);
  await page.waitForLoadState('networkidle');
  // every dialog, theme and panel that a key opens
  for (const key of ['Control+k', 'Escape', 'Control+b', 'Control+b', 'Control+j', 'Control+j', 'F1', 'Escape', 'Control+l', 'Tab', 'Tab']) await page.keyboard.press(key);
  await page.waitForTimeout(500);
  expect(await page.evaluate(() => Reflect.get(globalThis, 'violationsFromTheStart') as readonly string[])).toEqual([]);
  expect(wrong).toEqual([]);
});
