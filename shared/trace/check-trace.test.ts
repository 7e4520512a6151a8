import { describe, expect, test } from 'vitest';
import { fraction } from '../base/fraction.ts';
import { ip } from '../base/ip.ts';
import type { Packet } from '../dataplane/packet.ts';
import { checkOdds } from './check-odds.ts';
import { checkTrace } from './check-trace.ts';
import { formatTrace } from './format-trace.ts';
import type { Hop, Step, Trace } from './types.ts';

const syn: Packet = { src: ip('10.0.0.1'), dst: ip('10.96.0.1'), ttl: 64, l4: { proto: 'tcp', sport: 4000, dport: 80, flags: 'syn' } };
const after: Packet = { ...syn, dst: ip('10.0.0.2'), l4: { proto: 'tcp', sport: 4000, dport: 8080, flags: 'syn' } };
const did: Step = { kind: 'rule', hook: 'prerouting', chain: 'ip/nat/SEP', rule: 'ip/nat/SEP/1', did: { kind: 'dnat', to: { ip: after.dst, ports: { from: 8080, to: 8080 } } } };
const rewrite: Step = { kind: 'rewrite', before: syn, after, by: 'ip/nat/SEP/1' };
const hops = (...middle: readonly Step[]): Trace['hops'] => [
  { netns: 'pod/a', steps: [{ kind: 'originate', packet: syn }, { kind: 'leave', link: 'eth0' }] },
  { netns: 'node/a', steps: [{ kind: 'enter', link: 'veth1' }, ...middle, { kind: 'leave', link: 'veth2' }] },
  { netns: 'pod/b', steps: [{ kind: 'enter', link: 'eth0' }, { kind: 'deliver', app: 'echo' }] },
];
const good: Trace = { flow: { from: 'pod/a', packet: syn }, hops: hops(did, rewrite, { kind: 'ttl', ttl: 63 }), outcome: { kind: 'delivered', to: 'pod/b', as: { ...after, ttl: 63 } } };

describe('invariants of a trace', () => {
  test('a good one has no complaints', () => expect(checkTrace(good)).toEqual([]));
  test.each<readonly [string, Trace, RegExp]>([
    ['a header that changes without a rewrite', { ...good, hops: hops({ kind: 'ttl', ttl: 63 }) }, /steps lead to/],
    ['a rewrite without its rule', { ...good, hops: hops(rewrite, { kind: 'ttl', ttl: 63 }) }, /did not just meet/],
    ['a rewrite of another packet', { ...good, hops: hops(did, { ...rewrite, before: after }, { kind: 'ttl', ttl: 63 }) }, /rewrite starts from/],
    ['a rewrite of nothing', { ...good, hops: hops(did, rewrite, { kind: 'rewrite', before: after, after, by: 'conntrack' }, { kind: 'ttl', ttl: 63 }) }, /changes nothing/],
    ['a TTL that falls by two', { ...good, hops: hops(did, rewrite, { kind: 'ttl', ttl: 62 }) }, /TTL goes from 64 to 62/],
    ['an end in another place', { ...good, outcome: { kind: 'dropped', at: 'node/z', by: 'x' } }, /outcome is at node\/z/],
    ['a hop that nobody entered', { ...good, hops: [good.hops[0], { netns: 'node/a', steps: [did] } satisfies Hop] }, /did not enter/],
  ])('%s', (_name, trace, complaint) => expect(checkTrace(trace).join('\n')).toMatch(complaint));
});

describe('odds', () => {
  const branch = (num: number, den: number) => ({ odds: fraction(num, den), trace: { ...good, hops: hops({ kind: 'choice', by: 'x', what: 'statistic', odds: { num, den } }, did, rewrite, { kind: 'ttl', ttl: 63 }) } });
  test('sum to 1 and are the product of the choices', () => {
    expect(checkOdds([branch(1, 3), branch(2, 3)])).toEqual([]);
    expect(checkOdds([branch(1, 3), branch(1, 3)])).toEqual(['the odds sum to 2/3']);
    expect(checkOdds([{ ...branch(1, 3), odds: fraction(1) }])).toEqual(['branch 1 has odds 1, its choices 1/3']);
  });
});

test('a trace as text', () => {
  expect(formatTrace(good, (_netns, id) => (id === 'ip/nat/SEP/1' ? '-A SEP -p tcp -j DNAT --to-destination 10.0.0.2:8080' : undefined))).toBe(`  pod/a
    sends 10.0.0.1:4000 → 10.96.0.1:80 tcp SYN
    out by eth0
  node/a
    in by veth1
    prerouting ip/nat/SEP: -A SEP -p tcp -j DNAT --to-destination 10.0.0.2:8080 ⇒ DNAT to 10.0.0.2:8080
    rewritten by ip/nat/SEP/1: 10.0.0.1:4000 → 10.96.0.1:80 tcp SYN ⇒ 10.0.0.1:4000 → 10.0.0.2:8080 tcp SYN
    TTL 63
    out by veth2
  pod/b
    in by eth0
    taken by echo
  = delivered to pod/b as 10.0.0.1:4000 → 10.0.0.2:8080 tcp SYN`);
});
