import { describe, expect, test } from 'vitest';
import { buildCluster } from './build-cluster.ts';
import type { Fields } from './json-fields.ts';
import { manifest, manifestsForTest } from './objects-for-tests.ts';

const pod = (name: string, spec: Fields = {}, labels: Fields = {}): Fields => manifest('Pod', `default/${name}`, { spec: { containers: [{ name: 'c' }], ...spec } }, { labels });
const node = (name: string, rest: Fields = {}, labels: Fields = {}): Fields => manifest('Node', name, rest, { labels });
const where = (...objects: readonly Fields[]): Readonly<Record<string, string>> => Object.fromEntries(buildCluster(manifestsForTest(...objects)).cluster.pods.map((one) => [one.name, one.phase === 'Running' ? one.node : one.phase]));
const required = (...matchExpressions: readonly Fields[]): Fields => ({ affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [...matchExpressions] }] } } } });
const apart = (app: string): Fields => ({ affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: { matchLabels: { app } }, topologyKey: 'kubernetes.io/hostname' }] } } });
const together = (app: string): Fields => ({ affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: { matchLabels: { app } }, topologyKey: 'kubernetes.io/hostname' }] } } });
const tainted = { spec: { taints: [{ key: 'dedicated', value: 'db', effect: 'NoSchedule' }] } };
const onPort = (hostPort: number, hostIP?: string): Fields => ({ containers: [{ name: 'c', ports: [{ containerPort: 80, hostPort, ...(hostIP === undefined ? {} : { hostIP }) }] }] });

describe('where a default scheduler would put pods', () => {
  test.each<{ name: string; objects: readonly Fields[]; expected: Readonly<Record<string, string>> }>([
    { name: 'fewest pods first, then the first name', objects: [node('x'), node('y'), pod('p1'), pod('p2'), pod('p3')], expected: { p1: 'x', p2: 'y', p3: 'x' } },
    { name: 'nodeName wins over everything', objects: [node('x'), node('y', tainted), pod('p', { nodeName: 'y' })], expected: { p: 'y' } },
    { name: 'nodeName of a node that does not exist', objects: [node('x'), pod('p', { nodeName: 'z' })], expected: { p: 'Pending' } },
    { name: 'nodeSelector', objects: [node('x'), node('y', {}, { disk: 'ssd' }), pod('p', { nodeSelector: { disk: 'ssd' } })], expected: { p: 'y' } },
    { name: 'every node has its hostname, os and arch labels', objects: [pod('p', { nodeSelector: { 'kubernetes.io/hostname': 'b', 'kubernetes.io/os': 'linux' } })], expected: { p: 'b' } },
    { name: 'nobody fits: Pending', objects: [node('x'), pod('p', { nodeSelector: { disk: 'ssd' } })], expected: { p: 'Pending' } },
    { name: 'an untolerated NoSchedule taint', objects: [node('x', tainted), node('y'), pod('p1'), pod('p2')], expected: { p1: 'y', p2: 'y' } },
    { name: 'a toleration by value', objects: [node('x', tainted), pod('p', { tolerations: [{ key: 'dedicated', value: 'db', effect: 'NoSchedule' }] })], expected: { p: 'x' } },
    { name: 'a toleration of another value', objects: [node('x', tainted), pod('p', { tolerations: [{ key: 'dedicated', value: 'web' }] })], expected: { p: 'Pending' } },
    { name: 'an empty key with Exists tolerates everything', objects: [node('x', tainted), pod('p', { tolerations: [{ operator: 'Exists' }] })], expected: { p: 'x' } },
    { name: 'PreferNoSchedule forbids nothing', objects: [node('x', { spec: { taints: [{ key: 'k', effect: 'PreferNoSchedule' }] } }), pod('p')], expected: { p: 'x' } },
    { name: 'a cordoned node takes no new pod', objects: [node('x', { spec: { unschedulable: true } }), node('y'), pod('p')], expected: { p: 'y' } },
    { name: 'nor does one that is not ready', objects: [node('x', { status: { conditions: [{ type: 'Ready', status: 'False' }] } }), node('y'), pod('p')], expected: { p: 'y' } },
    { name: 'node affinity In, NotIn and Gt', objects: [node('x', {}, { n: '4' }), node('y', {}, { n: '16' }), pod('p', required({ key: 'n', operator: 'Gt', values: ['8'] })), pod('q', required({ key: 'n', operator: 'NotIn', values: ['16'] })), pod('r', required({ key: 'n', operator: 'In', values: ['16', '32'] }))], expected: { p: 'y', q: 'x', r: 'y' } },
    { name: 'an empty node selector term matches nothing', objects: [node('x'), pod('p', required())], expected: { p: 'Pending' } },
    { name: 'pods that repel each other', objects: [node('x'), node('y'), pod('p1', apart('db'), { app: 'db' }), pod('p2', apart('db'), { app: 'db' }), pod('p3', apart('db'), { app: 'db' })], expected: { p1: 'x', p2: 'y', p3: 'Pending' } },
    { name: 'anti-affinity of a pod that is already there counts too', objects: [node('x'), pod('p1', apart('web'), { app: 'db' }), pod('p2', {}, { app: 'web' })], expected: { p1: 'x', p2: 'Pending' } },
    { name: 'pods that attract each other: the first goes anywhere', objects: [node('x'), node('y'), pod('p0'), pod('p1', together('web'), { app: 'web' }), pod('p2', together('web'), { app: 'web' })], expected: { p0: 'x', p1: 'y', p2: 'y' } },
    { name: 'a host port once per node', objects: [node('x'), pod('p1', onPort(8080)), pod('p2', onPort(8080))], expected: { p1: 'x', p2: 'Pending' } },
    { name: 'host ports on different addresses', objects: [node('x'), pod('p1', onPort(8080, '10.0.0.1')), pod('p2', onPort(8080, '10.0.0.2')), pod('p3', onPort(8080))], expected: { p1: 'x', p2: 'x', p3: 'Pending' } },
    { name: 'a status that says Pending', objects: [node('x'), manifest('Pod', 'default/p', { spec: { containers: [{ name: 'c' }] }, status: { phase: 'Pending' } })], expected: { p: 'Pending' } },
    { name: 'an ended pod keeps its phase and needs no place', objects: [node('x'), manifest('Pod', 'default/p', { spec: { containers: [{ name: 'c' }] }, status: { phase: 'Succeeded', podIP: '10.0.0.9' } })], expected: { p: 'Succeeded' } },
  ])('$name', ({ objects, expected }) => {
    expect(where(...objects)).toEqual(expected);
  });

  test('a DaemonSet has one pod on each node that fits, cordoned ones included', () => {
    const set = manifest('DaemonSet', 'default/agent', { spec: { selector: { matchLabels: { app: 'a' } }, template: { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'c' }] } } } });
    const { cluster } = buildCluster(manifestsForTest(set, node('x'), node('y', tainted), node('z', { spec: { unschedulable: true } })));
    expect(cluster.pods.map((one) => one.node).toSorted()).toEqual(['x', 'z']);
  });

  test('a Pending pod says why, once for all pods of a workload', () => {
    const deployment = manifest('Deployment', 'shop/web', { spec: { replicas: 3, selector: { matchLabels: { app: 'w' } }, template: { metadata: { labels: { app: 'w' } }, spec: { nodeSelector: { gpu: 'yes' }, containers: [{ name: 'c' }] } } } });
    const { problems } = buildCluster(manifestsForTest(deployment, node('x', tainted), node('y', tainted)));
    expect(problems.map(({ code, severity, what }) => ({ code, severity, what }))).toEqual([
      { code: 'pod-pending', severity: 'warning', what: '3 pods of deployment/shop/web stay Pending: no node fits (2 nodes: its labels do not fit nodeSelector or node affinity)' },
    ]);
  });
});
