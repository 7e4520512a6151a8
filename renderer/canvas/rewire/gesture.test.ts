import { describe, expect, test } from 'vitest';
import { pictureCluster } from '../../testing/fixture-cluster.ts';
import { choicesAt, dragKind, isTarget, promptOf, type Gesture } from './gesture.ts';
import { thingCommands } from './thing-commands.ts';

const cluster = { ...pictureCluster(), ingresses: [{ at: null, implied: false, namespace: 'shop', name: 'front', className: null, backends: [{ host: 'shop.example', path: '/api', service: 'api', port: 80 }] }] };
const move: Gesture = { kind: 'move', from: 'pod/shop/api-1', how: 'drag' };
const join: Gesture = { kind: 'connect', from: 'service/shop/api', how: 'drag' };
const wire: Gesture = { kind: 'wire', from: 'pod/shop/web-1', how: 'choose' };

test('what a drag means depends on what is dragged', () => {
  expect(['pod/shop/web-1', 'service/shop/api', 'client/internet', 'host/internet', 'node/a', 'ingress/shop/front/0', 'new/pod', 'switch/lan'].map(dragKind)).toEqual(['move', 'connect', 'wire', 'wire', 'order', 'route', 'add', null]);
});

describe('where a gesture may land', () => {
  test.each<readonly [string, Gesture, string, boolean]>([
    ['a pod on another node', move, 'node/b', true],
    ['not on its own', move, 'node/a', false],
    ['a pod on a Service of its namespace', move, 'service/shop/db', true],
    ['not on a Service of another namespace: a selector chooses in its own only', move, 'service/kube-system/kube-dns', false],
    ['a pod is not let go on another node’s pod: that is the node’s row', move, 'pod/shop/api-2', false],
    ['a pod on one of its own node: its place on the map', move, 'pod/shop/web-1', true],
    ['chosen by clicks, a move asks for nodes only', { ...move, how: 'choose' }, 'pod/shop/web-1', false],
    ['a node on a node', { kind: 'order', from: 'node/c', how: 'drag' }, 'node/a', true],
    ['not on a pod', { kind: 'order', from: 'node/c', how: 'drag' }, 'pod/shop/web-1', false],
    ['what is outside on what is outside', { kind: 'wire', from: 'client/internet', how: 'drag' }, 'host/internet', true],
    ['a wire from a pod to its neighbour stays a wire', wire, 'pod/shop/api-1', true],
    ['an Ingress path on a Service of its namespace', { kind: 'route', from: 'ingress/shop/front/0', how: 'drag' }, 'service/shop/db', true],
    ['not on one of another', { kind: 'route', from: 'ingress/shop/front/0', how: 'drag' }, 'service/kube-system/kube-dns', false],
    ['a new pod on a node', { kind: 'add', from: 'new/pod', how: 'choose' }, 'node/b', true],
    ['not on a pod', { kind: 'add', from: 'new/pod', how: 'choose' }, 'pod/shop/web-1', false],
    ['a new policy on a pod', { kind: 'add', from: 'new/policy', how: 'choose' }, 'pod/shop/web-1', true],
    ['a node whose route is cut on another node', { kind: 'cut', from: 'node/a', how: 'choose' }, 'node/b', true],
    ['not on itself', { kind: 'cut', from: 'node/a', how: 'choose' }, 'node/a', false],
    ['a Service on a pod of its namespace', join, 'pod/shop/web-1', true],
    ['not on one of another', join, 'pod/kube-system/coredns-1', false],
    ['a connection ends at another pod', wire, 'pod/shop/db-0', true],
    ['or outside', wire, 'host/internet', true],
    ['not where it began', wire, 'pod/shop/web-1', false],
  ])('%s', (_, gesture, id, expected) => expect(isTarget(gesture, id, cluster)).toBe(expected));
});

describe('what letting go does', () => {
  test('a neighbour’s place is an edit of the map, and is told from joining', () => expect(choicesAt(move, 'pod/shop/web-1', cluster)).toEqual([{ title: 'Put api-1 in web-1’s place', edit: { kind: 'arrange', thing: 'pod/shop/api-1', at: 'pod/shop/web-1' } }]));
  test('an Ingress path is sent to the Service’s port', () => expect(choicesAt({ kind: 'route', from: 'ingress/shop/front/0', how: 'choose' }, 'service/shop/db', cluster)).toEqual([{ title: 'Send shop.example/api to db', edit: { kind: 'set-ingress-backend', ingress: { namespace: 'shop', name: 'front' }, host: 'shop.example', path: '/api', service: 'db', port: 5432 } }]));
  test('a new Service takes the labels and the port of the pod it is put in front of', () => expect(choicesAt({ kind: 'add', from: 'new/service', how: 'drag' }, 'pod/shop/db-0', cluster)[0]!.edit).toEqual({ kind: 'add-object', object: { kind: 'service', namespace: 'shop', selector: { app: 'db' }, targetPort: 8080 } }));
  test('a route to another node’s pods is cut, and mended where it is cut', () => {
    const dst = cluster.nodes.find(({ name }) => name === 'b')!.podCidrs[0]!;
    const cut = { ...cluster, settings: { ...cluster.settings, faults: [{ kind: 'route-cut', on: 'node/a', dst }] as const } };
    expect([cluster, cut].map((now) => choicesAt({ kind: 'cut', from: 'node/a', how: 'choose' }, 'node/b', now)[0]?.edit)).toEqual([{ kind: 'cut-route', on: 'node/a', dst }, { kind: 'restore-route', on: 'node/a', dst }]);
  });
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
    expect(kinds(cluster)).toEqual(['add-object', 'cordon', 'drain', 'stop-kube-proxy', 'stop-node', 'cut-link', 'arrange', 'fold', 'delete-object']);
    expect(kinds(broken)).toEqual(['add-object', 'cordon', 'drain', 'stop-kube-proxy', 'start-node', 'restore-link', 'arrange', 'fold', 'delete-object']);
  });
  test('a pod of a workload scales it', () => {
    const scaled = { ...cluster, workloads: [{ at: null, implied: false, kind: 'Deployment' as const, namespace: 'shop', name: 'api', replicas: 3, serviceName: '', labels: {}, podLabels: {} }] };
    expect(thingCommands(scaled, 'pod/shop/api-1').filter((c) => c.id.startsWith('scale')).map((c) => c.title)).toEqual(['Scale api to 4', 'Scale api to 2']);
  });
  test('what is gone has none', () => expect(ids('pod/shop/gone')).toEqual([]));
});
