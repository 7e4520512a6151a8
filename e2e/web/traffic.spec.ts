// Traffic and several packets at once, by mouse and by keyboard, in the built app: on the picture and in the numbers.
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { askPort, choose, openScenario, thing, trace } from './app.ts';

test.use({ viewport: { width: 1440, height: 900 } });

const panel = (page: Page): Locator => page.getByRole('complementary', { name: 'Traffic' });
const ends = (page: Page): Locator => panel(page).getByRole('list', { name: /^Where requests of/ }).getByRole('listitem');

/** Opens the scenario with three api pods behind a Service, web-1 asking api, and lets go of every field. */
async function openClusterIp(page: Page): Promise<void> {
  await openScenario(page, 'ClusterIP');
  await expect(thing(page, /^Pod api-3,/)).toBeVisible();
  await choose(page, 'To', 'api');
  await page.evaluate(() => { if (document.activeElement instanceof HTMLElement) document.activeElement.blur(); });
}

/** How many requests of the first pair ended this way. */
async function counted(page: Page, fate: string): Promise<number> {
  const text = await panel(page).getByRole('list', { name: 'Pairs' }).locator(`li li[title="${fate}"] b`).first().textContent();
  return Number(text);
}

/** The traffic on the map, as pixels. */
const picture = (page: Page): Promise<string> => page.locator('canvas.traffic-layer').evaluate((canvas) => (canvas instanceof HTMLCanvasElement ? canvas.toDataURL() : ''));

test('by keyboard: T starts it, the shares come to all three pods with the exact thirds, T holds it still, and it costs nothing before and after', async ({ page }) => {
  await openClusterIp(page);
  await expect(page.locator('canvas.traffic-layer')).toHaveCount(0);
  await page.keyboard.press('t');
  await expect.poll(() => counted(page, 'Delivered')).toBeGreaterThan(15);
  await expect(ends(page)).toHaveText([/^api-1\d+1\/3$/, /^api-2\d+1\/3$/, /^api-3\d+1\/3$/]);
  const moving = await picture(page);
  await expect.poll(() => picture(page)).not.toBe(moving);
  await page.keyboard.press('t');
  await expect(panel(page).getByRole('button', { name: 'Go on' })).toBeVisible();
  const [still, sent] = [await picture(page), await counted(page, 'Delivered')];
  await page.waitForTimeout(400);
  expect([await picture(page), await counted(page, 'Delivered')]).toEqual([still, sent]);
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').last().fill('Stop traffic');
  await page.keyboard.press('Enter');
  await expect(page.locator('canvas.traffic-layer')).toHaveCount(0);
});

test('by mouse: an edit changes where requests go at once and is marked in the chart; undone, they come back', async ({ page }) => {
  await openClusterIp(page);
  await page.getByRole('button', { name: 'Traffic', exact: true }).click();
  await panel(page).getByRole('button', { name: 'Start' }).click();
  await expect(ends(page)).toHaveCount(3);
  await thing(page, /^Pod api-2,/).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(ends(page)).toHaveText([/^api-1\d+1\/2$/, /^api-3\d+1\/2$/]);
  await expect(panel(page).getByRole('region', { name: /^Shares of/ })).toContainText('Delete Pod api-2');
  await expect(panel(page).locator('.edit-diamond')).toHaveCount(1);
  await page.keyboard.press('Control+z');
  await expect(ends(page)).toHaveCount(3);
  await expect(panel(page).locator('.edit-diamond')).toHaveCount(2);
});

test('a policy that is written while it flows drops the next requests', async ({ page }) => {
  await openClusterIp(page);
  await page.keyboard.press('t');
  await expect.poll(() => counted(page, 'Delivered')).toBeGreaterThan(2);
  expect(await counted(page, 'Dropped')).toBe(0);
  await thing(page, /^Pod web-1,/).focus();
  await page.keyboard.press('w');
  await thing(page, /^Pod api-1,/).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: /^Keep web-1 away from/ }).first().click();
  await expect.poll(() => counted(page, 'Dropped')).toBeGreaterThan(0);
});

test('a second pair flows in lanes of its own, at a rate of its own, and is taken out again', async ({ page }) => {
  await openClusterIp(page);
  await page.keyboard.press('t');
  await choose(page, 'From', 'web-2');
  await choose(page, 'To', 'api-3');
  await askPort(page, 81);
  await panel(page).getByRole('button', { name: /^web-2 → api-3:81$/ }).click();
  await expect(panel(page).getByRole('region', { name: 'Shares of web-2 → api-3:81' })).toContainText(/Refused\d+1/);
  await panel(page).getByRole('button', { name: 'More requests a second, web-2 → api-3:81' }).click();
  await expect(page.getByRole('button', { name: 'Traffic 15/s' })).toBeVisible();
  await panel(page).getByRole('button', { name: 'Take web-2 → api-3:81 out of the traffic' }).click();
  await expect(panel(page).getByRole('list', { name: 'Pairs' }).locator('> li')).toHaveCount(1);
});

test('with less motion the numbers move in steps and nothing on the map does', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openClusterIp(page);
  await page.keyboard.press('t');
  await expect.poll(() => counted(page, 'Delivered')).toBeGreaterThan(4);
  const before = await picture(page);
  const sent = await counted(page, 'Delivered');
  await expect.poll(() => counted(page, 'Delivered')).toBeGreaterThan(sent);
  expect(await picture(page)).toBe(before);
  await expect(ends(page)).toHaveCount(3);
});

for (const theme of ['light', 'dark', 'contrast'] as const) {
  test(`the panel in the ${theme} theme: axe finds nothing, and nothing is set below 12 px`, async ({ page }) => {
    await page.addInitScript((chosen) => localStorage.setItem('podhop.preferences', JSON.stringify({ theme: chosen })), theme);
    await openClusterIp(page);
    await page.keyboard.press('t');
    await expect(ends(page)).toHaveCount(3);
    await page.keyboard.press('t');
    const { violations } = await new AxeBuilder({ page }).include('.trace').include('.lane').analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)).toEqual([]);
    const sizes = await panel(page).locator('*').evaluateAll((all) => all.map((element) => Number.parseFloat(getComputedStyle(element).fontSize)));
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(12);
  });
}

test('on a projector the counts stand in the line below, with a button that holds everything still', async ({ page }) => {
  await openClusterIp(page);
  await page.getByRole('button', { name: 'Projector' }).click();
  await page.keyboard.press('t');
  const caption = page.getByRole('contentinfo', { name: 'Playback' });
  await expect(caption).toContainText(/web-1 → api:80api-1 \d+ · api-2 \d+ · api-3 [1-9]/);
  await caption.getByRole('button', { name: 'Pause traffic' }).click();
  await expect(caption.getByRole('button', { name: 'Start traffic' })).toBeVisible();
});

test('the session is one bar: by keys back through packets and edits, each packet in the cluster it was sent in, and forward again', async ({ page }) => {
  await openClusterIp(page);
  await page.keyboard.press('Control+Enter');
  await expect(trace(page).getByRole('group', { name: 'Branches' }).getByRole('button')).toHaveCount(3);
  await thing(page, /^Pod api-2,/).focus();
  await page.keyboard.press('Delete');
  await expect(thing(page, /^Pod api-2,/)).toHaveCount(0);
  await page.keyboard.press('Control+Enter');
  const session = page.getByRole('slider', { name: 'Moment of the session' });
  await expect(session).toHaveAttribute('aria-valuetext', '4 of 4. Packet: web-1 → api:80');
  await session.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(session).toHaveAttribute('aria-valuetext', '3 of 4. Edit: Delete Pod api-2');
  await page.keyboard.press('ArrowLeft');
  await expect(thing(page, /^Pod api-2,/)).toBeVisible();
  await expect(session).toHaveAttribute('aria-valuetext', '2 of 4. Packet: web-1 → api:80');
  await expect(trace(page).getByRole('group', { name: 'Branches' }).getByRole('button')).toHaveCount(3);
  await expect(trace(page).getByText(/as it was before/)).toHaveCount(0);
  await page.keyboard.press('End');
  await expect(thing(page, /^Pod api-2,/)).toHaveCount(0);
  await expect(session).toHaveAttribute('aria-valuetext', '4 of 4. Packet: web-1 → api:80');
  await expect(trace(page).getByRole('group', { name: 'Branches' }).getByRole('button')).toHaveCount(2);
});

test('a second packet sent while the first is under way: both on the map, each in its lane and with its number', async ({ page }) => {
  await openClusterIp(page);
  for (let i = 0; i < 3; i++) await page.keyboard.press('[');
  await page.keyboard.press('Control+Enter');
  const lane = page.getByRole('list', { name: 'Packets and edits' });
  await expect(lane.getByRole('button')).toHaveCount(1);
  await expect(page.locator('.path-lines')).toHaveCount(1);
  await page.waitForTimeout(300);
  await choose(page, 'From', 'web-2');
  await page.keyboard.press('Control+Enter');
  await expect(lane.getByRole('button', { name: /web-1 → api:80.*packet 1 on the map/ })).toBeVisible();
  await expect(lane.getByRole('button', { name: /web-2 → api:80.*packet 2 on the map/ })).toHaveAttribute('aria-current', 'true');
  await expect(page.locator('.path-lines')).toHaveCount(2);
  await expect(thing(page, /^Pod web-1,/)).not.toHaveAttribute('data-off');
  await lane.getByRole('button', { name: /web-1 → api:80/ }).click();
  await expect(page.locator('.path-lines')).toHaveCount(1);
});
