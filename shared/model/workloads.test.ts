import { describe, expect, test } from 'vitest';
import { buildCluster } from './build-cluster.ts';
import type { Fields } from './json-fields.ts';
import { manifest, manifestsForTest } from './objects-for-tests.ts';
import type { Cluster } from './types.ts';
import { MAX_MADE_PODS } from './workloads.ts';

const cluster = (...objects: readonly Fields[]): Cluster => buildCluster(manifestsForTest(...objects)).cluster;
const names = (...objects: readonly Fields[]): readonly string[] => cluster(...objects).pods.map((pod) => pod.name);
const workload = (kind: string, name: string, spec: Fields = {}, metadata: Fields = {}): Fields =>
  manifest(kind, `default/${name}`, { spec: { selector: { matchLabels: { app: name } }, template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'c' }] } }, ...spec } }, metadata);
const ownedBy = (kind: string, name: string): Fields => ({ ownerReferences: [{ apiVersion: 'apps/v1', kind, name, controller: true }] });
const pod = (name: string, metadata: Fields = {}, rest: Fields = {}): Fields => manifest('Pod', `default/${name}`, { spec: { containers: [{ name: 'c' }] }, ...rest }, metadata);
// the characters of apimachinery's util/rand
const suffix = '[bcdfghjklmnpqrstvwxz2456789]{5}';

describe('names as Kubernetes forms them', () => {
  test.each([
    ['Deployment', { replicas: 2 }, [`^w-[bcdfghjklmnpqrstvwxz2456789]{6,10}-${suffix}$`, `^w-[bcdfghjklmnpqrstvwxz2456789]{6,10}-${suffix}$`]],
    ['ReplicaSet', {}, [`^w-${suffix}$`]],
    ['ReplicationController', { selector: { app: 'w' } }, [`^w-${suffix}$`]],
    ['StatefulSet', { replicas: 2 }, ['^w-0$', '^w-1$']],
    ['StatefulSet', { replicas: 2, ordinals: { start: 5 } }, ['^w-5$', '^w-6$']],
    ['DaemonSet', {}, [`^w-${suffix}$`, `^w-${suffix}$`, `^w-${suffix}$`]],
    ['Job', { parallelism: 2 }, [`^w-${suffix}$`, `^w-${suffix}$`]],
    ['Job', { parallelism: 5, completions: 2 }, [`^w-${suffix}$`, `^w-${suffix}$`]],
    ['Job', { suspend: true }, []],
    ['CronJob', { schedule: '* * * * *', jobTemplate: {} }, []],
    ['Deployment', { replicas: 0 }, []],
  ] as const)('%s %j', (kind, spec, patterns) => {
    const made = names(workload(kind, 'w', spec as Fields));
    expect(made.map((name, i) => new RegExp(patterns[i] ?? '^$').test(name))).toEqual(patterns.map(() => true));
    expect(new Set(made).size).toBe(patterns.length);
  });

  test('the hash follows from the template, and the pods carry it as a label', () => {
    const one = cluster(workload('Deployment', 'w')).pods[0]!;
    const scaled = cluster(workload('Deployment', 'w', { replicas: 3 })).pods;
    const changed = cluster(workload('Deployment', 'w', { template: { metadata: { labels: { app: 'w' } }, spec: { containers: [{ name: 'other' }] } } })).pods[0]!;
    expect(one.name.split('-')[1]).toBe(one.labels['pod-template-hash']);
    expect(scaled.map(({ name }) => name)).toContain(one.name);
    expect(changed.labels['pod-template-hash']).not.toBe(one.labels['pod-template-hash']);
  });

  test('a long name is cut as generateName cuts it, to 58 characters and the suffix', () => {
    const [name] = names(workload('ReplicaSet', 'x'.repeat(70)));
    expect(name).toMatch(new RegExp(`^x{58}${suffix}$`));
  });

  test('a StatefulSet’s pods know their name, index and host name', () => {
    expect(cluster(workload('StatefulSet', 'w', { serviceName: 'svc' })).pods[0]).toMatchObject({
      hostname: 'w-0', subdomain: 'svc', labels: { app: 'w', 'statefulset.kubernetes.io/pod-name': 'w-0', 'apps.kubernetes.io/pod-index': '0' }, owner: { kind: 'StatefulSet', namespace: 'default', name: 'w' },
    });
  });
});

describe('what is given is used instead of made', () => {
  test.each<[string, readonly Fields[], readonly string[]]>([
    ['a Deployment’s ReplicaSet makes the pods', [workload('Deployment', 'w', { replicas: 2 }), workload('ReplicaSet', 'w-abc', { replicas: 1 }, ownedBy('Deployment', 'w'))], ['w-abc-*']],
    ['pods of its ReplicaSet that is not given', [workload('Deployment', 'w', { replicas: 3 }), pod('w-abc-1', ownedBy('ReplicaSet', 'w-abc'))], ['w-abc-1']],
    ['pods of a ReplicaSet', [workload('ReplicaSet', 'w', { replicas: 3 }), pod('w-1', ownedBy('ReplicaSet', 'w')), pod('w-2', ownedBy('ReplicaSet', 'w'))], ['w-1', 'w-2']],
    ['a DaemonSet’s pod', [workload('DaemonSet', 'w'), pod('w-1', ownedBy('DaemonSet', 'w'))], ['w-1']],
    ['an orphan with the template’s hash label is the Deployment’s', [workload('Deployment', 'w', { replicas: 2 }), pod('w-h-1', { labels: { app: 'w', 'pod-template-hash': 'h' } })], ['w-h-1']],
    ['an orphan without it is not', [workload('Deployment', 'w', { replicas: 1 }), pod('bare', { labels: { app: 'w' } })], ['bare', 'w-*']],
    ['a ReplicaSet adopts an orphan and makes the rest (website, "Non-Template Pod acquisitions")', [workload('ReplicaSet', 'w', { replicas: 2 }), pod('bare', { labels: { app: 'w' } })], ['bare', 'w-*']],
    ['a StatefulSet adopts by ordinal', [workload('StatefulSet', 'w', { replicas: 2 }), pod('w-0', { labels: { app: 'w' } })], ['w-0', 'w-1']],
  ])('%s', (_, objects, expected) => {
    expect(names(...objects).map((name) => (expected.includes(name) ? name : name.replace(/[^-]*$/, '*').replace(/^w-[^-]*-\*$/, expected.includes('w-abc-*') ? 'w-abc-*' : 'w-*')))).toEqual(expected);
  });

  test('a pod’s own controller reference is its owner', () => {
    expect(cluster(pod('p', ownedBy('ReplicaSet', 'web-5d7f'))).pods[0]?.owner).toEqual({ kind: 'ReplicaSet', namespace: 'default', name: 'web-5d7f' });
  });
  test('a static pod’s owner is its node', () => {
    expect(cluster(pod('p', ownedBy('Node', 'a'))).pods[0]?.owner).toEqual({ kind: 'Node', name: 'a' });
  });
});

describe('what a pod’s status says', () => {
  const ready = (status: string): Fields => ({ conditions: [{ type: 'Ready', status }] });
  test.each<[string, Fields, { phase: string; ready: boolean; terminating: boolean }]>([
    ['no status: it came up', {}, { phase: 'Running', ready: true, terminating: false }],
    ['an empty status, as kubectl create prints it', { status: {} }, { phase: 'Running', ready: true, terminating: false }],
    ['Ready False', { status: { phase: 'Running', ...ready('False') } }, { phase: 'Running', ready: false, terminating: false }],
    ['Ready True', { status: { phase: 'Running', ...ready('True') } }, { phase: 'Running', ready: true, terminating: false }],
    ['Failed', { status: { phase: 'Failed', ...ready('True') } }, { phase: 'Failed', ready: false, terminating: false }],
    ['Unknown', { status: { phase: 'Unknown' } }, { phase: 'Running', ready: false, terminating: false }],
  ])('%s', (_, rest, expected) => {
    expect(cluster(pod('p', {}, rest)).pods[0]).toMatchObject(expected);
  });
  test('a deletionTimestamp makes it terminating, and it may still be ready', () => {
    expect(cluster(pod('p', { deletionTimestamp: '2026-01-01T00:00:00Z' })).pods[0]).toMatchObject({ terminating: true, ready: true });
  });
});

test('sidecars are containers, plain init containers are not (KEP-753)', () => {
  const given = manifest('Pod', 'default/p', { spec: { containers: [{ name: 'c', ports: [{ containerPort: 80 }] }], initContainers: [{ name: 'init', ports: [{ containerPort: 1 }] }, { name: 'proxy', restartPolicy: 'Always', ports: [{ containerPort: 15_001, name: 'out' }] }] } });
  expect(cluster(given).pods[0]).toMatchObject({ containers: ['c', 'proxy'], ports: [{ port: 80, protocol: 'tcp', container: 'c' }, { port: 15_001, name: 'out', container: 'proxy' }] });
});

test('a manifest that asks for a billion pods is answered with a problem', () => {
  const { cluster: built, problems } = buildCluster(manifestsForTest(workload('Deployment', 'w', { replicas: 1_000_000_000 })));
  expect(built.pods.length).toBe(MAX_MADE_PODS);
  expect(problems.map(({ code, severity }) => [code, severity])).toContainEqual(['too-many-pods', 'error']);
}, 30_000);
