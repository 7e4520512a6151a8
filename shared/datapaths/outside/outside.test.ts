import { describe, expect, test } from 'vitest';
import { cidr } from '../../base/cidr.ts';
import { ip } from '../../base/ip.ts';
import { labBalanced, labCluster, labNode, labOutsider } from '../testing/lab.ts';
import { netnsBy, reasons, routesOf } from '../testing/show.ts';
import { outside } from './index.ts';

const only = [outside];
const lab = labCluster();

test('The router knows nodes and outsiders, sends the rest to the internet, and drops what is private (RFC 1918, 6598)', () => {
  expect(routesOf(netnsBy(only, lab, 'router/lab'))).toEqual([
    'default via 192.0.0.2 dev out0', 'blackhole 10.0.0.0/8', 'blackhole 10.96.0.0/12', 'blackhole 10.244.0.0/16', 'blackhole 100.64.0.0/10', 'blackhole 169.254.0.0/16', 'blackhole 172.16.0.0/12',
    '192.0.0.0/29 dev out0 proto kernel scope link src 192.0.0.1', '192.0.2.80 dev out0 scope link', 'blackhole 192.168.0.0/16', '192.168.56.0/24 dev lan0 proto kernel scope link src 192.168.56.1', '203.0.113.10 dev out0 scope link',
  ]);
});

test('The internet answers for every address that nobody else has, and knows the way back to public ones only', () => {
  expect(routesOf(netnsBy(only, lab, 'world/internet'))).toEqual([
    'local default dev lo scope host', 'blackhole 10.0.0.0/8', 'blackhole 10.96.0.0/12', 'blackhole 10.244.0.0/16', 'blackhole 100.64.0.0/10', 'blackhole 169.254.0.0/16', 'blackhole 172.16.0.0/12',
    '192.0.0.0/29 dev eth0 proto kernel scope link src 192.0.0.2', '192.0.2.80 via 192.0.0.1 dev eth0', 'blackhole 192.168.0.0/16', '192.168.56.0/24 via 192.0.0.1 dev eth0', '203.0.113.10 via 192.0.0.1 dev eth0',
  ]);
});

test('A client beyond the router has its address alone, so any address will do', () => {
  const far = netnsBy(only, labCluster({ outsiders: [labOutsider('client', 'odd', '10.9.9.9')] }), 'client/odd');
  expect([far.links[1]!.addresses, routesOf(far)]).toEqual([['10.9.9.9/32'], ['default via 192.0.0.1 dev eth0 onlink']]);
});

describe('the nodes\' network', () => {
  test('takes the first free address for its router', () => {
    const cluster = labCluster({ nodes: [labNode(1, { addresses: [ip('10.0.0.1')] }), labNode(2, { addresses: [ip('10.0.0.2')] })] });
    expect(routesOf(netnsBy(only, cluster, 'node/a'))).toEqual(['default via 10.0.0.3 dev eth0', '10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.1']);
  });
  test('is one wire even where nodes are in different subnets', () => {
    const cluster = labCluster({ nodes: [labNode(1), labNode(2, { addresses: [ip('10.0.77.12')] })] });
    expect(routesOf(netnsBy(only, cluster, 'node/a'))).toEqual(['default via 192.168.56.1 dev eth0', '10.0.77.0/24 dev eth0 scope link', '192.168.56.0/24 dev eth0 proto kernel scope link src 192.168.56.11']);
  });
  test('a node\'s further addresses are its own, and the router knows whose they are', () => {
    const cluster = labCluster({ nodes: [labNode(1, { addresses: [ip('192.168.56.11'), ip('192.168.56.200'), ip('34.1.2.3')] })] });
    expect(netnsBy(only, cluster, 'node/a').links[1]!.addresses).toEqual(['192.168.56.11/24', '192.168.56.200/24', '34.1.2.3/32']);
    expect(routesOf(netnsBy(only, cluster, 'router/lab'))).toContain('34.1.2.3 via 192.168.56.11 dev lan0');
  });
});

test('An externalIP that no node has is sent to a node by the network\'s administrator', () => {
  const cluster = labCluster({ services: [labBalanced('web', '198.51.100.20', { type: 'ClusterIP', loadBalancer: [], externalIps: [ip('198.51.100.99'), ip('192.168.56.12')] })] });
  expect(routesOf(netnsBy(only, cluster, 'router/lab')).filter((text) => text.includes(' via 192.168'))).toEqual(['198.51.100.99 via 192.168.56.11 dev lan0']);
});

describe('endpoint addresses that no pod has', () => {
  const slice = (...addresses: readonly string[]): Parameters<typeof labCluster>[0] => ({ endpointSlices: [{
    at: null, implied: false, namespace: 'default', name: 's', service: 's', addressType: 'IPv4', ports: [{ name: '', protocol: 'tcp', port: 80 }], headlessLabel: false,
    endpoints: addresses.map((address) => ({ addresses: [address], ready: true, serving: true, terminating: false, nodeName: '', zone: '', hintZones: [], hintNodes: [], target: null, hostname: '' })),
  }] });
  test.each([
    ['10.9.8.7', 'host/endpoints', ['10.9.8.7/32']], ['192.168.56.77', 'host/endpoints-lan', ['192.168.56.77/24']],
  ])('%s stands on %s', (address, id, addresses) => {
    expect(netnsBy(only, labCluster(slice(address)), id).links[1]!.addresses).toEqual(addresses);
  });
  test('a public one needs no machine: the internet answers', () => {
    expect(() => netnsBy(only, labCluster(slice('8.8.8.8')), 'host/endpoints')).toThrow('no namespace host/endpoints');
  });
});

test('A route through nobody is a problem at the outsider', () => {
  const cluster = labCluster({ outsiders: [labOutsider('client', 'c', '203.0.113.10', { routes: [{ dst: cidr('10.96.0.0/12'), via: 'node/zz' }] })] });
  expect(outside.check(cluster).map((problem) => [problem.code, problem.what])).toEqual([['route-via-nobody', 'client c routes 10.96.0.0/12 through node/zz, which is no address of that family and no node']]);
});

test('Everything says why it exists, in a sentence', () => {
  for (const id of ['node/a', 'client/internet', 'router/lab', 'switch/lan', 'switch/outside', 'world/internet']) {
    expect(reasons(netnsBy(only, lab, id)).filter((why) => !/^[A-Za-z0-9:].{12,}\.$/.test(why))).toEqual([]);
  }
});
