import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { equalFractions, addFractions, one, zero } from '../base/fraction.ts';
import { ip } from '../base/ip.ts';
import type { Action, Match, Table } from '../dataplane/rules.ts';
import { checkOdds } from '../trace/check-odds.ts';
import { checkTrace } from '../trace/check-trace.ts';
import { formatTrace } from '../trace/format-trace.ts';
import { emptyState, send, sendNaively } from './send.ts';
import { flowOf, stepsOf, type Question } from './testing/ask.ts';
import { buildLab, lab } from './testing/lab.ts';
import { accept, back, chance, ctState, dnatTo, dport, drop, dst, dstType, goto, iptables, jump, mark, masquerade, orMark, proto, rejectWith, rule, snatTo, src, srcType } from './testing/rules.ts';
import { kubeProxyTables, type TestService } from './testing/services.ts';

const addresses = ['10.96.0.1', '10.96.0.2', lab.a1, lab.a2, lab.b1, lab.cl1, lab.node1.ip, lab.client] as const;
const anAddress = fc.constantFrom(...addresses);
const aPort = fc.constantFrom(80, 81, 8080);
const regular = ['ONE', 'TWO', 'THREE'] as const;

const aMatch: fc.Arbitrary<Match> = fc.oneof(
  { weight: 6, arbitrary: anAddress.map((a) => dst(a)) }, { weight: 2, arbitrary: anAddress.map((a) => src(a)) }, { weight: 3, arbitrary: aPort.map(dport) },
  { weight: 1, arbitrary: fc.constantFrom(proto('tcp'), proto('udp'), dstType('LOCAL'), srcType('LOCAL'), ctState('new'), ctState('established', 'related'), mark(1), src('10.244.0.0/16', true), dst('10.96.0.1', true), chance(1, 2), chance(1, 3)) },
);
/** Jumps lead only to later chains, as iptables demands, so that no chain reaches itself. */
const jumps = (from: number): readonly Action[] => regular.slice(from).flatMap((name) => [jump(name), goto(name)]);
const anAction = (table: 'nat' | 'filter', chain: string, from: number): fc.Arbitrary<Action> => fc.constantFrom<Action>(
  ...jumps(from), ...jumps(from), back, accept, orMark(1), orMark(2), { kind: 'counter' },
  ...(table === 'filter' ? [drop, rejectWith(), rejectWith('tcp-reset')] : chain === 'POSTROUTING' ? [masquerade(), snatTo('192.168.50.99')] : [dnatTo(lab.a1, 8080), dnatTo(lab.b1, 8080)]),
);
const aChain = (table: 'nat' | 'filter', chain: string, from: number) =>
  fc.array(fc.tuple(fc.array(aMatch, { maxLength: 3 }), anAction(table, chain, from)).map(([match, action]) => rule(match, action)), { maxLength: 14 });

const aTable = (name: 'nat' | 'filter', hooks: readonly string[]): fc.Arbitrary<Table> =>
  fc.record(Object.fromEntries([...hooks.map((h): [string, fc.Arbitrary<ReturnType<typeof rule>[]>] => [h, aChain(name, h, 0)]), ...regular.map((r, i): [string, fc.Arbitrary<ReturnType<typeof rule>[]>] => [r, aChain(name, h(name), i + 1)])]))
    .map((chains) => iptables(name, chains));
const h = (table: 'nat' | 'filter'): string => (table === 'nat' ? 'PREROUTING' : 'FORWARD');

const someTables: fc.Arbitrary<readonly Table[]> = fc.tuple(aTable('nat', ['PREROUTING', 'OUTPUT']), aTable('filter', ['INPUT', 'FORWARD', 'OUTPUT']), aChain('nat', 'POSTROUTING', regular.length))
  .map(([nat, filter, post]) => [nat, { ...filter }, { ...iptables('nat', { POSTROUTING: post }) }]);

const aQuestion: fc.Arbitrary<Question> = fc.record({
  from: fc.constantFrom('pod/cl1', 'pod/a1', 'pod/cl2', 'node/node1', 'client/internet'), to: anAddress, port: fc.constantFrom(80, 81, 8080), protocol: fc.constantFrom('tcp' as const, 'udp' as const, 'icmp' as const), ttl: fc.constantFrom(64, 64, 3, 1),
});

describe('any rules whatsoever', () => {
  test('[HK5, HK6] the index changes nothing: the same branches, steps and odds as walking rule by rule', () => {
    fc.assert(fc.property(someTables, aQuestion, (tables, question) => {
      const cluster = buildLab({ rules: () => tables });
      const flow = flowOf(cluster, question);
      expect(send(cluster, flow, emptyState(), { mode: 'all' })).toEqual(sendNaively(cluster, flow, emptyState(), { mode: 'all' }));
    }), { numRuns: 150, seed: 1 });
  });

  test('[CH1] every packet meets an end, every story holds together, the odds sum to 1', () => {
    fc.assert(fc.property(someTables, aQuestion, fc.boolean(), fc.constantFrom('bridge', 'ptp', 'calico'), (tables, question, bridgeNf, cni) => {
      const cluster = buildLab({ rules: () => tables, bridgeNf, cni: cni as 'bridge' });
      const { branches } = send(cluster, flowOf(cluster, question), emptyState(), { mode: 'all' });
      for (const { trace } of branches) {
        const complaints = checkTrace(trace);
        if (complaints.length > 0) throw new Error(`${complaints.join('\n')}\n${formatTrace(trace)}`);
      }
      expect(branches.length > 4000 ? [] : checkOdds(branches)).toEqual([]);
      expect(equalFractions(branches.reduce((sum, b) => addFractions(sum, b.odds), zero), one)).toBe(true);
    }), { numRuns: 150, seed: 2 });
  });

  test('a sample is one of all branches', () => {
    fc.assert(fc.property(someTables, aQuestion, fc.integer({ min: 0, max: 1000 }), (tables, question, seed) => {
      const cluster = buildLab({ rules: () => tables });
      const flow = flowOf(cluster, question);
      const ends = (trace: { outcome: unknown }): string => JSON.stringify(trace.outcome);
      const all = send(cluster, flow, emptyState(), { mode: 'all' });
      const { branches: [one_] } = send(cluster, flow, emptyState(), { mode: 'sample', seed });
      expect(all.branches.map(({ trace }) => ends(trace))).toContain(ends(one_.trace));
    }), { numRuns: 60, seed: 3 });
  });
});

describe('Services', () => {
  const aService = (n: number): fc.Arbitrary<TestService> => fc.record({
    endpoints: fc.uniqueArray(fc.constantFrom(lab.a1, lab.a2, lab.b1, lab.b2), { maxLength: 4 }), nodePort: fc.constant(30_000 + n), local: fc.constantFrom(undefined, []),
  }).map(({ endpoints, nodePort, local }) => ({ name: `S${n}`, clusterIp: `10.96.0.${n}`, port: 80, targetPort: 8080, endpoints, nodePort, ...(local === undefined ? {} : { local }) }));
  const services = fc.tuple(...Array.from({ length: 12 }, (_, i) => aService(i + 1)));
  const asked = fc.record({ from: fc.constantFrom('pod/cl1', 'pod/a1', 'node/node1', 'client/internet'), to: fc.constantFrom('10.96.0.3', '10.96.0.9', lab.node1.ip), port: fc.constantFrom(80, 30_003) });

  test('an answer un-NATs to the tuple that was asked; endpoints have equal odds', () => {
    fc.assert(fc.property(services, asked, (all, question) => {
      const cluster = buildLab({ rules: () => kubeProxyTables(all, { egress: true }) });
      const flow = flowOf(cluster, question);
      const { branches } = send(cluster, flow, emptyState(), { mode: 'all' });
      for (const { trace, odds } of branches) {
        const reply = trace.reply?.outcome;
        if (trace.outcome.kind !== 'delivered' || reply?.kind !== 'delivered') continue;
        expect({ src: reply.as.src, dst: reply.as.dst, l4: reply.as.l4 }).toEqual({ src: flow.packet.dst, dst: flow.packet.src, l4: { proto: 'tcp', sport: question.port, dport: 20_000, flags: 'syn-ack' } });
        expect(equalFractions(odds, branches[0].odds)).toBe(true);
      }
    }), { numRuns: 60, seed: 4 });
  });

  test('a chain of a thousand Services costs no more steps than one of ten, and gives the naive walk\'s result', () => {
    const among = (n: number) => {
      const services = Array.from({ length: n }, (_, i): TestService => ({ name: `S${i}`, clusterIp: `10.96.${1 + (i >> 8)}.${i & 255}`, port: 80, endpoints: [lab.a1, lab.b1], targetPort: 8080 }));
      const cluster = buildLab({ rules: () => kubeProxyTables(services) });
      const flow = flowOf(cluster, { from: 'pod/cl1', to: services.at(-1)!.clusterIp });
      const result = send(cluster, flow, emptyState(), { mode: 'all' });
      expect(result).toEqual(sendNaively(cluster, flow, emptyState(), { mode: 'all' }));
      return result;
    };
    const result = among(1000);
    expect(stepsOf(result.branches[0].trace).length).toBe(stepsOf(among(10).branches[0].trace).length);
    expect(result.branches[0].trace.outcome).toMatchObject({ kind: 'delivered', as: { dst: ip(lab.a1) } });
  });
});
