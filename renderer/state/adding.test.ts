import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSandbox } from '../../shared/sandbox/create-sandbox.ts';
import { addable, addObject, canAdd } from './adding.ts';
import { listPlaces, matchesPlace } from './places.ts';
import { testHost } from './testing/test-host.ts';
import { attachHost, resetWorld, useWorld } from './use-world.ts';

const text = 'apiVersion: v1\nkind: Pod\nmetadata: { name: web, namespace: shop, labels: { app: web } }\nspec: { nodeName: a, containers: [{ name: c, image: i, ports: [{ containerPort: 8080 }] }] }\n---\napiVersion: v1\nkind: Service\nmetadata: { name: web, namespace: shop }\nspec: { selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] }\n';
const world = useWorld.getState;

beforeEach(async () => {
  attachHost(testHost(createSandbox()));
  await world().actions.open([{ name: 'shop.yaml', text }], 'Shop');
});
afterEach(() => resetWorld());

describe('adding', () => {
  test.each(addable.map(([kind]) => kind))('%s is added as an edit that undo takes back', async (kind) => {
    expect(canAdd(kind)).toBe(true);
    await addObject(kind);
    expect([world().failure, world().opened?.problems.filter(({ severity }) => severity === 'error')]).toEqual([null, []]);
    expect(world().opened?.undo).toMatch(/^Add /);
    await world().actions.undo();
    expect(world().opened?.documents).toEqual([{ name: 'shop.yaml', text }]);
  });

  test('a pod goes to the selected node and is then selected itself', async () => {
    world().actions.select({ kind: 'thing', id: 'node/c' });
    await addObject('pod');
    const { selection, opened } = world();
    const pod = opened?.cluster.pods.find(({ namespace, name }) => selection?.kind === 'thing' && selection.id === `pod/${namespace}/${name}`);
    expect([pod?.node, pod?.namespace]).toEqual(['c', 'shop']);
  });

  test('a policy is selected, and its lines are lit', async () => {
    await addObject('policy');
    const { selection, lit } = world();
    expect([selection, lit]).toEqual([{ kind: 'thing', id: 'policy/shop/deny-all' }, world().opened?.cluster.policies[0]?.at]);
  });

  test('a namespace has no place on the map: its lines are lit', async () => {
    await addObject('namespace');
    expect([world().selection, world().lit]).toEqual([null, world().opened?.cluster.namespaces.find(({ name }) => name === 'namespace')?.at]);
  });

  test('a Service is added for the selected pod', async () => {
    world().actions.select({ kind: 'thing', id: 'pod/shop/web' });
    await addObject('service');
    expect(world().opened?.cluster.services.filter(({ implied }) => !implied).map(({ selector }) => selector)).toEqual([{ app: 'web' }, { app: 'web' }]);
  });
});

test.each([
  ['kind:pod shop', ['pod/shop/web']],
  ['app=web', ['pod/shop/web']],
  ['app=w kind:pod', ['pod/shop/web']],
  ['app!=web shop', ['service/shop/web']],
  ['shop web', ['pod/shop/web', 'service/shop/web']],
])('a search for "%s" finds %j', (typed, ids) => expect(listPlaces(world().opened!.cluster).filter((place) => matchesPlace(place, typed)).map(({ id }) => id)).toEqual(ids));
