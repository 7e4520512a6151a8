import { describe, expect, test } from 'vitest';
import { ip } from '../base/ip.ts';
import type { Packet } from '../dataplane/packet.ts';
import { rewritesOf } from './rewrites.ts';
import type { Outcome, Trace } from './types.ts';
import { verdictOf } from './verdict.ts';

const syn: Packet = { src: ip('10.0.0.1'), dst: ip('10.96.0.1'), ttl: 64, l4: { proto: 'tcp', sport: 4000, dport: 80, flags: 'syn' } };
const arrived: Packet = { ...syn, src: ip('10.0.0.254'), dst: ip('10.0.0.2'), l4: { proto: 'tcp', sport: 4000, dport: 8080, flags: 'syn' } };
const trace = (outcome: Outcome, reply?: Outcome, hops = 2): Trace => ({
  flow: { from: 'pod/a', packet: syn }, outcome,
  hops: Array.from({ length: hops }, (_, i) => ({ netns: `n/${i}`, steps: [{ kind: 'originate', packet: syn }] })) as unknown as Trace['hops'],
  ...(reply === undefined ? {} : { reply: { flow: { from: 'pod/b', packet: arrived }, hops: [{ netns: 'pod/b', steps: [{ kind: 'originate', packet: arrived }] }], outcome: reply } }),
});
const delivered: Outcome = { kind: 'delivered', to: 'pod/b', as: arrived };
const answered: Outcome = { kind: 'delivered', to: 'pod/a', as: syn };

describe('verdicts (CLI.md)', () => {
  test.each<readonly [string, Trace, string, string]>([
    ['delivered and answered', trace(delivered, answered), 'delivered', ''],
    ['left the cluster and answered', trace({ kind: 'left-cluster', via: 'world/internet' }, answered), 'delivered', ''],
    ['the answer has no route', trace(delivered, { kind: 'no-route', at: 'router/r' }), 'timeout', 'no-return-route'],
    ['the answer falls into a blackhole', trace(delivered, { kind: 'blackhole', at: 'router/r' }), 'timeout', 'no-return-route'],
    ['the answer comes from the wrong address', trace(delivered, { kind: 'stray-reply', at: 'pod/a' }), 'timeout', 'stray-reply'],
    ['a rule drops the answer', trace(delivered, { kind: 'dropped', at: 'node/b', by: 'ip/filter/FORWARD/1' }), 'dropped', 'reply-dropped'],
    ['a cable loses the answer', trace(delivered, { kind: 'link-cut', at: 'node/b' }), 'timeout', 'reply-link-cut'],
    ['the answer is unmodelled', trace(delivered, { kind: 'unmodelled', what: 'x' }), 'unmodelled', 'unmodelled'],
    ['rejected', trace({ kind: 'rejected', at: 'node/a', by: 'r', answer: syn }, answered), 'refused', 'rejected'],
    ['rejected, but the sender never hears of it', trace({ kind: 'rejected', at: 'node/a', by: 'r', answer: syn }, { kind: 'blackhole', at: 'router/r' }), 'timeout', 'no-return-route'],
    ['refused', trace({ kind: 'refused', by: 'pod/b', answer: syn }, answered), 'refused', 'port-closed'],
    ['dropped', trace({ kind: 'dropped', at: 'node/a', by: 'r' }), 'dropped', 'dropped'],
    ['no route at the source', trace({ kind: 'no-route', at: 'pod/a' }, undefined, 1), 'unreachable', 'no-route'],
    ['no route at a router, though it says so', trace({ kind: 'no-route', at: 'router/r' }, answered), 'timeout', 'no-route'],
    ['ARP fails at the source', trace({ kind: 'no-neighbour', at: 'pod/a' }, undefined, 1), 'timeout', 'no-neighbour'],
    ['unmodelled', trace({ kind: 'unmodelled', what: 'owner match' }), 'unmodelled', 'unmodelled'],
  ])('%s', (_name, of, verdict, code) => {
    const found = verdictOf(of);
    expect([found.verdict, found.code]).toEqual([verdict, code]);
    expect(found.sentence).toMatch(/^[A-Z0-9].*\.$/);
  });
});

describe('rewrites', () => {
  test('the last of each side, the endpoint, and whom it sees', () => {
    const middle = { ...syn, dst: arrived.dst, l4: { ...syn.l4, dport: 8080 } as Packet['l4'] };
    const of: Trace = { ...trace(delivered, answered), hops: [{ netns: 'node/a', steps: [{ kind: 'rewrite', before: syn, after: middle, by: 'r' }, { kind: 'rewrite', before: middle, after: arrived, by: 's' }] }] };
    expect(rewritesOf(of)).toEqual({ dnat: { ip: '10.0.0.2', port: 8080 }, snat: { ip: '10.0.0.254' }, endpoint: { ip: '10.0.0.2', port: 8080, netns: 'pod/b' }, sourceSeen: { ip: '10.0.0.254' } });
  });
  test('count even where nobody is found at the end', () => {
    expect(rewritesOf(trace({ kind: 'no-neighbour', at: 'node/a' }))).toEqual({ dnat: null, snat: null, endpoint: null, sourceSeen: null });
  });
});
