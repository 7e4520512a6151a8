// A newcomer's way through the browser build: open a cluster, choose two ends, send, step, read why.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';

// At 1280 the outline is a rail; these journeys read it.
test.use({ viewport: { width: 1440, height: 900 } });

const boutique = fileURLToPath(new URL('../../../shared/manifests/online-boutique.yaml', import.meta.url));

async function openApp(page: Page): Promise<void> {
  await page.goto('/');
  await expect(page.getByRole('button', { name: /^Pod / }).first()).toBeVisible();
}

async function openFile(page: Page, file: string): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.keyboard.press('Control+o');
  await (await chooser).setFiles(file);
  const confirm = page.getByRole('dialog').getByRole('button', { name: /^(Replace|Open)/ });
  await confirm.click();
}

async function choose(page: Page, label: 'From' | 'To', text: string): Promise<void> {
  const box = page.getByRole('combobox', { name: label, exact: true });
  await box.click();
  await box.fill(text);
  await page.getByRole('option').first().click();
}

test('opens Online Boutique, sends frontend → cartservice, and the last hop is a cartservice pod on 7070', async ({ page }) => {
  test.skip(!existsSync(boutique), 'no ../shared/manifests/online-boutique.yaml beside the project');
  await openApp(page);
  await openFile(page, boutique);
  await expect(page.getByRole('treeitem', { name: /^frontend-/ })).toBeVisible();
  await choose(page, 'From', 'frontend-');
  await choose(page, 'To', 'cartservice');
  await expect(page.getByRole('combobox', { name: 'Port and protocol' })).toHaveValue(/7070/);
  await page.keyboard.press('Control+Enter');
  const trace = page.getByRole('complementary', { name: 'Trace' });
  await expect(trace.getByRole('heading', { level: 1 })).toContainText('cartservice:7070');
  await page.keyboard.press('End');
  const moments = trace.getByRole('list').getByRole('listitem');
  await expect(moments.filter({ hasText: /KUBE-SVC-RXT2D4/ }).first()).toBeAttached();
  await expect(moments.filter({ hasText: /^cartservice-.*receives it/ })).toHaveCount(1);
  await expect(moments.last()).toContainText('Delivered');
});

test('open, choose, send, step and read by keyboard alone', async ({ page }) => {
  await openApp(page);
  await page.getByRole('treeitem', { name: /^web,/ }).focus();
  await page.keyboard.press('s');
  await page.getByRole('treeitem', { name: /^db,/ }).focus();
  await page.keyboard.press('d');
  await page.keyboard.press('Control+Enter');
  const status = page.getByRole('complementary', { name: 'Trace' });
  await expect(status.getByRole('heading', { level: 1 })).toContainText('db');
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByText(/Step 3 of/)).toBeVisible();
  await page.keyboard.press('End');
  await expect(status.getByRole('list').getByRole('listitem').last()).toContainText('Delivered');
});

test('a scenario of the menu opens, and a refused packet says so in words', async ({ page }) => {
  await openApp(page);
  await page.getByRole('button', { name: /^Scenario:/ }).click();
  await page.getByRole('option', { name: /ClusterIP/ }).or(page.getByRole('menuitem', { name: /ClusterIP/ })).or(page.getByRole('menuitemradio', { name: /ClusterIP/ })).first().click();
  await expect(page.getByRole('treeitem', { name: /^api-3,/ })).toBeVisible();
  await choose(page, 'From', 'web-1');
  await choose(page, 'To', 'api-1');
  const port = page.getByRole('combobox', { name: 'Port and protocol' });
  await port.fill('81');
  await port.press('Enter');
  await page.keyboard.press('Control+Enter');
  await page.keyboard.press('End');
  await expect(page.getByRole('complementary', { name: 'Trace' }).getByText('Refused').first()).toBeVisible();
});

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing: ${theme}, before and after a packet`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await openApp(page);
    const check = async (): Promise<unknown> => {
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
      return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(' | ')}`);
    };
    expect(await check()).toEqual([]);
    await page.keyboard.press('Control+Enter');
    await page.keyboard.press('End');
    await expect(page.getByRole('complementary', { name: 'Trace' }).getByText('Delivered').first()).toBeVisible();
    expect(await check()).toEqual([]);
  });
}
