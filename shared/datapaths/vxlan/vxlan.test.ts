import { expect, test } from 'vitest';
import { outside } from '../outside/index.ts';
import { labCluster } from '../testing/lab.ts';
import { addrOf, chainText, netnsBy, routesOf } from '../testing/show.ts';
import { vxlan } from './index.ts';

const both = [outside, vxlan];
const cluster = labCluster({ settings: { podNetwork: 'vxlan' } });
const a = netnsBy(both, cluster, 'node/a');
const b = netnsBy(both, cluster, 'node/b');

test('The tunnel\'s end has the pod CIDR\'s base address; the other nodes\' pods are behind theirs (flannel, vxlan backend)', () => {
  expect(routesOf(a)).toEqual([
    'default via 192.168.56.1 dev eth0', '10.244.1.0/24 dev cni0 proto kernel scope link src 10.244.1.1', '10.244.2.0/24 via 10.244.2.0 dev flannel.1 onlink', '192.168.56.0/24 dev eth0 proto kernel scope link src 192.168.56.11',
  ]);
  const device = b.links.find((link) => link.name === 'flannel.1')!;
  expect(a.neighbours.map(({ ip, dev, mac }) => [ip, dev, mac])).toEqual([['10.244.2.0', 'flannel.1', device.mac]]);
  expect(a.links.find((link) => link.kind === 'vxlan')).toMatchObject({ addresses: ['10.244.1.0/32'], mtu: 1450, vni: 1, port: 8472, local: '192.168.56.11', fdb: [{ mac: device.mac, dst: '192.168.56.12' }] });
});

test('The pods\' cards leave room for the outer headers', () => {
  expect(addrOf(netnsBy(both, cluster, 'pod/default/a1'))).toMatch(/eth0@\w+: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450/);
});

test('flanneld\'s own rules, in its order', () => {
  expect([...chainText(a, 'POSTROUTING'), ...chainText(a, 'FLANNEL-POSTRTG')]).toEqual([
    '-A POSTROUTING -m comment --comment "flanneld masq" -j FLANNEL-POSTRTG',
    '-A FLANNEL-POSTRTG -m mark --mark 0x4000/0x4000 -m comment --comment "flanneld masq" -j RETURN',
    '-A FLANNEL-POSTRTG -s 10.244.1.0/24 -d 10.244.0.0/16 -m comment --comment "flanneld masq" -j RETURN',
    '-A FLANNEL-POSTRTG -s 10.244.0.0/16 -d 10.244.1.0/24 -m comment --comment "flanneld masq" -j RETURN',
    '-A FLANNEL-POSTRTG ! -s 10.244.0.0/16 -d 10.244.1.0/24 -m comment --comment "flanneld masq" -j RETURN',
    '-A FLANNEL-POSTRTG -s 10.244.0.0/16 ! -d 224.0.0.0/4 -m comment --comment "flanneld masq" -j MASQUERADE --random-fully',
    '-A FLANNEL-POSTRTG ! -s 10.244.0.0/16 -d 10.244.0.0/16 -m comment --comment "flanneld masq" -j MASQUERADE --random-fully',
  ]);
});
