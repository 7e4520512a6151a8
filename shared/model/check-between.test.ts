import { describe, expect, test } from 'vitest';
import { formatProblem } from '../base/problem.ts';
import { buildCluster } from './build-cluster.ts';
import { MAX_PROBLEMS_PER_CODE } from './check-between.ts';
import type { Fields } from './json-fields.ts';
import { manifest, manifestsForTest } from './objects-for-tests.ts';

const pod = (name: string, labels: Fields, ports: readonly Fields[] = []): Fields => manifest('Pod', name, { spec: { containers: [{ name: 'c', ports: [...ports] }] } }, { labels });
const service = (spec: Fields): Fields => manifest('Service', 'shop/api', { spec: { ports: [{ port: 80 }], ...spec } });
const slice = (labels: Fields, endpoints: readonly Fields[]): Fields => manifest('EndpointSlice', 'shop/e', { addressType: 'IPv4', ports: [{ port: 1 }], endpoints: [...endpoints] }, { labels });
const lines = (...objects: readonly Fields[]): readonly string[] => buildCluster(manifestsForTest(...objects)).problems.map(formatProblem);

describe('what only shows between objects', () => {
  test.each<[string, readonly Fields[], readonly string[]]>([
    ['a Service that selects pods', [service({ selector: { app: 'api' } }), pod('shop/p', { app: 'api' })], []],
    ['one that selects nothing', [service({ selector: { app: 'api' } })], ['Service/api:spec.selector:1:1: info: Service shop/api selects no pod — connections to it are refused until a pod matches']],
    ['one letter off', [service({ selector: { app: 'api' } }), pod('shop/p', { app: 'apo' })], ['Service/api:spec.selector:1:1: info: Service shop/api selects no pod — pod p has app: apo where the Service wants app: api']],
    ['one label of several off', [service({ selector: { app: 'api', tier: 'back' } }), pod('shop/p', { app: 'api', tier: 'front' })], ['Service/api:spec.selector:1:1: info: Service shop/api selects no pod — pod p has tier: front where the Service wants tier: back']],
    ['pods of another namespace', [service({ selector: { app: 'api' } }), pod('default/p', { app: 'api' })], ['Service/api:spec.selector:1:1: info: Service shop/api selects no pod — a pod with these labels lives in namespace default; a Service selects only in its own']],
    ['a port name that no pod has', [service({ selector: { app: 'api' }, ports: [{ port: 80, targetPort: 'htpp' }] }), pod('shop/p', { app: 'api' }, [{ name: 'http', containerPort: 8080 }])], ['Service/api:spec.ports.0.targetPort:1:1: warning: no pod of Service shop/api has a TCP port named "htpp", so port 80 leads nowhere — did you mean http?']],
    ['hints by CPU shares', [manifest('Service', 'shop/api', { spec: { selector: { app: 'api' }, ports: [{ port: 80 }], trafficDistribution: 'PreferClose' } }, { annotations: { 'service.kubernetes.io/topology-mode': 'Auto' } }), pod('shop/p', { app: 'api' })], ['Service/api:metadata.annotations:1:1: warning: topology-mode Auto of Service shop/api is not simulated: its endpoints get no hints — use trafficDistribution, or give the EndpointSlices with their hints']],
    ['a Service without selector (reliability row 27)', [service({})], []],
    ['an endpoint of a pod that does not exist (row 28)', [service({}), slice({ 'kubernetes.io/service-name': 'api' }, [{ addresses: ['10.0.0.1'] }, { addresses: ['10.0.0.2'], targetRef: { kind: 'Pod', name: 'gone' } }, { addresses: ['10.0.0.3'], targetRef: { kind: 'Pod', name: 'too' } }])], ['EndpointSlice/e:endpoints.1.targetRef.name:1:1: warning: endpoint 10.0.0.2 names pod gone, which does not exist (and 1 more of this slice) — its address is used as it stands']],
    ['a slice that belongs to nobody (row 28)', [slice({}, [])], ['EndpointSlice/e:metadata.labels:1:1: warning: EndpointSlice shop/e belongs to no Service — give it the label kubernetes.io/service-name']],
    ['a slice of a Service that does not exist (row 28)', [slice({ 'kubernetes.io/service-name': 'no' }, [])], ['EndpointSlice/e:metadata.labels.kubernetes.io/service-name:1:1: warning: EndpointSlice shop/e names Service no, which does not exist — add the Service, or mend the label']],
    ['an empty from (row 26)', [manifest('NetworkPolicy', 'shop/p', { spec: { podSelector: {}, ingress: [{}, { from: [] }] } })], ['NetworkPolicy/p:spec.ingress.1.from:1:1: info: an empty from means everyone, the outside included, as if it were absent — for nobody write ingress: [], for every pod from: [{namespaceSelector: {}}]']],
    ['an absent podSelector (row 26)', [manifest('NetworkPolicy', 'shop/p', { spec: { ingress: [] } })], ['NetworkPolicy/p:spec:1:1: info: without podSelector this policy selects every pod of namespace shop — write podSelector: {} to say so']],
  ])('%s', (_, objects, expected) => {
    expect(lines(...objects)).toEqual(expected);
  });

  test('one mistake made a thousand times is listed fifty times and then counted', () => {
    const { problems } = buildCluster(manifestsForTest(...Array.from({ length: 1000 }, (_, i) => manifest('Service', `shop/s${i}`, { spec: { selector: { app: 'x' }, ports: [{ port: 80 }] } }))));
    expect([problems.length, problems.at(-1)?.what]).toEqual([MAX_PROBLEMS_PER_CODE + 1, '950 more problems of this kind (selects-nothing) are not listed']);
  }, 30_000);
});
