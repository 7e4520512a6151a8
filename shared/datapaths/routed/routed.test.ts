import { expect, test } from 'vitest';
import { outside } from '../outside/index.ts';
import { labCluster } from '../testing/lab.ts';
import { netnsBy, routesOf } from '../testing/show.ts';
import { routed } from './index.ts';

const both = [outside, routed];
const cluster = labCluster({ settings: { podNetwork: 'routed' } });

test('A node has no bridge, one route per pod, and drops what of its range no pod has', () => {
  const a = netnsBy(both, cluster, 'node/a');
  expect(routesOf(a).map((text) => text.replace(/cali\w{11}/, 'cali…'))).toEqual([
    'default via 192.168.56.1 dev eth0', 'blackhole 10.244.1.0/24', '10.244.1.10 dev cali… scope link', '10.244.1.11 dev cali… scope link', '10.244.2.0/24 via 192.168.56.12 dev eth0',
    '192.168.56.0/24 dev eth0 proto kernel scope link src 192.168.56.11',
  ]);
  expect(a.links.filter((link) => link.name.startsWith('cali')).map(({ mac, proxyArp, addresses }) => ({ mac, proxyArp, addresses }))).toEqual(Array(2).fill({ mac: 'ee:ee:ee:ee:ee:ee', proxyArp: true, addresses: [] }));
});

test('A pod has no neighbours: everything goes to an address that only the node answers for', () => {
  expect(routesOf(netnsBy(both, cluster, 'pod/default/a1'))).toEqual(['default via 169.254.1.1 dev eth0', '169.254.1.1 dev eth0 scope link']);
});
