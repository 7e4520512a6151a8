import { describe, expect, test } from 'vitest';
import type { SandboxApi } from '../../shared/api/contract.ts';
import { createSandbox } from '../../shared/sandbox/create-sandbox.ts';
import type { Clock } from '../playback/clock.ts';
import type { Request } from '../state/world.ts';
import { createTraffic } from './create-traffic.ts';
import { countsOf } from './tally.ts';

const deployment = (replicas: number): string => `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: api }\nspec: { replicas: ${replicas}, selector: { matchLabels: { app: api } }, template: { metadata: { labels: { app: api } }, spec: { containers: [{ name: c, image: i, ports: [{ containerPort: 80 }] }] } } }\n`;
const rest = 'apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: { nodeName: a, containers: [{ name: c, image: i }] }\n---\napiVersion: v1\nkind: Service\nmetadata: { name: api }\nspec: { selector: { app: api }, ports: [{ port: 80 }] }\n';
const request: Request = { from: 'pod/default/web', to: 'service/default/api', port: 80, protocol: 'tcp' };
const texts = (replicas: number) => [{ name: 'api.yaml', text: deployment(replicas) }, { name: 'rest.yaml', text: rest }];

/** A clock that the test turns by hand. */
function handClock(): Clock & { readonly turn: (ms: number) => void; readonly running: () => boolean } {
  let tick: ((elapsed: number) => boolean) | null = null;
  return { run: (given) => { tick = given; }, stop: () => { tick = null; }, turn: (ms) => { if (tick !== null && !tick(ms)) tick = null; }, running: () => tick !== null };
}

async function lab(more: { readonly calm?: boolean; readonly engine?: (real: SandboxApi) => Pick<SandboxApi, 'traffic' | 'ask'> } = {}) {
  const engine = createSandbox();
  await engine.open({ documents: texts(2), title: 't' });
  const clock = handClock();
  const traffic = createTraffic({ engine: () => more.engine?.(engine) ?? engine, clock, calm: () => more.calm ?? false, speed: () => 1 });
  /** Turns the clock in frames of 50 ms and lets every answer come in. */
  const flow = async (ms: number): Promise<void> => {
    for (let gone = 0; gone < ms; gone += 50) {
      clock.turn(50);
      for (let turn = 0; turn < 8; turn++) await Promise.resolve();
    }
  };
  return { engine, clock, flow, ...traffic, state: traffic.store.getState };
}

describe('letting a question flow', () => {
  test('off it has no clock and nothing on the map; on it counts as many as the rate says', async () => {
    const { controls, clock, flow, state, stage } = await lab();
    controls.add(request);
    expect([state().status, clock.running(), stage.flights()]).toEqual(['off', false, []]);
    controls.start();
    await flow(2050);
    expect([state().status, state().counted, state().pairs[0]!.tally.sent]).toEqual(['flowing', 2000, 10]);
  });
  test('each request is on the map on a branch that its end has, one stretch after it was due', async () => {
    const { controls, flow, state, stage } = await lab();
    controls.add(request);
    controls.start();
    await flow(2050);
    const { answer, tally } = state().pairs[0]!;
    const counted = countsOf(tally.epochs[0]!);
    const flown = [0, 1].map((branch) => stage.flights().filter((flight) => flight.branch === branch && flight.answer === answer).length);
    const ascending = (counts: readonly number[]): readonly number[] => counts.toSorted((a, b) => a - b);
    expect([ascending(flown), stage.flights().every(({ left }, i, all) => i === 0 || left >= all[i - 1]!.left)]).toEqual([ascending(counted), true]);
  });
  test('two runs of the same are the same', async () => {
    const run = async () => {
      const { controls, flow, state } = await lab();
      controls.add(request);
      controls.start();
      await flow(3000);
      return state().pairs[0]!.tally.epochs;
    };
    expect(await run()).toEqual(await run());
  });
  test('paused nothing moves; started again it goes on where it stood', async () => {
    const { controls, clock, flow, state } = await lab();
    controls.add(request);
    controls.start();
    await flow(1000);
    controls.pause();
    const before = state().counted;
    await flow(1000);
    expect([state().status, clock.running(), state().counted]).toEqual(['paused', false, before]);
    controls.start();
    await flow(1000);
    expect(state().counted).toBeGreaterThan(before);
  });
  test('stopped it forgets what was counted and keeps the pairs; without the last pair it is off', async () => {
    const { controls, clock, flow, state, stage } = await lab();
    controls.add(request);
    controls.start();
    await flow(1000);
    controls.stop();
    expect([state().status, state().pairs.map(({ tally }) => tally.sent), stage.flights(), stage.now()]).toEqual(['off', [0], [], 0]);
    controls.start();
    controls.remove(state().pairs[0]!.id);
    expect([state().status, state().pairs, clock.running()]).toEqual(['off', [], false]);
  });
  test('a question that flows already is not added twice, and rates and further pairs take effect while it flows', async () => {
    const { controls, flow, state } = await lab();
    controls.add(request);
    controls.add(request);
    controls.start();
    await flow(1000);
    controls.add({ ...request, to: 'pod/default/web', port: 81 });
    controls.setRate(state().pairs[0]!.id, 20);
    const before = state().pairs[0]!.tally.sent;
    await flow(1000);
    const [first, second] = state().pairs;
    expect([state().pairs.length, first!.tally.sent - before >= 15, Object.keys(second!.tally.fates)]).toEqual([2, true, ['refused']]);
  });
});

describe('a cluster that changes while traffic flows', () => {
  test('the next stretch goes where the cluster leads now, and shares are counted anew from the change', async () => {
    const { controls, engine, flow, state } = await lab();
    controls.add(request);
    controls.start();
    await flow(1000);
    await engine.edit({ edit: { kind: 'edit-yaml', document: 'api.yaml', text: deployment(1) } });
    await flow(1000);
    const { epochs, sent } = state().pairs[0]!.tally;
    expect([epochs.map(({ groups }) => groups.length), epochs[1]!.groups[0]!.odds, sent >= 8]).toEqual([[2, 1], { num: 1, den: 1 }, true]);
    expect(state().pairs[0]!.answer?.journey.branches.length).toBe(1);
  });
});

describe('less motion', () => {
  test('the same numbers in steps of a second, and nothing on the map', async () => {
    const [calm, lively] = [await lab({ calm: true }), await lab()];
    for (const one of [calm, lively]) {
      one.controls.add(request);
      one.controls.start();
      await one.flow(3100);
    }
    const seen = (one: typeof calm) => { const { epochs, sent } = one.state().pairs[0]!.tally; return [sent, countsOf(epochs[0]!)]; };
    expect([seen(calm), calm.stage.flights(), calm.state().pairs[0]!.tally.epochs[0]!.points.map(({ at }) => at)]).toEqual([seen(lively), [], [1000, 2000, 3000]]);
  });
});

describe('an engine that is slow or gone', () => {
  test('time waits for it: no request is lost and none is asked twice', async () => {
    const waiting: (() => void)[] = [];
    const slow = (real: SandboxApi): Pick<SandboxApi, 'traffic' | 'ask'> => ({ ask: real.ask, traffic: async (input) => { await new Promise<void>((resolve) => { waiting.push(resolve); }); return real.traffic(input); } });
    const { controls, flow, stage, state } = await lab({ engine: slow });
    controls.add(request);
    controls.start();
    await flow(5000);
    expect([stage.now(), waiting.length]).toEqual([500, 1]);
    waiting.pop()!();
    await flow(100);
    expect([state().counted, waiting.length]).toEqual([250, 1]);
  });
  test('its sentence is shown, and the traffic pauses', async () => {
    const { controls, flow, state, clock } = await lab({ engine: (real) => ({ ask: real.ask, traffic: async () => { throw new Error('The engine was restarted'); } }) });
    controls.add(request);
    controls.start();
    await flow(500);
    expect([state().status, state().failure, clock.running()]).toEqual(['paused', 'The engine was restarted', false]);
  });
});
