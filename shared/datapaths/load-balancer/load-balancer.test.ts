import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ip } from '../../base/ip.ts';
import type { Cluster } from '../../model/types.ts';
import { outside } from '../outside/index.ts';
import { labBalanced, labCluster, labNode } from '../testing/lab.ts';
import { chainText, netnsBy, routesOf } from '../testing/show.ts';
import { loadBalancer } from './index.ts';

const both = [outside, loadBalancer];
const endpoints = (...nodes: readonly string[]): Cluster['endpointSlices'] => [{
  at: null, implied: false, namespace: 'default', name: 'web-1', service: 'web', addressType: 'IPv4', ports: [{ name: '', protocol: 'tcp', port: 8080 }], headlessLabel: false,
  endpoints: nodes.map((nodeName, i) => ({ addresses: [`10.244.9.${i + 1}`], ready: true, serving: true, terminating: false, nodeName, zone: '', hintZones: [], hintNodes: [], target: null, hostname: '' })),
}];
const web = labBalanced('web', '198.51.100.20');
const three = [labNode(1), labNode(2), labNode(3)];
const vip = (cluster: Cluster, id: string): string | undefined => routesOf(netnsBy(both, cluster, id)).find((text) => text.includes('198.51.100.20'));

describe('cloud', () => {
  const local = { ...web, externalTrafficPolicy: 'Local' } as const;
  test.each<[string, Partial<Parameters<typeof labCluster>[0]>, string]>([
    ['LBR2 all ready nodes', { services: [web] }, '198.51.100.20 nexthop via 192.168.56.11 dev eth1 weight 1 nexthop via 192.168.56.12 dev eth1 weight 1 nexthop via 192.168.56.13 dev eth1 weight 1'],
    ['LBR2 not a node that is not ready', { services: [web], nodes: [labNode(1), labNode(2, { ready: false })] }, '198.51.100.20 via 192.168.56.11 dev eth1'],
    ['LBR2 nor one labelled out (KEP-1143)', { services: [web], nodes: [labNode(1), labNode(2, { labels: { 'node.kubernetes.io/exclude-from-external-load-balancers': '' } })] }, '198.51.100.20 via 192.168.56.11 dev eth1'],
    ['LBR3 with Local the nodes with a ready endpoint', { services: [local], endpointSlices: endpoints('c', 'c') }, '198.51.100.20 via 192.168.56.13 dev eth1'],
    ['LBR3 and nobody where there is none', { services: [local], endpointSlices: endpoints() }, 'blackhole 198.51.100.20'],
  ])('%s', (_name, over, expected) => {
    expect(vip(labCluster({ nodes: three, ...over }), 'lb/cloud')).toBe(expected);
  });
  test('LBR4 the router leads to it, and it listens on the Service\'s ports only', () => {
    const cluster = labCluster({ nodes: three, services: [web] });
    expect(vip(cluster, 'router/lab')).toBe('198.51.100.20 via 192.0.0.3 dev out0');
    expect(chainText(netnsBy(both, cluster, 'lb/cloud'), 'PREROUTING')).toEqual(['-A PREROUTING -d 198.51.100.20/32 -p tcp -m tcp --dport 80 -j ACCEPT', '-A PREROUTING -d 198.51.100.20/32 -j DROP']);
  });
  test('LBR1 with ipMode Proxy it dials the node ports itself (KEP-1860)', () => {
    const lb = netnsBy(both, labCluster({ nodes: three, services: [{ ...web, loadBalancer: [{ ...web.loadBalancer[0]!, ipMode: 'Proxy' }] }] }), 'lb/cloud');
    expect([...chainText(lb, 'PREROUTING').filter((text) => text.includes('DNAT')), ...chainText(lb, 'POSTROUTING')]).toEqual([
      '-A PREROUTING -d 198.51.100.20/32 -p tcp -m tcp --dport 80 -m statistic --mode random --probability 0.33333333349 -j DNAT --to-destination 192.168.56.11:30080',
      '-A PREROUTING -d 198.51.100.20/32 -p tcp -m tcp --dport 80 -m statistic --mode random --probability 0.50000000000 -j DNAT --to-destination 192.168.56.12:30080',
      '-A PREROUTING -d 198.51.100.20/32 -p tcp -m tcp --dport 80 -j DNAT --to-destination 192.168.56.13:30080',
      '-A POSTROUTING -m conntrack --ctstate DNAT -j MASQUERADE',
    ]);
  });
});

describe('MetalLB, layer 2', () => {
  const settings = { loadBalancer: 'metallb' } as const;
  const first = ['a', 'b', 'c'].toSorted((x, y) => {
    const [p, q] = [x, y].map((name) => createHash('sha256').update(`${name}#198.51.100.20`).digest('hex'));
    return p! < q! ? -1 : 1;
  })[0]!;
  test('LBR5 the node whose hash comes first announces the address', () => {
    const address = ip(`192.168.56.${10 + 'abc'.indexOf(first) + 1}`);
    expect(vip(labCluster({ nodes: three, services: [web], endpointSlices: endpoints('a'), settings }), 'router/lab')).toBe(`198.51.100.20 via ${address} dev lan0`);
  });
  test('LBR5 when it stops, another takes over', () => {
    const cluster = labCluster({ nodes: three, services: [web], endpointSlices: endpoints('a'), settings: { ...settings, faults: [{ kind: 'node-stopped', node: first }] } });
    expect(vip(cluster, 'router/lab')).toMatch(/^198\.51\.100\.20 via 192\.168\.56\.1[123] dev lan0$/);
    expect(vip(cluster, 'router/lab')).not.toBe(`198.51.100.20 via 192.168.56.${10 + 'abc'.indexOf(first) + 1} dev lan0`);
  });
  test('LBR5 with Local only a node with a ready endpoint; without any endpoint nobody', () => {
    expect(vip(labCluster({ nodes: three, services: [{ ...web, externalTrafficPolicy: 'Local' }], endpointSlices: endpoints('b'), settings }), 'router/lab')).toBe('198.51.100.20 via 192.168.56.12 dev lan0');
    expect(vip(labCluster({ nodes: three, services: [web], endpointSlices: endpoints(), settings }), 'router/lab')).toBe('blackhole 198.51.100.20');
  });
});

test('LBR6 none: nobody has the address', () => {
  expect(vip(labCluster({ services: [web], settings: { loadBalancer: 'none' } }), 'router/lab')).toBe(undefined);
});
