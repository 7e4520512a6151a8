import { expect, test, vi } from 'vitest';
import { equal, type ConnectionSet, noConnections } from '../model/policy/connection-set.ts';
import { allowedBetween, indexPolicies, isPolicyPod, podEnd } from '../model/policy/oracle.ts';
import type { PolicyEnd } from '../model/policy/match-rule.ts';
import { chooser, generateCluster, policyOf, podOf, portOf, type Chooser } from '../model/policy/testing/generate.ts';
import type { Cluster } from '../model/types.ts';
import { diffReach, type ConnectionChange } from './diff-reach.ts';
import { workloadName } from './ends.ts';
import { segmentsOf } from './ip-ranges.ts';
import { networksRead } from './labels-read.ts';
import { allowedJson } from './reach.ts';

// Room for a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const edits: readonly ((random: Chooser, cluster: Cluster) => Partial<Cluster>)[] = [
  (random, { policies }) => ({ policies: [...policies, policyOf(random, 50)] }),
  (_, { policies }) => ({ policies: policies.slice(1) }),
  (random, { policies }) => ({ policies: [policyOf(random, 60), ...policies.slice(1)] }),
  (_, { policies }) => ({ policies: policies.toReversed().map((policy) => structuredClone(policy)) }),
  (random, { pods }) => ({ pods: [...pods.slice(1), podOf('red/new', 'a', '10.244.1.80', { app: random.pick(['web', 'api', 'db']) }, [portOf(8000, 'http')])] }),
  (random, { pods }) => ({ pods: pods.map((pod, i) => (i === 0 ? { ...pod, labels: { app: random.pick(['web', 'db']) } } : pod)) }),
  (random, { pods }) => ({ pods: pods.map((pod, i) => (i === 1 ? { ...pod, ports: [portOf(8000 + random.below(3), random.pick(['http', 'dns', '']))] } : pod)) }),
  (random, { namespaces }) => ({ namespaces: namespaces.map((one) => ({ ...one, labels: { ...one.labels, team: random.pick(['one', 'three']) } })) }),
];

/** Every peer of either cluster, as the oracle takes it; here each pod is its own workload, and nobody merges ranges. */
function endsIn(cluster: Cluster, segments: ReturnType<typeof segmentsOf>): ReadonlyMap<string, PolicyEnd> {
  const index = indexPolicies(cluster);
  return new Map([
    ...cluster.pods.map((pod): [string, PolicyEnd] => [workloadName(pod), isPolicyPod(pod) ? podEnd(index, pod) : { kind: 'address', ip: pod.ips[0]! }]),
    ...segments.map(({ from, to }): [string, PolicyEnd] => [`${from}-${to}`, { kind: 'address', ip: from }]),
  ]);
}

/** The difference, pair by pair, each of both clusters asked from scratch. */
function naiveDiff(before: Cluster, after: Cluster, segments: ReturnType<typeof segmentsOf>): readonly string[] {
  const sides = [before, after].map((cluster) => ({ index: indexPolicies(cluster), ends: endsIn(cluster, segments) }));
  const names = [...new Set(sides.flatMap(({ ends }) => [...ends.keys()]))];
  const allowed = (side: (typeof sides)[number], src: string, dst: string): ConnectionSet => {
    const [from, to] = [side.ends.get(src), side.ends.get(dst)];
    return from && to ? allowedBetween(side.index, from, to) : noConnections;
  };
  return names.flatMap((src) => names.flatMap((dst) => {
    if (src === dst || (!src.endsWith('[Pod]') && !dst.endsWith('[Pod]'))) return [];
    const [was, is] = sides.map((side) => allowed(side, src, dst)) as [ConnectionSet, ConnectionSet];
    return equal(was, is) ? [] : [`${src} ${dst} ${JSON.stringify([allowedJson(was), allowedJson(is)])}`];
  })).toSorted();
}

/** What diffReach says, with its merged ranges cut again at every edge. */
function saidOf(connections: readonly ConnectionChange[], segments: ReturnType<typeof segmentsOf>): readonly string[] {
  const cut = (name: string): readonly string[] => {
    if (name.endsWith('[Pod]')) return [name];
    const [from, to] = name.split('-');
    return segments.slice(segments.findIndex((one) => one.from === from), segments.findIndex((one) => one.to === to) + 1).map((one) => `${one.from}-${one.to}`);
  };
  return connections.flatMap(({ src, dst, before, after }) => cut(src).flatMap((one) => cut(dst).map((other) => `${one} ${other} ${JSON.stringify([before, after])}`))).toSorted();
}

test.each([[0, 'the pods\' own objects', false], [1000, 'copies of them', true]])('what changed between two clusters is what the oracle answers differently for each pair of both, generated clusters from seed %i on, one edit, %s', (first, _, copied) => {
  let changed = 0;
  for (let seed = first; seed < first + 160; seed++) {
    const before = generateCluster(seed);
    const edited = { ...before, ...edits[seed % edits.length]!(chooser(seed + 7), before) };
    const after = copied ? structuredClone(edited) : edited;
    const networks = [...networksRead(before.policies), ...networksRead(after.policies)];
    const segments = [...segmentsOf(networks, 4), ...(networks.some((network) => network.includes(':')) ? segmentsOf(networks, 6) : [])];
    const said = saidOf(diffReach(before, after).connections, segments);
    changed += said.length;
    expect({ seed, said }).toEqual({ seed, said: naiveDiff(before, after, segments) });
  }
  expect(changed).toBeGreaterThan(1000);
});
