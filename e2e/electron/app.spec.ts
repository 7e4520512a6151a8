// The real, bundled main, preload and engine, on a recorded `electron` whose windows are Chromium pages.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Opened } from '../../shared/api/shapes.ts';
import { launchApp, type Launched } from './harness/launch.ts';
import { oneToTwo, twoPods } from './harness/manifests.ts';
import { collectNotices, collectShellEvents, noticesOf, request, revisionOf } from './harness/talk.ts';

let app: Launched;
test.beforeEach(async ({ browser }) => {
  app = await launchApp(browser);
});
test.afterEach(() => app.close());

const engine = (method: string, input: unknown = {}) => request(app.page, 'engine', method, input);
const shell = (method: string, input: unknown = {}) => request(app.page, 'shell', method, input);
/** Opens the two pods, after the first lesson that the page opens of itself: else that would replace them. */
async function openTwoPods(past = 0) {
  await expect.poll(() => revisionOf(app.page)).toBeGreaterThan(past);
  return engine('open', { documents: [{ name: 'two.yaml', text: twoPods }], title: 'two.yaml' });
}
const engineChild = () => app.children.at(-1);

test('the window opens the page, and nothing leaves the app', async () => {
  await expect(app.page).toHaveTitle('Podhop');
  await expect(app.page.locator('#app > *').first()).toBeVisible();
  expect(app.log.filter(([what]) => what === 'left' || what === 'popup')).toEqual([]);
});

test('the engine answers through the preload', async () => {
  const opened = await openTwoPods();
  expect(opened).toMatchObject({ ok: true, output: { title: 'two.yaml', problems: [] } });
  const asked = await engine('ask', { probe: oneToTwo });
  expect(asked).toMatchObject({ ok: true, output: { journey: { branches: [{ verdict: 'delivered' }] } } });
});

test('malformed requests are refused, and the engine lives', async () => {
  expect(await engine('constructor')).toMatchObject({ ok: false, error: { code: 'bad-request' } });
  expect(await engine('open', { documents: 'x' })).toMatchObject({ ok: false, error: { code: 'bad-request' } });
  expect(await shell('readFile', { path: '/etc/passwd' })).toMatchObject({ ok: false, error: { code: 'bad-request' } });
  expect(await engine('ping')).toMatchObject({ ok: true });
});

test('a killed engine comes back with the last acknowledged documents (G3)', async () => {
  await collectNotices(app.page);
  const before = (await openTwoPods()) as { readonly output: Opened };
  engineChild()?.kill('SIGKILL');
  await expect.poll(() => noticesOf(app.page)).toEqual(['stopped', 'restarted']);
  const after = await engine('ask', { probe: oneToTwo });
  expect(after).toMatchObject({ ok: true, output: { journey: { branches: [{ verdict: 'delivered' }] } } });
  expect(before.output.cluster).toBeDefined();
});

test('an engine that hangs is said to be busy, the page stays alive, and a restart gets rid of it (G1, G2)', async () => {
  test.skip(process.platform === 'win32', 'no SIGSTOP on Windows');
  await collectNotices(app.page);
  await openTwoPods();
  const hung = engineChild();
  hung?.kill('SIGSTOP');
  await expect.poll(() => noticesOf(app.page), { timeout: 8_000 }).toEqual(['busy']);
  const started = performance.now();
  await shell('about');
  expect(performance.now() - started).toBeLessThan(1_000);
  await shell('restartEngine');
  // a stopped process does not even die of SIGTERM: SIGKILL follows
  await expect.poll(() => noticesOf(app.page), { timeout: 8_000 }).toEqual(['busy', 'stopped', 'restarted']);
  expect(hung?.signalCode).toBe('SIGKILL');
  expect(await engine('ask', { probe: oneToTwo })).toMatchObject({ ok: true });
});

test('an engine that keeps dying is given up, said so, and started again on demand', async () => {
  await collectNotices(app.page);
  for (const count of [1, 2]) {
    engineChild()?.kill('SIGKILL');
    await expect.poll(async () => (await noticesOf(app.page)).filter((notice) => notice === 'restarted').length).toBe(count);
  }
  engineChild()?.kill('SIGKILL');
  await expect.poll(async () => (await noticesOf(app.page)).at(-1)).toBe('failed');
  expect(await engine('ping')).toMatchObject({ ok: false, error: { code: 'engine-stopped' } });
  await shell('restartEngine');
  await expect.poll(async () => (await noticesOf(app.page)).at(-1)).toBe('restarted');
  expect(await engine('ping')).toMatchObject({ ok: true });
});

test('a page that is loaded again gets an engine that answers', async () => {
  await openTwoPods();
  const before = await revisionOf(app.page);
  await app.page.reload();
  await openTwoPods(before);
  expect(await engine('ask', { probe: oneToTwo })).toMatchObject({ ok: true });
});

test('files are chosen in the native dialog, read by main, and reach the page as text', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'podhop-open-'));
  writeFileSync(join(dir, 'a.yaml'), twoPods);
  app.dialogAnswers.push({ canceled: false, filePaths: [join(dir, 'a.yaml')] }, { canceled: true, filePaths: [] }, { canceled: false, filePaths: [dir] });
  expect(await shell('openFiles', { folder: false })).toMatchObject({ ok: true, output: { title: 'a.yaml', documents: [{ name: 'a.yaml', text: twoPods }], skipped: [] } });
  expect(await shell('openFiles', { folder: false })).toMatchObject({ ok: true, output: null });
  expect(await shell('openFiles', { folder: true })).toMatchObject({ ok: true, output: { documents: [{ name: 'a.yaml' }] } });
  rmSync(dir, { recursive: true, force: true });
});

test('a file is saved where the person says, under a name that is safe to suggest', async () => {
  const target = join(app.userData, 'saved.yaml');
  app.dialogAnswers.push({ canceled: false, filePath: target }, { canceled: true, filePath: '' });
  expect(await shell('saveFile', { suggested: '../../etc/passwd', text: 'kind: Pod\n', layout: null })).toMatchObject({ ok: true, output: { name: 'saved.yaml' } });
  expect(readFileSync(target, 'utf8')).toBe('kind: Pod\n');
  expect(app.log.find(([what]) => what === 'dialog')?.[2]).toMatchObject({ defaultPath: join(app.userData, 'documents', 'etc-passwd') });
  expect(await shell('saveFile', { suggested: 'x', text: '', layout: null })).toMatchObject({ ok: true, output: null });
});

test('the shell says what it is, sets the title and opens help pages', async () => {
  expect(await shell('about')).toMatchObject({ ok: true, output: { host: 'desktop', platform: process.platform } });
  // the page names the first lesson by itself once that is open: only then is the title ours
  await expect.poll(() => [...app.windows][0]?.title()).toContain('Pod to pod');
  await shell('setTitle', { title: 'boutique.yaml', edited: true });
  expect([...app.windows][0]?.title()).toContain('boutique.yaml – Podhop');
  await shell('openHelp', { page: 'kubernetes-services' });
  expect(app.log.filter(([what]) => what === 'openExternal')).toEqual([['openExternal', 'https://kubernetes.io/docs/concepts/services-networking/service/']]);
});

test('a menu item tells the page its command', async () => {
  const heard = await collectShellEvents(app.page);
  const items = app.menu().flatMap((menu) => menu.submenu as unknown as readonly { readonly id?: string; readonly click?: () => void }[]);
  items.find((item) => item.id === 'palette')?.click?.();
  await expect.poll(heard).toEqual([{ kind: 'command', command: 'palette' }]);
});

test('files of a second launch and of the desktop are offered to the page, once', async () => {
  const heard = await collectShellEvents(app.page);
  const file = join(app.userData, 'sent.yaml');
  writeFileSync(file, twoPods);
  // the page takes what is offered as soon as it hears of it; ask for it here through a second launch that it cannot hear
  app.app.emit('second-instance', {}, [], app.userData, { argv: ['electron', '.', 'sent.yaml'], cwd: app.userData });
  await expect.poll(heard).toEqual([{ kind: 'opened' }]);
  expect(app.log.some(([what]) => what === 'focus')).toBe(true);
  app.app.emit('second-instance', {}, [], app.userData, undefined);
  app.app.emit('open-file', { preventDefault: () => {} }, file);
  await expect.poll(heard).toEqual([{ kind: 'opened' }, { kind: 'opened' }]);
});

test('files on the command line wait for the page', async ({ browser }) => {
  const dir = mkdtempSync(join(tmpdir(), 'podhop-args-'));
  writeFileSync(join(dir, 'start.yaml'), twoPods);
  const second = await launchApp(browser, { args: ['--some-flag', join(dir, 'start.yaml')] });
  await expect.poll(async () => [...second.windows][0]?.title()).toContain('start.yaml');
  await second.close();
  rmSync(dir, { recursive: true, force: true });
});

test('the window remembers its place', async () => {
  const window = [...app.windows][0];
  await window?.end();
  const file = join(app.userData, 'userData', 'window.json');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ bounds: { width: 1280, height: 800 }, isMaximized: false });
});
