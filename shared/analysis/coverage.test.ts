import { expect, test } from 'vitest';
import { generateCluster } from '../model/policy/testing/generate.ts';
import { equal, has } from '../model/policy/connection-set.ts';
import { directionAllows, indexPolicies, isPolicyPod, podEnd, type Direction } from '../model/policy/oracle.ts';
import type { PolicyEnd } from '../model/policy/match-rule.ts';
import type { Cluster } from '../model/types.ts';
import { policyCoverage } from './coverage.ts';
import { policyClasses } from './policy-classes.ts';

/** Everything that a direction lets pass, for all pairs of ends. */
function answers(cluster: Cluster, ends: readonly PolicyEnd[], direction: Direction) {
  const index = indexPolicies(cluster);
  return cluster.pods.filter(isPolicyPod).flatMap((pod) => ends.filter((end) => end.kind !== 'pod' || end.pod !== pod).map((end) => directionAllows(index, direction, podEnd(index, pod), end)));
}

test('on generated clusters a rule is shadowed exactly where nothing changes without it, and the question offered would be let pass by it', () => {
  const seen = { shadowed: 0, unmet: 0, 'selects-nothing': 0, met: 0 };
  let asked = 0;
  for (let seed = 0; seed < 40; seed++) {
    const cluster = generateCluster(seed);
    const index = indexPolicies(cluster);
    const ends = [...cluster.pods.filter(isPolicyPod).map((pod) => podEnd(index, pod)), ...policyClasses(cluster).flatMap(({ end }) => (end.kind === 'address' ? [end] : []))];
    for (const { policy, field, state, probe } of policyCoverage(cluster, [])) {
      seen[state]++;
      const [, direction, n] = /^spec\.(ingress|egress)\[(\d+)\]$/.exec(field)! as unknown as [string, Direction, string];
      const without: Cluster = { ...cluster, policies: cluster.policies.map((one) => (one.name === policy.name && one.namespace === policy.namespace ? { ...one, [direction]: one[direction]!.filter((_, i) => i !== Number(n)) } : one)) };
      const [before, after] = [answers(cluster, ends, direction), answers(without, ends, direction)];
      const changes = before.some((set, i) => !equal(set, after[i]!));
      expect({ seed, policy: policy.name, field, state, changes }).toEqual({ seed, policy: policy.name, field, state, changes: state === 'unmet' });
      const find = (id: string) => cluster.pods.find((pod) => `pod/${pod.namespace}/${pod.name}` === id);
      const [from, to] = [find(probe?.from ?? ''), find(probe?.to ?? '')];
      if (!probe || !from || !to || probe.protocol === 'icmp') continue;
      asked++;
      const [subject, other] = direction === 'ingress' ? [to, from] : [from, to];
      expect({ seed, field, let: has(directionAllows(index, direction, podEnd(index, subject), podEnd(index, other)), probe.protocol!, probe.port!) }).toEqual({ seed, field, let: true });
    }
  }
  expect([seen.shadowed > 20, seen.unmet > 20, seen['selects-nothing'] > 5, asked > 20]).toEqual([true, true, true, true]);
}, 120_000);
