// Pictures of the main states in every theme and two sizes, compared with the ones that were looked at.
// Written anew by: npx playwright test -c e2e/playwright.config.ts --project=web e2e/web/looks.spec.ts --update-snapshots
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { atRest } from './app.ts';
import { dress, mainStates, openIn, type Theme } from './looks/states.ts';

// a hang guard: four pictures and the way to them take about ten seconds
test.describe.configure({ timeout: 120_000 });
const sizes = [{ width: 1280, height: 720 }, { width: 1920, height: 1080 }] as const;
const recordedWith = fileURLToPath(new URL('looks/chromium-version.txt', import.meta.url));

// Fonts are bundled, but how a browser draws them changes with its version (STACK.md).
test.beforeEach(({ browser }, { config }) => {
  if (config.updateSnapshots === 'all' || config.updateSnapshots === 'changed') return writeFileSync(recordedWith, `${browser.version()}\n`);
  const recorded = readFileSync(recordedWith, 'utf8').trim();
  test.skip(browser.version() !== recorded, `the pictures were recorded with Chromium ${recorded}, this is ${browser.version()}`);
});

for (const { name, reach } of mainStates) {
  for (const size of sizes) {
    test(`${name}: light, dark, contrast, projector, ${size.width} × ${size.height}`, async ({ page }) => {
      const picture = async (theme: Theme) => {
        await page.mouse.move(0, 0);
        await atRest(page);
        // lists scroll to the step by themselves, which no animation tells of
        await page.waitForTimeout(400);
        await expect.soft(page).toHaveScreenshot(`${name.replaceAll(/[^a-z]+/g, '-')}-${theme}-${size.width}.png`, { maxDiffPixelRatio: 0.002 });
      };
      await page.setViewportSize(size);
      await openIn(page, 'light');
      await reach(page);
      for (const theme of ['light', 'dark', 'contrast'] as const) {
        await dress(page, theme);
        await picture(theme);
      }
      // the projector has no panels to go by, and another layout: it is turned on last, as a person would
      await dress(page, 'light');
      await page.getByRole('button', { name: 'Projector' }).click();
      await picture('projector');
    });
  }
}
