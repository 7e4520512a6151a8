import AxeBuilder from '@axe-core/playwright';
import { expect, type Locator, type Page } from '@playwright/test';

/** The drawn cluster. */
export const map = (page: Page): Locator => page.getByRole('application', { name: 'Cluster' });
/** A thing on the map, by its accessible name. */
export const thing = (page: Page, name: RegExp): Locator => map(page).getByRole('button', { name });
/** A thing in the outline. */
export const row = (page: Page, name: RegExp): Locator => page.getByRole('treeitem', { name });
export const trace = (page: Page): Locator => page.getByRole('complementary', { name: 'Trace' });
export const inspector = (page: Page): Locator => page.getByRole('complementary', { name: 'Inspector' });

/** Opens the app and waits until its own cluster is drawn. */
export async function openApp(page: Page): Promise<void> {
  await page.goto('/');
  await expect(thing(page, /^Pod api,/)).toBeVisible();
}

/** Opens a scenario by its title, from the menu. */
export async function openScenario(page: Page, title: string): Promise<void> {
  await openApp(page);
  await page.getByRole('button', { name: /^Scenario:/ }).click();
  await page.getByText(title, { exact: true }).first().click();
}

/** Chooses an end of the question among what the field offers for these words. */
export async function choose(page: Page, label: 'From' | 'To', text: string): Promise<void> {
  const box = page.getByRole('combobox', { name: label, exact: true });
  await box.click();
  await box.fill(text);
  await page.getByRole('option').filter({ hasText: text }).first().click();
}

/** Asks for another port than the one offered. */
export async function askPort(page: Page, port: number): Promise<void> {
  const box = page.getByRole('combobox', { name: 'Port and protocol' });
  await box.fill(String(port));
  await box.press('Enter');
}

/** Where the middle of something is, in pixels of the page. */
export async function centreOf(locator: Locator): Promise<{ readonly x: number; readonly y: number }> {
  const box = await locator.boundingBox();
  if (box === null) throw new Error('it is not on the page');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Drags something to a place; with `drop: false` the button stays down. */
export async function drag(page: Page, from: Locator, to: { readonly x: number; readonly y: number }, { drop = true } = {}): Promise<void> {
  const start = await centreOf(from);
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move(start.x + 12, start.y + 12, { steps: 2 });
  await page.mouse.move(to.x, to.y, { steps: 6 });
  if (drop) await page.mouse.up();
}

/** Waits until nothing moves any more: colours and panels change over a moment. */
export async function atRest(page: Page): Promise<void> {
  await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'));
}

/** All that axe finds on the whole page by WCAG 2.2 A and AA and its own best practice; `rules` turns single ones on or off. */
export async function faultsOfPage(page: Page, rules: Readonly<Record<string, { readonly enabled: boolean }>> = {}): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).options({ rules: { ...rules } }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}
