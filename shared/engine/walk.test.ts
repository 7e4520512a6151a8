import { describe, expect, test } from 'vitest';
import { ask, fates, way } from './testing/ask.ts';
import { buildLab, lab } from './testing/lab.ts';
import { kubeProxyTables, type TestService } from './testing/services.ts';

const web: TestService = { name: 'WEB', clusterIp: '10.96.0.10', port: 80, nodePort: 30080, endpoints: [lab.a1, lab.a2, lab.b1], targetPort: 8080 };

describe('pod to pod', () => {
  test('[BR1] on one node the frame is bridged, not routed', () => {
    const { branches: [only] } = ask(buildLab(), { from: 'pod/cl1', to: lab.a1, port: 8080 });
    expect(fates({ branches: [only] })).toEqual([`1 delivered pod/a1 ${lab.cl1}:20000 > ${lab.a1}:8080; delivered pod/cl1 ${lab.a1}:8080 > ${lab.cl1}:20000`]);
    expect(way(only.trace)).toBe('cl1 node1 a1 | a1 node1 cl1');
  });
  test('[RT1] across nodes each node routes and lowers the TTL', () => {
    const { branches: [only] } = ask(buildLab(), { from: 'pod/cl1', to: lab.b1, port: 8080 });
    expect(way(only.trace)).toBe('cl1 node1 lan node2 b1 | b1 node2 lan node1 cl1');
    expect(only.trace.outcome).toMatchObject({ kind: 'delivered', as: { ttl: 62 } });
  });
});

describe('pod to ClusterIP', () => {
  test('every endpoint has exact odds, and the answer comes back from the ClusterIP', () => {
    const cluster = buildLab({ rules: () => kubeProxyTables([web]) });
    const answer = `delivered pod/cl1 10.96.0.10:80 > ${lab.cl1}:20000`;
    expect(fates(ask(cluster, { from: 'pod/cl1', to: '10.96.0.10' }))).toEqual([
      `1/3 delivered pod/a1 ${lab.cl1}:20000 > ${lab.a1}:8080; ${answer}`,
      `1/3 delivered pod/a2 ${lab.cl1}:20000 > ${lab.a2}:8080; ${answer}`,
      `1/3 delivered pod/b1 ${lab.cl1}:20000 > ${lab.b1}:8080; ${answer}`,
    ]);
  });
});
