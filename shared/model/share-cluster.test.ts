import { expect, test } from 'vitest';
import { buildCluster } from './build-cluster.ts';
import { manifest, manifestsForTest } from './objects-for-tests.ts';
import { shareCluster } from './share-cluster.ts';

const service = (name: string, port: number) => manifest('Service', name, { spec: { clusterIP: '10.96.0.7', selector: { app: name }, ports: [{ port }] } });
const clusterOf = (port: number) => buildCluster(manifestsForTest(service('api', port))).cluster;

test('what did not change is the very object that it was, and the content is that of the later cluster', () => {
  const [before, same, other] = [clusterOf(80), clusterOf(80), clusterOf(81)];
  const shared = shareCluster(before, same);
  expect([shared.settings === before.settings, shared.nodes === before.nodes, shared.services === before.services]).toEqual([true, true, true]);
  const changed = shareCluster(before, other);
  expect(changed).toEqual(other);
  expect([changed.nodes === before.nodes, changed.services === before.services, changed.services[0] === before.services[0]]).toEqual([true, false, false]);
});
