import { describe, expect, test } from 'vitest';
import type { Netns } from '../dataplane/netns.ts';
import { ask, stepsOf, way, type Question } from './testing/ask.ts';
import { explain, judge } from './testing/judge.ts';
import { buildLab, lab, type LabOptions } from './testing/lab.ts';
import { drop, dst, masquerade, numbered, proto, rejectWith, rule, src } from './testing/rules.ts';
import { kubeProxyTables, type ServiceOptions, type TestService } from './testing/services.ts';
import { multipath, route } from './testing/wiring.ts';

// Expected values: what Linux 6.18 did with the same cluster (reference/kernel-lab.md, section 2).
const { node1: n1, node2: n2, a1, a2, b1, b2 } = lab;
const GW1 = n1.gw;
const N1 = n1.ip;
const N2 = n2.ip;
const vip = '198.51.100.1';

const web: TestService = { name: 'WEB', clusterIp: '10.96.0.10', port: 80, nodePort: 30080, lbIp: vip, endpoints: [a1, a2, b1], targetPort: 8080 };
const dns: TestService = { ...web, name: 'DNS', protocol: 'udp', clusterIp: '10.96.0.11', targetPort: 8053 };
const self: TestService = { ...web, name: 'SELF', clusterIp: '10.96.0.12', nodePort: 30082, lbIp: '198.51.100.2', endpoints: [a1] };
const none: TestService = { ...web, name: 'NONE', clusterIp: '10.96.0.13', nodePort: 30083, lbIp: '198.51.100.3', endpoints: [] };
const localOnly = (node: 'node1' | 'node2'): TestService => ({ ...web, name: 'LOCAL', clusterIp: '10.96.0.14', nodePort: 30084, lbIp: '198.51.100.4', endpoints: [b1, b2], local: node === 'node2' ? [b1, b2] : [] });
const ranged: TestService = { ...web, name: 'RANGED', clusterIp: '10.96.0.15', nodePort: 30085, lbIp: '198.51.100.5', endpoints: [a1], sourceRanges: ['203.0.113.0/24'] };

const toNode1 = ['198.51.100.1', '198.51.100.2', '198.51.100.3', '198.51.100.5'].map((address) => route(`${address} via ${N1} dev lan0`));
const build = (o: LabOptions & { services?: ServiceOptions } = {}): ReturnType<typeof buildLab> => buildLab({
  rules: (node) => kubeProxyTables([web, dns, self, none, localOnly(node), ranged], { egress: true, ...o.services }),
  routerRoutes: [...toNode1, route(`198.51.100.4 via ${N2} dev lan0`)], ...o,
});
// A failing case shows the way its packets went.
const expectJudged = (cluster: ReturnType<typeof build>, question: Question, expected: readonly string[]): void => {
  const said = judge(cluster, question);
  expect(said.join() === expected.join() ? said : [...said, explain(cluster, question)]).toEqual(expected);
};
const thirds = (...who: readonly string[]): readonly string[] => who.map((w) => `1/3 ${w}`);
const halves = (...who: readonly string[]): readonly string[] => who.map((w) => `1/2 ${w}`);
const client = 'client/internet';

const rows: readonly (readonly [name: string, question: Question, expected: readonly string[]])[] = [
  ['pod → ClusterIP keeps the pod\'s address', { from: 'pod/cl1', to: '10.96.0.10' }, thirds(`a1 saw ${lab.cl1}`, `a2 saw ${lab.cl1}`, `b1 saw ${lab.cl1}`)],
  ['pod → ClusterIP by UDP', { from: 'pod/cl2', to: '10.96.0.11', protocol: 'udp' }, thirds(`a1 saw ${lab.cl2}`, `a2 saw ${lab.cl2}`, `b1 saw ${lab.cl2}`)],
  ['hairpin: a pod behind its own Service sees the bridge\'s address, never its own', { from: 'pod/a1', to: '10.96.0.12' }, [`1 a1 saw ${GW1}`]],
  ['a1 → web mixes hairpin and plain', { from: 'pod/a1', to: '10.96.0.10' }, thirds(`a1 saw ${GW1}`, `a2 saw ${a1}`, `b1 saw ${a1}`)],
  ['node → ClusterIP: local pods see the bridge\'s address, remote ones the node\'s', { from: 'node/node1', to: '10.96.0.10' }, thirds(`a1 saw ${GW1}`, `a2 saw ${GW1}`, `b1 saw ${N1}`)],
  ['client → NodePort', { from: client, to: N1, port: 30080 }, thirds(`a1 saw ${GW1}`, `a2 saw ${GW1}`, `b1 saw ${N1}`)],
  ['pod → NodePort of its own node', { from: 'pod/cl1', to: N1, port: 30080 }, thirds(`a1 saw ${GW1}`, `a2 saw ${GW1}`, `b1 saw ${N1}`)],
  ['pod → NodePort of another node is masqueraded where the DNAT is', { from: 'pod/cl1', to: N2, port: 30080 }, thirds(`a1 saw ${N2}`, `a2 saw ${N2}`, `b1 saw ${n2.gw}`)],
  ['node → its own NodePort', { from: 'node/node1', to: N1, port: 30080 }, thirds(`a1 saw ${GW1}`, `a2 saw ${GW1}`, `b1 saw ${N1}`)],
  ['[NAT3] node → 127.0.0.1:NodePort with route_localnet', { from: 'node/node1', to: '127.0.0.1', port: 30080 }, thirds(`a1 saw ${GW1}`, `a2 saw ${GW1}`, `b1 saw ${N1}`)],
  ['client → LB VIP, Cluster', { from: client, to: vip }, thirds(`a1 saw ${GW1}`, `a2 saw ${GW1}`, `b1 saw ${N1}`)],
  ['client → LB VIP, Local, through a node that has endpoints, keeps the client', { from: client, to: '198.51.100.4' }, halves(`b1 saw ${lab.client}`, `b2 saw ${lab.client}`)],
  ['client → NodePort, Local, on a node without endpoints', { from: client, to: N1, port: 30084 }, ['1 dropped dropped']],
  ['pod → LB VIP, Local, of its own node takes the short way to all endpoints', { from: 'pod/cl1', to: '198.51.100.4' }, halves(`b1 saw ${lab.cl1}`, `b2 saw ${lab.cl1}`)],
  ['pod → NodePort, Local, of its own node', { from: 'pod/cl1', to: N1, port: 30084 }, halves(`b1 saw ${lab.cl1}`, `b2 saw ${lab.cl1}`)],
  ['node → LB VIP, Local', { from: 'node/node1', to: '198.51.100.4' }, halves(`b1 saw ${N1}`, `b2 saw ${N1}`)],
  ['pod on node2 → NodePort, Local, of node1', { from: 'pod/cl2', to: N1, port: 30084 }, ['1 dropped dropped']],
  ['no endpoints: a pod is refused by the gateway, in the ClusterIP\'s absence', { from: 'pod/cl1', to: '10.96.0.13' }, [`1 refused rejected from ${GW1}`]],
  ['no endpoints: the node refuses itself', { from: 'node/node1', to: '10.96.0.13' }, [`1 refused rejected from ${N1}`]],
  ['no endpoints: a client at the NodePort, TCP', { from: client, to: N1, port: 30083 }, [`1 refused rejected from ${N1}`]],
  ['ClusterIP, wrong port: out to the default gateway and lost', { from: 'pod/cl1', to: '10.96.0.10', port: 81 }, ['1 timeout blackhole']],
  ['a ClusterIP that nobody has: the same', { from: 'node/node1', to: '10.96.9.9' }, ['1 timeout blackhole']],
  ['LB VIP, wrong port: back to the router, and round until the TTL is gone', { from: client, to: vip, port: 81 }, ['1 timeout ttl-exceeded']],
  ['loadBalancerSourceRanges: inside', { from: client, to: '198.51.100.5' }, [`1 a1 saw ${GW1}`]],
  ['loadBalancerSourceRanges: a pod is outside', { from: 'pod/cl1', to: '198.51.100.5' }, ['1 dropped dropped']],
  ['loadBalancerSourceRanges do not guard the NodePort', { from: 'pod/cl1', to: N1, port: 30085 }, [`1 a1 saw ${GW1}`]],
  ['egress: pod → internet leaves with the node\'s address', { from: 'pod/cl1', to: lab.client, port: 443 }, [`1 internet saw ${N1}`]],
  ['an absent pod', { from: 'pod/cl1', to: '10.244.1.99', port: 8080 }, ['1 timeout no-neighbour']],
  ['an absent pod on the other node', { from: 'pod/cl1', to: '10.244.2.99', port: 8080 }, ['1 timeout no-neighbour']],
  ['client → pod address: no route outside', { from: client, to: a1, port: 8080 }, ['1 timeout blackhole']],
  ['a closed port refuses', { from: 'pod/cl1', to: a1, port: 9999 }, [`1 refused port-closed from ${a1}`]],
  ['a closed UDP port too', { from: 'pod/cl1', to: b1, port: 9999, protocol: 'udp' }, [`1 refused port-closed from ${b1}`]],
  ['ping', { from: 'pod/cl1', to: b1, protocol: 'icmp' }, [`1 b1 saw ${lab.cl1}`]],
  ['ping through egress masquerade comes back', { from: 'pod/cl1', to: lab.client, protocol: 'icmp' }, [`1 internet saw ${N1}`]],
];

describe('[HK1, HK9] what the kernel lab measured (bridge, host-gw)', () => {
  test.each(rows)('%s', (_name, question, expected) => expectJudged(build(), question, expected));

  test('[NAT2] without the masquerade rule, egress gets no answer', () => {
    expectJudged(build({ services: { egress: false } }), { from: 'pod/cl1', to: lab.client, port: 443 }, ['1 timeout no-return-route']);
  });
  test('LB VIP, wrong port, where egress masquerades everything: back as a martian, with the node\'s own source', () => {
    const everything = kubeProxyTables([web]).map((t) => ({ ...t, chains: t.chains.map((c) => (c.id === 'ip/nat/POSTROUTING' ? { ...c, rules: [...c.rules, ...numbered(`${c.id}/extra`, [rule([dst('10.244.0.0/16', true)], masquerade())])] } : c)) }));
    expectJudged(build({ rules: () => everything }), { from: client, to: vip, port: 81 }, ['1 timeout martian']);
  });
  test('ECMP over both nodes, endpoints of a Local Service only on node2: half of it is lost', () => {
    const cluster = build({ routerRoutes: [multipath('198.51.100.4/32', [{ via: N1, dev: 'lan0' }, { via: N2, dev: 'lan0' }])] });
    expectJudged(cluster, { from: client, to: '198.51.100.4' }, ['1/2 dropped dropped', `1/4 b1 saw ${lab.client}`, `1/4 b2 saw ${lab.client}`]);
  });
});

describe('[BR6] other networks', () => {
  test.each<readonly [string, LabOptions, Question, readonly string[]]>([
    ['ptp: hairpin', { cni: 'ptp' }, { from: 'pod/a1', to: '10.96.0.12' }, [`1 a1 saw ${GW1}`]],
    ['calico: hairpin', { cni: 'calico' }, { from: 'pod/a1', to: '10.96.0.12' }, [`1 a1 saw ${N1}`]],
    ['calico: NodePort shows the node always', { cni: 'calico' }, { from: client, to: N1, port: 30080 }, thirds(`a1 saw ${N1}`, `a2 saw ${N1}`, `b1 saw ${N1}`)],
    ['calico: pod to pod through proxy ARP', { cni: 'calico' }, { from: 'pod/cl1', to: a1, port: 8080 }, [`1 a1 saw ${lab.cl1}`]],
    ['vxlan: NodePort to a remote pod shows flannel.1\'s address', { overlay: 'vxlan' }, { from: client, to: N1, port: 30080 }, thirds(`a1 saw ${GW1}`, `a2 saw ${GW1}`, 'b1 saw 10.244.1.0')],
    ['vxlan: node → LB VIP, Local', { overlay: 'vxlan' }, { from: 'node/node1', to: '198.51.100.4' }, halves('b1 saw 10.244.1.0', 'b2 saw 10.244.1.0')],
    ['vxlan: pod → ClusterIP', { overlay: 'vxlan' }, { from: 'pod/cl1', to: '10.96.0.10' }, thirds(`a1 saw ${lab.cl1}`, `a2 saw ${lab.cl1}`, `b1 saw ${lab.cl1}`)],
  ])('%s', (_name, options, question, expected) => expectJudged(build(options), question, expected));
});

describe('a policy-like drop, first in FORWARD', () => {
  const policy = { services: { egress: true, filterForward: [rule([dst(a1)], drop)] } };
  test.each<readonly [string, LabOptions & { services: ServiceOptions }, Question, readonly string[]]>([
    ['drops from the other node', policy, { from: 'pod/cl2', to: a1, port: 8080 }, ['1 dropped dropped']],
    ['drops on the same node, because bridged frames pass FORWARD', policy, { from: 'pod/cl1', to: a1, port: 8080 }, ['1 dropped dropped']],
    ['lets the same node\'s pods by without br_netfilter', { ...policy, bridgeNf: false }, { from: 'pod/cl1', to: a1, port: 8080 }, [`1 a1 saw ${lab.cl1}`]],
    ['sees the endpoint, not the ClusterIP', policy, { from: 'pod/cl1', to: '10.96.0.10' }, ['1/3 dropped dropped', ...thirds(`a2 saw ${lab.cl1}`, `b1 saw ${lab.cl1}`)]],
    ['does not filter the pod\'s own node', policy, { from: 'node/node1', to: a1, port: 8080 }, [`1 a1 saw ${GW1}`]],
    ['filters a remote node', policy, { from: 'node/node2', to: a1, port: 8080 }, ['1 dropped dropped']],
    ['drops a pod that calls itself: its source is still its own', { services: { filterForward: [rule([src(a1), dst(a1)], drop)] } }, { from: 'pod/a1', to: '10.96.0.12' }, ['1 dropped dropped']],
    ['sees the client at the pod\'s own node', { services: { filterForward: [rule([src(lab.client), dst(a1)], drop)] } }, { from: client, to: N1, port: 30082 }, ['1 dropped dropped']],
    ['sees the other node\'s address after its masquerade', { services: { filterForward: [rule([src(N2), dst(a1)], drop)] } }, { from: client, to: N2, port: 30082 }, ['1 dropped dropped']],
  ])('%s', (_name, options, question, expected) => expectJudged(build(options), question, expected));
  test('with a FORWARD policy of DROP marked traffic passes, the rest is lost', () => {
    const strict = { services: { egress: true, policies: { FORWARD: 'drop' } } } as const;
    expectJudged(build(strict), { from: client, to: N1, port: 30082 }, [`1 a1 saw ${GW1}`]);
    expectJudged(build(strict), { from: 'pod/cl1', to: '10.96.0.10' }, ['1 dropped dropped']);
  });
});

describe('pitfalls (section 3)', () => {
  test('[BR5, SK2] 1: without bridge-nf a same-node endpoint answers past the un-NAT; remote ones are fine', () => {
    expectJudged(build({ bridgeNf: false }), { from: 'pod/cl1', to: '10.96.0.10' }, ['2/3 timeout stray-reply', `1/3 b1 saw ${lab.cl1}`]);
  });
  test('[BR4] 2: hairpin needs hairpin_mode with bridge-nf', () => {
    expectJudged(build({ hairpin: false }), { from: 'pod/a1', to: '10.96.0.12' }, ['1 timeout no-hairpin']);
    expectJudged(build({ hairpin: false, bridgeNf: false }), { from: 'pod/a1', to: '10.96.0.12' }, [`1 a1 saw ${GW1}`]);
  });
  const without = (id: string, gone: string) => (n: Netns): Netns => (n.id === id ? { ...n, routes: n.routes.filter((r) => !r.id.startsWith(gone)) } : n);
  test('4: without a default route a Service is unreachable before any rule runs, and a pod\'s REJECT becomes ICMP 3/0', () => {
    expectJudged(build({ change: without('pod/cl1', 'default') }), { from: 'pod/cl1', to: '10.96.0.10' }, ['1 unreachable no-route']);
    expectJudged(build({ change: without('node/node1', 'default') }), { from: 'node/node1', to: '10.96.0.10' }, ['1 unreachable no-route']);
    const { branches: [only] } = ask(build({ change: without('node/node1', 'default') }), { from: 'pod/cl1', to: '10.96.0.13' });
    expect(only.trace.reply?.outcome).toMatchObject({ kind: 'delivered', as: { src: GW1, l4: { type: 3, code: 0 } } });
  });
  test('[CT6] 13: with lo down a node does not reach itself', () => {
    const loDown = (n: Netns): Netns => (n.id === 'node/node1' ? { ...n, links: n.links.map((l) => (l.kind === 'loopback' ? { ...l, up: false } : l)) } : n);
    expectJudged(build({ change: loDown }), { from: 'node/node1', to: N1, port: 22 }, ['1 timeout link-down']);
  });
  test('14: rp_filter 1 and 2 change no answer', () => {
    for (const rpFilter of [1, 2] as const) expectJudged(build({ rpFilter }), { from: client, to: N1, port: 30080 }, thirds(`a1 saw ${GW1}`, `a2 saw ${GW1}`, `b1 saw ${N1}`));
  });
});

describe('facts an engine is likely to get wrong', () => {
  const only = (q: Question, o: LabOptions & { services?: ServiceOptions } = {}): ReturnType<typeof ask>['branches'][0] => ask(build(o), q).branches[0];
  test('[SK3] (b) REJECT answers TCP with ICMP port unreachable', () => {
    expect(only({ from: 'pod/cl1', to: '10.96.0.13' }).trace.reply?.outcome).toMatchObject({ as: { l4: { proto: 'icmp', type: 3, code: 3 } } });
  });
  test('[BR2, BR3] (c) DNAT to the same subnet stays bridged: the TTL does not fall', () => {
    expect(only({ from: 'pod/cl1', to: '10.96.0.12' }).trace.outcome).toMatchObject({ as: { ttl: 64 } });
    expect(only({ from: 'pod/cl1', to: '10.96.0.12' }, { bridgeNf: false }).trace.outcome).toMatchObject({ as: { ttl: 63 } });
  });
  test('[NAT5] (e) --random-fully changes the port always, plain MASQUERADE keeps it', () => {
    expect(only({ from: client, to: N1, port: 30082 }).trace.outcome).toMatchObject({ as: { l4: { sport: 20_000 } } });
    const port = only({ from: client, to: N1, port: 30082 }, { services: { randomFully: true } }).trace.outcome;
    expect(port.kind === 'delivered' && port.as.l4.proto === 'tcp' && port.as.l4.sport).not.toBe(20_000);
  });
  test('[NAT6, CT4, RT7] a REJECT behind a ClusterIP comes from the ClusterIP', () => {
    const { trace } = only({ from: 'pod/cl1', to: '10.96.0.12' }, { services: { filterForward: [rule([dst(a1)], { kind: 'verdict', verdict: { kind: 'reject', with: 'icmp-port-unreachable' } })] } });
    expect(trace.reply?.outcome).toMatchObject({ kind: 'delivered', as: { src: '10.96.0.12', l4: { quoted: { dst: '10.96.0.12' } } } });
  });
  test('[SK4] a reset for a bridged pod goes straight back out of its port: no OUTPUT, no un-NAT, so behind a ClusterIP nobody hears it', () => {
    const resets = (to: string): LabOptions & { services: ServiceOptions } => ({ services: { filterForward: [rule([dst(to), proto('tcp')], rejectWith('tcp-reset'))] } });
    expectJudged(build(resets(b1)), { from: 'pod/cl1', to: b1, port: 8080 }, [`1 refused rejected from ${b1}`]);
    expectJudged(build(resets(a1)), { from: 'pod/cl1', to: '10.96.0.12' }, ['1 timeout stray-reply']);
    expectJudged(build({ ...resets(a1), cni: 'ptp' }), { from: 'pod/cl1', to: '10.96.0.12' }, ['1 refused rejected from 10.96.0.12']);
  });
  test('vxlan wraps with the node\'s addresses, and unwraps on the other node', () => {
    const { trace } = only({ from: 'pod/cl1', to: b1, port: 8080 }, { overlay: 'vxlan' });
    expect(way(trace)).toBe('cl1 node1 lan node2 b1 | b1 node2 lan node1 cl1');
    expect(stepsOf(trace).find((s) => s.kind === 'encap')).toMatchObject({ packet: { src: lab.cl1, outer: { kind: 'vxlan', src: N1, dst: N2, dport: 8472, vni: 1 } } });
  });
  test('[TN1] the mark stays on the outer packet, which is masqueraded too, unless a rule took it off (pitfall 17)', () => {
    const masquerades = (tables: (node: 'node1' | 'node2') => ReturnType<typeof kubeProxyTables>): number => {
      const { trace } = ask(build({ overlay: 'vxlan', rules: tables }), { from: 'node/node1', to: '10.96.0.17' }).branches[0];
      return stepsOf(trace).filter((s) => s.kind === 'rule' && s.did.kind === 'masquerade').length;
    };
    const remote: TestService = { ...web, name: 'REMOTE', clusterIp: '10.96.0.17', endpoints: [b1] };
    const without = kubeProxyTables([remote]).map((t) => ({ ...t, chains: t.chains.map((c) => (c.name === 'KUBE-POSTROUTING' ? { ...c, rules: c.rules.filter((r) => r.do.every((a) => a.kind !== 'set-mark')) } : c)) }));
    expect([masquerades(() => kubeProxyTables([remote])), masquerades(() => without)]).toEqual([1, 2]);
  });
  test('[RT8] an overlong packet is told so by the tunnel\'s node', () => {
    const { trace } = only({ from: 'pod/cl1', to: b1, port: 8080, size: 1500 }, { overlay: 'vxlan' });
    expect([trace.outcome.kind, trace.reply?.outcome]).toMatchObject(['too-big', { kind: 'delivered', as: { src: GW1, l4: { type: 3, code: 4 } } }]);
  });
  test('a2 and b2 are reached as well', () => {
    expectJudged(build(), { from: 'pod/cl1', to: a2, port: 8080 }, [`1 a2 saw ${lab.cl1}`]);
    expectJudged(build(), { from: 'pod/cl1', to: b2, port: 8080 }, [`1 b2 saw ${lab.cl1}`]);
  });
});
