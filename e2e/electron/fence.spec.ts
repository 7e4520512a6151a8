// What the page can reach, and what reaches main (reliability A2, A3, A5, A7-A9, A11, A13, A14).
import { expect, test } from '@playwright/test';
import { contentSecurityPolicy } from '../../electron/response-headers.mjs';
import { launchApp, type Launched } from './harness/launch.ts';
import { request } from './harness/talk.ts';
import { inject, injectionProbes, watchViolations } from '../web/injection-probes.ts';

let app: Launched;
test.beforeEach(async ({ browser }) => {
  app = await launchApp(browser);
});
test.afterEach(() => app.close());

test('A11: the preload gives two channels of two functions, frozen, and nothing else', async () => {
  const surface = await app.page.evaluate(() => {
    const list = (value: object, path: string): string[] => Object.entries(value).flatMap(([key, part]) => (typeof part === 'object' ? [`${path}${key}${Object.isFrozen(part) ? '' : ' (not frozen)'}`, ...list(part as object, `${path}${key}.`)] : [`${path}${key}: ${typeof part}`]));
    const bridge = Reflect.get(globalThis, 'podhop') as object;
    const { writable, configurable } = Object.getOwnPropertyDescriptor(globalThis, 'podhop') ?? {};
    return [...list(bridge, ''), `writable ${writable}`, `configurable ${configurable}`, `frozen ${Object.isFrozen(bridge)}`];
  });
  expect(surface).toEqual(['engine', 'engine.post: function', 'engine.listen: function', 'shell', 'shell.post: function', 'shell.listen: function', 'writable false', 'configurable false', 'frozen true']);
});

test('A2: the page has nothing of Node', async () => {
  expect(await app.page.evaluate(() => ['require', 'process', 'module', 'Buffer', 'global', '__dirname'].filter((name) => name in globalThis))).toEqual([]);
  expect(app.log.filter(([what]) => what === 'window')).toEqual([['window', { preload: 'preload', nodeIntegration: false, contextIsolation: true, sandbox: true }]]);
  expect(app.log.filter(([what]) => what === 'enableSandbox')).toEqual([['enableSandbox', false]]);
});

test('A7: the scheme asks for no privilege that weakens it', () => {
  expect(app.log.filter(([what]) => what === 'schemes')).toEqual([['schemes', [{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } }]]]);
});

test('A5, A8: every answer carries the policy; what is not in the build does not exist', async () => {
  const answers = await Promise.all([
    app.requestApp(new Request('app://bundle/index.html')),
    app.requestApp(new Request('app://bundle/nothing')),
    app.requestApp(new Request('app://bundle/..%2fpackage.json')),
    app.requestApp(new Request('app://other/index.html')),
    app.requestApp(new Request('app://bundle/index.html', { method: 'POST' })),
  ]);
  expect(answers.map((answer) => answer.status)).toEqual([200, 404, 404, 400, 405]);
  for (const answer of answers) expect(answer.headers.get('content-security-policy')).toBe(contentSecurityPolicy);
});

test('A3: permissions are denied but for two', () => {
  const decide = app.log.find(([what]) => what === 'permissionCheck')?.[1] as (contents: null, permission: string) => boolean;
  const ask = app.log.find(([what]) => what === 'permissionRequest')?.[1] as (contents: null, permission: string, answer: (granted: boolean) => void) => void;
  const names = ['camera', 'geolocation', 'notifications', 'usb', 'clipboard-read', 'clipboard-sanitized-write', 'fullscreen', 'new'];
  const asked: boolean[] = [];
  for (const name of names) ask(null, name, (granted) => asked.push(granted));
  expect([names.filter((name) => decide(null, name)), names.filter((_, i) => asked[i])]).toEqual([['clipboard-sanitized-write', 'fullscreen'], ['clipboard-sanitized-write', 'fullscreen']]);
});

test('A9: forged senders are not heard', async () => {
  await request(app.page, 'shell', 'about', {});
  const contents = [...app.windows][0]?.webContents;
  const good = { url: 'app://bundle/index.html', parent: null };
  const message = { id: 1, method: 'openHelp', input: { page: 'manual' } };
  const senders = [
    { sender: contents, senderFrame: null },
    { sender: contents, senderFrame: { url: 'https://evil.com/', parent: null } },
    { sender: contents, senderFrame: { url: 'about:blank', parent: null } },
    { sender: contents, senderFrame: { ...good, parent: good } },
    { sender: { id: 99_999, isDestroyed: () => false }, senderFrame: good },
    { sender: { id: contents?.id, isDestroyed: () => true }, senderFrame: good },
  ];
  for (const event of senders) app.ipcMain.emit('shell', event, message);
  // the one that is heard comes last, so all before it have had their chance
  app.ipcMain.emit('shell', { sender: contents, senderFrame: good }, { id: 1, method: 'openHelp', input: { page: 'issues' } });
  await expect.poll(() => app.log.filter(([what]) => what === 'openExternal')).toEqual([['openExternal', 'https://github.com/podhop/podhop/issues']]);
});

const waysOut: readonly (readonly [string, string])[] = [
  ['another site', 'https://evil.example/'], ['another port', 'http://localhost:1/'], ['another page of the app', '/other.html'], ['a data URL', 'data:text/html,x'],
];
for (const [name, url] of waysOut) {
  test(`A13: the page cannot go to ${name}`, async () => {
    const before = app.page.url();
    await app.page.evaluate((to) => {
      location.href = to;
    }, url).catch(() => {});
    await request(app.page, 'shell', 'about', {});
    expect(app.page.url()).toBe(before);
  });
}

test('A14: no way to open a second window', async () => {
  await app.page.evaluate(() => {
    window.open('about:blank');
    window.open('https://evil.example/', '_blank', 'noopener');
    const link = Object.assign(document.createElement('a'), { href: 'https://evil.example/', target: '_blank', textContent: 'x' });
    document.body.append(link);
    link.click();
    link.remove();
  });
  await request(app.page, 'shell', 'about', {});
  expect(app.windows.size).toBe(1);
  expect(app.log.filter(([what, , action]) => what === 'popup' && action !== 'deny')).toEqual([]);
});

for (const [name, probe] of injectionProbes) {
  test(`A5: ${name} is blocked by the policy`, async () => {
    const violations = await watchViolations(app.page);
    await inject(app.page, probe);
    await expect.poll(async () => (await violations()).length).toBeGreaterThan(0);
    expect(await app.page.evaluate(() => Reflect.get(globalThis, 'injected') as unknown)).toBeUndefined();
  });
}
