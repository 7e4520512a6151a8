import { describe, expect, test } from 'vitest';
import type { Dataplane } from '../dataplane/netns.ts';
import { ip } from '../base/ip.ts';
import type { Match } from '../dataplane/rules.ts';
import { emptyState, send } from './send.ts';
import { ask, fate, fates, flowOf, type Question } from './testing/ask.ts';
import { buildLab, lab } from './testing/lab.ts';
import { accept, dnatTo, drop, iptables, jump, proto, rule, dport, dst, masquerade } from './testing/rules.ts';
import { kubeProxyTables, type TestService } from './testing/services.ts';
import type { NetState } from './types.ts';

const { a1, a2, b1 } = lab;
const web: TestService = { name: 'WEB', clusterIp: '10.96.0.10', port: 80, endpoints: [a1, a2, b1], targetPort: 8080 };

/** Sends one sampled packet after another through the same kernels. */
function kernels(cluster: Dataplane) {
  let state: NetState = emptyState();
  return {
    send(question: Question, seed: number, now = state.now): string {
      const result = send(cluster, flowOf(cluster, question), { ...state, now }, { mode: 'sample', seed });
      state = result.branches[0].state;
      return fates(result)[0]!.slice(2);
    },
    state: () => state,
  };
}

describe('sampling', () => {
  const cluster = buildLab({ rules: () => kubeProxyTables([web]) });
  test('the same seed gives the same branch, and many seeds converge on the odds', () => {
    const to = (seed: number): string => fate(send(cluster, flowOf(cluster, { from: 'pod/cl1', to: '10.96.0.10' }), emptyState(), { mode: 'sample', seed }).branches[0].trace).split(' ')[1]!;
    expect(to(7)).toBe(to(7));
    const counts = { 'pod/a1': 0, 'pod/a2': 0, 'pod/b1': 0 };
    for (let seed = 0; seed < 3000; seed++) counts[to(seed) as keyof typeof counts]++;
    // Five standard deviations around 1000.
    for (const n of Object.values(counts)) expect(Math.abs(n - 1000)).toBeLessThan(130);
  });
  test('`all` never changes the state', () => {
    const state = emptyState(5);
    const { branches } = send(cluster, flowOf(cluster, { from: 'pod/cl1', to: '10.96.0.10' }), state, { mode: 'all' });
    expect(branches.every((b) => b.state === state)).toBe(true);
  });
});

describe('[CT1] conntrack', () => {
  test('[NAT1] a connection keeps its endpoint: nat rules see only its first packet', () => {
    const k = kernels(buildLab({ rules: () => kubeProxyTables([{ ...web, name: 'DNS', protocol: 'udp', targetPort: 8053 }]) }));
    const question: Question = { from: 'pod/cl1', to: '10.96.0.10', protocol: 'udp', sport: 5000 };
    const first = k.send(question, 1);
    expect(Array.from({ length: 12 }, (_, i) => k.send(question, i))).toEqual(Array.from({ length: 12 }, () => first));
  });
  test('[CT5] a UDP flow is forgotten 120 s after its last packet (nf_conntrack_udp_timeout_stream)', () => {
    const k = kernels(buildLab({ rules: () => kubeProxyTables([{ ...web, name: 'DNS', protocol: 'udp', targetPort: 8053 }]) }));
    const question: Question = { from: 'pod/cl1', to: '10.96.0.10', protocol: 'udp', sport: 5000 };
    const seen = Array.from({ length: 20 }, (_, i) => k.send(question, i, i * 121_000));
    expect(new Set(seen).size).toBe(3);
    expect(k.state().conntrack['node/node1']?.length).toBe(1);
  });
  test('[CT2] each namespace with rules has its own entry; without rules there is none', () => {
    const k = kernels(buildLab({ rules: (node) => (node === 'node1' ? kubeProxyTables([{ ...web, endpoints: [b1] }]) : []) }));
    k.send({ from: 'pod/cl1', to: '10.96.0.10' }, 1);
    expect(Object.keys(k.state().conntrack)).toEqual(['node/node1']);
    expect(k.state().conntrack['node/node1']).toEqual([{
      original: { protocol: 'tcp', src: lab.cl1, dst: '10.96.0.10', sport: 20_000, dport: 80 }, reply: { protocol: 'tcp', src: b1, dst: lab.cl1, sport: 8080, dport: 20_000 },
      mark: 0, status: 'confirmed', seen: 0, replied: true,
    }]);
  });
  test('a dropped first packet leaves no entry', () => {
    const k = kernels(buildLab({ rules: () => kubeProxyTables([web], { filterForward: [rule([], drop)] }) }));
    k.send({ from: 'pod/cl1', to: '10.96.0.10' }, 1);
    expect(k.state().conntrack).toEqual({});
  });
  test('[CT3] a SYN-ACK that this node saw no SYN of is INVALID (KUBE-FORWARD drops it)', () => {
    const cluster = buildLab({ rules: (node) => (node === 'node2' ? [iptables('filter', { FORWARD: [rule([{ kind: 'ct-state', states: ['invalid'], module: 'conntrack' }], drop)] })] : []) });
    const flow = { from: 'pod/b1', packet: { src: ip(b1), dst: ip(lab.cl1), ttl: 64, l4: { proto: 'tcp', sport: 8080, dport: 20_000, flags: 'syn-ack' } } } as const;
    expect(fate(send(cluster, flow, emptyState(), { mode: 'all' }).branches[0].trace)).toBe('dropped node/node2 ip/filter/FORWARD/1');
  });
});

describe('[NAT4] fact (d): the source port changes without SNAT when the reply tuple clashes', () => {
  const two = buildLab({ rules: () => kubeProxyTables([{ ...web, endpoints: [a1] }, { ...web, name: 'TWO', clusterIp: '10.96.0.20', endpoints: [a1] }]) });
  test('one pod port to two Services with one backend', () => {
    const k = kernels(two);
    expect(k.send({ from: 'pod/cl1', to: '10.96.0.10' }, 1)).toContain(`${lab.cl1}:20000 > ${a1}:8080`);
    const second = k.send({ from: 'pod/cl1', to: '10.96.0.20' }, 1);
    expect(second).toMatch(/^delivered pod\/a1 10\.244\.1\.20:\d+ > 10\.244\.1\.10:8080; delivered pod\/cl1 10\.96\.0\.20:80 > 10\.244\.1\.20:20000$/);
    expect(second).not.toContain(`${lab.cl1}:20000 > ${a1}`);
  });
});

describe('[NAT5] masquerade keeps the port unless it clashes', () => {
  test('two pods with one source port behind one node address', () => {
    const k = kernels(buildLab({ rules: () => kubeProxyTables([], { egress: true }) }));
    expect(k.send({ from: 'pod/cl1', to: lab.client, port: 443 }, 1)).toContain(`${lab.node1.ip}:20000 > ${lab.client}:443`);
    const second = k.send({ from: 'pod/a1', to: lab.client, port: 443 }, 1);
    expect(second).not.toContain(`${lab.node1.ip}:20000`);
    expect(second).toContain(`delivered pod/a1 ${lab.client}:443 > ${a1}:20000`);
  });
});

describe('session affinity by `recent` (kube-proxy.md §5.9; kernel-lab 3.5)', () => {
  const recent = (op: 'set' | 'rcheck', name: string): Match => ({ kind: 'recent', op, name, side: 'source', mask: ip('255.255.255.255'), ...(op === 'rcheck' ? { seconds: 100, reap: true } : {}) });
  const sep = (n: number, to: string) => [rule([proto('tcp'), recent('set', `SEP${n}`)], dnatTo(to, 8080))];
  const nat = iptables('nat', {
    PREROUTING: [rule([dst('10.96.0.10'), proto('tcp'), dport(80)], jump('SVC'))], POSTROUTING: [],
    SVC: [rule([recent('rcheck', 'SEP1')], jump('SEP1')), rule([recent('rcheck', 'SEP2')], jump('SEP2')), rule([{ kind: 'statistic', mode: 'random', probability: { num: 1n, den: 2n } }], jump('SEP1')), rule([], jump('SEP2'))],
    SEP1: sep(1, a1), SEP2: sep(2, b1),
  });
  test('[CH2] stays while connections come within the timeout, which slides; chooses anew after it', () => {
    const k = kernels(buildLab({ rules: () => [nat] }));
    const at = (seconds: number, sport: number): string => k.send({ from: 'pod/cl1', to: '10.96.0.10', sport }, sport, seconds * 1000).split(' ')[1]!;
    const first = at(0, 1);
    expect([at(99, 2), at(190, 3), at(280, 4)]).toEqual([first, first, first]);
    expect(new Set(Array.from({ length: 12 }, (_, i) => at(1000 + i * 102, 10 + i))).size).toBe(2);
  });
});

describe('counting rules', () => {
  test('[CH3] `statistic --mode nth` takes turns from the first packet on (kernel-lab 3.18)', () => {
    const nth = (every: number): Match => ({ kind: 'statistic-nth', every, packet: 0 });
    const to = (address: string, ...match: readonly Match[]) => rule([dst('10.96.0.10'), proto('tcp'), ...match], dnatTo(address, 8080));
    const k = kernels(buildLab({ rules: () => [iptables('nat', { PREROUTING: [to(a1, nth(3)), to(a2, nth(2)), to(b1)], POSTROUTING: [] })] }));
    expect(Array.from({ length: 6 }, (_, i) => k.send({ from: 'pod/cl1', to: '10.96.0.10', sport: 100 + i }, i).split(' ')[1])).toEqual(['pod/a1', 'pod/a2', 'pod/b1', 'pod/a1', 'pod/a2', 'pod/b1']);
  });
});

describe('what nobody knows', () => {
  const cluster = (match: readonly Match[]) => buildLab({ rules: () => [iptables('filter', { FORWARD: [rule(match, accept)] })] });
  test('[HK7] an unknown match ends the way at its rule, but only where the packet gets to it', () => {
    const unknown: Match = { kind: 'unmodelled-match', text: '-m owner --uid-owner 1000' };
    expect(fates(ask(cluster([unknown]), { from: 'pod/cl1', to: a1, port: 8080 }))).toEqual(['1 unmodelled -m owner --uid-owner 1000']);
    expect(fates(ask(cluster([dport(9), unknown]), { from: 'pod/cl1', to: a1, port: 8080 }))[0]).toMatch(/^1 delivered/);
  });
  test('a jump to a chain that is not there', () => {
    const broken = buildLab({ rules: () => [iptables('filter', { FORWARD: [rule([], jump('NOWHERE'))] })] });
    expect(fates(ask(broken, { from: 'pod/cl1', to: a1, port: 8080 }))).toEqual(['1 unmodelled chain NOWHERE does not exist']);
  });
  test('chains that jump in circles', () => {
    const circle = buildLab({ rules: () => [iptables('filter', { FORWARD: [rule([], jump('A'))], A: [rule([], jump('B'))], B: [rule([], jump('A'))] })] });
    expect(fates(ask(circle, { from: 'pod/cl1', to: a1, port: 8080 }))).toEqual(['1 unmodelled chains nested deeper than 64']);
  });
  test('masquerade on an interface without an address uses another one of this machine (inet_select_addr)', () => {
    const calico = buildLab({ cni: 'calico', rules: () => [iptables('nat', { POSTROUTING: [rule([], masquerade())] })] });
    expect(fates(ask(calico, { from: 'pod/cl1', to: a1, port: 8080 }))[0]).toContain(`${lab.node1.ip}:20000 > ${a1}`);
  });
});
