import { expect, test, type Page } from '@playwright/test';
import { openScenario } from './app.ts';

/** Opens a scenario and waits until its own question stands in the bar. */
async function open(page: Page, scenario: string, to: string): Promise<void> {
  await openScenario(page, scenario);
  await expect(page.getByRole('combobox', { name: 'To', exact: true })).toHaveValue(to);
}
async function sendTo(page: Page, destination: string): Promise<void> {
  const box = page.getByRole('combobox', { name: 'To', exact: true });
  await box.click();
  await box.fill(destination);
  await box.press('Enter');
  await page.keyboard.press('Control+Enter');
  await page.keyboard.press('End');
}

test('A URL is answered with the rule that took it lit, and with what the proxy adds', async ({ page }) => {
  await open(page, 'Ingress by host and path', 'http://shop.example/api/v1');
  await sendTo(page, 'http://shop.example/api/v2');
  await page.getByText('GET http://shop.example/api/v2').click();
  await expect(page.getByText('X-Forwarded-For: 203.0.113.10', { exact: true })).toBeVisible();
  const rules = page.getByRole('table', { name: 'Ingress rules' }).getByRole('row');
  await expect(rules.nth(1)).toHaveClass('won');
  await expect(rules.nth(1)).toContainText('shop.example/api');
  await expect(rules.nth(2)).toContainText('/api/v2 does not begin with /cart');
  await page.getByRole('button', { name: '100 on one connection' }).click();
  await expect(page.getByText('100 on one', { exact: true })).toBeVisible();
});

test('A name is a story of its own: each lookup opens to the records that were asked for', async ({ page }) => {
  await open(page, 'CoreDNS, the search list and ndots', 'api');
  await sendTo(page, 'api.github.com');
  const lookups = page.getByRole('button', { name: /^Lookup/ });
  await expect(lookups).toHaveCount(4);
  await lookups.nth(3).click();
  await expect(page.getByLabel('Asked about api.github.com', { exact: true })).toContainText('192.0.2.22');
});

test('An SRV question is asked as such and its port is dialled', async ({ page }) => {
  await open(page, 'Headless Services and StatefulSets', 'web');
  await sendTo(page, '_http._tcp.web');
  await expect(page.getByRole('button', { name: /^Lookup/ }).first()).toContainText('SRV');
  await expect(page.getByText('Delivered', { exact: true }).first()).toBeVisible();
});
