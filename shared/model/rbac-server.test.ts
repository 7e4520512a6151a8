import { expect, test } from 'vitest';
import { buildCluster } from './build-cluster.ts';
import { manifest, manifestsForTest } from './objects-for-tests.ts';
import { withApiServer } from './rbac-server.ts';

test('EPS4 the API server names no node for its own endpoints, so they are local nowhere', () => {
  const { cluster } = buildCluster(manifestsForTest(manifest('Pod', 'default/p', { spec: { nodeName: 'a', containers: [{ name: 'c' }] } })));
  const slice = withApiServer(cluster).endpointSlices.find(({ service }) => service === 'kubernetes');
  expect(slice?.endpoints.map(({ addresses, nodeName, ready }) => ({ addresses, nodeName, ready }))).toEqual([{ addresses: ['192.168.56.11'], nodeName: '', ready: true }]);
});
