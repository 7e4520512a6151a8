import { afterEach, describe, expect, test, vi } from 'vitest';
import type { EngineNotice } from '../../shared/api/channel.ts';
import { serve } from '../../shared/api/serve.ts';
import { createSandbox } from '../../shared/sandbox/create-sandbox.ts';
import { createWorkerEngine, type EngineThread } from './worker-engine.ts';

interface TestThread extends EngineThread { deaf: boolean; ended: boolean }

/** A thread with the real engine behind the real channel; `deaf` makes it an engine that is busy. */
function startThread(): TestThread {
  const hearers = new Set<(message: unknown) => void>();
  const thread: TestThread = {
    deaf: false,
    ended: false,
    onmessage: null,
    onerror: null,
    postMessage: (message) => {
      if (!thread.deaf && !thread.ended) for (const hear of hearers) hear(structuredClone(message));
    },
    terminate: () => {
      thread.ended = true;
    },
  };
  serve(createSandbox(), {
    post: (message) => thread.onmessage?.(new MessageEvent('message', { data: structuredClone(message) })),
    listen: (hear) => {
      hearers.add(hear);
      return () => hearers.delete(hear);
    },
  });
  return thread;
}

const patience = { beat: 10, silence: 30, window: 10_000, crashes: 3 };
const documents = [{ name: 'a.yaml', text: 'apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: { containers: [{ name: c, image: i }] }\n' }];

function setUp() {
  const threads: TestThread[] = [];
  const made = createWorkerEngine(() => {
    const thread = startThread();
    threads.push(thread);
    return thread;
  }, patience);
  const notices: EngineNotice['notice'][] = [];
  made.onNotice(({ notice }) => notices.push(notice));
  return { ...made, threads, notices, crash: () => threads.at(-1)!.onerror?.({ preventDefault: () => {} } as ErrorEvent) };
}

const running: ReturnType<typeof setUp>[] = [];
const begin = (): ReturnType<typeof setUp> => {
  const one = setUp();
  running.push(one);
  return one;
};
afterEach(() => {
  for (const { close } of running.splice(0)) close();
});

describe('the engine in a worker', () => {
  test('answers calls', async () => {
    const { engine } = begin();
    expect((await engine.open({ documents, title: 'A' })).cluster.pods.filter(({ implied }) => !implied).map(({ name }) => name)).toEqual(['web']);
  });

  test('an engine that does not answer is reported busy, and ready once it does', async () => {
    const { threads, notices } = begin();
    threads[0]!.deaf = true;
    await vi.waitFor(() => expect(notices).toEqual(['busy']));
  });

  test('stopping a busy engine rejects what waits and starts another from the last acknowledged documents', async () => {
    const { engine, restart, threads, notices } = begin();
    await engine.open({ documents, title: 'A' });
    threads[0]!.deaf = true;
    const [waiting] = await Promise.allSettled([engine.ask({ probe: { from: 'pod/web', to: '10.0.0.1' } }), restart('You stopped it')]);
    expect(waiting).toMatchObject({ status: 'rejected', reason: { message: 'You stopped it' } });
    expect([threads.length, threads[0]!.ended, (await engine.ping({})).revision]).toEqual([2, true, 1]);
    expect(notices.filter((notice) => notice !== 'busy')).toEqual(['stopped', 'restarted']);
  });

  test('a worker that dies is started again, but not for ever', async () => {
    const { crash, threads, notices } = begin();
    crash();
    await vi.waitFor(() => expect(notices).toContain('restarted'));
    crash();
    await vi.waitFor(() => expect(notices.filter((notice) => notice === 'restarted').length).toBe(2));
    crash();
    await vi.waitFor(() => expect(notices.at(-1)).toBe('failed'));
    expect(threads.length).toBe(3);
  });
});
