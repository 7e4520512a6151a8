// Every gesture that changes the cluster, once by mouse and once by keyboard: what it writes, what the map shows, and that undo and redo, by its name, leave nothing of it and all of it.
import { expect, test, type Locator, type Page } from '@playwright/test';
import { byLetter, byMenu, carry, inMenu, inspector, map, openShop, savedText, shown, thing, walkMenu, type Gesture, type Outcome } from './gestures-lab.ts';
import { clusterGestures } from './gestures-nodes.ts';

test.use({ viewport: { width: 1440, height: 900 } });

/** A field of the inspector: chosen by the pointer on one hand, by keys on the other. */
async function openInspector(page: Page, on: RegExp, by: 'mouse' | 'keys'): Promise<void> {
  if (by === 'mouse') return thing(page, on).click();
  await thing(page, on).focus();
  await page.keyboard.press('Enter');
}
const typed = (on: RegExp, label: string, value: string, rest: Outcome & Pick<Gesture, 'name'>): Gesture => ({
  mouse: async (page) => {
    await openInspector(page, on, 'mouse');
    await inspector(page).getByLabel(label, { exact: true }).click({ clickCount: 3 });
    await page.keyboard.type(value);
    await inspector(page).getByRole('heading', { level: 1 }).click();
  },
  keys: async (page) => {
    await openInspector(page, on, 'keys');
    await inspector(page).getByLabel(label, { exact: true }).focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.type(value);
    await page.keyboard.press('Enter');
    // in the field Ctrl+Z takes back what was typed there
    await thing(page, on).focus();
  },
  ...rest,
});
const draw = (to: RegExp, choice: string): Pick<Gesture, 'mouse' | 'keys'> => ({
  mouse: async (page) => {
    await page.getByRole('button', { name: 'Draw a wire' }).click();
    await carry(page, thing(page, /^Pod web,/), thing(page, to));
    await page.mouse.up();
    await page.getByRole('menuitem', { name: choice }).click();
  },
  keys: async (page) => {
    await byLetter(page, /^Pod web,/, 'w', to);
    await walkMenu(page, choice);
  },
});
const joinBy = (pod: RegExp, choice: string): Pick<Gesture, 'mouse' | 'keys'> => ({
  mouse: async (page) => {
    await carry(page, thing(page, /^Service api,/), thing(page, pod));
    await page.mouse.up();
    await page.getByRole('menuitem', { name: choice }).click();
  },
  keys: async (page) => {
    await byLetter(page, /^Service api,/, 'c', pod);
    await walkMenu(page, choice);
  },
});
const groups: Readonly<Record<string, readonly Gesture[]>> = {
  'pods and who may reach them': [
    {
      name: 'pod → node', writes: { takes: /api-1[^-]+nodeName: a\n/ }, shows: /^Pod api-1, node c, ready, 10\.244\.3\./, undo: 'move api-1 to node c',
      mouse: async (page) => { await carry(page, thing(page, /^Pod api-1,/), thing(page, /^Node c/)); await page.mouse.up(); },
      keys: (page) => byLetter(page, /^Pod api-1,/, 'm', /^Node c/),
    },
    { name: 'Service → pod, by the pod’s labels', ...joinBy(/^Pod web,/, 'Label the pod app=api'), writes: /name: web, labels: \{ app: "?api/, shows: null, says: /other endpoints for 1 Service/, undo: 'connect api to web' },
    { name: 'Service → pod, by the Service’s selector', ...joinBy(/^Pod web,/, 'Let the Service choose app=web'), writes: { takes: /selector: \{ app: api \}/ }, shows: null, says: /other endpoints for 1 Service/, undo: 'connect api to web' },
    { name: 'Service away from pod, by the pod’s labels', ...joinBy(/^Pod api-2,/, 'Label the pod'), writes: { takes: /name: api-2, labels: \{ app: api/ }, shows: null, says: /other endpoints for 1 Service/, undo: 'disconnect api from api-2' },
    { name: 'Service away from pod, by the Service’s selector', ...joinBy(/^Pod api-2,/, 'Let the Service choose'), writes: { takes: /selector: \{ app: api \}/ }, shows: null, says: /other endpoints for 1 Service/, undo: 'disconnect api from api-2' },
    { name: 'draw: allow', ...draw(/^Pod vault,/, 'Let web reach vault'), writes: /from:/, shows: null, says: /Allow web to reach vault/, undo: 'allow web to reach vault' },
    { name: 'draw: deny', ...draw(/^Pod api-2,/, 'Keep web away from api-2'), writes: /name: deny-web-to-api-2/, shows: /^Pod api-2, .*under a policy$/, undo: 'deny web to reach api-2' },
    { name: 'draw: expose', ...draw(/^Pod api-2,/, 'Put a Service in front of api-2'), writes: /kind: Service\nmetadata:\n {2}name: api-2/, shows: /^Service api-2,/, undo: 'expose api-2 as Service api-2' },
    inMenu(/^Pod cart-/, 'Scale cart to 2', { writes: /replicas: 2/, shows: /^Pod cart-.*, node b, ready, 10\.244\.2\.4/, undo: 'scale cart to 2' }),
    inMenu(/^Pod web,/, 'Duplicate', { writes: /name: web-2/, shows: /^Pod web-2,/, undo: 'duplicate web as web-2' }),
    { name: 'delete', mouse: (page) => byMenu(page, /^Pod web,/, 'Delete'), keys: async (page) => { await thing(page, /^Pod web,/).focus(); await page.keyboard.press('Delete'); }, writes: { takes: /name: web,/ }, shows: { gone: /^Pod web,/ }, undo: 'delete Pod web' },
    inMenu(/^Pod web,/, 'Mark not ready', { writes: /type: Ready/, shows: /^Pod web, node a, not ready,/, reads: 'Not ready', lists: /^web, Not ready/, undo: 'mark web not ready' }),
    inMenu(/^Pod web,/, 'Terminate', { writes: /deletionTimestamp/, shows: /^Pod web, node a, terminating,/, reads: 'Terminating', lists: /^web, Terminating/, undo: 'terminate web' }),
    inMenu(/^Pod web,/, 'Crash', { writes: /CrashLoopBackOff/, shows: /^Pod web, node a, crash loop,/, reads: 'Crash loop', lists: /^web, Crash loop/, undo: 'crash web' }),
  ],
  'Services and Ingresses': [
    {
      name: 'Ingress path → Service', writes: { takes: /service: \{ name: api,/ }, shows: /^Ingress shop, .*to Service cart:80$/, undo: 'send /api to cart',
      mouse: async (page) => { await carry(page, thing(page, /^Ingress shop,/), thing(page, /^Service cart,/)); await page.mouse.up(); },
      keys: (page) => byLetter(page, /^Ingress shop,/, 'c', /^Service cart,/),
    },
    inMenu(/^Service cart,/, 'Make it a NodePort', { writes: /selector: \{ app: cart \}\n  ports: [^\n]+\n  type: NodePort/, shows: /^Service cart, NodePort,/, undo: 'type NodePort of cart' }),
    inMenu(/^Service cart,/, 'Make it a LoadBalancer', { writes: /type: LoadBalancer/, shows: /^Service cart, LoadBalancer,/, undo: 'type LoadBalancer of cart' }),
    inMenu(/^Service api,/, 'Outside traffic stays on its node', { writes: /externalTrafficPolicy: Local/, shows: /^Service api, NodePort, outside traffic stays on its node,/, undo: 'external traffic policy Local of api' }),
    inMenu(/^Service cart,/, 'Inside traffic stays on its node', { writes: /internalTrafficPolicy: Local/, shows: /^Service cart, ClusterIP, inside traffic stays on its node,/, undo: 'internal traffic policy Local of cart' }),
    inMenu(/^Service cart,/, 'Keep each client with its pod', { writes: /sessionAffinity: ClientIP/, shows: /^Service cart, ClusterIP, each client keeps its pod,/, undo: 'session affinity of cart for 3 h' }),
    typed(/^Service cart,/, 'Port 1', '81', { name: 'a Service’s port', writes: /port: 81/, shows: /^Service cart, ClusterIP, [\d.]+:81$/, undo: 'port 81 of cart, was 80' }),
    typed(/^Service cart,/, 'Target of port 80', '9090', { name: 'a port’s target', writes: /targetPort: 9090/, shows: null, says: /other endpoints for 1 Service/, undo: 'target 9090 of port 80 of cart' }),
  ],
};

interface Standing { readonly text: string; readonly things: readonly string[] }
const standing = async (page: Page): Promise<Standing> => ({ text: await savedText(page), things: await shown(page) });

/** What a gesture did to the manifests, to the map, to the outline and to what is selected. */
async function check(page: Page, { writes, shows, says, reads, lists, selects }: Gesture, before: Standing): Promise<Standing> {
  if (shows !== null && 'gone' in shows) await expect.soft(thing(page, shows.gone)).toHaveCount(0);
  else if (shows !== null) await expect.soft(thing(page, shows).first()).toBeVisible();
  if (says !== undefined) await expect.soft(page.locator('.edit-notice')).toContainText(says);
  if (reads !== undefined) await expect.soft(map(page).getByText(reads, { exact: true }).first()).toBeVisible();
  if (lists !== undefined) await expect.soft(page.getByRole('treeitem', { name: lists }).first()).toBeVisible();
  if (selects !== undefined) await expect.soft(inspector(page).getByRole('heading', { level: 1, name: selects })).toBeVisible();
  const after = await standing(page);
  const [present, absent, words] = 'takes' in writes ? [before.text, after.text, writes.takes] : [after.text, before.text, writes];
  expect.soft(present).toMatch(words);
  expect.soft(absent).not.toMatch(words);
  expect.soft(after.text).toContain('# a comment that stays');
  if (shows !== null && !('gone' in shows)) expect.soft(before.things.filter((name) => shows.test(name))).toEqual([]);
  return after;
}

async function step(page: Page, hand: 'mouse' | 'keys', name: string, keys: string): Promise<void> {
  const button = page.getByRole('button', { name, exact: true });
  if (hand === 'mouse') await button.click();
  else await page.keyboard.press(keys);
  await expect(button).toHaveCount(0);
}

/** Makes the gesture, takes it back and, where asked, does it again, each by its name; leaves nothing of it. */
async function tryGesture(page: Page, gesture: Gesture, hand: 'mouse' | 'keys', before: Standing, again: boolean): Promise<void> {
  await gesture[hand](page);
  await expect(page.getByRole('button', { name: `Undo ${gesture.undo}`, exact: true })).toBeEnabled();
  const after = await check(page, gesture, before);
  await step(page, hand, `Undo ${gesture.undo}`, 'Control+z');
  expect(await standing(page)).toEqual(before);
  if (!again) return;
  await step(page, hand, `Redo ${gesture.undo}`, 'Control+Shift+z');
  expect(await standing(page)).toEqual(after);
  await step(page, hand, `Undo ${gesture.undo}`, 'Control+z');
}

for (const [group, gestures] of Object.entries({ ...groups, ...clusterGestures })) {
  for (const hand of ['mouse', 'keys'] as const) {
    test(`${group}, by ${hand}: each gesture writes, shows, is taken back and done again by its name`, async ({ page }) => {
      // a hang guard: each gesture takes about a second
      test.setTimeout(120_000);
      await openShop(page);
      const before = await standing(page);
      // by keys every gesture is done again; the button that does it is the same for all, and is pressed once a group
      for (const [i, gesture] of gestures.entries()) await test.step(gesture.name, () => tryGesture(page, gesture, hand, before, hand === 'keys' || i === 0));
    });
  }
}

/** What is carried over what, and the words that say what letting go there would do. */
const carried: readonly (readonly [name: string, ready: (page: Page) => Promise<void>, from: (page: Page) => Locator, to: RegExp, says: RegExp])[] = [
  ['add Service → pod', async () => {}, (page) => page.getByRole('button', { name: 'Add: Service' }), /^Pod web,/, /Service/],
  ['wire source → destination', (page) => page.getByRole('button', { name: 'Draw a wire' }).click(), (page) => thing(page, /^Pod web,/), /^Pod api-2,/, /Keep web away from api-2: /],
  ['Ingress path → Service', async () => {}, (page) => thing(page, /^Ingress shop,/), /^Service cart,/, /[Ss]end \/api to cart/],
];
for (const [name, ready, from, to, says] of carried) {
  test(`${name}: what it would do is said before letting go, and Esc leaves everything as it was`, async ({ page }) => {
    await openShop(page);
    const before = await standing(page);
    await ready(page);
    await carry(page, from(page), thing(page, to));
    const chip = page.locator('.effect-chip');
    await expect(chip).toContainText(says);
    await expect(chip).not.toContainText('Working out what changes');
    await page.keyboard.press('Escape');
    await page.mouse.up();
    await expect(chip).toBeHidden();
    await expect(page.getByRole('menu')).toHaveCount(0);
    expect(await standing(page)).toEqual(before);
  });
}
