import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { placesAfter } from '../../shared/model/edit/arrange.ts';
import type { Positions } from '../../shared/model/edit/types.ts';
import { pictureCluster, service, wideCluster } from '../testing/fixture-cluster.ts';
import { bottomOf, rightOf, type Rect } from './geometry.ts';
import { layoutCluster } from './layout.ts';
import { bareOptions } from './layout-options.ts';
import { buildAtlas, pointOf } from './routing.ts';
import type { Scene } from './scene.ts';

const overlap = (a: Rect, b: Rect): boolean => a.x < rightOf(b) && b.x < rightOf(a) && a.y < bottomOf(b) && b.y < bottomOf(a);
const inside = (inner: Rect, outer: Rect): boolean => inner.x >= outer.x && inner.y >= outer.y && rightOf(inner) <= rightOf(outer) && bottomOf(inner) <= bottomOf(outer);

/** Every pair of boxes that lie on each other, every door outside its row. */
function faults(scene: Scene): readonly string[] {
  const rows = scene.rows.flatMap((a, i) => scene.rows.slice(0, i).filter((b) => overlap(a.rect, b.rect)).map((b) => `${a.id} on ${b.id}`));
  const doors = scene.rows.flatMap((row) => {
    const boxes = [...row.doors, ...(row.more === null ? [] : [{ id: 'more', rect: row.more.rect }])];
    return [
      ...boxes.filter((d) => !inside(d.rect, row.rect)).map((d) => `${d.id} outside ${row.id}`),
      ...boxes.flatMap((a, i) => boxes.slice(0, i).filter((b) => overlap(a.rect, b.rect)).map((b) => `${a.id} on ${b.id}`)),
    ];
  });
  const capsules = scene.capsules.flatMap((a, i) => [...scene.capsules.slice(0, i), ...scene.rows].filter((b) => overlap(a.rect, b.rect)).map((b) => `${a.id} on ${b.id}`));
  return [...rows, ...doors, ...capsules];
}

describe('the picture’s cluster', () => {
  const scene = layoutCluster(pictureCluster(), bareOptions);
  test('a row per node, each with its three doors on the right', () =>
    expect(scene.rows.map((row) => [row.name, row.doors.map((d) => d.name)])).toEqual([
      ['Node a', ['api-1', 'web-1', 'coredns-1']],
      ['Node b', ['api-2', 'web-2', 'coredns-2']],
      ['Node c', ['api-3', 'db-0', 'web-3']],
    ]));
  test('the stations stand on one track: eth0, tunnel, kernel, bridge', () => {
    for (const { uplink, tunnel, kernel, bridge, track } of scene.rows) {
      expect([uplink, tunnel!, kernel, bridge].map((p) => p.y)).toEqual([track, track, track, track]);
      const xs = [uplink, tunnel!, kernel, bridge].map((p) => p.x);
      expect(xs).toEqual(xs.toSorted((a, b) => a - b));
    }
  });
  test('a bridged pod network has no tunnel and names its bridge', () => {
    const bridged = layoutCluster(pictureCluster('bridge'), bareOptions);
    expect([bridged.rows[0]!.tunnel, bridged.names.bridge]).toEqual([null, 'cbr0']);
  });
  test('shields only where a policy selects', () => expect(scene.rows.flatMap((r) => r.doors).filter((d) => d.shield).map((d) => d.name)).toEqual(['api-1', 'api-2', 'api-3', 'db-0']));
  test('a pod that is not ready says so', () => expect(scene.rows[2]!.doors.map((d) => d.status)).toEqual(['Ready', 'Ready', 'Not ready']));
  test('names for a screen reader carry node, state, address and the shield', () => expect(scene.rows[1]!.doors.slice(0, 2).map(({ label }) => label)).toEqual(['Pod api-2, node b, ready, 10.244.2.21, under a policy', 'Pod web-2, node b, ready, 10.244.2.15']));
  test('only the Service in the request hangs its sheet, over the kernels of every node', () => {
    expect(scene.sheet).toBeNull();
    const asked = layoutCluster(pictureCluster(), { ...bareOptions, service: 'service/shop/api' });
    const span = asked.sheet!.spans[0]!;
    expect(asked.rows.every((r) => r.kernel.x > span.x && r.kernel.x < rightOf(span) && r.track < bottomOf(span))).toBe(true);
  });
  test('things outside stand beside tracks, so that their wires are straight', () => expect(scene.outside.map((o) => o.centre.y)).toEqual(scene.rows.slice(0, 2).map((r) => r.track)));
  test('nothing lies on anything else', () => expect(faults(scene)).toEqual([]));
});

describe('density', () => {
  test('past four pods a row shows three and a count; pods of the path are always among them', () => {
    const cluster = wideCluster(3, 24);
    const row = layoutCluster(cluster, bareOptions).rows[0]!;
    expect([row.doors.length, row.more?.count]).toEqual([3, 5]);
    const hidden = 'pod/shop/w9-21';
    const withPath = layoutCluster(cluster, { ...bareOptions, path: new Set([hidden]) }).rows[0]!;
    expect([withPath.doors.map((d) => d.id).includes(hidden), withPath.doors.length]).toEqual([true, 3]);
  });
  test('a row that is unfolded shows all its pods', () => {
    const scene = layoutCluster(wideCluster(3, 24), { ...bareOptions, unfolded: new Set(['node/n001']) });
    expect(scene.rows.map((r) => r.doors.length)).toEqual([8, 3, 3]);
    expect(faults(scene)).toEqual([]);
  });
  test('hundreds of pods become cells grouped by owner, path pods unfold to chips', () => {
    const path = new Set(['pod/shop/w0-0']);
    const scene = layoutCluster(wideCluster(20, 300), { ...bareOptions, path });
    expect(scene.density).toBe('cells');
    expect(scene.rows[0]!.doors.map((d) => d.id)).toEqual(['pod/shop/w0-0']);
    expect(scene.rows.flatMap((r) => r.groups.flatMap((g) => g.cells)).length).toBe(299);
    expect(faults(scene)).toEqual([]);
  });
  test('zones have their own columns and names, and nodes are in them', () => {
    const cluster = wideCluster(20, 300);
    const zoned = { ...cluster, nodes: cluster.nodes.map((node, i) => ({ ...node, labels: { 'topology.kubernetes.io/zone': `zone-${i % 3}` } })) };
    const scene = layoutCluster(zoned, bareOptions);
    expect(scene.zones.map(({ name, nodes }) => [name, nodes])).toEqual([['zone-0', 7], ['zone-1', 7], ['zone-2', 6]]);
    const zoneAt = new Map<number, Set<string>>();
    for (const row of scene.rows) zoneAt.set(row.rect.x, (zoneAt.get(row.rect.x) ?? new Set()).add(zoned.nodes.find(({ name }) => `node/${name}` === row.id)!.labels['topology.kubernetes.io/zone']!));
    expect([...zoneAt.values()].every((zones) => zones.size === 1)).toBe(true);
    expect(scene.zones.every(({ y }) => scene.rows.every((row) => row.rect.y > y))).toBe(true);
    expect([faults(scene), layoutCluster(cluster, bareOptions).zones]).toEqual([[], []]);
  });
  test('thousands of pods become a bar per workload, its ready share told apart', () => {
    const cluster = wideCluster(20, 2000);
    const scene = layoutCluster({ ...cluster, pods: cluster.pods.map((p, i) => (i === 0 ? { ...p, ready: false } : p)) }, bareOptions);
    const { groups } = scene.rows[0]!;
    expect(groups.reduce((sum, g) => sum + g.bar!.count, 0)).toBe(100);
    expect(groups.reduce((sum, g) => sum + g.bar!.ready, 0)).toBe(99);
    expect(faults(scene)).toEqual([]);
  });
  test('too many Services become a count, the asked one stays', () => {
    const many = Array.from({ length: 20 }, (_, i) => service('shop', `service-${i}`, `10.96.1.${i}`, 80, 'x'));
    const scene = layoutCluster({ ...pictureCluster(), services: many }, { ...bareOptions, service: 'service/shop/service-17' });
    expect([scene.capsules[0]!.name, scene.capsules.length + scene.moreServices!.count]).toEqual(['service-17', 20]);
    const all = layoutCluster({ ...pictureCluster(), services: many }, { ...bareOptions, unfolded: new Set(['services']) });
    expect([all.capsules.length, faults(all)]).toEqual([20, []]);
  });
  test('pods without a node are shown, below all nodes, without wires', () => {
    const cluster = pictureCluster();
    const scene = layoutCluster({ ...cluster, pods: cluster.pods.map((p, i) => (i === 3 ? { ...p, node: '' } : p)) }, bareOptions);
    expect(scene.rows.map((r) => r.id)).toEqual(['node/a', 'node/b', 'node/c', 'unscheduled']);
  });
});

describe('as a person arranged it', () => {
  const cluster = pictureCluster();
  const order = (scene: Scene): readonly string[] => scene.rows.map((row) => row.id);
  test('rows, doors, Services and what is outside stand by rank', () => {
    const positions = [['node/c', 'node/a'], ['pod/shop/web-1', 'pod/shop/api-1'], ['service/shop/db', 'service/shop/api'], ['client/internet', 'host/internet']].reduce<Positions>((so, [thing = '', at = '']) => placesAfter(cluster, so, thing, at) ?? so, {});
    const scene = layoutCluster(cluster, { ...bareOptions, positions });
    expect([order(scene), scene.rows[1]!.doors.map((d) => d.name), scene.capsules[0]!.name, scene.outside[0]!.id]).toEqual([['node/c', 'node/a', 'node/b'], ['web-1', 'api-1', 'coredns-1'], 'db', 'client/internet']);
    expect(faults(scene)).toEqual([]);
  });
  test('the cluster’s own Services stand after a person’s', () => expect(layoutCluster(cluster, bareOptions).capsules.map(({ name }) => name)).toEqual(['api', 'db', 'kube-dns']));
  test('a pod that comes moves nobody but those below it in its own row', () => {
    const before = layoutCluster(cluster, bareOptions);
    const after = layoutCluster({ ...cluster, pods: cluster.pods.filter(({ name }) => name !== 'web-3') }, bareOptions);
    const places = (scene: Scene): ReadonlyMap<string, Rect> => new Map(scene.rows.flatMap((row) => row.doors.map((d) => [d.id, d.rect] as const)));
    const [there, here] = [places(before), places(after)];
    expect([...here].filter(([id, rect]) => JSON.stringify(there.get(id)) !== JSON.stringify(rect))).toEqual([]);
  });
  test('a folded node is a name and one track; its pods are where the track ends', () => {
    const scene = layoutCluster(cluster, { ...bareOptions, folded: new Set(['node/b']) });
    const row = scene.rows[1]!;
    expect([row.folded, row.doors, row.rect.height, row.more?.count, row.more?.members.length]).toEqual([true, [], 74, 3, 3]);
    expect(scene.rows[0]!.rect.height).toBeGreaterThan(150);
    expect(faults(scene)).toEqual([]);
  });
  test('what the request touches unfolds from a folded node', () => {
    const scene = layoutCluster(cluster, { ...bareOptions, folded: new Set(['node/b']), path: new Set(['pod/shop/api-2']) });
    expect(scene.rows[1]!.doors.map((d) => d.name)).toEqual(['api-2']);
    expect(faults(scene)).toEqual([]);
  });
  test('by namespace the pods of a node are one door each, with the ready share; by workload those of one workload', () => {
    const byNamespace = layoutCluster(cluster, { ...bareOptions, grouping: 'namespace' });
    expect(byNamespace.rows[2]!.bundles.map(({ name, count, ready }) => [name, count, ready])).toEqual([['shop', 3, 2]]);
    const byWorkload = layoutCluster(wideCluster(3, 36), { ...bareOptions, grouping: 'workload' });
    expect(byWorkload.rows[0]!.bundles.map(({ name, count }) => [name, count])).toEqual([['w0', 3], ['w3', 3], ['w6', 3], ['w9', 3]]);
    expect([faults(byNamespace), faults(byWorkload)]).toEqual([[], []]);
  });
  test('a packet of a pod in a group goes to the group’s door', () => {
    const scene = layoutCluster(cluster, { ...bareOptions, grouping: 'namespace' });
    const { rect } = scene.rows[2]!.bundles[0]!;
    expect(pointOf(buildAtlas(scene), { netns: 'pod/shop/db-0', station: 'door' })).toEqual({ x: rect.x, y: rect.y + rect.height / 2 });
  });
  test('Ingress paths stand above the Services, each with the Service it leads to', () => {
    const ingresses = [{ at: null, implied: false, namespace: 'shop', name: 'front', className: null, backends: [{ host: 'shop.example', path: '/api', service: 'api', port: 80 }, { host: '', path: '', service: 'db', port: 5432 }] }];
    const scene = layoutCluster({ ...cluster, ingresses }, bareOptions);
    expect(scene.paths.map(({ id, words, service: to }) => [id, words, to])).toEqual([['ingress/shop/front/0', 'shop.example/api', 'service/shop/api'], ['ingress/shop/front/1', 'everything else', 'service/shop/db']]);
    expect(scene.paths.every(({ rect }) => bottomOf(rect) < scene.capsules[0]!.rect.y)).toBe(true);
    expect(faults(scene)).toEqual([]);
  });
});

test('for a projector only what the request touches is on stage', () => {
  const path = new Set(['pod/shop/web-1', 'node/a', 'pod/shop/api-2', 'node/b']);
  const scene = layoutCluster(pictureCluster(), { ...bareOptions, path, service: 'service/shop/api', pathOnly: true, large: true });
  expect([scene.rows.map((r) => r.doors.map((d) => d.name)), scene.capsules.map((c) => c.name), scene.outside]).toEqual([[['web-1'], ['api-2']], ['api'], []]);
});

test('the same cluster and stage give the same picture, and nothing overlaps at any size', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 90 }), fc.integer({ min: 300, max: 2600 }), fc.integer({ min: 240, max: 1500 }), (nodes, pods, width, height) => {
    const options = { ...bareOptions, width, height };
    const scene = layoutCluster(wideCluster(nodes, pods), options);
    expect(scene).toEqual(layoutCluster(wideCluster(nodes, pods), options));
    expect(faults(scene)).toEqual([]);
  }), { numRuns: 60 });
});
