import { describe, expect, test } from 'vitest';
import type { Cluster, Fault } from '../../shared/model/types.ts';
import { findPlace } from '../state/places.ts';
import { pictureCluster, wideCluster } from '../testing/fixture-cluster.ts';
import { serviceLabel } from './capsule-layout.ts';
import { layoutCluster } from './layout.ts';
import { bareOptions } from './layout-options.ts';
import { podStatus } from './words-of-things.ts';

const broken = (...faults: readonly Fault[]): Cluster => {
  const cluster = pictureCluster();
  return { ...cluster, settings: { ...cluster.settings, faults } };
};
const rowB = (cluster: Cluster) => layoutCluster(cluster, bareOptions).rows[1]!;

describe('what is out of order with a node is said by its name, in the outline and to a screen reader', () => {
  test.each<[string, Cluster, beside: string, label: string, listed: string, up: boolean]>([
    ['nothing', broken(), '', 'Node b, ready, 192.168.56.12, 3 pods', '', true],
    ['stopped', broken({ kind: 'node-stopped', node: 'b' }), 'Stopped', 'Node b, stopped, 192.168.56.12, 3 pods', 'Stopped', false],
    ['its kube-proxy stopped', broken({ kind: 'stale-kube-proxy', node: 'b' }), 'kube-proxy stopped', 'Node b, ready, kube-proxy stopped, 192.168.56.12, 3 pods', 'kube-proxy stopped', true],
    ['its cable cut, its MTU lowered', broken({ kind: 'mtu', on: 'node/b', bytes: 1400 }, { kind: 'link-cut', a: 'switch/lan', b: 'node/b' }), 'Cable cut, MTU 1400', 'Node b, ready, cable cut, MTU 1400, 192.168.56.12, 3 pods', 'Cable cut, MTU 1400', true],
    ['two switches off', broken({ kind: 'hairpin-off', node: 'b' }, { kind: 'br-netfilter-off', node: 'b' }), 'br_netfilter off, 1 more', 'Node b, ready, br_netfilter off, hairpin mode off, 192.168.56.12, 3 pods', 'br_netfilter off, hairpin mode off', true],
    ['a route cut, named in short', broken({ kind: 'route-cut', on: 'b', dst: '10.244.3.0/24' }), '', 'Node b, ready, no route to node c’s pods, 192.168.56.12, 3 pods', 'No route to node c’s pods', true],
    ['not ready and cordoned by its own manifest', { ...broken(), nodes: broken().nodes.map((node) => (node.name === 'b' ? { ...node, ready: false, unschedulable: true } : node)) }, 'Not ready, cordoned', 'Node b, not ready, cordoned, 192.168.56.12, 3 pods', 'Not ready, cordoned', false],
  ])('%s', (_, cluster, beside, label, listed, up) => {
    const row = rowB(cluster);
    expect([row.trouble, row.label, findPlace(cluster, 'node/b')?.trouble, row.ready]).toEqual([beside, label, listed, up]);
  });

  test('a crowd’s card says the same', () => {
    const crowd = wideCluster(12, 90);
    const row = layoutCluster({ ...crowd, settings: { ...crowd.settings, faults: [{ kind: 'node-stopped', node: 'n002' }] } }, bareOptions).rows[1]!;
    expect([row.trouble, row.label, row.ready]).toEqual(['Stopped', 'Node n002, stopped, 192.168.56.12, 8 pods', false]);
  });
});

describe('what is cut is drawn where it is', () => {
  test('a node’s cable, and nobody else’s', () => expect(layoutCluster(broken({ kind: 'link-cut', a: 'b', b: 'switch/lan' }), bareOptions).rows.map(({ cut }) => cut)).toEqual([false, true, false]));
  test('a pod’s cable, in place of its status', () => {
    const cluster = broken({ kind: 'link-cut', a: 'node/b', b: 'pod/shop/web-2' });
    const row = rowB(cluster);
    expect([row.cut, row.trouble, ...row.doors.map(({ name, cut, status }) => [name, cut, status])]).toEqual([false, '', ['api-2', false, 'Ready'], ['web-2', true, 'Cable cut'], ['coredns-2', false, 'Ready']]);
    expect([row.doors[1]!.label, findPlace(cluster, 'pod/shop/web-2')?.trouble]).toEqual(['Pod web-2, node b, ready, cable cut, 10.244.2.15', 'Cable cut']);
  });
  test('a client’s cable', () => {
    const { outside } = layoutCluster(broken({ kind: 'link-cut', a: 'switch/outside', b: 'client/internet' }), bareOptions);
    expect(outside.map(({ id, cut, trouble }) => [id, cut, trouble])).toEqual([['host/internet', false, ''], ['client/internet', true, 'Cable cut']]);
    expect(outside[1]!.label).toBe('Client internet, outside, cable cut, 203.0.113.10');
  });
  test.each<[readonly string[], string]>([
    [['10.244.3.0/24'], 'No route to node c’s pods'],
    [['10.244.3.0/24', '10.244.3.0/24', 'default'], 'No route to node c’s pods and everywhere else'],
    [['10.244.1.0/24', '10.244.3.0/24', '203.0.113.0/24'], 'No route to node a’s pods and 2 more'],
  ])('routes %j: %s', (cut, words) => expect(rowB(broken(...cut.map((dst): Fault => ({ kind: 'route-cut', on: 'node/b', dst })))).lost).toBe(words));
});

test.each([
  [{ crashed: true, ready: false }, 'Crash loop'],
  [{ crashed: true, terminating: true }, 'Terminating'],
  [{ ready: false }, 'Not ready'],
  [{}, 'Ready'],
])('a pod with %j: %s', (fields, word) => expect(podStatus({ ...pictureCluster().pods[0]!, ...fields })).toBe(word));

test('a Service says what its settings make of traffic', () => {
  const service = pictureCluster().services[1]!;
  expect([serviceLabel(service), serviceLabel({ ...service, type: 'NodePort', externalTrafficPolicy: 'Local', internalTrafficPolicy: 'Local', sessionAffinitySeconds: 60 }), serviceLabel({ ...service, externalTrafficPolicy: 'Local' })]).toEqual([
    'Service api, ClusterIP, 10.96.14.7:80',
    'Service api, NodePort, inside traffic stays on its node, outside traffic stays on its node, each client keeps its pod, 10.96.14.7:80',
    'Service api, ClusterIP, 10.96.14.7:80',
  ]);
});
