// Who reaches whom, in the built app: the grid, what changed with both traces side by side, coverage and exposure, by mouse and by keyboard; what the model holds is read back from the trace, the request bar and the manifests.
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { inspector, openApp, row, thing, trace } from './app.ts';

test.use({ viewport: { width: 1440, height: 900 } });

const pod = (name: string, node: string, namespace = 'shop'): string => `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: ${namespace}, labels: { app: ${name} } }\nspec: { nodeName: ${node}, containers: [{ name: c, image: i, ports: [{ containerPort: 8080 }] }] }\n`;
const policy = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api-callers, namespace: shop }
spec:
  podSelector: { matchLabels: { app: api } }
  ingress:
  - from:
    - podSelector: { matchLabels: { app: web } }
    ports: [{ port: 8080 }]
  - from:
    - podSelector: { matchLabels: { app: later } }
`;
const manifests = [pod('web', 'a'), pod('api', 'b'), pod('db', 'c'), pod('batch', 'c', 'jobs'), policy].join('---\n');

const tab = (page: Page, name: string): Locator => page.getByRole('tablist', { name: 'Reach' }).getByRole('tab', { name });
const dialog = (page: Page): Locator => page.getByRole('dialog', { name: /^Before and after/ });

async function openShop(page: Page): Promise<void> {
  await openApp(page);
  await page.keyboard.press('Control+Shift+V');
  await page.getByRole('textbox', { name: 'Manifests as YAML or JSON' }).fill(manifests);
  await page.getByRole('button', { name: 'Read', exact: true }).click();
  await page.getByRole('button', { name: /^Replace/ }).click();
  await expect(thing(page, /^Pod batch,/)).toBeVisible();
}

/** Takes web out of the policy, in its text. */
async function closeTheDoor(page: Page): Promise<void> {
  await page.keyboard.press('Control+J');
  await page.locator('.yaml-pane .cm-line').filter({ hasText: 'matchLabels: { app: web }' }).click();
  await page.keyboard.press('End');
  for (let i = 0; i < 'web } }'.length; i++) await page.keyboard.press('Backspace');
  await page.keyboard.type('nobody } }');
}

test('an edit closes a pair: the notice opens what changed, and its line opens both traces with the first hop that differs', async ({ page }) => {
  await openShop(page);
  await closeTheDoor(page);
  await page.getByRole('button', { name: /1 pair closed: show them/ }).click();
  await expect(tab(page, 'Changes')).toHaveAttribute('aria-selected', 'true');
  await page.getByRole('button', { name: /Closed.*web → api.*By policy/ }).click();
  const [before, after] = [dialog(page).getByRole('columnheader').first(), dialog(page).getByRole('columnheader').last()];
  await expect(before).toContainText('Delivered');
  await expect(after).toContainText('Dropped');
  await expect(dialog(page).getByText('The ways part at Node b, hop 3.')).toBeVisible();
  await expect(dialog(page).getByRole('row', { name: 'The first hop that differs' }).locator('.differs')).toHaveCount(2);
  const sizes = await dialog(page).locator('*').evaluateAll((all) => all.filter((element) => [...element.childNodes].some(({ nodeType }) => nodeType === Node.TEXT_NODE)).map((element) => Number.parseFloat(getComputedStyle(element).fontSize)));
  expect(Math.min(...sizes)).toBeGreaterThanOrEqual(12);
  expect((await new AxeBuilder({ page }).include('dialog').analyze()).violations).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toBeHidden();
});

test('the same by keyboard: the command, the arrows, Enter; then another moment of the timeline, from which nothing differs', async ({ page }) => {
  await openShop(page);
  await closeTheDoor(page);
  await expect(page.getByRole('button', { name: /1 pair closed: show them/ })).toBeVisible();
  await page.keyboard.press('Control+Shift+X');
  const line = page.getByRole('button', { name: /Closed.*web → api.*By policy/ });
  await line.focus();
  await page.keyboard.press('Enter');
  await expect(dialog(page).getByRole('columnheader').last()).toContainText('Dropped');
  await page.keyboard.press('Escape');
  await expect(line).toBeFocused();
  await page.getByRole('button', { name: 'Compare to' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitemradio', { name: /^Open/ }).first().focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Nobody can reach more or less than before.')).toBeVisible();
});

test('the grid: arrows walk it, Enter chooses and Enter again sends; by namespace it counts pairs and opens up', async ({ page }) => {
  await openShop(page);
  await page.keyboard.press('Control+Shift+E');
  const cell = page.getByRole('gridcell', { name: 'web to api: tcp 8080' });
  await page.getByRole('gridcell').first().focus();
  await page.keyboard.press('Home');
  for (let i = 0; i < 8 && !(await cell.evaluate((element) => element === document.activeElement)); i++) await page.keyboard.press(i < 3 ? 'ArrowDown' : 'ArrowRight');
  await expect(cell).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'web → api' })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(trace(page).getByRole('heading', { name: 'web → api:8080' })).toBeVisible();
  await page.getByRole('button', { name: 'By namespace' }).click();
  await page.getByRole('gridcell', { name: 'jobs to shop: 2 of 3 pairs may connect' }).click();
  await expect(page.getByRole('gridcell', { name: 'batch to api: nothing' })).toBeVisible();
  await expect(page.getByRole('rowheader')).toHaveText(['batch', 'api', 'db', 'web']);
  expect((await new AxeBuilder({ page }).include('.drawer').analyze()).violations).toEqual([]);
});

test('coverage counts what was sent, and one click sends what would meet the rest', async ({ page }) => {
  await openShop(page);
  await page.keyboard.press('Control+Shift+E');
  await tab(page, 'Grid').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(tab(page, 'Coverage')).toBeFocused();
  await expect(page.getByText('0 of 2 rules met by 0 questions.')).toBeVisible();
  await expect(page.getByText('Nobody is meant by its from today.')).toBeVisible();
  await page.getByRole('button', { name: 'Send web → api:8080' }).click();
  await expect(page.getByText('1 of 2 rules met by 1 question.')).toBeVisible();
  await expect(trace(page).getByRole('heading', { name: 'web → api:8080' })).toBeVisible();
  await page.getByRole('button', { name: 'Whose rules' }).click();
  await page.getByRole('menuitemradio', { name: /Node b$/ }).click();
  await expect(page.getByText(/^[1-9]\d* of \d+ rules met by 1 question\.$/)).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: 'shop/api-callers ingress[0].from[0]' })).toContainText('Met');
  await expect(page.getByRole('listitem').filter({ hasText: 'shop/api-callers ingress[1].from[0]' })).toContainText('Matches nothing');
  expect((await new AxeBuilder({ page }).include('.drawer').analyze()).violations).toEqual([]);
});

test('exposure names who could come, also pods that do not exist yet; a policy in the inspector says what it means', async ({ page }) => {
  await openShop(page);
  // the next click would name the packet's source
  await page.keyboard.press('Escape');
  await row(page, /^api\b/).first().click();
  await page.getByRole('button', { name: /^Who could, also pods that do not exist yet/ }).click();
  const side = page.getByRole('region', { name: 'Could reach api' });
  await expect(side.getByRole('listitem')).toHaveText([/any pod with app=web of namespace shop.*1 pod today: web/, /any pod with app=later of namespace shop.*Nobody today/]);
  expect((await new AxeBuilder({ page }).include('.drawer').analyze()).violations).toEqual([]);
  await side.getByRole('button', { name: /ingress\[1\]/ }).click();
  await expect(page.locator('.yaml-pane .cm-content')).toBeVisible();
  await inspector(page).getByRole('button', { name: 'api-callers' }).click();
  await expect(page.getByText(/^Every pod with app=api of namespace shop accepts connections from any pod with app=web/)).toBeVisible();
});
