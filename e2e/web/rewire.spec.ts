// Every gesture of rewiring, by mouse and by keyboard, in the built app: on the picture and in the text it changes.
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { centreOf, drag, openApp, thing, trace } from './app.ts';

test.use({ viewport: { width: 1440, height: 900 } });

async function inRow(page: Page, node: RegExp): Promise<{ x: number; y: number }> {
  const name = await centreOf(thing(page, node));
  return { x: name.x + 160, y: name.y + 90 };
}

test('a pod is dragged to another node: the effect is said before letting go, and it has another address after', async ({ page }) => {
  await openApp(page);
  await drag(page, thing(page, /^Pod api, node a/), await inRow(page, /^Node c/), { drop: false });
  await expect(page.getByText('Move api to node c')).toBeVisible();
  await expect(page.locator('.effect-chip')).toContainText(/1 pod on another node/);
  await page.mouse.up();
  await expect(thing(page, /^Pod api, node c, ready, 10\.244\.3\./)).toBeVisible();
});

test('Esc during a drag changes nothing', async ({ page }) => {
  await openApp(page);
  await drag(page, thing(page, /^Pod api, node a/), await inRow(page, /^Node c/), { drop: false });
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await expect(page.locator('.effect-chip')).toBeHidden();
  await expect(thing(page, /^Pod api, node a/)).toBeVisible();
});

test('the same by keys: M, arrows, Enter; and undone', async ({ page }) => {
  await openApp(page);
  await thing(page, /^Pod api, node a/).focus();
  await page.keyboard.press('m');
  await expect(page.getByText('Choose a node for api')).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await expect(thing(page, /^Node b/)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(thing(page, /^Pod api, node b, ready, 10\.244\.2\./)).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(thing(page, /^Pod api, node a, ready, 10\.244\.1\.2$/)).toBeVisible();
});

test('and by clicks: the menu, then the node', async ({ page }) => {
  await openApp(page);
  await thing(page, /^Pod api, node a/).click({ button: 'right' });
  await page.getByRole('menuitem', { name: /^Move to another node/ }).click();
  const { x, y } = await inRow(page, /^Node c/);
  await page.mouse.click(x, y);
  await expect(thing(page, /^Pod api, node c/)).toBeVisible();
});

test('a Service is put in front of a pod, dragged to another, and what is asked is answered', async ({ page }) => {
  await openApp(page);
  await thing(page, /^Pod api,/).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Put a Service in front' }).click();
  const service = thing(page, /^Service api,/);
  await expect(service).toBeVisible();
  await drag(page, service, await centreOf(thing(page, /^Pod web,/)));
  const menu = page.getByRole('menu');
  await expect(menu.getByRole('menuitem').first()).toBeVisible();
  await menu.getByRole('menuitem').first().click();
  await expect(menu).toBeHidden();
});

test('who may reach whom: W, a pod, deny; the packet is then dropped', async ({ page }) => {
  await openApp(page);
  await thing(page, /^Pod web,/).focus();
  await page.keyboard.press('w');
  await thing(page, /^Pod api,/).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Keep web away from api' }).click();
  await expect(page.getByRole('menu')).toBeHidden();
  await page.keyboard.press('Control+Enter');
  await expect(trace(page).getByText(/Dropped|Timed out|Timeout/).first()).toBeAttached();
});

test('Delete takes a pod away, and the menu marks one not ready', async ({ page }) => {
  await openApp(page);
  await thing(page, /^Pod db,/).focus();
  await page.keyboard.press('Delete');
  await expect(thing(page, /^Pod db,/)).toHaveCount(0);
  await thing(page, /^Pod web,/).focus();
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: 'Mark not ready' }).click();
  await expect(thing(page, /^Pod web, node a, not ready/)).toBeVisible();
});

test('inside a node: entered by Enter, read by step, left by Esc, without a fault that axe finds', async ({ page }) => {
  await openApp(page);
  await page.keyboard.press('Control+Enter');
  await expect(trace(page).getByRole('list')).toBeVisible();
  await thing(page, /^Node a/).focus();
  await page.keyboard.press('Enter');
  const inside = page.getByRole('region', { name: 'Node a from inside' });
  await expect(inside.getByText('PREROUTING').first()).toBeVisible();
  await expect(inside.getByRole('region', { name: 'Routes of the main table' })).toContainText('default');
  const sizes = await inside.locator('text').evaluateAll((all) => all.map((e) => Number.parseFloat(getComputedStyle(e).fontSize)));
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(12);
  expect((await new AxeBuilder({ page }).include('.node-inside').analyze()).violations).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(inside).toHaveCount(0);
  await expect(thing(page, /^Node a/)).toBeVisible();
});

test('the menu and a gesture’s words have no fault that axe finds', async ({ page }) => {
  await openApp(page);
  await thing(page, /^Pod api,/).click({ button: 'right' });
  await expect(page.getByRole('menu', { name: 'api' })).toBeVisible();
  expect((await new AxeBuilder({ page }).include('.canvas').analyze()).violations).toEqual([]);
  await page.keyboard.press('Escape');
  await page.keyboard.press('m');
  await page.keyboard.press('ArrowDown');
  expect((await new AxeBuilder({ page }).include('.canvas').analyze()).violations).toEqual([]);
});
