import { describe, expect, test } from 'vitest';
import { buildCluster } from './build-cluster.ts';
import type { Fields } from './json-fields.ts';
import { manifest, manifestsForTest } from './objects-for-tests.ts';
import { listenersOfNode, listenersOfOutsider, listenersOfPod, type Listener } from './who-answers.ts';

const pod = (name: string, ports: readonly Fields[], spec: Fields = {}, rest: Fields = {}): Fields =>
  manifest('Pod', `default/${name}`, { spec: { nodeName: 'a', containers: [{ name: 'c', ...(ports.length > 0 ? { ports: [...ports] } : {}) }], ...spec }, ...rest }, { labels: { app: name } });
const service = (name: string, selector: Fields, ports: readonly Fields[]): Fields => manifest('Service', `default/${name}`, { spec: { selector, ports: [...ports] } });
const slice = (name: string, endpoints: readonly Fields[], port: number): Fields => manifest('EndpointSlice', `default/${name}`, { addressType: 'IPv4', ports: [{ port }], endpoints: [...endpoints] }, { labels: { 'kubernetes.io/service-name': name } });
const brief = (listeners: readonly Listener[]): readonly string[] => listeners.map(({ protocol, port }) => `${port ?? '*'}/${protocol}`);
const first = (...objects: readonly Fields[]): readonly string[] => {
  const { cluster } = buildCluster(manifestsForTest(...objects));
  return brief(listenersOfPod(cluster, cluster.pods[0]!));
};

describe('a pod answers (CLI.md, Who answers)', () => {
  test.each<[string, readonly Fields[], readonly string[]]>([
    ['on its declared container ports', [pod('p', [{ containerPort: 80 }, { containerPort: 53, protocol: 'UDP' }])], ['80/tcp', '53/udp']],
    ['and on no others, whatever a Service aims at', [pod('p', [{ containerPort: 80 }]), service('s', { app: 'p' }, [{ port: 1, targetPort: 9 }])], ['80/tcp']],
    ['with none declared, on every target port aimed at it', [pod('p', []), service('s', { app: 'p' }, [{ name: 'a', port: 1, targetPort: 9 }, { name: 'b', port: 2, protocol: 'UDP' }]), service('t', { app: 'p' }, [{ port: 3 }])], ['9/tcp', '2/udp', '3/tcp']],
    ['a slice that names its address aims at it too', [pod('p', []), slice('s', [{ addresses: ['10.244.1.2'] }], 7)], []],
    ['with a fixed address it does', [pod('p', [], {}, { status: { podIP: '10.244.1.9' } }), slice('s', [{ addresses: ['10.244.1.9'] }], 7)], ['7/tcp']],
    ['nobody aims at it: on nothing', [pod('p', [])], []],
    ['not once it has ended', [pod('p', [{ containerPort: 80 }], {}, { status: { phase: 'Failed' } })], []],
    ['unready or terminating it still does', [pod('p', [{ containerPort: 80 }], {}, { status: { conditions: [{ type: 'Ready', status: 'False' }] } })], ['80/tcp']],
    ['one port of two containers is one listener', [pod('p', [], { containers: [{ name: 'c', ports: [{ containerPort: 80 }] }, { name: 'd', ports: [{ containerPort: 80 }] }] })], ['80/tcp']],
  ])('%s', (_, objects, expected) => {
    expect(first(...objects)).toEqual(expected);
  });
});

test('a node answers for its hostNetwork pods and where a slice names its address', () => {
  const { cluster } = buildCluster(manifestsForTest(pod('p', [{ containerPort: 9100 }], { hostNetwork: true }), pod('q', [{ containerPort: 80 }]), slice('kubernetes', [{ addresses: ['192.168.56.11'] }, { addresses: ['192.168.56.12'] }], 6443)));
  expect(cluster.nodes.map((node) => brief(listenersOfNode(cluster, node)))).toEqual([['9100/tcp', '6443/tcp'], ['6443/tcp'], []]);
});

test('an outside machine answers on everything unless it says otherwise', () => {
  const { cluster } = buildCluster(manifestsForTest(manifest('Sandbox', 's', { spec: { hosts: [{ name: 'db', address: '192.0.2.5', ports: [5432] }, { name: 'mute', address: '192.0.2.6', ports: [] }] } })));
  expect(cluster.outsiders.map((outsider) => [outsider.name, brief(listenersOfOutsider(outsider))])).toEqual([
    ['internet', ['*/tcp', '*/udp', '*/sctp']], ['db', ['5432/tcp']], ['internet', ['*/tcp', '*/udp', '*/sctp']], ['mute', []],
  ]);
});
