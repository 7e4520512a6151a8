import { describe, expect, test } from 'vitest';
import { ip } from '../base/ip.ts';
import type { Link, Netns } from '../dataplane/netns.ts';
import { selectSource } from './select-source.ts';
import { ask, fates, flowOf, stepsOf, type Question } from './testing/ask.ts';
import { judge } from './testing/judge.ts';
import { buildLab, lab } from './testing/lab.ts';
import { dnatTo, drop, dst, iptables, masquerade, proto, rule } from './testing/rules.ts';
import { ipip, listens, multipath, netns, plane, route, veth, type NetnsParts } from './testing/wiring.ts';
import { emptyState, send } from './send.ts';

/** client 10.0.1.2 — router 10.0.1.1 / 10.0.2.1 — server 10.0.2.2. */
interface Small { readonly client?: Partial<NetnsParts>; readonly router?: Partial<NetnsParts>; readonly server?: Partial<NetnsParts>; readonly cable?: Partial<Extract<Link, { kind: 'veth' }>> }
function small({ client, router, server, cable }: Small = {}) {
  return plane([
    netns('client/c', { links: [veth('eth0', ['router/r', 'left'], { addresses: ['10.0.1.2/24'] })], routes: [route('10.0.1.0/24 dev eth0 src 10.0.1.2'), route('default via 10.0.1.1 dev eth0')], ...client }),
    netns('router/r', { links: [veth('left', ['client/c', 'eth0'], { addresses: ['10.0.1.1/24'] }), { ...veth('right', ['host/s', 'eth0'], { addresses: ['10.0.2.1/24'] }), ...cable } as Link], routes: [route('10.0.1.0/24 dev left'), route('10.0.2.0/24 dev right')], ...router }),
    netns('host/s', { links: [veth('eth0', ['router/r', 'right'], { addresses: ['10.0.2.2/24'] })], routes: [route('10.0.2.0/24 dev eth0'), route('default via 10.0.2.1 dev eth0')], sockets: [listens('tcp', 80), listens('udp', null)], ...server }),
  ]);
}
const toServer: Question = { from: 'client/c', to: '10.0.2.2' };
const routerRoutes = (...more: readonly string[]): Small => ({ router: { routes: [route('10.0.1.0/24 dev left'), route('10.0.2.0/24 dev right'), ...more.map((r) => route(r))] } });

describe('[RT1, RT2, RT3, RT6, SK1, NAT7] where a packet ends on the way', () => {
  test.each<readonly [string, Small, Question, string]>([
    ['it arrives', {}, toServer, 's saw 10.0.1.2'],
    ['nobody listens', {}, { ...toServer, port: 81 }, 'refused port-closed from 10.0.2.2'],
    ['SCTP is aborted', {}, { ...toServer, protocol: 'sctp' }, 'refused port-closed from 10.0.2.2'],
    ['the source has no route', { client: { routes: [] } }, toServer, 'unreachable no-route'],
    ['the source has an unreachable route', { client: { routes: [route('unreachable 10.0.2.0/24')] } }, toServer, 'unreachable unreachable-route'],
    ['a router without a route says 3/0', {}, { ...toServer, to: '10.9.9.9' }, 'timeout no-route'],
    ['a blackhole says nothing', routerRoutes('blackhole 10.9.0.0/16'), { ...toServer, to: '10.9.9.9' }, 'timeout blackhole'],
    ['an unreachable route says 3/1', routerRoutes('unreachable 10.9.0.0/16'), { ...toServer, to: '10.9.9.9' }, 'timeout unreachable-route'],
    ['the longest prefix wins', routerRoutes('blackhole 10.0.2.0/25'), toServer, 'timeout blackhole'],
    ['of equal prefixes the lowest metric wins', routerRoutes('blackhole 10.0.2.2/32 metric 20', '10.0.2.2/32 dev right metric 10'), toServer, 's saw 10.0.1.2'],
    ['a machine that does not forward', { router: { sysctls: { ipForward: false } } }, toServer, 'timeout not-for-us'],
    ['a cut cable', { cable: { cut: true } }, toServer, 'timeout link-cut'],
    ['an interface that is down takes its routes along', { cable: { up: false } }, toServer, 'timeout no-route'],
    ['a network that eats the port', { cable: { blocked: [{ protocol: 'tcp', port: 80 }] } }, toServer, 'timeout fabric-blocked'],
    ['and only that port', { cable: { blocked: [{ protocol: 'tcp', port: 443 }] } }, toServer, 's saw 10.0.1.2'],
    ['a stopped host', { server: { down: true } }, toServer, 'timeout host-down'],
    ['a stopped source', { client: { down: true } }, toServer, 'timeout host-down'],
    ['nobody has the address', {}, { ...toServer, to: '10.0.2.77' }, 'timeout no-neighbour'],
    ['the TTL runs out', {}, { ...toServer, ttl: 1 }, 'timeout ttl-exceeded'],
    ['the server knows no way back', { server: { routes: [route('10.0.2.0/24 dev eth0')] } }, toServer, 'timeout no-return-route'],
    ['a ping is answered by the kernel', {}, { ...toServer, protocol: 'icmp' }, 's saw 10.0.1.2'],
    ['unless it ignores pings', { server: { sysctls: { ignorePing: true } } }, { ...toServer, protocol: 'icmp' }, 'timeout not-for-us'],
    ['the machine\'s own address from a wire is a martian', {}, { ...toServer, src: '10.0.2.1' }, 'timeout martian'],
    ['a loopback source from a wire', { client: { sysctls: { routeLocalnet: true } } }, { ...toServer, src: '127.0.0.1' }, 'timeout martian'],
    ['a loopback source does not leave without route_localnet', {}, { ...toServer, src: '127.0.0.1' }, 'timeout martian'],
    ['strict rp_filter drops a source with another way back', { router: { sysctls: { rpFilter: 1 } } }, { ...toServer, src: '10.0.2.9' }, 'timeout martian'],
    ['loose rp_filter asks only for some way back', { router: { sysctls: { rpFilter: 2 } } }, { ...toServer, src: '10.9.9.9' }, 'timeout martian'],
    ['127.0.0.1 is the machine itself', { client: { sockets: [listens('tcp', 80)] } }, { from: 'client/c', to: '127.0.0.1' }, 'c saw 127.0.0.1'],
    ['a socket on one address does not hear the others', { client: { sockets: [listens('tcp', 80, '127.0.0.1')] } }, { from: 'client/c', to: '10.0.1.2' }, 'refused port-closed from 10.0.1.2'],
    ['REDIRECT brings it to the router itself', { router: { tables: [iptables('nat', { PREROUTING: [rule([proto('tcp')], { kind: 'redirect', ports: { from: 8080, to: 8080 } })] })], sockets: [listens('tcp', 8080)] } }, toServer, 'r saw 10.0.1.2'],
    ['raw: an untracked packet is not translated', { router: { tables: [iptables('raw', { PREROUTING: [rule([], { kind: 'notrack' })] }), iptables('nat', { PREROUTING: [rule([dst('10.0.2.2')], dnatTo('10.0.2.99', 80))] })] } }, toServer, 's saw 10.0.1.2'],
  ])('%s', (_name, options, question, expected) => {
    expect(judge(small(options), question)).toEqual([`1 ${expected}`]);
  });

  test('time exceeded comes from the router\'s address towards the sender', () => {
    const { trace } = ask(small(), { ...toServer, ttl: 1 }).branches[0];
    expect(trace.reply?.outcome).toMatchObject({ kind: 'delivered', to: 'client/c', as: { src: '10.0.1.1', l4: { type: 11, code: 0 } } });
  });
  test('two routers that point at each other: the TTL decides', () => {
    const cluster = plane([
      netns('router/a', { links: [veth('x', ['router/b', 'x'], { addresses: ['10.0.0.1/24'] })], routes: [route('10.0.0.0/24 dev x'), route('default via 10.0.0.2 dev x')] }),
      netns('router/b', { links: [veth('x', ['router/a', 'x'], { addresses: ['10.0.0.2/24'] })], routes: [route('10.0.0.0/24 dev x'), route('default via 10.0.0.1 dev x')] }),
    ]);
    const { trace } = ask(cluster, { from: 'router/a', src: '198.51.100.1', to: '9.9.9.9', ttl: 255 }).branches[0];
    expect([trace.outcome.kind, trace.hops.length]).toEqual(['ttl-exceeded', 256]);
  });
});

describe('[RT4] ECMP', () => {
  test('next hops are branches by weight', () => {
    const two = small({ router: {
      links: [veth('left', ['client/c', 'eth0'], { addresses: ['10.0.1.1/24'] }), veth('right', ['host/s', 'eth0'], { addresses: ['10.0.2.1/24'] })],
      routes: [route('10.0.1.0/24 dev left'), route('10.0.2.0/24 dev right'), multipath('10.7.0.0/16', [{ via: '10.0.2.2', dev: 'right', weight: 3 }, { via: '10.0.2.99', dev: 'right' }])],
    }, server: { links: [veth('eth0', ['router/r', 'right'], { addresses: ['10.0.2.2/24', '10.7.0.1/32'] })] } });
    expect(judge(two, { ...toServer, to: '10.7.0.1' })).toEqual(['3/4 s saw 10.0.1.2', '1/4 timeout no-neighbour']);
  });
});

describe('[RT5] source addresses', () => {
  const many = plane([netns('node/n', { links: [veth('eth0', ['switch/x', 'p'], { addresses: ['192.0.2.5/24', '10.0.0.5/24'] }), veth('eth1', ['switch/y', 'p'], { addresses: ['198.51.100.5/24'] })], routes: [route('192.0.2.0/24 dev eth0'), route('10.0.0.0/24 dev eth0 src 10.0.0.5'), route('default via 10.0.0.1 dev eth0'), route('203.0.113.0/24 dev eth1 src 192.0.2.5')] })]);
  test.each([['10.0.0.9', '10.0.0.5'], ['8.8.8.8', '10.0.0.5'], ['203.0.113.1', '192.0.2.5'], ['192.0.2.5', '192.0.2.5'], ['127.0.0.1', '127.0.0.1'], ['2001:db8::1', null]])('to %s from %s', (to, from) => {
    expect(selectSource(many, 'node/n', ip(to))).toBe(from);
  });
  test('in IPv6 the destination chooses, not a link-local next hop (ipv6_dev_get_saddr)', () => {
    const pod = plane([netns('pod/p', { links: [veth('eth0', ['node/n', 'cali'], { addresses: ['fd00:10::2/128', 'fe80::2/64'] })], routes: [route('::/0 via fe80::1 dev eth0'), route('fe80::/64 dev eth0')] })]);
    expect([selectSource(pod, 'pod/p', ip('fd00:96::1')), selectSource(pod, 'pod/p', ip('fe80::1'))]).toEqual(['fd00:10::2', 'fe80::2']);
  });
  test('[NAT2] MASQUERADE prefers the address in the next hop\'s subnet (inet_select_addr)', () => {
    const cluster = small({ router: { links: [veth('left', ['client/c', 'eth0'], { addresses: ['10.0.1.1/24'] }), veth('right', ['host/s', 'eth0'], { addresses: ['172.16.0.1/24', '10.0.2.1/24'] })], tables: [iptables('nat', { POSTROUTING: [rule([], masquerade())] })] } });
    expect(judge(cluster, toServer)).toEqual(['1 s saw 10.0.2.1']);
  });
});

describe('handed in at a link (--at)', () => {
  test('the answer counts when it leaves that machine again, with its addresses restored', () => {
    const nat = iptables('nat', { PREROUTING: [rule([dst('10.96.0.1')], dnatTo(lab.a1, 8080))], POSTROUTING: [rule([], masquerade())] });
    const cluster = buildLab({ rules: () => [nat], rpFilter: 1 });
    const [line] = fates(send(cluster, flowOf(cluster, { from: 'node/node1', ingress: 'eth0', src: '9.8.7.6', to: '10.96.0.1' }), emptyState(), { mode: 'all' }));
    expect(line).toBe(`1 delivered pod/a1 ${lab.node1.gw}:20000 > ${lab.a1}:8080; delivered node/node1 10.96.0.1:80 > 9.8.7.6:20000`);
  });
  test('from a pod\'s own port of the bridge', () => {
    const cluster = buildLab();
    const [line] = fates(send(cluster, flowOf(cluster, { from: 'node/node1', ingress: 'veth-cl1', src: lab.cl1, to: lab.b1, port: 8080 }), emptyState(), { mode: 'all' }));
    expect(line).toContain('1 delivered pod/b1');
  });
});

describe('the rest of the internet', () => {
  test('answers for every address, as one machine: left the cluster', () => {
    const cluster = plane([
      netns('client/c', { links: [veth('eth0', ['world/internet', 'eth0'], { addresses: ['203.0.113.9/24'] })], routes: [route('203.0.113.0/24 dev eth0'), route('default via 203.0.113.1 dev eth0')] }),
      netns('world/internet', { links: [veth('eth0', ['client/c', 'eth0'], { addresses: ['203.0.113.1/24'] })], routes: [route('203.0.113.0/24 dev eth0'), route('local 0.0.0.0/0 dev lo')], sockets: [listens('tcp', null)] }),
    ]);
    expect(fates(ask(cluster, { from: 'client/c', to: '8.8.8.8', port: 443 }))).toEqual(['1 left-cluster world/internet; delivered client/c 8.8.8.8:443 > 203.0.113.9:20000']);
  });
});

describe('IPv6', () => {
  const v6 = (tables: Netns['tables'] = []) => plane([
    netns('client/c', { links: [veth('eth0', ['router/r', 'left'], { addresses: ['fd00:1::2/64'] })], routes: [route('fd00:1::/64 dev eth0'), route('::/0 via fd00:1::1 dev eth0')] }),
    netns('router/r', { links: [veth('left', ['client/c', 'eth0'], { addresses: ['fd00:1::1/64'] }), veth('right', ['host/s', 'eth0'], { addresses: ['fd00:2::1/64'] })], routes: [route('fd00:1::/64 dev left'), route('fd00:2::/64 dev right')], tables }),
    netns('host/s', { links: [veth('eth0', ['router/r', 'right'], { addresses: ['fd00:2::2/64'] })], routes: [route('fd00:2::/64 dev eth0'), route('::/0 via fd00:2::1 dev eth0')], sockets: [listens('tcp', 80)] }),
  ]);
  const table = (t: ReturnType<typeof iptables>): Netns['tables'][number] => ({ ...t, family: 'ip6' });
  const asked: Question = { from: 'client/c', to: 'fd00:2::2' };
  test('is routed, and ping answers', () => {
    expect(judge(v6(), asked)).toEqual(['1 s saw fd00:1::2']);
    expect(fates(ask(v6(), { from: 'client/c', to: 'fd00:9::9' }))[0]).toBe('1 no-route router/r; delivered client/c fd00:1::1 > fd00:1::2');
  });
  test('has tables of its own; those of IPv4 do not see it', () => {
    expect(judge(v6([iptables('filter', { FORWARD: [rule([], drop)] })]), asked)).toEqual(['1 s saw fd00:1::2']);
    expect(judge(v6([table(iptables('filter', { FORWARD: [rule([], drop)] }))]), asked)).toEqual(['1 dropped dropped']);
    expect(judge(v6([table(iptables('nat', { PREROUTING: [rule([dst('fd00:96::1/128')], dnatTo('fd00:2::2', 80))], POSTROUTING: [rule([], masquerade())] }))]), { ...asked, to: 'fd00:96::1' })).toEqual(['1 s saw fd00:2::1']);
  });
  test('REJECT is ICMPv6 port unreachable', () => {
    const { trace } = ask(v6([table(iptables('filter', { FORWARD: [rule([], { kind: 'verdict', verdict: { kind: 'reject', with: 'icmp-port-unreachable' } })] }))]), asked).branches[0];
    expect(trace.reply?.outcome).toMatchObject({ kind: 'delivered', as: { src: 'fd00:1::1', l4: { type: 1, code: 4 } } });
  });
});

describe('ipip', () => {
  test('wraps towards the next hop and unwraps there', () => {
    const end = (me: string, other: string, own: string, far: string, peer: string): Netns => netns(`node/${me}`, {
      links: [veth('eth0', [`node/${peer}`, 'eth0'], { addresses: [`192.0.2.${own}/24`] }), ipip('tunl0', `192.0.2.${own}`, { addresses: [`10.1.${own}.1/32`], mtu: 1480 })],
      routes: [route('192.0.2.0/24 dev eth0'), route(`10.1.${far}.0/24 via ${other} dev tunl0 onlink`)], sockets: [listens('tcp', 80)],
    });
    const cluster = plane([end('a', '192.0.2.2', '1', '2', 'b'), end('b', '192.0.2.1', '2', '1', 'a')]);
    const { trace } = ask(cluster, { from: 'node/a', to: '10.1.2.1' }).branches[0];
    expect(judge(cluster, { from: 'node/a', to: '10.1.2.1' })).toEqual(['1 b saw 10.1.1.1']);
    expect(stepsOf(trace).find((s) => s.kind === 'encap')).toMatchObject({ packet: { dst: '10.1.2.1', outer: { kind: 'ipip', src: '192.0.2.1', dst: '192.0.2.2' } } });
  });
});
