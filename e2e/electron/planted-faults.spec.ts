// The harness is worth what it catches: each fault is planted into a copy of the bundle and must be found by one of the probes below.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { contentSecurityPolicy } from '../../electron/response-headers.mjs';
import { launchApp, type Launched } from './harness/launch.ts';
import { request } from './harness/talk.ts';
import { inject, injectionProbes } from '../web/injection-probes.ts';

const built = fileURLToPath(new URL('../../dist', import.meta.url));

interface Fault { readonly name: string; readonly file: 'main.mjs' | 'preload.cjs'; readonly from: string | RegExp; readonly to: string }

const faults: readonly Fault[] = [
  { name: 'no sandbox', file: 'main.mjs', from: 'sandbox: true', to: 'sandbox: false' },
  { name: 'Node in the page', file: 'main.mjs', from: 'nodeIntegration: false', to: 'nodeIntegration: true' },
  { name: 'the policy is not sent', file: 'main.mjs', from: '"content-security-policy":', to: '"x-policy":' },
  { name: 'the policy allows inline scripts', file: 'main.mjs', from: `"script-src": "'self'"`, to: `"script-src": "'self' 'unsafe-inline'"` },
  { name: 'no Trusted Types', file: 'main.mjs', from: /"require-trusted-types-for": "'script'",/, to: '' },
  { name: 'any sender is trusted', file: 'main.mjs', from: /return !isDestroyed && .*;/, to: 'return true;' },
  { name: 'the sender check is turned round', file: 'main.mjs', from: 'if (isTrustedSender(', to: 'if (!isTrustedSender(' },
  { name: 'any page is ours', file: 'main.mjs', from: /function isOwnPage\(url\) \{/, to: 'function isOwnPage(url) { return true;' },
  { name: 'new windows are allowed', file: 'main.mjs', from: 'action: "deny"', to: 'action: "allow"' },
  { name: 'every permission is granted', file: 'main.mjs', from: 'granted.has(permission)', to: 'true' },
  { name: 'the scheme goes round the policy', file: 'main.mjs', from: 'supportFetchAPI: true', to: 'supportFetchAPI: true, bypassCSP: true' },
  { name: 'a channel by another name', file: 'preload.cjs', from: 'createChannel("engine")', to: 'createChannel("machine")' },
  { name: 'the preload reads files', file: 'preload.cjs', from: /^/, to: 'require("node:fs");' },
  { name: 'the preload gives more than two channels', file: 'preload.cjs', from: 'shell: createChannel("shell")', to: 'shell: createChannel("shell"), raw: createChannel("raw")' },
  { name: 'the engine is not started', file: 'main.mjs', from: 'engine.start();', to: '' },
  { name: 'a dead engine is not started again', file: 'main.mjs', from: 'crashes.length >= mostCrashes', to: 'crashes.length >= 1' },
];

const forged = (app: Launched) => app.ipcMain.emit('shell', { sender: [...app.windows][0]?.webContents, senderFrame: { url: 'https://evil.example/', parent: null } }, { id: 1, method: 'openHelp', input: { page: 'manual' } });

/** Whether anything is wrong with an app: what the other specs assert, in short. Throws count as found, too. */
async function isFaulty(app: Launched): Promise<boolean> {
  const answered = await request(app.page, 'engine', 'ping', {}, 2_000);
  const surface = await app.page.evaluate(() => Object.keys(Reflect.get(globalThis, 'podhop') as object).join());
  const check = app.log.find(([what]) => what === 'permissionCheck')?.[1] as ((contents: null, name: string) => boolean) | undefined;
  const grants = check?.(null, 'camera') !== false;
  const policy = (await app.requestApp(new Request('app://bundle/index.html'))).headers.get('content-security-policy');
  const privileges = JSON.stringify(app.log.find(([what]) => what === 'schemes'));
  forged(app);
  await request(app.page, 'shell', 'about', {}, 2_000);
  const isForgedHeard = app.log.some(([what]) => what === 'openExternal');
  for (const [name, probe] of injectionProbes) if (/inline script|event attribute|innerHTML/.test(name)) await inject(app.page, probe);
  const sinkIsOpen = await app.page.evaluate(() => {
    try {
      document.createElement('div')['innerHTML' as 'textContent'] = '<b>x</b>';
      return true;
    } catch {
      return false;
    }
  });
  const injected = await app.page.evaluate(() => Reflect.get(globalThis, 'injected') as unknown);
  await app.page.evaluate(() => void window.open('about:blank'));
  await app.page.evaluate(() => {
    location.href = 'https://evil.example/';
  });
  await request(app.page, 'shell', 'about', {}, 2_000);
  const popups = app.log.filter(([what, , action]) => what === 'popup' && action !== 'deny');
  const left = app.log.some(([what]) => what === 'left');
  app.children.at(-1)?.kill('SIGKILL');
  await expect.poll(() => app.children.length, { timeout: 3_000 }).toBe(2);
  return !answered.ok || policy !== contentSecurityPolicy || surface !== 'engine,shell' || grants || /bypassCSP/.test(privileges) || isForgedHeard || sinkIsOpen || injected !== undefined || popups.length > 0 || left;
}

async function tryBundle(browser: Parameters<typeof launchApp>[0], fault: Fault | null): Promise<boolean> {
  const dir = mkdtempSync(join(tmpdir(), 'podhop-fault-'));
  cpSync(built, dir, { recursive: true });
  if (fault !== null) {
    const file = join(dir, 'electron', fault.file);
    const text = readFileSync(file, 'utf8');
    const changed = text.replace(fault.from, fault.to);
    expect(changed !== text, 'the fault fits the bundle').toBe(true);
    writeFileSync(file, changed);
  }
  try {
    const app = await launchApp(browser, { dir: join(dir, 'electron') });
    const found = await isFaulty(app).catch(() => true);
    await app.close();
    return found;
  } catch {
    return true;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

test('the bundle as it is has no fault', async ({ browser }) => {
  expect(await tryBundle(browser, null)).toBe(false);
});

for (const fault of faults) {
  test(`planted fault: ${fault.name}`, async ({ browser }) => {
    expect(await tryBundle(browser, fault)).toBe(true);
  });
}
