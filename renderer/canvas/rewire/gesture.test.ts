import { describe, expect, test } from 'vitest';
import { pictureCluster } from '../../testing/fixture-cluster.ts';
import { choicesAt, dragKind, isTarget, promptOf, type Gesture } from './gesture.ts';
import { thingCommands } from './thing-commands.ts';

const cluster = pictureCluster();
const move: Gesture = { kind: 'move', from: 'pod/shop/api-1', how: 'drag' };
const join: Gesture = { kind: 'connect', from: 'service/shop/api', how: 'drag' };
const wire: Gesture = { kind: 'wire', from: 'pod/shop/web-1', how: 'choose' };

test('what a drag means depends on what is dragged', () => {
  expect(['pod/shop/web-1', 'service/shop/api', 'client/internet', 'host/internet', 'node/a'].map(dragKind)).toEqual(['move', 'connect', 'wire', 'wire', null]);
});

describe('where a gesture may land', () => {
  test.each([
    ['a pod on another node', move, 'node/b', true],
    ['not on its own', move, 'node/a', false],
    ['a pod on a Service of its namespace', move, 'service/shop/db', true],
    ['not on a Service of another namespace: a selector chooses in its own only', move, 'service/kube-system/kube-dns', false],
    ['a pod is not let go on a pod', move, 'pod/shop/api-2', false],
    ['a Service on a pod of its namespace', join, 'pod/shop/web-1', true],
    ['not on one of another', join, 'pod/kube-system/coredns-1', false],
    ['a connection ends at another pod', wire, 'pod/shop/db-0', true],
    ['or outside', wire, 'host/internet', true],
    ['not where it began', wire, 'pod/shop/web-1', false],
  ])('%s', (_, gesture, id, expected) => expect(isTarget(gesture, id, cluster)).toBe(expected));
});

describe('what letting go does', () => {
  test('a pod on a node moves there', () => {
    expect(choicesAt(move, 'node/b', cluster)).toEqual([{ title: 'Move api-1 to node b', edit: { kind: 'move-pod', pod: { namespace: 'shop', name: 'api-1' }, node: 'b' } }]);
  });
  test('a Service takes a pod in, or leaves out one that it chooses', () => {
    const pod = (name: string) => ({ namespace: 'shop', name });
    expect([choicesAt(join, 'pod/shop/web-1', cluster)[0]?.edit, choicesAt(join, 'pod/shop/api-2', cluster)[0]?.edit]).toEqual([
      { kind: 'connect-service', service: pod('api'), pod: pod('web-1') }, { kind: 'disconnect-service', service: pod('api'), pod: pod('api-2') },
    ]);
  });
  test('who may reach whom is asked: allow, deny, or a Service in front', () => {
    expect(choicesAt(wire, 'pod/shop/db-0', cluster).map(({ edit }) => edit.kind)).toEqual(['allow', 'deny', 'expose']);
  });
  test('what is outside is its address', () => {
    expect(choicesAt({ kind: 'wire', from: 'client/internet', how: 'drag' }, 'pod/shop/db-0', cluster)[0]?.edit).toEqual({
      kind: 'allow', from: { cidr: '203.0.113.10/32' }, to: { ref: { kind: 'Pod', namespace: 'shop', name: 'db-0' } },
    });
  });
  test('nothing where it may not land', () => expect(choicesAt(move, 'node/a', cluster)).toEqual([]));
});

test('who chooses by clicks is told what is asked for', () => {
  expect([move, join, wire].map(promptOf)).toEqual(['Choose a node for api-1', 'Choose a pod for Service api', 'Choose what web-1 may or may not reach']);
});

describe('the commands of a thing', () => {
  const ids = (id: string, of = cluster): readonly string[] => thingCommands(of, id).map((c) => c.id);
  test('every drag is among them', () => {
    expect(['move', 'connect', 'wire'].every((id) => ids('pod/shop/api-1').includes(id))).toBe(true);
    expect(ids('service/shop/api')).toContain('connect');
    expect(ids('client/internet')).toContain('wire');
  });
  test('what is stopped can be started, what is cut mended', () => {
    const broken = { ...cluster, settings: { ...cluster.settings, faults: [{ kind: 'node-stopped', node: 'a' }, { kind: 'link-cut', a: 'switch/lan', b: 'node/a' }] as const } };
    const kinds = (of: typeof cluster): readonly string[] => thingCommands(of, 'node/a').flatMap(({ does }) => (does.kind === 'edit' ? [does.edit.kind] : []));
    expect(kinds(cluster)).toEqual(['add-object', 'cordon', 'drain', 'stop-kube-proxy', 'stop-node', 'cut-link', 'delete-object']);
    expect(kinds(broken)).toEqual(['add-object', 'cordon', 'drain', 'stop-kube-proxy', 'start-node', 'restore-link', 'delete-object']);
  });
  test('a pod of a workload scales it', () => {
    const scaled = { ...cluster, workloads: [{ at: null, implied: false, kind: 'Deployment' as const, namespace: 'shop', name: 'api', replicas: 3, serviceName: '', labels: {}, podLabels: {} }] };
    expect(thingCommands(scaled, 'pod/shop/api-1').filter((c) => c.id.startsWith('scale')).map((c) => c.title)).toEqual(['Scale api to 4', 'Scale api to 2']);
  });
  test('what is gone has none', () => expect(ids('pod/shop/gone')).toEqual([]));
});
