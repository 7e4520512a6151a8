// A newcomer's way through the browser build: open a cluster, choose two ends, send, step, read why.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test, type Page } from '@playwright/test';
import { askPort, choose, faultsOfPage, openApp, openScenario, row, trace } from './app.ts';

// At 1280 the outline is a rail; these journeys read it.
test.use({ viewport: { width: 1440, height: 900 } });

const boutique = fileURLToPath(new URL('../../../shared/manifests/online-boutique.yaml', import.meta.url));

async function openFile(page: Page, file: string): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.keyboard.press('Control+o');
  await (await chooser).setFiles(file);
  const confirm = page.getByRole('dialog').getByRole('button', { name: /^(Replace|Open)/ });
  await confirm.click();
}

test('opens Online Boutique, sends frontend → cartservice, and the last hop is a cartservice pod on 7070', async ({ page }) => {
  test.skip(!existsSync(boutique), 'no ../shared/manifests/online-boutique.yaml beside the project');
  await openApp(page);
  await openFile(page, boutique);
  await expect(row(page, /^frontend-/)).toBeVisible();
  await choose(page, 'From', 'frontend-');
  await choose(page, 'To', 'cartservice');
  await expect(page.getByRole('combobox', { name: 'Port and protocol' })).toHaveValue(/7070/);
  await page.keyboard.press('Control+Enter');
  const told = trace(page);
  await expect(told.getByRole('heading', { level: 1 })).toContainText('cartservice:7070');
  await page.keyboard.press('End');
  const moments = told.getByRole('list').getByRole('listitem');
  await expect(moments.filter({ hasText: /KUBE-SVC-RXT2D4/ }).first()).toBeAttached();
  await expect(moments.filter({ hasText: /^cartservice-.*receives it/ })).toHaveCount(1);
  await expect(moments.last()).toContainText('Delivered');
});

test('open, choose, send, step and read by keyboard alone', async ({ page }) => {
  await openApp(page);
  await row(page, /^web,/).focus();
  await page.keyboard.press('s');
  await row(page, /^db,/).focus();
  await page.keyboard.press('d');
  await page.keyboard.press('Control+Enter');
  const status = trace(page);
  await expect(status.getByRole('heading', { level: 1 })).toContainText('db');
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByText(/Step 3 of/)).toBeVisible();
  await page.keyboard.press('End');
  await expect(status.getByRole('list').getByRole('listitem').last()).toContainText('Delivered');
});

test('a scenario of the menu opens, and a refused packet says so in words', async ({ page }) => {
  await openScenario(page, 'ClusterIP');
  await expect(row(page, /^api-3,/)).toBeVisible();
  await choose(page, 'From', 'web-1');
  await choose(page, 'To', 'api-1');
  await askPort(page, 81);
  await page.keyboard.press('Control+Enter');
  await page.keyboard.press('End');
  await expect(trace(page).getByText('Refused').first()).toBeVisible();
});

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing: ${theme}, before and after a packet`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await openApp(page);
    expect(await faultsOfPage(page)).toEqual([]);
    await page.keyboard.press('Control+Enter');
    await page.keyboard.press('End');
    await expect(trace(page).getByText('Delivered').first()).toBeVisible();
    expect(await faultsOfPage(page)).toEqual([]);
  });
}
