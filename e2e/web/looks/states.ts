// The states of the app that are looked at: each is reached as a person would reach it.
import { expect, type Page } from '@playwright/test';
import { askPort, choose, thing as things, trace } from '../app.ts';

export type Theme = 'light' | 'dark' | 'contrast' | 'projector';

export interface State { readonly name: string; readonly reach: (page: Page) => Promise<void> }

/** Opens the app in a theme, with nothing that moves by itself. */
export async function openIn(page: Page, theme: Theme): Promise<void> {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.addInitScript((chosen) => localStorage.setItem('podhop.preferences', JSON.stringify({ theme: chosen, reduceMotion: true })), theme);
  await page.goto('/');
  await expect(things(page, /^Pod /).first()).toBeVisible();
}

/** Dresses the page in a theme of the same layout: light, dark or contrast, between which the colours alone change. */
export async function dress(page: Page, theme: Exclude<Theme, 'projector'>): Promise<void> {
  await page.evaluate((shown) => { document.documentElement.dataset['theme'] = shown; }, theme);
}

/** Runs a command by the palette, as its title says. */
export async function run(page: Page, title: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.keyboard.type(title);
  await page.getByRole('option').filter({ hasText: title }).first().click();
}

async function scenario(page: Page, title: string): Promise<void> {
  await page.getByRole('button', { name: /^Scenario:/ }).click();
  await page.getByText(title, { exact: true }).first().click();
  await expect(page.getByRole('button', { name: new RegExp(`^Scenario:.*${title}`) })).toBeVisible();
}

/** Sends what the bar says and goes to a step, counted from the first; null = the last. */
async function send(page: Page, step: number | null): Promise<void> {
  await page.keyboard.press('Control+Enter');
  await expect(trace(page).getByRole('listitem').first()).toBeVisible();
  await page.keyboard.press(step === null ? 'End' : 'Home');
  for (let i = 0; i < (step ?? 0); i++) await page.keyboard.press('ArrowRight');
}

const thing = (page: Page, name: RegExp) => things(page, name).first();

/** The ten main states, whose pictures are compared. */
export const mainStates: readonly State[] = [
  { name: 'a lab, nothing sent yet', reach: async () => {} },
  { name: 'the destination is rewritten', reach: async (page) => { await scenario(page, 'ClusterIP'); await send(page, 6); } },
  { name: 'delivered, the other branches beside it', reach: async (page) => { await scenario(page, 'ClusterIP'); await send(page, null); } },
  {
    name: 'refused',
    reach: async (page) => {
      await scenario(page, 'ClusterIP');
      await choose(page, 'From', 'web-1');
      await choose(page, 'To', 'api-2');
      await askPort(page, 81);
      // in a field End is the field's own key
      await page.getByRole('combobox', { name: 'Port and protocol' }).blur();
      await send(page, null);
    },
  },
  { name: 'dropped by a policy', reach: async (page) => { await scenario(page, 'The policy nobody enforces'); await send(page, null); } },
  { name: 'a request with its lookups and its rules', reach: async (page) => { await scenario(page, 'Ingress by host and path'); await send(page, 14); } },
  { name: 'a node from inside', reach: async (page) => { await scenario(page, 'ClusterIP'); await send(page, 6); await thing(page, /^Node a/).dblclick(); await expect(page.getByRole('region', { name: 'Node a from inside' })).toBeVisible(); } },
  {
    name: 'manifests with a problem',
    reach: async (page) => {
      await scenario(page, 'ClusterIP');
      await send(page, null);
      await run(page, 'Show or hide the manifests');
      await page.locator('.yaml-pane .cm-line').filter({ hasText: 'targetPort: 8080' }).first().click();
      await page.keyboard.press('End');
      await page.keyboard.type('808080');
      await expect(page.getByText(/1 problem; the map stays as it was/)).toBeVisible();
      await expect(page.getByText('must fit 32 bits')).toBeVisible();
    },
  },
  { name: 'who may reach whom', reach: async (page) => { await scenario(page, 'Default deny, then allow'); await run(page, 'Show or hide who may reach whom'); await expect(page.getByRole('grid')).toBeVisible(); } },
  { name: 'the rules of a host with what the packet met', reach: async (page) => { await scenario(page, 'ClusterIP'); await send(page, 6); await run(page, "Show or hide a host's rules"); await expect(page.getByText('KUBE-SERVICES').first()).toBeVisible(); } },
];

/** More that is on the screen at some time: looked at by axe, not by pictures. */
export const moreStates: readonly State[] = [
  { name: 'traffic that flows', reach: async (page) => { await scenario(page, 'ClusterIP'); await run(page, 'Show or hide traffic'); await page.getByRole('complementary', { name: 'Traffic' }).getByRole('button', { name: 'Start' }).click(); } },
  { name: 'a Service in the inspector', reach: async (page) => { await scenario(page, 'ClusterIP'); await thing(page, /^Service api,/).click(); await expect(page.getByRole('heading', { name: 'api', level: 1 })).toBeVisible(); } },
  { name: 'a policy in the inspector', reach: async (page) => { await scenario(page, 'Default deny, then allow'); await run(page, 'default-deny'); await expect(page.getByRole('heading', { name: 'default-deny', level: 1 })).toBeVisible(); } },
  { name: 'what changed', reach: async (page) => { await scenario(page, 'Default deny, then allow'); await thing(page, /^Pod web,/).focus(); await page.keyboard.press('Delete'); await run(page, 'Show or hide what changed'); } },
  { name: 'which rules were met', reach: async (page) => { await scenario(page, 'Default deny, then allow'); await send(page, null); await run(page, 'Show or hide which rules were met'); } },
  { name: 'who could reach a pod', reach: async (page) => { await scenario(page, 'Default deny, then allow'); await thing(page, /^Pod api,/).click(); await run(page, 'Show or hide who could reach a pod'); } },
  { name: 'the palette', reach: async (page) => { await page.keyboard.press('Control+k'); await page.keyboard.type('api'); } },
  { name: 'the keys', reach: async (page) => { await page.keyboard.press('F1'); await expect(page.getByRole('dialog')).toBeVisible(); } },
];
