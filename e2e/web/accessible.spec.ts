// Every state of the app in every theme and in forced colours: axe finds nothing, target sizes included (reliability.md X1).
import { expect, test, type Page } from '@playwright/test';
import { atRest, faultsOfPage } from './app.ts';
import { dress, mainStates, moreStates, openIn } from './looks/states.ts';

// a hang guard: axe reads the whole page four times, about twelve seconds
test.describe.configure({ timeout: 120_000 });
test.use({ viewport: { width: 1440, height: 900 } });

async function faults(page: Page, rules: Parameters<typeof faultsOfPage>[1] = {}): Promise<readonly string[]> {
  await atRest(page);
  return faultsOfPage(page, { 'target-size': { enabled: true }, ...rules });
}

for (const { name, reach } of [...mainStates, ...moreStates]) {
  test(`${name}: light, dark, high contrast, forced colours`, async ({ page }) => {
    await openIn(page, 'light');
    await reach(page);
    const found: string[] = [];
    for (const theme of ['light', 'dark', 'contrast'] as const) {
      await dress(page, theme);
      found.push(...(await faults(page)).map((fault) => `${theme}: ${fault}`));
    }
    await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
    await expect.poll(() => page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(255, 255, 255)');
    // axe reads -webkit-text-fill-color, which keeps the page's own colour where the system's is shown: contrast is the system's here
    found.push(...(await faults(page, { 'color-contrast': { enabled: false } })).map((fault) => `forced colours: ${fault}`));
    expect(found).toEqual([]);
  });
}

for (const { name, reach } of [mainStates[0]!, ...moreStates.slice(-2)]) {
  test(`${name}: projector`, async ({ page }) => {
    await openIn(page, 'projector');
    await reach(page);
    expect(await faults(page)).toEqual([]);
  });
}

// the projector has no panels to go by: the state is reached before it is turned on
for (const { name, reach } of mainStates.slice(1, 6)) {
  test(`${name}: projector, turned on`, async ({ page }) => {
    await openIn(page, 'light');
    await reach(page);
    await page.getByRole('button', { name: 'Projector' }).click();
    expect(await faults(page)).toEqual([]);
  });
}
