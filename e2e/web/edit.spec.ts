// The cluster is changed by hand, by text and by keyboard; what it did is seen on the map, in the trace and in the reach grid, and taken back.
import { expect, test, type Page } from '@playwright/test';
import { faultsOfPage, inspector, openScenario, row, trace } from './app.ts';

test.use({ viewport: { width: 1440, height: 900 } });

async function openClusterIp(page: Page): Promise<void> {
  await openScenario(page, 'ClusterIP');
  await expect(row(page, /^api-3,/)).toBeVisible();
}

async function send(page: Page): Promise<void> {
  await page.keyboard.press('Control+Enter');
  await expect(trace(page).getByRole('heading', { level: 1, name: 'web-1 → api:80' })).toBeVisible();
}

test('a pod moved in the inspector moves on the map, the question is asked again, and undo and redo are named', async ({ page }) => {
  await openClusterIp(page);
  await send(page);
  await row(page, /^api-1,/).click();
  await inspector(page).getByLabel('Node', { exact: true }).selectOption('c');
  await expect(page.getByText(/rules on 3 nodes/)).toBeVisible();
  await expect(page.getByRole('button', { name: /^Pod api-1, .*node c/i }).or(page.getByRole('button', { name: /^Pod api-1/ })).first()).toBeVisible();
  await inspector(page).getByRole('button', { name: 'Back to the trace' }).click();
  await expect(page.getByText('Asked again after “Move api-1 to node c”: still delivered.')).toBeVisible();
  await page.getByRole('button', { name: 'Undo move api-1 to node c', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Redo move api-1 to node c', exact: true })).toBeEnabled();
  await row(page, /^api-1,/).click();
  await expect(inspector(page).getByLabel('Node', { exact: true })).toHaveValue('a');
  await page.keyboard.press('Control+Shift+Z');
  await expect(inspector(page).getByLabel('Node', { exact: true })).toHaveValue('c');
  await page.keyboard.press('Control+Z');
  await expect(inspector(page).getByLabel('Node', { exact: true })).toHaveValue('a');
});

test('typing in the manifests changes the map, a change on the map changes the manifests, and the timeline goes back to any point', async ({ page }) => {
  await openClusterIp(page);
  await page.keyboard.press('Control+j');
  const text = page.locator('.yaml-pane .cm-content');
  await expect(text).toContainText('targetPort: 8080');
  await page.locator('.yaml-pane .cm-line').filter({ hasText: 'targetPort: 8080' }).first().click();
  await page.keyboard.press('End');
  await page.keyboard.press('Backspace');
  await page.keyboard.type('1');
  await expect(inspector(page).getByLabel('Target of port 80')).toHaveValue('8081');
  const port = inspector(page).getByLabel('Target of port 80');
  await port.fill('8080');
  await port.press('Enter');
  await expect(text).toContainText('targetPort: 8080');
  const line = page.getByRole('list', { name: 'Packets and edits' });
  await expect(line.getByRole('listitem')).toHaveCount(3);
  await line.getByRole('button', { name: /^Opened\. Go back/ }).click();
  await expect(line.getByRole('button', { name: /Undone\. Go forward/ })).toHaveCount(2);
  await expect(text).toContainText('targetPort: 8080');
});

test('completion offers what the schema knows', async ({ page }) => {
  await openClusterIp(page);
  await page.keyboard.press('Control+j');
  await page.locator('.yaml-pane .cm-line').filter({ hasText: 'targetPort: 8080' }).first().click();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.keyboard.type('nod');
  await expect(page.locator('.yaml-pane').getByRole('option', { name: /nodePort/ })).toBeVisible();
});

test('a policy added by keyboard closes pairs; the grid marks them, names the policy and sends the packet', async ({ page }) => {
  await openClusterIp(page);
  await page.keyboard.press('Control+Shift+E');
  const cell = page.getByRole('gridcell', { name: /^web-1 to api-1:/ });
  await expect(cell).toHaveAccessibleName('web-1 to api-1: everything');
  await row(page, /^api-1,/).click();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('add networkpolicy');
  await page.keyboard.press('Enter');
  await expect(page.locator('.yaml-pane .cm-content')).toContainText('kind: NetworkPolicy');
  await page.keyboard.press('Control+Shift+E');
  await expect(cell).toHaveAccessibleName('web-1 to api-1: nothing, closed; was everything');
  await expect(page.getByText(/^The last edit: \d+ pairs closed\.$/)).toBeVisible();
  await cell.click();
  await expect(page.getByText(/the pod is selected by default\//)).toBeVisible();
  await page.getByRole('button', { name: 'Send this packet' }).click();
  await page.keyboard.press('Control+z');
  await expect(cell).toHaveAccessibleName(/^web-1 to api-1: everything, opened; was nothing$/);
});

test('axe finds nothing in the inspector, the grid and the manifests after an edit', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openClusterIp(page);
  await send(page);
  await row(page, /^api-1,/).click();
  await inspector(page).getByRole('switch', { name: 'Ready' }).click();
  await expect(page.getByText(/Mark api-1 not ready/).first()).toBeVisible();
  expect(await faultsOfPage(page)).toEqual([]);
  await page.keyboard.press('Control+Shift+E');
  await expect(page.getByRole('grid')).toBeVisible();
  expect(await faultsOfPage(page)).toEqual([]);
  await page.keyboard.press('Control+j');
  await expect(page.locator('.yaml-pane .cm-content')).toBeVisible();
  await inspector(page).getByRole('button', { name: 'Back to the trace' }).click();
  await page.getByText('All fields, by layer').or(page.getByText('Delivered').first()).first().waitFor();
  expect(await faultsOfPage(page)).toEqual([]);
});
