import { describe, expect, test } from 'vitest';
import { buildCluster } from './build-cluster.ts';
import type { Fields } from './json-fields.ts';
import { manifest, manifestsForTest } from './objects-for-tests.ts';
import type { EndpointSlice } from './types.ts';

const pod = (name: string, rest: Fields = {}, metadata: Fields = {}, ports: readonly Fields[] = [{ name: 'http', containerPort: 8080 }]): Fields =>
  manifest('Pod', `default/${name}`, { spec: { nodeName: 'a', containers: [{ name: 'c', ports: [...ports] }] }, ...rest }, { labels: { app: 'web' }, ...metadata });
const service = (spec: Fields = {}): Fields => manifest('Service', 'default/web', { spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 'http' }], ...spec } });
const slices = (...objects: readonly Fields[]): readonly EndpointSlice[] => buildCluster(manifestsForTest(...objects)).cluster.endpointSlices;
const brief = (all: readonly EndpointSlice[]): unknown => all.map((slice) => ({ ports: slice.ports.map(({ name, port }) => `${name ?? '-'}:${port ?? '-'}`), endpoints: slice.endpoints.map(({ addresses, ready, serving, terminating }) => [addresses[0], ready, serving, terminating]) }));
const gone = { deletionTimestamp: '2026-01-01T00:00:00Z' };
const notReady = { status: { conditions: [{ type: 'Ready', status: 'False' }] } };

describe('what the EndpointSlice controller would write (pkg/controller/endpointslice, staging endpointslice/utils.go)', () => {
  test.each<[string, readonly Fields[], unknown]>([
    ['a named target port resolves in the pod', [service(), pod('p')], [{ ports: ['http:8080'], endpoints: [['10.244.1.2', true, true, false]] }]],
    ['a numeric one needs no declaration', [service({ ports: [{ port: 80, targetPort: 9 }] }), pod('p', {}, {}, [])], [{ ports: [':9'], endpoints: [['10.244.1.2', true, true, false]] }]],
    ['pods that resolve the name differently stand in slices of their own', [service(), pod('p'), pod('q', {}, {}, [{ name: 'http', containerPort: 9090 }])], [{ ports: ['http:8080'], endpoints: [['10.244.1.2', true, true, false]] }, { ports: ['http:9090'], endpoints: [['10.244.1.3', true, true, false]] }]],
    ['a name that no container has gives an endpoint without that port', [service(), pod('p', {}, {}, [{ name: 'other', containerPort: 1 }])], [{ ports: [], endpoints: [['10.244.1.2', true, true, false]] }]],
    ['a name with another protocol is no hit (FindPort)', [service(), pod('p', {}, {}, [{ name: 'http', containerPort: 8080, protocol: 'UDP' }])], [{ ports: [], endpoints: [['10.244.1.2', true, true, false]] }]],
    ['EPS3 not ready', [service(), pod('p', notReady)], [{ ports: ['http:8080'], endpoints: [['10.244.1.2', false, false, false]] }]],
    ['EPS3 terminating but passing its probe: serving, not ready', [service(), pod('p', {}, gone)], [{ ports: ['http:8080'], endpoints: [['10.244.1.2', false, true, true]] }]],
    ['publishNotReadyAddresses makes everything ready', [service({ publishNotReadyAddresses: true }), pod('p', notReady), pod('q', {}, gone)], [{ ports: ['http:8080'], endpoints: [['10.244.1.2', true, false, false], ['10.244.1.3', true, true, true]] }]],
    ['ended pods are no endpoints', [service(), pod('p', { status: { phase: 'Succeeded' } }), pod('q', { status: { phase: 'Failed' } })], [{ ports: [], endpoints: [] }]],
    ['pods of other namespaces are not selected', [service(), manifest('Pod', 'other/p', { spec: { containers: [{ name: 'c' }] } }, { labels: { app: 'web' } })], [{ ports: [], endpoints: [] }]],
    ['no selector, no slices', [service({ selector: {} }), pod('p')], []],
    ['ExternalName has none', [service({ type: 'ExternalName', externalName: 'x.example' }), pod('p')], []],
    ['headless without ports', [service({ clusterIP: 'None', ports: [] }), pod('p')], [{ ports: [], endpoints: [['10.244.1.2', true, true, false]] }]],
  ])('%s', (_, objects, expected) => {
    expect(brief(slices(...objects))).toEqual(expected);
  });

  test('a hundred endpoints to a slice', () => {
    const nodes = manifest('Node', 'a', { spec: { podCIDR: '10.244.0.0/22' } });
    const made = slices(nodes, service(), ...Array.from({ length: 250 }, (_, i) => pod(`p${String(i).padStart(3, '0')}`)));
    expect(made.map((slice) => slice.endpoints.length).toSorted((a, b) => a - b)).toEqual([50, 100, 100]);
    expect(new Set(made.map((slice) => slice.name)).size).toBe(3);
  });

  test('one slice per family of a dual-stack Service', () => {
    const dual = manifest('ClusterConfiguration', 'c', { networking: { podSubnet: '10.244.0.0/16,fd00:10:244::/48', serviceSubnet: '10.96.0.0/16,fd00:10:96::/112' } });
    const made = slices(dual, service({ ipFamilyPolicy: 'PreferDualStack' }), pod('p'));
    expect(new Map(made.map((slice) => [slice.addressType, slice.endpoints[0]?.addresses]))).toEqual(new Map([['IPv4', ['10.244.1.2']], ['IPv6', ['fd00:10:244:1::2']]]));
  });

  test.each<[string, readonly string[], readonly string[]]>([
    ['PreferClose', ['z1'], []], ['PreferSameZone', ['z1'], []], ['PreferSameNode', ['z1'], ['a']], ['', [], []],
  ])('EPS11 trafficDistribution %s writes hints on ready endpoints only (endpointslice/trafficdist)', (trafficDistribution, zones, nodes) => {
    const node = manifest('Node', 'a', {}, { labels: { 'topology.kubernetes.io/zone': 'z1' } });
    const [slice] = slices(node, service(trafficDistribution === '' ? {} : { trafficDistribution }), pod('p'), pod('q', notReady));
    expect(slice?.endpoints.map(({ hintZones, hintNodes, zone }) => ({ hintZones, hintNodes, zone }))).toEqual([{ hintZones: zones, hintNodes: nodes, zone: 'z1' }, { hintZones: [], hintNodes: [], zone: 'z1' }]);
  });

  test('a pod’s host name is published under its subdomain’s Service only (ShouldSetHostname)', () => {
    const named = manifest('Pod', 'default/p', { spec: { hostname: 'h', subdomain: 'web', containers: [{ name: 'c' }] } }, { labels: { app: 'web' } });
    const other = manifest('Service', 'default/also', { spec: { selector: { app: 'web' }, ports: [{ port: 1 }] } });
    expect(slices(service({ clusterIP: 'None' }), other, named).map((slice) => [slice.service, slice.endpoints[0]?.hostname, slice.headlessLabel])).toEqual([['also', '', false], ['web', 'h', true]]);
  });

  test('a hostNetwork pod is an endpoint at its node’s address', () => {
    const host = manifest('Pod', 'default/p', { spec: { nodeName: 'b', hostNetwork: true, containers: [{ name: 'c', ports: [{ name: 'http', containerPort: 80 }] }] } }, { labels: { app: 'web' } });
    expect(slices(service(), host)[0]?.endpoints.map(({ addresses, nodeName }) => [addresses, nodeName])).toEqual([[['192.168.56.12'], 'b']]);
  });
});

describe('what is given stands', () => {
  const given = manifest('EndpointSlice', 'default/web-mine', {
    addressType: 'IPv4', ports: [{ port: 8080 }], endpoints: [{ addresses: ['10.9.9.9'], conditions: { ready: false }, nodeName: 'b', zone: 'z', hints: { forZones: [{ name: 'z' }], forNodes: [{ name: 'b' }] }, targetRef: { kind: 'Pod', name: 'x', namespace: 'default' } }],
  }, { labels: { 'kubernetes.io/service-name': 'web' } });
  const endpoints = manifest('Endpoints', 'default/web', { subsets: [{ addresses: [{ ip: '10.8.8.8' }, { ip: 'fd00::8' }], notReadyAddresses: [{ ip: '10.8.8.9', nodeName: 'c' }], ports: [{ name: 'http', port: 1234 }] }] });

  test('a given slice is used as it stands, and nothing is derived beside it', () => {
    expect(slices(service(), pod('p'), given)).toEqual([{
      namespace: 'default', name: 'web-mine', service: 'web', addressType: 'IPv4', ports: [{ name: '', protocol: 'tcp', port: 8080 }], headlessLabel: false, implied: false, at: { file: 'EndpointSlice/web-mine', line: 1, col: 1 },
      endpoints: [{ addresses: ['10.9.9.9'], ready: false, serving: true, terminating: false, nodeName: 'b', zone: 'z', hintZones: ['z'], hintNodes: ['b'], target: { kind: 'Pod', namespace: 'default', name: 'x' }, hostname: '' }],
    }]);
  });
  test('an Endpoints object is mirrored where no slice exists: one slice per family, ready and not', () => {
    const made = slices(service({ selector: {} }), endpoints).toSorted((a, b) => (a.addressType < b.addressType ? -1 : 1));
    expect(made.map((slice) => [slice.addressType, slice.ports, slice.endpoints.map(({ addresses, ready, nodeName }) => [addresses[0], ready, nodeName])])).toEqual([
      ['IPv4', [{ name: 'http', protocol: 'tcp', port: 1234 }], [['10.8.8.8', true, ''], ['10.8.8.9', false, 'c']]],
      ['IPv6', [{ name: 'http', protocol: 'tcp', port: 1234 }], [['fd00::8', true, '']]],
    ]);
  });
  test('beside a given slice it is not mirrored, nor with the skip-mirror label', () => {
    expect(slices(service(), endpoints, given).map((slice) => slice.name)).toEqual(['web-mine']);
    const skipped = { ...endpoints, metadata: { name: 'web', namespace: 'default', labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } } };
    expect(slices(service({ selector: {} }), skipped)).toEqual([]);
  });
  test('no made pod gets an address that a given slice sends packets to', () => {
    const takes = manifest('EndpointSlice', 'default/x', { addressType: 'IPv4', ports: [{ port: 1 }], endpoints: [{ addresses: ['10.244.1.2'] }] }, { labels: { 'kubernetes.io/service-name': 'x' } });
    expect(buildCluster(manifestsForTest(takes, pod('p'))).cluster.pods[0]?.ips).toEqual(['10.244.1.3']);
  });
});
