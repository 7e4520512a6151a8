// What the gestures are tried on, and how a test reads what became of it: the manifests as saving gives them, and the map's things by their names.
import { expect, type Locator, type Page } from '@playwright/test';

const pod = (name: string, node: string, labels: string): string => `apiVersion: v1
kind: Pod
metadata: { name: ${name}, labels: { ${labels} } }
spec:
  nodeName: ${node}
  containers: [{ name: main, image: example/${name}:1, ports: [{ containerPort: 8080 }] }]
`;
const service = (name: string, type = ''): string => `apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec:${type}
  selector: { app: ${name} }
  ports: [{ port: 80, targetPort: 8080 }]
`;

/** A shop on three nodes: a client pod, two pods behind a Service, one that nobody may reach, a workload, and an Ingress that leads to one of two Services. */
export const shop = [
  '# a comment that stays\n' + service('api', '\n  type: NodePort'), service('cart'), pod('web', 'a', 'app: web'), pod('api-1', 'a', 'app: api, track: blue'), pod('api-2', 'b', 'app: api, track: green'), pod('vault', 'c', 'app: vault'),
  'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: closed }\nspec: { podSelector: { matchLabels: { app: vault } }, policyTypes: [Ingress] }\n',
  `apiVersion: apps/v1
kind: Deployment
metadata: { name: cart }
spec:
  replicas: 1
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart } }
    spec:
      nodeName: b
      containers: [{ name: cart, image: example/cart:1, ports: [{ containerPort: 8080 }] }]
`,
  `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: shop }
spec:
  rules:
    - http:
        paths:
          - { path: /api, pathType: Prefix, backend: { service: { name: api, port: { number: 80 } } } }
`,
  'apiVersion: podhop.dev/v1alpha1\nkind: Sandbox\nmetadata: { name: lab }\nspec: { podNetwork: bridge }\n',
].join('---\n');

export const map = (page: Page): Locator => page.getByRole('application', { name: 'Cluster' });
export const thing = (page: Page, name: RegExp): Locator => map(page).getByRole('button', { name });
export const inspector = (page: Page): Locator => page.getByRole('complementary', { name: 'Inspector' });

/** Opens the shop the way a person without a file does. */
export async function openShop(page: Page): Promise<void> {
  await page.goto('/');
  await expect(thing(page, /^Pod api,/)).toBeVisible();
  await page.keyboard.press('Control+Shift+V');
  await page.getByRole('textbox', { name: 'Manifests as YAML or JSON' }).fill(shop);
  await page.getByRole('button', { name: 'Read', exact: true }).click();
  await page.getByRole('button', { name: 'Replace what is open' }).click();
  await expect(thing(page, /^Pod api-2,/)).toBeVisible();
  // nothing is being chosen: a click selects
  await thing(page, /^Pod api-2,/).focus();
  await page.keyboard.press('Escape');
}

/** The cluster's text, as saving it would write it. */
export async function savedText(page: Page): Promise<string> {
  const saved = page.waitForEvent('download', (download) => download.suggestedFilename().endsWith('.yaml') && !download.suggestedFilename().includes('podhop'));
  await page.keyboard.press('Control+s');
  const stream = await (await saved).createReadStream();
  const parts: string[] = [];
  for await (const part of stream) parts.push(String(part));
  return parts.join('');
}

/** What the map shows, by name, in the order of the alphabet: `Pod web, node a, ready, 10.244.1.2`. */
export const shown = async (page: Page): Promise<readonly string[]> => (await map(page).getByRole('button').evaluateAll((all) => all.map((one) => one.ariaLabel ?? ''))).filter((name) => name !== '').toSorted();

export async function centreOf(locator: Locator): Promise<{ readonly x: number; readonly y: number }> {
  const box = await locator.boundingBox();
  if (box === null) throw new Error('it is not on the page');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Carries a thing over another and holds it there. */
export async function carry(page: Page, from: Locator, to: Locator): Promise<void> {
  const [start, end] = [await centreOf(from), await centreOf(to)];
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move(start.x + 12, start.y + 12, { steps: 2 });
  await page.mouse.move(end.x, end.y, { steps: 5 });
}

/** Opens a thing's menu by mouse, and takes a line of it. */
export async function byMenu(page: Page, name: RegExp, line: string): Promise<void> {
  await thing(page, name).click({ button: 'right' });
  await page.getByRole('menu').getByRole('menuitem', { name: line }).click();
}

/** Walks an open menu by its lines' first letters to a line, and takes it. */
export async function walkMenu(page: Page, line: string): Promise<void> {
  const wanted = page.getByRole('menu').getByRole('menuitem', { name: line });
  await expect(wanted).toBeVisible();
  const here = (): Promise<boolean> => wanted.evaluate((item) => item === document.activeElement);
  for (let i = 0; i < 9 && !(await here()); i += 1) await page.keyboard.press(line[0]!);
  await expect(wanted).toBeFocused();
  await page.keyboard.press('Enter');
}

/** Opens a thing's menu by its key, and takes a line of it by keys. */
export async function byMenuKeys(page: Page, name: RegExp, line: string): Promise<void> {
  await thing(page, name).focus();
  await page.keyboard.press('Shift+F10');
  await walkMenu(page, line);
}

/** Gives a thing the focus, presses the key of its gesture, and chooses the other end. */
export async function byLetter(page: Page, from: RegExp, letter: string, to: RegExp): Promise<void> {
  await thing(page, from).focus();
  await page.keyboard.press(letter);
  await thing(page, to).focus();
  await page.keyboard.press('Enter');
}

/** Finds a command by its words in the palette, and runs it. */
export async function byPalette(page: Page, words: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.keyboard.type(words);
  await expect(page.getByRole('option', { name: words }).first()).toBeVisible();
  await page.keyboard.press('Enter');
}

export interface Gesture {
  readonly name: string;
  readonly mouse: (page: Page) => Promise<void>;
  readonly keys: (page: Page) => Promise<void>;
  /** What the manifests say after, and did not before; `takes` = what they said before, and do not after. */
  readonly writes: RegExp | { readonly takes: RegExp };
  /** A thing of the map that was not there before under this name, or that is not there after; null where no thing changes its name. */
  readonly shows: RegExp | { readonly gone: RegExp } | null;
  /** What the line over the map says of it, where no thing and no word of the map changes. */
  readonly says?: RegExp;
  /** Words that the picture shows after, and did not before. */
  readonly reads?: string;
  /** A row of the outline that was not there before under this name. */
  readonly lists?: RegExp;
  /** The thing is selected: its inspector is open. */
  readonly selects?: RegExp;
  readonly undo: string;
}

export type Outcome = Omit<Gesture, 'name' | 'mouse' | 'keys'>;

/** A line of a thing's menu, by the right button and by Shift+F10. */
export const inMenu = (on: RegExp, line: string, rest: Outcome, name = line): Gesture => ({ name, mouse: (page) => byMenu(page, on, line), keys: (page) => byMenuKeys(page, on, line), ...rest });
