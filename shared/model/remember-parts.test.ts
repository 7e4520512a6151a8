import { expect, test } from 'vitest';
import { readManifests } from '../kube/read-manifests.ts';
import { buildCluster } from './build-cluster.ts';
import { rememberParts } from './remember-parts.ts';

test('what is made of some parts of a Cluster is kept for as long as those very parts are in it', () => {
  const podNames = rememberParts(({ pods, nodes }) => [pods, nodes], ({ pods }) => pods.map(({ name }) => name));
  const { cluster } = buildCluster(readManifests([{ name: 'two.yaml', text: ['a', 'b'].map((name) => `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec: {containers: [{name: main, image: x}]}\n`).join('---\n') }]));
  const first = podNames(cluster);
  expect(podNames({ ...cluster, services: [] })).toBe(first);
  expect(podNames({ ...cluster, nodes: [...cluster.nodes] })).not.toBe(first);
  expect(podNames({ ...cluster, pods: cluster.pods.slice(1) })).toEqual(first.slice(1));
});
