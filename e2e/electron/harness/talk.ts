import type { Page } from '@playwright/test';
import type { Bridge } from '../../../shared/api/bridge.ts';
import type { EngineNotice, ResponseMessage } from '../../../shared/api/channel.ts';

// far above the page's own numbers, so that neither takes the other's answers
let lastId = 1_000_000;

/** Sends one request through the page's own preload and gives the answer, or throws after `patience` milliseconds. */
export function request(page: Page, channel: 'engine' | 'shell', method: string, input: unknown, patience = 10_000): Promise<ResponseMessage> {
  lastId += 1;
  return page.evaluate(async ([name, message, limit]) => {
    const pipe = (globalThis as unknown as { readonly podhop: Bridge }).podhop[name];
    return new Promise<ResponseMessage>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer to ${message.method}`)), limit);
      const stop = pipe.listen((heard: unknown) => {
        const response = heard as ResponseMessage;
        if (response.id !== message.id) return;
        clearTimeout(timer);
        stop();
        resolve(response);
      });
      pipe.post(message);
    });
  }, [channel, { id: lastId, method, input }, patience] as const);
}

/** Starts to collect the host's notices about the engine; read them with `noticesOf`. */
export async function collectNotices(page: Page): Promise<void> {
  await page.evaluate(() => {
    const heard: string[] = [];
    Reflect.set(globalThis, 'heardNotices', heard);
    (globalThis as unknown as { readonly podhop: Bridge }).podhop.engine.listen((message) => {
      if ('notice' in message) heard.push((message satisfies EngineNotice).notice);
    });
  });
}

/** The notices heard so far. */
export const noticesOf = (page: Page): Promise<readonly string[]> => page.evaluate(() => Reflect.get(globalThis, 'heardNotices') as readonly string[]);

/** Collects the messages of the shell that answer nothing: commands and "files were opened". */
export async function collectShellEvents(page: Page): Promise<() => Promise<readonly unknown[]>> {
  await page.evaluate(() => {
    const heard: unknown[] = [];
    Reflect.set(globalThis, 'heardEvents', heard);
    (globalThis as unknown as { readonly podhop: Bridge }).podhop.shell.listen((message) => {
      if ('kind' in message) heard.push(message);
    });
  });
  return () => page.evaluate(() => Reflect.get(globalThis, 'heardEvents') as readonly unknown[]);
}

/** The engine's revision. */
export async function revisionOf(page: Page): Promise<number> {
  const pong = await request(page, 'engine', 'ping', {});
  return pong.ok ? (pong.output as { readonly revision: number }).revision : 0;
}
