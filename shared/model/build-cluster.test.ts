import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cidrContains } from '../base/cidr.ts';
import { readManifests } from '../kube/read-manifests.ts';
import type { KubeObject, Manifests } from '../kube/types.ts';
import { buildCluster } from './build-cluster.ts';
import { dig, textOf, type Fields } from './json-fields.ts';
import { manifest, manifestsForTest } from './objects-for-tests.ts';
import type { Cluster } from './types.ts';

const shared = join(import.meta.dirname, '../../../shared/manifests');
const yamlFiles = (path: string): readonly string[] => (statSync(path).isDirectory() ? readdirSync(path).toSorted().flatMap((name) => yamlFiles(join(path, name))) : path.endsWith('.yaml') ? [path] : []);
const read = (path: string): Manifests => readManifests(yamlFiles(join(shared, path)).map((name) => ({ name, text: readFileSync(name, 'utf8') })));

const container = (...ports: readonly Fields[]): Fields => ({ name: 'main', image: 'x', ...(ports.length > 0 ? { ports } : {}) });
const deployment = (name: string, replicas: number, labels: Fields, spec: Fields = {}): Fields =>
  manifest('Deployment', name, { spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [container({ containerPort: 8080, name: 'http' })], ...spec } } } });
const service = (name: string, spec: Fields): Fields => manifest('Service', name, { spec });

describe.skipIf(!existsSync(shared))('real manifests', () => {
  test('Online Boutique: twelve Deployments, a pod each, four on every lab node, every Service with one endpoint', () => {
    const { cluster, problems } = buildCluster(read('online-boutique.yaml'));
    expect(problems).toEqual([]);
    expect(cluster.workloads.map((workload) => workload.kind)).toEqual(Array(12).fill('Deployment'));
    expect(['a', 'b', 'c'].map((node) => cluster.pods.filter((pod) => pod.node === node && pod.ready).length)).toEqual([4, 4, 4]);
    expect(cluster.pods.map((pod) => pod.ips[0])).toEqual(['1.2', '2.2', '3.2', '1.3', '2.3', '3.3', '1.4', '2.4', '3.4', '1.5', '2.5', '3.5'].map((tail) => `10.244.${tail}`));
    expect(cluster.services.map((one) => cluster.endpointSlices.filter((slice) => slice.service === one.name).flatMap((slice) => slice.endpoints).length)).toEqual(Array(12).fill(1));
    expect(cluster.services.find((one) => one.name === 'frontend-external')?.loadBalancer).toEqual([{ ip: '198.51.100.20', hostname: '', ipMode: 'VIP' }]);
    expect(cluster.notSimulated.map((other) => other.ref.kind)).toEqual(Array(cluster.notSimulated.length).fill('ServiceAccount'));
  });

  test('Cassandra: a StatefulSet behind a headless Service has named endpoints', () => {
    const { cluster, problems } = buildCluster(read('cassandra'));
    expect(problems).toEqual([]);
    const [cassandra] = cluster.services;
    expect({ headless: cassandra?.headless, ips: cassandra?.clusterIps }).toEqual({ headless: true, ips: [] });
    expect(cluster.endpointSlices.flatMap((slice) => slice.endpoints.map((endpoint) => [endpoint.hostname, endpoint.addresses[0], endpoint.nodeName]))).toEqual([
      ['cassandra-0', '10.244.1.2', 'a'], ['cassandra-1', '10.244.2.2', 'b'], ['cassandra-2', '10.244.3.2', 'c'],
    ]);
  });

  test('the guestbook spreads its three frontends over the three nodes', () => {
    const { cluster } = buildCluster(read('guestbook.yaml'));
    expect(cluster.pods.filter((pod) => pod.labels['tier'] === 'frontend').map((pod) => pod.node)).toEqual(['a', 'b', 'c']);
  });
});

describe('what is implied', () => {
  test('nothing at all still gives the lab: three nodes, the default namespace, one client and one host outside', () => {
    const { cluster, problems } = buildCluster(manifestsForTest());
    expect(problems).toEqual([]);
    expect(cluster.nodes.map(({ name, addresses, podCidrs, implied }) => ({ name, addresses, podCidrs, implied }))).toEqual([
      { name: 'a', addresses: ['192.168.56.11'], podCidrs: ['10.244.1.0/24'], implied: true },
      { name: 'b', addresses: ['192.168.56.12'], podCidrs: ['10.244.2.0/24'], implied: true },
      { name: 'c', addresses: ['192.168.56.13'], podCidrs: ['10.244.3.0/24'], implied: true },
    ]);
    expect(cluster.namespaces).toEqual([{ name: 'default', labels: { 'kubernetes.io/metadata.name': 'default' }, at: null, implied: true }]);
    expect(cluster.outsiders.map(({ kind, name, addresses, ports, implied }) => [kind, name, addresses, ports, implied])).toEqual([
      ['client', 'internet', ['203.0.113.10'], null, true], ['host', 'internet', ['192.0.2.80'], null, true],
    ]);
  });

  test('a NetworkPolicy in an undeclared namespace implies the namespace (reliability row 29)', () => {
    const { cluster } = buildCluster(manifestsForTest(manifest('NetworkPolicy', 'shop/deny', { spec: { podSelector: {} } })));
    expect(cluster.namespaces.map(({ name, implied }) => [name, implied])).toEqual([['default', true], ['shop', true]]);
  });

  test('a given Namespace keeps its labels and gains its name label', () => {
    const { cluster } = buildCluster(manifestsForTest(manifest('Namespace', 'shop', {}, { labels: { team: 'x' } })));
    expect(cluster.namespaces.find(({ name }) => name === 'shop')).toMatchObject({ labels: { team: 'x', 'kubernetes.io/metadata.name': 'shop' }, implied: false });
  });

  test('beside the lab, a node that a given pod stands on exists too, at the pod’s hostIP', () => {
    const pod = manifest('Pod', 'default/web', { spec: { nodeName: 'worker-1', containers: [container()] }, status: { podIP: '10.42.0.7', hostIP: '172.18.0.3', phase: 'Running' } });
    const { cluster } = buildCluster(manifestsForTest(pod));
    expect(cluster.nodes.map(({ name, addresses }) => [name, addresses[0]])).toEqual([['a', '192.168.56.11'], ['b', '192.168.56.12'], ['c', '192.168.56.13'], ['worker-1', '172.18.0.3']]);
    expect(cluster.pods[0]).toMatchObject({ node: 'worker-1', ips: ['10.42.0.7'], phase: 'Running', ready: true });
  });
});

const shop: readonly Fields[] = [
  manifest('Node', 'n2', { status: { addresses: [{ type: 'InternalIP', address: '10.0.0.2' }] } }),
  manifest('Node', 'n1', { spec: { podCIDR: '10.244.7.0/24' } }),
  manifest('Node', 'n3'),
  deployment('shop/web', 5, { app: 'web' }),
  deployment('shop/api', 4, { app: 'api' }),
  manifest('StatefulSet', 'shop/db', { spec: { serviceName: 'db', replicas: 3, selector: { matchLabels: { app: 'db' } }, template: { metadata: { labels: { app: 'db' } }, spec: { containers: [container()] } } } }),
  manifest('DaemonSet', 'kube-system/agent', { spec: { selector: { matchLabels: { app: 'agent' } }, template: { metadata: { labels: { app: 'agent' } }, spec: { hostNetwork: true, containers: [container({ containerPort: 9100 })] } } } }),
  manifest('Job', 'shop/once', { spec: { parallelism: 2, template: { spec: { containers: [container()] } } } }),
  manifest('Pod', 'shop/fixed', { spec: { nodeName: 'n1', containers: [container()] }, status: { podIP: '10.244.7.4' } }),
  service('shop/web', { type: 'LoadBalancer', externalTrafficPolicy: 'Local', selector: { app: 'web' }, ports: [{ port: 80, targetPort: 'http' }] }),
  service('shop/api', { type: 'NodePort', selector: { app: 'api' }, ports: [{ port: 80, targetPort: 8080, nodePort: 30090 }, { name: 'm', port: 81 }] }),
  service('shop/db', { clusterIP: 'None', selector: { app: 'db' }, ports: [{ port: 5432 }] }),
  service('shop/pinned', { clusterIP: '10.96.7.7', selector: { app: 'none' }, ports: [{ port: 1 }] }),
];

describe('properties', () => {
  test('the order of the documents changes nothing', () => {
    const expected = buildCluster(manifestsForTest(...shop));
    fc.assert(fc.property(fc.shuffledSubarray([...shop], { minLength: shop.length }), (shuffled) => {
      expect(buildCluster(manifestsForTest(...shuffled))).toEqual(expected);
    }), { numRuns: 40 });
  }, 30_000);

  test('no address is given twice, pods stand in their node’s pod CIDR, and fixed values stay', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/), { minLength: 1, maxLength: 8 });
    fc.assert(fc.property(names, fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 8, maxLength: 8 }), (workloads, counts) => {
      const objects = workloads.flatMap((name, i) => [deployment(`shop/${name}`, counts[i]!, { app: name }), service(`shop/${name}`, { type: (['ClusterIP', 'NodePort', 'LoadBalancer'] as const)[i % 3]!, selector: { app: name }, ports: [{ port: 80 }] })]);
      const { cluster, problems } = buildCluster(manifestsForTest(...shop.filter((one) => !['web', 'api'].includes(textOf(dig(one, 'metadata', 'name')))), ...objects));
      expect(problems.filter(({ severity }) => severity !== 'info')).toEqual([]);
      expectNoOverlap(cluster);
      expect(cluster.pods.find(({ name }) => name === 'fixed')).toMatchObject({ ips: ['10.244.7.4'], node: 'n1' });
      expect(cluster.services.find(({ name }) => name === 'pinned')?.clusterIps).toEqual(['10.96.7.7']);
    }), { numRuns: 40 });
  }, 30_000);

  test('a further Service moves no other Service’s address and node port', () => {
    const before = buildCluster(manifestsForTest(...shop)).cluster;
    const after = buildCluster(manifestsForTest(...shop, service('aaa/first', { type: 'NodePort', ports: [{ port: 80 }] }))).cluster;
    expect(after.services.filter(({ namespace }) => namespace === 'shop')).toEqual(before.services);
  });
});

function expectNoOverlap(cluster: Cluster): void {
  const own = cluster.pods.filter((pod) => !pod.hostNetwork);
  const addresses = [...own.flatMap((pod) => pod.ips), ...cluster.nodes.flatMap((node) => node.addresses), ...cluster.services.flatMap((one) => [...one.clusterIps, ...one.loadBalancer.flatMap((entry) => entry.ip ?? [])]), ...cluster.outsiders.flatMap((one) => one.addresses)];
  expect(new Set(addresses).size).toBe(addresses.length);
  const nodePorts = cluster.services.flatMap((one) => [...one.ports.map((port) => port.nodePort), one.healthCheckNodePort]).filter((port) => port > 0);
  expect(new Set(nodePorts).size).toBe(nodePorts.length);
  for (const pod of own) {
    const node = cluster.nodes.find(({ name }) => name === pod.node)!;
    expect(pod.ips.every((ip) => node.podCidrs.some((cidr) => cidrContains(cidr, ip)))).toBe(true);
  }
}

test('ten thousand endpoints in a thousand Services are built in well under a second', () => {
  const objects: KubeObject[] = [];
  for (let s = 0; s < 1000; s++) {
    const endpoints = Array.from({ length: 10 }, (_, e) => ({ addresses: [`10.${100 + (s >> 8)}.${s & 255}.${e + 2}`], nodeName: `n${(s + e) % 100}` }));
    objects.push(...manifestsForTest(
      service(`ns${s % 10}/svc${s}`, { selector: { app: `a${s}` }, ports: [{ name: 'http', port: 80 }] }),
      manifest('EndpointSlice', `ns${s % 10}/svc${s}-x`, { addressType: 'IPv4', ports: [{ name: 'http', port: 8080, protocol: 'TCP' }], endpoints }, { labels: { 'kubernetes.io/service-name': `svc${s}` } }),
    ).objects);
  }
  for (let n = 0; n < 100; n++) objects.push(...manifestsForTest(manifest('Node', `n${n}`)).objects);
  const start = performance.now();
  const { cluster, problems } = buildCluster({ objects, problems: [], problemsOmitted: 0 });
  const took = performance.now() - start;
  expect({ slices: cluster.endpointSlices.length, problems }).toEqual({ slices: 1000, problems: [] });
  // ten times the goal: a guard against hanging, not a measurement
  expect(took).toBeLessThan(5000);
}, 30_000);
