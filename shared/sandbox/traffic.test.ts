import { describe, expect, test } from 'vitest';
import type { Departure, KernelMemory } from '../api/traffic-contract.ts';
import { parseInput } from '../api/schemas.ts';
import type { Probe } from '../trace/types.ts';
import { openApiLab, webToApi as probe } from './testing/api-lab.ts';

const deny = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: none }\nspec: { podSelector: { matchLabels: { app: api } }, policyTypes: [Ingress] }\n';
const ipvs = 'apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nmode: ipvs\n';
const closed: Probe = { ...probe, to: 'pod/web', port: 81 };

const every = (ms: number, count: number, pair = 0, first = 0): readonly Departure[] => Array.from({ length: count }, (_, i) => ({ pair, nth: first + i, at: (first + i) * ms }));
const counts = (order: readonly number[]): readonly number[] => [0, 1, 2].map((end) => order.filter((one) => one === end).length);

describe('traffic', () => {
  test('the ends of a pair have the exact odds of its branches, and the requests fall as they say', async () => {
    const { pairs, order } = await (await openApiLab()).traffic({ probes: [probe], departures: every(100, 300), seed: 7 });
    expect(pairs[0]!.ends.map(({ verdict, odds, branches }) => ({ verdict, odds, branches }))).toEqual([0, 1, 2].map((i) => ({ verdict: 'delivered', odds: { num: 1, den: 3 }, branches: [i] })));
    expect(pairs[0]!.ends.every(({ who }) => who?.startsWith('pod/default/api-'))).toBe(true);
    // three standard deviations of 300 draws at 1/3 are 24.5
    expect(counts(order).every((count) => Math.abs(count - 100) < 25)).toBe(true);
  });
  test('[TRF3] a pair sees the same ends as the same question sent many times', async () => {
    const sandbox = await openApiLab();
    const { order } = await sandbox.traffic({ probes: [probe], departures: every(0, 60), seed: 3 });
    expect(order).toEqual((await sandbox.sample({ probe, count: 60, seed: 3 })).order);
  });
  test('[TRF3] the same input gives the same answer; cut into stretches it is the same traffic', async () => {
    const sandbox = await openApiLab();
    const whole = await sandbox.traffic({ probes: [probe], departures: every(100, 40), seed: 3 });
    const first = await sandbox.traffic({ probes: [probe], departures: every(100, 25), seed: 3 });
    const rest = await sandbox.traffic({ probes: [probe], departures: every(100, 15, 0, 25), seed: 3, memory: first.memory });
    expect([...first.order, ...rest.order]).toEqual(whole.order);
  });
  test('[TRF2] round robin goes on where the stretch before stopped', async () => {
    const sandbox = await openApiLab('', ipvs);
    let memory: KernelMemory | undefined;
    const order: number[] = [];
    for (let i = 0; i < 6; i++) {
      const answer = await sandbox.traffic({ probes: [probe], departures: every(100, 1, 0, i), ...(memory === undefined ? {} : { memory }) });
      memory = answer.memory;
      order.push(...answer.order);
    }
    expect([counts(order), order.slice(0, 3)]).toEqual([[2, 2, 2], order.slice(3)]);
  });
  test('[TRF2] with ClientIP affinity all follow the first, also in the next stretch, until it has been quiet for its timeout', async () => {
    const sandbox = await openApiLab(', sessionAffinity: ClientIP, sessionAffinityConfig: { clientIP: { timeoutSeconds: 10 } }');
    const first = await sandbox.traffic({ probes: [probe], departures: every(100, 20) });
    const next = await sandbox.traffic({ probes: [probe], departures: every(100, 20, 0, 20), memory: first.memory });
    expect(new Set([...first.order, ...next.order]).size).toBe(1);
    const apart = await sandbox.traffic({ probes: [probe], departures: every(11_000, 40) });
    expect(new Set(apart.order).size).toBe(3);
  });
  test('[TRF1] several pairs share the kernels, each with its own ends and its own draws', async () => {
    const departures = Array.from({ length: 40 }, (_, i): Departure => ({ pair: i % 2, nth: i >> 1, at: i * 50 }));
    const { pairs, order } = await (await openApiLab()).traffic({ probes: [probe, closed], departures });
    expect(pairs.map(({ ends }) => ends.map(({ verdict }) => verdict))).toEqual([['delivered', 'delivered', 'delivered'], ['refused']]);
    expect(order.filter((_, i) => i % 2 === 1)).toEqual(Array.from({ length: 20 }, () => 0));
  });
  test('a policy drops it, a name that is nobody is said of its pair, and the other pairs go on', async () => {
    const { pairs, order } = await (await openApiLab('', deny)).traffic({ probes: [probe, { ...probe, from: 'pod/nobody' }], departures: [...every(10, 2), { pair: 1, nth: 0, at: 30 }] });
    expect(pairs.map(({ ends, problem }) => [ends.map(({ verdict }) => verdict), problem !== null])).toEqual([[['dropped', 'dropped', 'dropped'], false], [[], true]]);
    expect(order.map((end) => end < 0)).toEqual([false, false, true]);
  });
  test('what is no traffic is refused at the door', () => {
    const refused = [{ probes: [], departures: [{ pair: 0, nth: 0, at: -1 }] }, { probes: [probe], departures: [{ pair: 0.5, nth: 0, at: 0 }] }, { probes: [probe], departures: [], memory: { recent: {} } }, { probes: [probe], departures: [{ pair: 1, nth: 0, at: 0 }] }];
    expect(refused.map((input) => parseInput('traffic', input).ok)).toEqual([false, false, false, false]);
  });
});
