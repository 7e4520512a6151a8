import { describe, expect, test } from 'vitest';
import { cidr } from '../../base/cidr.ts';
import { ip } from '../../base/ip.ts';
import { outside } from '../outside/index.ts';
import { containerPort, labCluster, labNode, labPod } from '../testing/lab.ts';
import { chainText, netnsBy, reasons, routesOf } from '../testing/show.ts';
import { bridge } from './index.ts';

const both = [outside, bridge];
const node = netnsBy(both, labCluster(), 'node/a');

describe('a node (kernel-lab §1)', () => {
  test('has a bridge with the pod CIDR\'s first address and a hairpin port per pod', () => {
    expect(node.links.map((l) => [l.name.replace(/^veth[0-9a-f]{8}$/, 'veth…'), l.kind, l.addresses.join(' '), l.master ?? '', l.hairpin ?? false])).toEqual([
      ['lo', 'loopback', '127.0.0.1/8 ::1/128', '', false], ['eth0', 'veth', '192.168.56.11/24', '', false], ['cbr0', 'bridge', '10.244.1.1/24', '', false],
      ['veth…', 'veth', '', 'cbr0', true], ['veth…', 'veth', '', 'cbr0', true],
    ]);
  });
  test('routes to the other nodes\' pods through their addresses', () => {
    expect(routesOf(node)).toEqual([
      'default via 192.168.56.1 dev eth0', '10.244.1.0/24 dev cbr0 proto kernel scope link src 10.244.1.1', '10.244.2.0/24 via 192.168.56.12 dev eth0', '192.168.56.0/24 dev eth0 proto kernel scope link src 192.168.56.11',
    ]);
  });
  test('forwards, and lets iptables see bridged packets (kernel-lab §3.1)', () => {
    expect(node.sysctls).toEqual({ ipForward: true, bridgeNf: true, routeLocalnet: false, rpFilter: 0 });
  });
  test('hides its pods from everyone who is no pod', () => {
    expect([...chainText(node, 'POSTROUTING'), ...chainText(node, 'POD-MASQ')]).toEqual([
      '-A POSTROUTING -s 10.244.1.0/24 -m comment --comment "bridge: what pods on this node send out" -j POD-MASQ',
      '-A POD-MASQ -d 10.244.0.0/16 -j RETURN', '-A POD-MASQ -d 224.0.0.0/4 -j RETURN', '-A POD-MASQ -j MASQUERADE',
    ]);
  });
  test('or does not, where the Sandbox says so', () => {
    expect(netnsBy(both, labCluster({ settings: { masquerade: false } }), 'node/a').tables).toEqual([]);
  });
});

test('A pod has one card and the bridge as its gateway', () => {
  const pod = netnsBy(both, labCluster(), 'pod/default/a1');
  expect(routesOf(pod)).toEqual(['default via 10.244.1.1 dev eth0', '10.244.1.0/24 dev eth0 proto kernel scope link src 10.244.1.10']);
  expect(pod.sockets.map((s) => `${s.protocol}/${s.port}`)).toEqual(['tcp/8080']);
});

test('A pod that keeps an address outside its node\'s pod CIDR gets a /32 route on every node (CLI.md), and is no outsider to the masquerade', () => {
  const cluster = labCluster({ pods: [labPod('a1', 'a', '10.244.1.10'), labPod('odd', 'b', '172.17.0.9')] });
  const [a, b] = [netnsBy(both, cluster, 'node/a'), netnsBy(both, cluster, 'node/b')];
  expect(routesOf(a)).toContain('172.17.0.9 via 192.168.56.12 dev eth0');
  expect(routesOf(b)).toContain('172.17.0.9 dev cbr0 scope link');
  expect(chainText(a, 'POD-MASQ')).toContain('-A POD-MASQ -d 172.17.0.9/32 -j RETURN');
  expect(chainText(b, 'POSTROUTING')).toContain('-A POSTROUTING -s 172.17.0.9/32 -m comment --comment "bridge: what pods on this node send out" -j POD-MASQ');
  expect(routesOf(netnsBy(both, cluster, 'pod/default/odd'))).toEqual(['default via 10.244.2.1 dev eth0 onlink']);
});

test('Dual stack: both families of everything', () => {
  const nodes = [1, 2].map((n) => labNode(n, { addresses: [ip(`192.168.56.1${n}`), ip(`fd00:192:168:56::1${n}`)], podCidrs: [cidr(`10.244.${n}.0/24`), cidr(`fd00:10:244:${n}::/64`)] }));
  const cluster = labCluster({ nodes, pods: [labPod('a1', 'a', '', { ips: [ip('10.244.1.10'), ip('fd00:10:244:1::10')] })], settings: { podSubnets: [cidr('10.244.0.0/16'), cidr('fd00:10:244::/56')] } });
  expect(routesOf(netnsBy(both, cluster, 'node/a'), 6)).toEqual([
    'fd00:10:244:1::/64 dev cbr0 proto kernel metric 256 pref medium', 'fd00:10:244:2::/64 via fd00:192:168:56::12 dev eth0 metric 1024 pref medium',
    'fd00:192:168:56::/64 dev eth0 proto kernel metric 256 pref medium', 'default via fd00:192:168:56::1 dev eth0 metric 1024 pref medium',
  ]);
  expect(routesOf(netnsBy(both, cluster, 'pod/default/a1'), 6)).toEqual(['fd00:10:244:1::/64 dev eth0 proto kernel metric 256 pref medium', 'default via fd00:10:244:1::1 dev eth0 metric 1024 pref medium']);
});

test('hostPorts stand in the chains of the portmap plugin', () => {
  const cluster = labCluster({ pods: [labPod('a1', 'a', '10.244.1.10', { ports: [containerPort(8080, { hostPort: 80 }), containerPort(53, { protocol: 'udp', hostPort: 5353, hostIp: '192.168.56.11' })] })] });
  const a = netnsBy(both, cluster, 'node/a');
  const chains = a.tables[0]!.chains.map((c) => c.name).filter((name) => name.startsWith('CNI-'));
  expect(chains.flatMap((chain) => chainText(a, chain)).map((text) => text.replaceAll(/CNI-DN-\w+/g, 'CNI-DN-…'))).toEqual([
    '-A CNI-DN-… -s 10.244.1.0/24 -p tcp -m tcp --dport 80 -j CNI-HOSTPORT-SETMARK', '-A CNI-DN-… -s 127.0.0.1/32 -p tcp -m tcp --dport 80 -j CNI-HOSTPORT-SETMARK',
    '-A CNI-DN-… -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.244.1.10:8080',
    '-A CNI-DN-… -s 10.244.1.0/24 -d 192.168.56.11/32 -p udp -m udp --dport 5353 -j CNI-HOSTPORT-SETMARK', '-A CNI-DN-… -s 127.0.0.1/32 -d 192.168.56.11/32 -p udp -m udp --dport 5353 -j CNI-HOSTPORT-SETMARK',
    '-A CNI-DN-… -d 192.168.56.11/32 -p udp -m udp --dport 5353 -j DNAT --to-destination 10.244.1.10:53',
    '-A CNI-HOSTPORT-DNAT -p tcp -m comment --comment "dnat name: \\"podhop\\" id: \\"default/a1\\"" -m multiport --dports 80 -j CNI-DN-…',
    '-A CNI-HOSTPORT-DNAT -p udp -m comment --comment "dnat name: \\"podhop\\" id: \\"default/a1\\"" -m multiport --dports 5353 -j CNI-DN-…',
    '-A CNI-HOSTPORT-MASQ -m mark --mark 0x2000/0x2000 -j MASQUERADE', '-A CNI-HOSTPORT-SETMARK -m comment --comment "CNI portfwd masquerade mark" -j MARK --set-xmark 0x2000/0x2000',
  ]);
});

test('Everything says why it exists, in a sentence', () => {
  for (const id of ['node/a', 'pod/default/a1']) expect(reasons(netnsBy(both, labCluster(), id)).filter((why) => !/^[A-Z0-9a-z:].{15,}\.$/.test(why))).toEqual([]);
});

test('Where nodes use nftables, the node\'s own masquerade is a table of its own', () => {
  const nft = netnsBy(both, labCluster({ settings: { proxyMode: 'nftables' } }), 'node/a');
  expect(nft.tables.map((t) => [t.tool, t.family, t.name, t.chains[0]!.rules.length])).toEqual([['nft', 'ip', 'pod-network', 1]]);
});
