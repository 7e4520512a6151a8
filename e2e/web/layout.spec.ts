// How the map is arranged, folded, grouped, filtered and added to: by mouse, by clicks and by keys, in the built app.
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { centreOf, drag, map, openApp, thing, trace } from './app.ts';

test.use({ viewport: { width: 1440, height: 900 } });

const notice = (page: Page): Locator => page.locator('.edit-notice');

/** The names of these things from top to bottom. */
async function order(page: Page, name: RegExp): Promise<readonly string[]> {
  const all = await thing(page, name).evaluateAll((buttons) => buttons.map((b) => [b.dataset['thing'] ?? '', b.getBoundingClientRect().y] as const));
  return all.toSorted((a, b) => a[1] - b[1]).map(([id]) => id.replace(/^.*\//, ''));
}

test('a node is dragged to another’s place: named, undone, and remembered after a reload', async ({ page }) => {
  await openApp(page);
  expect(await order(page, /^Node ./)).toEqual(['a', 'b', 'c']);
  await drag(page, thing(page, /^Node c/), await centreOf(thing(page, /^Node a/)));
  await expect(notice(page)).toContainText('Move node c up');
  expect(await order(page, /^Node ./)).toEqual(['c', 'a', 'b']);
  await page.reload();
  await expect(thing(page, /^Pod api,/)).toBeVisible();
  expect(await order(page, /^Node ./)).toEqual(['c', 'a', 'b']);
  await thing(page, /^Node a/).focus();
  await page.keyboard.press('Alt+ArrowUp');
  await expect(page.getByRole('button', { name: 'Undo move node a up' })).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect.poll(() => order(page, /^Node ./)).toEqual(['c', 'a', 'b']);
  await page.keyboard.press('Control+Shift+l');
  await expect(notice(page)).toContainText('Tidy up');
  expect(await order(page, /^Node ./)).toEqual(['a', 'b', 'c']);
  await page.keyboard.press('Control+z');
  await expect.poll(() => order(page, /^Node ./)).toEqual(['c', 'a', 'b']);
});

test('the same by clicks: the menu, then whose place it takes; and by keys: O, arrows, Enter', async ({ page }) => {
  await openApp(page);
  await thing(page, /^Node b/).click({ button: 'right' });
  await page.getByRole('menuitem', { name: /^Take another’s place/ }).click();
  await expect(page.getByText('Choose whose place Node b takes')).toBeVisible();
  await thing(page, /^Node a/).click();
  await expect.poll(() => order(page, /^Node ./)).toEqual(['b', 'a', 'c']);
  await thing(page, /^Node c/).focus();
  await page.keyboard.press('o');
  await page.keyboard.press('ArrowUp');
  await expect(thing(page, /^Node a/)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect.poll(() => order(page, /^Node ./)).toEqual(['b', 'c', 'a']);
});

test('pods change places within their node, Services beside each other, and no manifest changes', async ({ page }) => {
  await openApp(page);
  expect(await order(page, /^Pod (api|web), node a/)).toEqual(['api', 'web']);
  await drag(page, thing(page, /^Pod web,/), await centreOf(thing(page, /^Pod api,/)));
  await expect(notice(page)).toContainText('Move web up');
  expect(await order(page, /^Pod (api|web), node a/)).toEqual(['web', 'api']);
  await thing(page, /^Service kube-dns/).focus();
  await page.keyboard.press('Alt+ArrowLeft');
  await expect(notice(page)).toContainText('Move Service kube-dns left');
  const x = async (name: RegExp): Promise<number> => (await centreOf(thing(page, name))).x;
  expect(await x(/^Service kube-dns/)).toBeLessThan(await x(/^Service kubernetes/));
  await expect(notice(page)).toContainText('Only the picture changed');
});

test('a node folds to one line, pods are drawn as one, and both come back', async ({ page }) => {
  await openApp(page);
  await thing(page, /^Node b/).focus();
  await page.keyboard.press('z');
  await expect(thing(page, /^Pod db,/)).toHaveCount(0);
  await map(page).getByRole('button', { name: 'Show 2 more pods' }).click();
  await expect(thing(page, /^Pod db,/)).toBeVisible();
  await page.getByRole('button', { name: 'Group pods' }).click();
  await page.getByRole('menuitemradio', { name: 'Group pods by namespace' }).click();
  const group = thing(page, /^default, 2 pods, 2 ready, drawn as one/);
  await expect(group).toBeVisible();
  await group.focus();
  await page.keyboard.press('Enter');
  await expect(thing(page, /^Pod web,/)).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(map(page).getByText(/^\d+ pods$/)).toHaveCount(0);
});

test('what a request touches stands alone while the map is focused on it', async ({ page }) => {
  await openApp(page);
  await page.keyboard.press('Control+Enter');
  await expect(trace(page).getByRole('list')).toBeVisible();
  await page.keyboard.press('f');
  await expect(thing(page, /^Node b/)).toHaveCount(0);
  await expect(thing(page, /^Pod api,/)).toBeVisible();
  await page.getByRole('button', { name: 'Focus on the request' }).click();
  await expect(thing(page, /^Node b/)).toBeVisible();
});

test('a filter dims the map, narrows the outline, and goes with Esc', async ({ page }) => {
  await openApp(page);
  await page.keyboard.press('Control+f');
  const field = page.getByRole('textbox', { name: 'Filter the map and the outline' });
  await expect(field).toBeFocused();
  await page.keyboard.type('app=web');
  await expect(page.locator('.map-filter output')).toHaveText(/^1 of \d+$/);
  await expect(thing(page, /^Pod api,/)).toHaveAttribute('data-off', '');
  await expect(thing(page, /^Pod web,/)).not.toHaveAttribute('data-off', '');
  const outline = page.getByRole('tree', { name: 'Cluster' });
  await expect(outline.getByRole('treeitem')).toHaveCount(2);
  expect((await new AxeBuilder({ page }).exclude('[data-off]').analyze()).violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html ?? ''}`)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(thing(page, /^Pod api,/)).not.toHaveAttribute('data-off', '');
  await expect(outline.getByRole('treeitem', { name: /^api/ })).toBeVisible();
});

test('a pod is added by dragging it to a node, a Service and an Ingress by clicks and keys; an Ingress path leads where it is sent', async ({ page }) => {
  await openApp(page);
  await drag(page, page.getByRole('button', { name: 'Add: Pod' }), await centreOf(thing(page, /^Node c/)));
  await expect(thing(page, /^Pod pod, node c/)).toBeVisible();
  const addService = async (pod: RegExp): Promise<void> => {
    await page.getByRole('button', { name: 'Add: Service' }).click();
    await expect(page.getByText('Choose a pod for the new Service')).toBeVisible();
    await thing(page, pod).click();
  };
  await addService(/^Pod web,/);
  await expect(thing(page, /^Service service,/)).toBeVisible();
  await addService(/^Pod api,/);
  await expect(thing(page, /^Service service-2,/)).toBeVisible();
  await page.getByRole('button', { name: 'Add: Ingress' }).press('Enter');
  await expect(page.getByText('Choose a Service for the new Ingress')).toBeVisible();
  await thing(page, /^Service service,/).focus();
  await page.keyboard.press('Enter');
  const path = thing(page, /^Ingress service, /);
  await expect(path).toHaveAccessibleName(/to Service service:80$/);
  await drag(page, path, await centreOf(thing(page, /^Service service-2,/)));
  await expect(path).toHaveAccessibleName(/to Service service-2:80$/);
  await path.focus();
  await page.keyboard.press('c');
  await thing(page, /^Service service,/).focus();
  await page.keyboard.press('Enter');
  await expect(path).toHaveAccessibleName(/to Service service:80$/);
  await page.keyboard.press('Control+z');
  await expect(path).toHaveAccessibleName(/to Service service-2:80$/);
});

test('a new pod is put on a node by keys alone, and Esc takes the wish back', async ({ page }) => {
  await openApp(page);
  await page.getByRole('button', { name: 'Add: Pod' }).press('Enter');
  await expect(page.getByText('Choose a node for the new pod')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByText('Choose a node for the new pod')).toBeHidden();
  await page.getByRole('button', { name: 'Add: Pod' }).press('Enter');
  await thing(page, /^Node b/).focus();
  await page.keyboard.press('Enter');
  await expect(thing(page, /^Pod pod, node b/)).toBeVisible();
});
