import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { idleEngine, superviseEngine, type EngineEffect, type EngineEvent, type EngineState } from './engine-supervisor.ts';

const opened = { documents: [{ name: 'a.yaml', text: 'kind: Pod' }], title: 'a.yaml' };
const start: EngineEvent = { kind: 'start', at: 0 };
const spawned: EngineEvent = { kind: 'spawned', at: 0 };
const exited = (at: number): EngineEvent => ({ kind: 'exited', at });
const tick = (at: number): EngineEvent => ({ kind: 'tick', at });
const restart = (at: number): EngineEvent => ({ kind: 'restart', at });
const asks = (id: number, method: string, input: unknown = {}, at = 0): EngineEvent => ({ kind: 'from-page', at, message: { id, method, input } });
const answers = (id: number, output: unknown = {}, at = 0): EngineEvent => ({ kind: 'from-engine', at, message: { id, ok: true, output } });
const fails = (id: number): EngineEvent => ({ kind: 'from-engine', at: 0, message: { id, ok: false, error: { code: 'problem', message: 'no' } } });

function follow(events: readonly EngineEvent[], from: EngineState = idleEngine): { readonly state: EngineState; readonly effects: readonly (readonly EngineEffect[])[] } {
  return events.reduce<ReturnType<typeof follow>>(({ state, effects }, event) => {
    const next = superviseEngine(state, event);
    return { state: next.state, effects: [...effects, next.effects] };
  }, { state: from, effects: [] });
}
const lastEffects = (...events: readonly EngineEvent[]): readonly EngineEffect[] => follow(events).effects.at(-1) ?? [];
const notice = (name: string): unknown => ({ do: 'to-page', message: { notice: name, detail: expect.any(String) as string } });
const stopped = (id: number): unknown => ({ do: 'to-page', message: { id, ok: false, error: { code: 'engine-stopped', message: expect.any(String) as string } } });

describe('the engine is started', () => {
  test('with the app, once', () => expect(follow([start, start]).effects).toEqual([[{ do: 'fork' }], []]));

  test('and says so when it stands', () => expect(lastEffects(start, spawned)).toEqual([notice('ready')]));

  test('and requests that came early are passed on in their order', () => {
    expect(lastEffects(start, asks(1, 'ping'), asks(2, 'rules'), spawned)).toEqual([
      notice('ready'),
      { do: 'to-engine', message: { id: 1, method: 'ping', input: {} } },
      { do: 'to-engine', message: { id: 2, method: 'rules', input: {} } },
    ]);
  });

  test('requests may even come before the start', () => {
    expect(follow([asks(7, 'ping'), start, spawned]).effects[2]).toEqual([notice('ready'), { do: 'to-engine', message: { id: 1, method: 'ping', input: {} } }]);
  });
});

describe('requests and answers', () => {
  test('travel under a number of their own and come back under the page’s', () => {
    expect(follow([start, spawned, asks(41, 'ask'), asks(42, 'ask'), answers(2, 'second'), answers(1, 'first')]).effects.slice(2)).toEqual([
      [{ do: 'to-engine', message: { id: 1, method: 'ask', input: {} } }],
      [{ do: 'to-engine', message: { id: 2, method: 'ask', input: {} } }],
      [{ do: 'to-page', message: { id: 42, ok: true, output: 'second' } }],
      [{ do: 'to-page', message: { id: 41, ok: true, output: 'first' } }],
    ]);
  });

  test('an answer that nobody waits for, twice given or malformed, goes nowhere', () => {
    const noise: readonly unknown[] = [null, 'x', {}, { id: 'x', ok: true }, { id: 1 }, { id: 9, ok: true, output: 1 }];
    const state = follow([start, spawned, asks(1, 'ask')]).state;
    expect(noise.map((message) => superviseEngine(state, { kind: 'from-engine', at: 0, message }).effects)).toEqual(noise.map(() => []));
    expect(lastEffects(start, spawned, asks(1, 'ask'), answers(1), answers(1))).toEqual([]);
  });

  test('a page that was reloaded does not get the answers to the old one', () => {
    expect(follow([start, spawned, asks(1, 'ask'), { kind: 'page-loaded', at: 0 }, asks(1, 'rules'), answers(1, 'old'), answers(2, 'new')]).effects.slice(5)).toEqual([[], [{ do: 'to-page', message: { id: 1, ok: true, output: 'new' } }]]);
  });
});

describe('the last acknowledged documents', () => {
  test('are kept once the engine has said yes', () => expect(follow([start, spawned, asks(1, 'open', opened), answers(1)]).state.kept).toEqual(opened));
  test('are not kept before it answers', () => expect(follow([start, spawned, asks(1, 'open', opened)]).state.kept).toBeNull());
  test('are not replaced by what it refused', () => {
    expect(follow([start, spawned, asks(1, 'open', opened), answers(1), asks(2, 'open', { documents: [], title: 'b' }), fails(2)]).state.kept).toEqual(opened);
  });
  test('are kept even when the page was reloaded meanwhile', () => expect(follow([start, spawned, asks(1, 'open', opened), { kind: 'page-loaded', at: 0 }, answers(1)]).state.kept).toEqual(opened));
  test.each([[{}], [null], ['x'], [{ documents: 'x', title: '' }], [{ documents: [{ name: 1, text: '' }], title: '' }], [{ documents: [], title: 1 }]])('are never %j', (input) => {
    expect(follow([start, spawned, asks(1, 'open', input), answers(1)]).state.kept).toBeNull();
  });
});

describe('heartbeat (G1)', () => {
  test('asks every second', () => {
    const { effects } = follow([start, spawned, tick(1_000), answers(1), tick(1_250), tick(2_000)]);
    expect(effects.slice(2)).toEqual([[{ do: 'to-engine', message: { id: 1, method: 'ping', input: {} } }], [], [], [{ do: 'to-engine', message: { id: 2, method: 'ping', input: {} } }]]);
  });

  test('says after three seconds of silence that the engine does not answer, once, and when it is back', () => {
    const { effects } = follow([start, spawned, tick(1_000), tick(2_000), tick(3_999), tick(4_000), tick(9_000), answers(1)]);
    expect(effects.slice(3)).toEqual([[], [], [notice('busy')], [], [notice('ready')]]);
  });
});

describe('restart, which is also cancel', () => {
  const running = [start, spawned, asks(1, 'open', opened), answers(1)];

  test('SIGTERM first, SIGKILL half a second later, once (G2)', () => {
    expect(follow([...running, restart(10_000), tick(10_250), tick(10_500), tick(11_000)]).effects.slice(4)).toEqual([[notice('stopped'), { do: 'terminate' }], [], [{ do: 'kill' }], []]);
  });

  test('the new engine opens the kept documents before anything else, and then the page is told', () => {
    expect(follow([...running, restart(10_000), exited(10_010), spawned, asks(2, 'ask'), answers(2)]).effects.slice(5)).toEqual([
      [{ do: 'fork' }],
      [{ do: 'to-engine', message: { id: 2, method: 'open', input: opened } }],
      [stopped(2)],
      [notice('restarted')],
    ]);
  });

  test('without documents it is back at once', () => expect(lastEffects(start, spawned, restart(0), exited(0), spawned)).toEqual([notice('restarted')]));
  test('documents that cannot be read again do not hold it back', () => expect(lastEffects(...running, restart(0), exited(0), spawned, fails(2))).toEqual([notice('restarted')]));
  test('is no crash', () => expect(follow([...running, restart(0), exited(0)]).state.crashes).toEqual([]));
  test('a second one while it ends does nothing', () => expect(lastEffects(...running, restart(0), restart(1))).toEqual([]));
  test('answers the request that waited in the old engine never', () => expect(lastEffects(...running, asks(2, 'ask'), restart(0), exited(0), spawned, answers(3), answers(2))).toEqual([]));
});

describe('crashes (G3)', () => {
  test('the engine is started again from the kept documents', () => {
    expect(follow([start, spawned, asks(1, 'open', opened), answers(1), exited(1), spawned]).effects.slice(4)).toEqual([[notice('stopped'), { do: 'fork' }], [{ do: 'to-engine', message: { id: 2, method: 'open', input: opened } }]]);
  });

  test('early requests are answered, not lost, when it dies before it stands', () => expect(lastEffects(start, asks(5, 'ask'), exited(1))).toEqual([stopped(5), notice('stopped'), { do: 'fork' }]));

  test('three within a minute: it stays down and says so', () => expect(follow([start, spawned, exited(0), spawned, exited(30_000), spawned, exited(59_999)]).effects.at(-1)).toEqual([notice('failed')]));
  test('three within more than a minute: it goes on', () => expect(follow([start, spawned, exited(0), spawned, exited(30_000), spawned, exited(60_000)]).effects.at(-1)).toEqual([notice('stopped'), { do: 'fork' }]));

  const failed = [start, spawned, exited(0), exited(1), exited(2)];
  test('down, it answers that it is', () => expect(lastEffects(...failed, asks(9, 'ask'))).toEqual([stopped(9)]));
  test('down, a restart that is asked for starts it, and counts from nothing', () => {
    const { state, effects } = follow([...failed, restart(3)]);
    expect([effects.at(-1), state.crashes]).toEqual([[{ do: 'fork' }], []]);
  });
});

describe('quit', () => {
  test('ends the engine and does not start it again', () => {
    expect(follow([start, spawned, { kind: 'quit', at: 5 }, exited(6), tick(10_000)]).effects.slice(2, 4)).toEqual([[{ do: 'terminate' }], []]);
  });
});

test('G3: whatever happens, the kept documents are the last that were acknowledged, and every request is answered at most once', () => {
  const happening = fc.oneof(
    fc.constantFrom<EngineEvent>(spawned, exited(0), restart(0), tick(0), tick(5_000), { kind: 'page-loaded', at: 0 }),
    fc.integer({ min: 1, max: 30 }).map((id) => asks(id, 'open', { documents: [{ name: 'n', text: String(id) }], title: String(id) })),
    fc.integer({ min: 1, max: 30 }).map((id) => answers(id)),
  );
  fc.assert(fc.property(fc.array(happening, { maxLength: 60 }), (events) => {
    let state = superviseEngine(idleEngine, start).state;
    let acknowledged: unknown = null;
    for (const event of events) {
      const waiting = event.kind === 'from-engine' ? state.waiting.get((event.message as { id: number }).id) : undefined;
      if (waiting !== undefined && 'opens' in waiting) acknowledged = waiting.opens;
      const next = superviseEngine(state, event);
      expect(next.effects.filter((effect) => effect.do === 'fork').length).toBeLessThanOrEqual(1);
      state = next.state;
      expect(state.kept).toEqual(acknowledged);
    }
  }), { numRuns: 300 });
});

test('an engine that is started again after an edit opens what the edit left', () => {
  const edited = { documents: [{ name: 'a.yaml', text: 'kind: Node' }], title: 'a.yaml', sidecar: { positions: {} } };
  const { state } = follow([start, spawned, asks(1, 'open', opened), answers(1), asks(2, 'edit'), answers(2, { kind: 'done', opened: { ...edited, revision: 2 } }), asks(3, 'ask'), answers(3)]);
  expect(state.kept).toEqual(edited);
});
