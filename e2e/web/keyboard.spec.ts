// The whole way without a pointer (reliability.md X12): open, choose, send, step, read the rule, rewire, ask again, undo.
import { expect, test, type Page } from '@playwright/test';
import { openApp, row, thing, trace } from './app.ts';

test.use({ viewport: { width: 1440, height: 900 } });

/** Presses keys one by one; after each the focus must be somewhere, and all are counted. */
function typist(page: Page): { readonly press: (...keys: readonly string[]) => Promise<void>; readonly type: (text: string) => Promise<void>; readonly keys: () => number } {
  let count = 0;
  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) {
      await page.keyboard.press(key);
      count += 1;
      // a dialog that has just closed hands the focus back within the frame
      await expect.poll(() => page.evaluate(() => document.activeElement?.tagName ?? 'BODY'), { message: `the focus after ${key}` }).not.toBe('BODY');
    }
  };
  return { press, type: async (text) => press(...text), keys: () => count };
}

test('open, choose, send, step, read, rewire, ask again and undo by keyboard alone, in at most 60 keys', async ({ page }) => {
  await openApp(page);
  const { press, type, keys } = typist(page);
  const stepText = (text: RegExp) => page.getByText(text);

  await test.step('open a sample by the palette', async () => {
    await press('Control+k');
    await type('ClusterIP');
    await press('Enter');
    await expect(row(page, /^api-3,/)).toBeVisible();
  });
  await test.step('choose both ends and send', async () => {
    await press('Control+l');
    await type('web-2');
    await press('Tab');
    await type('api');
    await press('Enter', 'Control+Enter');
    await expect(trace(page).getByRole('heading', { level: 1 })).toContainText('api:80');
  });
  await test.step('step to the rewrite and read its rule', async () => {
    await expect(stepText(/^Step \d+ of \d+$/)).toBeVisible();
    await press('Home');
    await expect(stepText(/^Step 1 of \d+$/)).toBeVisible();
    await press(...Array.from({ length: 6 }, () => 'ArrowRight'));
    await expect(stepText(/^Step 7 of \d+$/)).toBeVisible();
    await expect(trace(page).getByText('--to-destination')).toBeVisible();
  });
  await test.step('rewire: the asked pod is moved, and asked again', async () => {
    await press('Control+k');
    await type('api-1');
    await press('Enter', 'm', 'ArrowDown', 'Enter');
    await expect(thing(page, /^Pod api-1, node b, ready/)).toBeVisible();
    await press('Control+Enter', 'End');
    await expect(trace(page).getByText('Delivered').first()).toBeVisible();
  });
  await test.step('undo', async () => {
    await press('Control+z');
    await expect(thing(page, /^Pod api-1, node a, ready/)).toBeVisible();
  });
  expect(keys()).toBeLessThanOrEqual(60);
});
