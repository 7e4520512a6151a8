import { describe, expect, test } from 'vitest';
import type { TrafficEnd, TrafficPair } from '../../shared/api/traffic-contract.ts';
import type { ProbeVerdict } from '../../shared/trace/types.ts';
import { addStretch, countsOf, groupsOf, lookBack, nothingSent, sharesOf, type Tally } from './tally.ts';

const end = (verdict: ProbeVerdict, who: string | null, num = 1, den = 3): TrafficEnd => ({ verdict, code: '', sentence: '', who, branches: [0], odds: { num, den } });
const pair = (...ends: readonly TrafficEnd[]): TrafficPair => ({ ends, problem: null });
const three = pair(end('delivered', 'pod/shop/api-1'), end('dropped', null), end('delivered', 'pod/shop/api-2'));
const add = (tally: Tally, order: readonly number[], more: { readonly revision?: number; readonly from?: number; readonly of?: TrafficPair } = {}): Tally => {
  const { revision = 1, from = 0, of = three } = more;
  return addStretch(tally, { pair: of, order, revision, from, until: from + 250 });
};

describe('groups', () => {
  test('who answers stands first, and ends that nobody answers are one band for each fate', () => {
    const two = pair(end('dropped', null), end('dropped', null), end('delivered', 'pod/shop/api-1'));
    expect(groupsOf(two)).toEqual({ groups: [{ key: 'pod/shop/api-1 delivered', name: 'api-1', verdict: 'delivered', odds: { num: 1, den: 3 } }, { key: 'dropped', name: 'Dropped', verdict: 'dropped', odds: { num: 2, den: 3 } }], of: [1, 1, 0] });
  });
});

describe('counting', () => {
  test('each request is counted once by its fate and once by its band', () => {
    const tally = add(add(nothingSent, [0, 1]), [2, 2], { from: 250 });
    expect([tally.sent, tally.fates, countsOf(tally.epochs[0]!)]).toEqual([4, { delivered: 3, dropped: 1 }, [1, 2, 1]]);
  });
  test('a changed cluster begins an epoch of its own at the moment of the change, and the sums go on', () => {
    const tally = add(add(nothingSent, [0, 1, 2]), [0], { from: 250, revision: 2, of: pair(end('delivered', 'pod/shop/api-2', 1, 1)) });
    expect([tally.sent, tally.epochs.map(({ revision, since, groups }) => [revision, since, groups.length]), countsOf(tally.epochs[1]!)]).toEqual([4, [[1, 0, 3], [2, 250, 1]], [1]]);
  });
  test('an end that no first packet has finds its place among the bands of before', () => {
    const tally = add(add(nothingSent, [0, 2]), [3], { from: 250, of: pair(...three.ends, end('delivered', 'pod/shop/api-9', 0, 1)) });
    expect([tally.epochs[0]!.groups.map(({ name }) => name), tally.epochs[0]!.points.map(({ counts }) => counts)]).toEqual([['api-1', 'api-2', 'api-9', 'Dropped'], [[1, 1, 0, 0], [1, 1, 1, 0]]]);
  });
  test('a pair that cannot be asked is told and counts nothing', () => {
    const tally = add(nothingSent, [-1], { of: { ends: [], problem: 'there is no pod/x' } });
    expect([tally.sent, tally.problem]).toEqual([0, 'there is no pod/x']);
  });
  test('an hour of traffic keeps no more than the chart shows', () => {
    let tally = nothingSent;
    for (let at = 0; at < 3_600_000; at += 250) tally = add(tally, [], { from: at, revision: Math.floor(at / 20_000) });
    const points = tally.epochs.reduce((sum, { points: some }) => sum + some.length, 0);
    expect([tally.epochs.length <= 4, points <= lookBack / 250 + 4]).toEqual([true, true]);
  });
});

test('shares sum to one, and before the first request there are none', () => {
  expect([sharesOf([1, 2, 1]), sharesOf([0, 0])]).toEqual([[0.25, 0.5, 0.25], [0, 0]]);
});
