import { describe, expect, test } from 'vitest';
import { cidr, ifAddress } from '../base/cidr.ts';
import { ip } from '../base/ip.ts';
import type { Link, Route } from './netns.ts';
import { buildRoute, routeText } from './route.ts';
import { printIpAddr } from './text/print-ip-addr.ts';
import { printIpRoute } from './text/print-ip-route.ts';

const origin = { by: 'test', why: 'Because of the test.' };
const route = (dst: string, rest: Partial<Route> = {}): Omit<Route, 'id'> => ({ table: 'main', dst: cidr(dst), type: 'unicast', origin, ...rest });

// As iproute2 6.1 printed them on kernel 6.18.
describe('a route\'s id is what ip route prints', () => {
  test.each<[Omit<Route, 'id'>, string]>([
    [route('0.0.0.0/0', { via: ip('10.0.0.2'), dev: 'd0', metric: 5 }), 'default via 10.0.0.2 dev d0 metric 5'],
    [route('10.0.0.0/24', { dev: 'd0', proto: 'kernel', scope: 'link', src: ip('10.0.0.1') }), '10.0.0.0/24 dev d0 proto kernel scope link src 10.0.0.1'],
    [route('10.9.0.0/16', { type: 'blackhole' }), 'blackhole 10.9.0.0/16'],
    [route('10.78.0.0/16', { via: ip('10.0.0.4'), dev: 'd0', src: ip('10.0.0.1') }), '10.78.0.0/16 via 10.0.0.4 dev d0 src 10.0.0.1'],
    [route('0.0.0.0/0', { type: 'local', dev: 'lo', scope: 'host' }), 'local default dev lo scope host'],
    [route('8.8.8.8/32', { via: ip('192.0.0.1'), dev: 'd0', onlink: true }), '8.8.8.8 via 192.0.0.1 dev d0 onlink'],
    [route('198.51.100.20/32', { nexthops: [{ via: ip('10.0.0.3'), dev: 'd0', weight: 1 }, { via: ip('10.0.0.4'), dev: 'd0', weight: 2 }] }), '198.51.100.20 nexthop via 10.0.0.3 dev d0 weight 1 nexthop via 10.0.0.4 dev d0 weight 2'],
    [route('fc00::/7', { type: 'blackhole' }), 'blackhole fc00::/7 dev lo metric 1024 pref medium'],
    [route('fd77::/64', { via: ip('fd00::3'), dev: 'd0', onlink: true }), 'fd77::/64 via fd00::3 dev d0 metric 1024 onlink pref medium'],
    [route('2001:db8::20/128', { nexthops: [{ via: ip('fd00::3'), dev: 'd0', weight: 1 }] }), '2001:db8::20 metric 1024 pref medium nexthop via fd00::3 dev d0 weight 1'],
  ])('%#: %s', (given, text) => {
    expect(routeText(given)).toBe(text);
  });
});

test('ip route lists by address, the longer prefix first; IPv4\'s default first, IPv6\'s last', () => {
  const dsts = ['10.77.3.0/24', '10.77.0.0/16', '0.0.0.0/0', '9.0.0.0/8', '10.77.0.0/24'];
  const routes = [...dsts, '::/0', 'fd00::/8', '2001:db8::/32'].map((dst) => buildRoute(route(dst, { dev: 'd0' })));
  expect(printIpRoute({ routes }, 4).map((line) => line.text)).toEqual(['default dev d0', '9.0.0.0/8 dev d0', '10.77.0.0/24 dev d0', '10.77.0.0/16 dev d0', '10.77.3.0/24 dev d0']);
  expect(printIpRoute({ routes }, 6).map((line) => line.text.split(' ')[0])).toEqual(['2001:db8::/32', 'fd00::/8', 'default']);
});

test('ip addr shows each interface, where its cable leads, its kind and addresses', () => {
  const common = { mac: '02:00:00:00:00:01', mtu: 1500, up: true, origin };
  const links: readonly Link[] = [
    { ...common, kind: 'bridge', name: 'cbr0', addresses: [ifAddress('10.244.1.1/24'), ifAddress('fd00::1/64')] },
    { ...common, kind: 'veth', name: 'veth0', addresses: [], master: 'cbr0', hairpin: true, peer: { netns: 'pod/default/a', link: 'eth0' }, cut: true },
    { ...common, kind: 'vxlan', name: 'flannel.1', addresses: [ifAddress('10.244.1.0/32')], vni: 1, port: 8472, local: ip('192.168.56.11'), underlay: 'eth0', fdb: [] },
  ];
  expect(printIpAddr({ links }).map((line) => line.text)).toEqual([
    '1: cbr0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500', '    link/ether 02:00:00:00:00:01', '    bridge', '    inet 10.244.1.1/24 brd 10.244.1.255 scope global cbr0', '    inet6 fd00::1/64 scope global',
    '2: veth0@eth0: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 master cbr0', '    link/ether 02:00:00:00:00:01 link-netns pod/default/a', '    veth', '    bridge_slave hairpin on',
    '3: flannel.1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500', '    link/ether 02:00:00:00:00:01', '    vxlan id 1 local 192.168.56.11 dev eth0 dstport 8472 nolearning', '    inet 10.244.1.0/32 scope global flannel.1',
  ]);
});
