import { expect, test } from 'vitest';
import { readManifests } from '../kube/read-manifests.ts';
import { buildCluster } from './build-cluster.ts';

test('An unquoted `on`, which YAML 1.1 takes for true, names the machine all the same', () => {
  const text = 'apiVersion: podhop.dev/v1alpha1\nkind: Sandbox\nmetadata: { name: lab }\nspec:\n  faults:\n    - { kind: mtu, on: node/a, bytes: 1400 }\n    - { kind: route-cut, on: node/b, dst: default }\n';
  const { cluster, problems } = buildCluster(readManifests([{ name: 'lab.yaml', text }]));
  expect([cluster.settings.faults, problems]).toEqual([[{ kind: 'mtu', on: 'node/a', bytes: 1400 }, { kind: 'route-cut', on: 'node/b', dst: 'default' }], []]);
});
