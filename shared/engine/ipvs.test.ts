import { describe, expect, test } from 'vitest';
import { ip } from '../base/ip.ts';
import type { VirtualServer } from '../dataplane/netns.ts';
import { emptyState, send } from './send.ts';
import { flowOf, fates, stepsOf, ask, type Question } from './testing/ask.ts';
import { explain, judge } from './testing/judge.ts';
import { buildLab, lab } from './testing/lab.ts';
import { back, dstType, iptables, jump, mark, masquerade, notMarked, orMark, rule, src } from './testing/rules.ts';
import { bridge, origin } from './testing/wiring.ts';
import type { NetState } from './types.ts';

const { a1, b1, node1 } = lab;
const server = (address: string, port: number, real: readonly string[], more: Partial<VirtualServer> = {}): VirtualServer =>
  ({ protocol: 'tcp', ip: ip(address), port, scheduler: 'rr', real: real.map((r) => ({ ip: ip(r), port: 8080, weight: 1, origin })), origin, ...more });

// As kube-proxy in ipvs mode leaves a node: VIPs on a dummy device, so that they are local; masquerade by mark (kube-proxy.md §8).
const nat = iptables('nat', {
  PREROUTING: [rule([src('10.244.0.0/16', true), dstType('LOCAL')], orMark(0x4000))], OUTPUT: [rule([src('10.244.0.0/16', true), dstType('LOCAL')], orMark(0x4000))],
  POSTROUTING: [rule([notMarked(0x4000)], back), rule([mark(0x4000)], jump('MASQ'))], MASQ: [rule([], masquerade())],
});
const cluster = (servers: readonly VirtualServer[]) => buildLab({
  rules: () => [nat],
  change: (n) => (n.kind !== 'node' ? n : { ...n, virtualServers: servers, links: [...n.links, { ...bridge('kube-ipvs0', { addresses: servers.filter((s) => s.ip.startsWith('10.96.')).map((s) => `${s.ip}/32`) }), kind: 'dummy' as const }] }),
});
const web = server('10.96.0.10', 80, [a1, b1]);

describe('[IPVS1] a virtual server', () => {
  test.each<readonly [string, readonly VirtualServer[], Question, readonly string[]]>([
    ['pod → ClusterIP keeps the pod\'s address', [web], { from: 'pod/cl1', to: '10.96.0.10' }, [`1/2 a1 saw ${lab.cl1}`, `1/2 b1 saw ${lab.cl1}`]],
    ['node → ClusterIP is masqueraded, because its source is the VIP', [web], { from: 'node/node1', to: '10.96.0.10' }, [`1/2 a1 saw ${node1.gw}`, `1/2 b1 saw ${node1.ip}`]],
    ['client → VIP on a node', [server(node1.ip, 30080, [a1, b1])], { from: 'client/internet', to: node1.ip, port: 30080 }, [`1/2 a1 saw ${node1.gw}`, `1/2 b1 saw ${node1.ip}`]],
    ['without real servers it refuses by ICMP', [server('10.96.0.10', 80, [])], { from: 'pod/cl1', to: '10.96.0.10' }, ['1 refused rejected from 10.96.0.10']],
    ['a real server of weight 0 takes nothing new', [{ ...web, real: [{ ...web.real[0]!, weight: 0 }, web.real[1]!] }], { from: 'pod/cl1', to: '10.96.0.10' }, [`1 b1 saw ${lab.cl1}`]],
    ['wrr goes by weight', [{ ...web, scheduler: 'wrr', real: [{ ...web.real[0]!, weight: 3 }, web.real[1]!] }], { from: 'pod/cl1', to: '10.96.0.10' }, [`3/4 a1 saw ${lab.cl1}`, `1/4 b1 saw ${lab.cl1}`]],
    ['a VIP answers ping: its address is local', [web], { from: 'pod/cl1', to: '10.96.0.10', protocol: 'icmp' }, [`1 node1 saw ${lab.cl1}`]],
    ['another port of the VIP is the node\'s own', [web], { from: 'pod/cl1', to: '10.96.0.10', port: 81 }, ['1 refused port-closed from 10.96.0.10']],
    ['a scheduler that nobody knows', [{ ...web, scheduler: 'twos' }], { from: 'pod/cl1', to: '10.96.0.10' }, ['1 unmodelled unmodelled']],
  ])('%s', (_name, servers, question, expected) => {
    const said = judge(cluster(servers), question);
    expect(said.join() === expected.join() ? said : [...said, explain(cluster(servers), question)]).toEqual(expected);
  });
  test('the packet goes from INPUT to OUTPUT, one hop further', () => {
    const { trace } = ask(cluster([server('10.96.0.10', 80, [b1])]), { from: 'pod/cl1', to: '10.96.0.10' }).branches[0];
    expect(stepsOf(trace).flatMap((s) => (s.kind === 'rule' ? [s.hook] : s.kind === 'ipvs' || s.kind === 'ttl' ? [s.kind] : []))).toEqual(['ipvs', 'ttl', 'postrouting', 'ttl', 'postrouting']);
  });

  const takesTurns = (servers: readonly VirtualServer[], step = 1): readonly string[] => {
    const c = cluster(servers);
    let state: NetState = emptyState();
    return Array.from({ length: 4 }, (_, i) => {
      const result = send(c, flowOf(c, { from: 'pod/cl1', to: '10.96.0.10', sport: 100 + i }), { ...state, now: i * step * 1000 }, { mode: 'sample', seed: i });
      state = result.branches[0].state;
      return fates(result)[0]!.split(' ')[2]!;
    });
  };
  test('[IPVS3] rr takes turns', () => expect(takesTurns([web])).toEqual(['pod/a1', 'pod/b1', 'pod/a1', 'pod/b1']));
  test('[IPVS3, KPV3] persistence keeps the client until its time is over', () => {
    expect(takesTurns([{ ...web, persistentSeconds: 10 }], 9)).toEqual(['pod/a1', 'pod/a1', 'pod/a1', 'pod/a1']);
    expect(takesTurns([{ ...web, persistentSeconds: 10 }], 11)).toEqual(['pod/a1', 'pod/b1', 'pod/a1', 'pod/b1']);
  });
});
