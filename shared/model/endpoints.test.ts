import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildCluster } from './build-cluster.ts';
import { leftOutEndpoints, selectEndpoints, trafficPolicies, type EndpointSelection } from './endpoints.ts';
import { indexCluster } from './index-cluster.ts';
import type { Fields } from './json-fields.ts';
import { manifest, manifestsForTest } from './objects-for-tests.ts';

type Conditions = { readonly ready?: boolean; readonly serving?: boolean; readonly terminating?: boolean };
interface Ep extends Conditions { readonly ip: string; readonly node?: string; readonly zones?: readonly string[]; readonly nodes?: readonly string[] }

const endpoint = ({ ip, node, zones, nodes, ...conditions }: Ep): Fields => ({
  addresses: [ip], ...(node === undefined ? {} : { nodeName: node }), conditions: { ...conditions } as Fields,
  ...(zones || nodes ? { hints: { ...(zones ? { forZones: zones.map((name) => ({ name })) } : {}), ...(nodes ? { forNodes: nodes.map((name) => ({ name })) } : {}) } } : {}),
});
const slice = (name: string, endpoints: readonly Fields[], rest: Fields = {}): Fields =>
  manifest('EndpointSlice', `default/${name}`, { addressType: 'IPv4', ports: [{ name: 'p', port: 80, protocol: 'TCP' }], endpoints: [...endpoints], ...rest }, { labels: { 'kubernetes.io/service-name': 'svc' } });
const nodes = [['a', 'z1'], ['b', 'z2'], ['c', 'z2']].map(([name, zone]) => manifest('Node', name!, {}, { labels: { 'topology.kubernetes.io/zone': zone! } }));

function select(spec: Fields, slices: readonly Fields[], node = 'a', extra: readonly Fields[] = []): EndpointSelection {
  const service = manifest('Service', 'default/svc', { spec: { ports: [{ name: 'p', port: 80 }], ...spec } });
  const { cluster } = buildCluster(manifestsForTest(service, ...slices, ...nodes, ...extra));
  return selectEndpoints(indexCluster(cluster), cluster.services[0]!, cluster.services[0]!.ports[0]!, node, 4);
}
const brief = ({ cluster, local, hasEndpoints, hasInternal, hasExternal }: EndpointSelection): unknown => ({
  cluster: cluster.map(({ key }) => key), local: local.map(({ key }) => key), has: [hasEndpoints, hasInternal, hasExternal],
});

const draining: Conditions = { ready: false, serving: true, terminating: true };
const gone: Conditions = { ready: false, serving: false, terminating: true };
const unready: Conditions = { ready: false, serving: false };
const internalLocal = { internalTrafficPolicy: 'Local' };
const externalLocal = { type: 'NodePort', externalTrafficPolicy: 'Local' };

describe('CategorizeEndpoints (pkg/proxy/topology.go and topology_test.go)', () => {
  test.each<{ name: string; spec?: Fields; eps: readonly Ep[]; node?: string; cluster: readonly string[]; local: readonly string[]; has: readonly boolean[] }>([
    { name: 'EPS6 both policies Cluster: every ready endpoint, no local list', eps: [{ ip: '10.0.0.1', node: 'a' }, { ip: '10.0.0.2', node: 'b' }], cluster: ['10.0.0.1:80', '10.0.0.2:80'], local: [], has: [true, true, true] },
    { name: 'EPS8 no endpoints', eps: [], cluster: [], local: [], has: [false, false, false] },
    { name: 'EPS6 unready endpoints do not count', eps: [{ ip: '10.0.0.1', ...unready }], cluster: [], local: [], has: [false, false, false] },
    { name: 'EPS6 serving and terminating ones are used when nothing is ready', eps: [{ ip: '10.0.0.1', ...draining }, { ip: '10.0.0.2', ...gone }], cluster: ['10.0.0.1:80'], local: [], has: [true, true, true] },
    { name: 'EPS6 one ready endpoint keeps the terminating ones out', eps: [{ ip: '10.0.0.1', ...draining }, { ip: '10.0.0.2' }], cluster: ['10.0.0.2:80'], local: [], has: [true, true, true] },
    { name: 'EPS3 nil conditions mean ready and serving', eps: [{ ip: '10.0.0.1' }], cluster: ['10.0.0.1:80'], local: [], has: [true, true, true] },
    { name: 'EPS7 internal Local, endpoint here', spec: internalLocal, eps: [{ ip: '10.0.0.1', node: 'a' }, { ip: '10.0.0.2', node: 'b' }], cluster: [], local: ['10.0.0.1:80'], has: [true, true, true] },
    { name: 'EPS8 internal Local, endpoints elsewhere', spec: internalLocal, eps: [{ ip: '10.0.0.2', node: 'b' }], cluster: [], local: [], has: [true, false, true] },
    { name: 'EPS7 internal Local falls back to local terminating ones', spec: internalLocal, eps: [{ ip: '10.0.0.1', node: 'a', ...draining }, { ip: '10.0.0.2', node: 'b' }], cluster: [], local: ['10.0.0.1:80'], has: [true, true, true] },
    { name: 'EPS7 external Local: both lists', spec: externalLocal, eps: [{ ip: '10.0.0.1', node: 'a' }, { ip: '10.0.0.2', node: 'b' }], cluster: ['10.0.0.1:80', '10.0.0.2:80'], local: ['10.0.0.1:80'], has: [true, true, true] },
    { name: 'EPS8 external Local without a local endpoint', spec: externalLocal, eps: [{ ip: '10.0.0.2', node: 'b' }], cluster: ['10.0.0.2:80'], local: [], has: [true, true, false] },
    { name: 'EPS7 the two lists fall back independently', spec: externalLocal, eps: [{ ip: '10.0.0.1', node: 'a', ...draining }, { ip: '10.0.0.2', node: 'b' }], cluster: ['10.0.0.2:80'], local: ['10.0.0.1:80'], has: [true, true, true] },
    { name: 'SVC4 external Local on a plain ClusterIP Service means nothing', spec: { externalTrafficPolicy: 'Local' }, eps: [{ ip: '10.0.0.2', node: 'b' }], cluster: ['10.0.0.2:80'], local: [], has: [true, true, true] },
    { name: 'EPS4 no nodeName: local nowhere', spec: internalLocal, eps: [{ ip: '10.0.0.1' }], cluster: [], local: [], has: [true, false, true] },
    { name: 'EPS6 internal Local on a NodePort Service still needs the Cluster list for its node port', spec: { type: 'NodePort', ...internalLocal }, eps: [{ ip: '10.0.0.2', node: 'b' }], cluster: ['10.0.0.2:80'], local: [], has: [true, false, true] },
    { name: 'EPS9 zone hints on every ready endpoint: those of this zone', eps: [{ ip: '10.0.0.1', zones: ['z1'] }, { ip: '10.0.0.2', zones: ['z2'] }], cluster: ['10.0.0.1:80'], local: [], has: [true, true, true] },
    { name: 'EPS9 one ready endpoint without a hint turns topology off', eps: [{ ip: '10.0.0.1', zones: ['z1'] }, { ip: '10.0.0.2' }], cluster: ['10.0.0.1:80', '10.0.0.2:80'], local: [], has: [true, true, true] },
    { name: 'EPS9 an unready endpoint without a hint does not', eps: [{ ip: '10.0.0.1', zones: ['z1'] }, { ip: '10.0.0.2', zones: ['z2'] }, { ip: '10.0.0.3', ...unready }], cluster: ['10.0.0.1:80'], local: [], has: [true, true, true] },
    { name: 'EPS9 no endpoint for this zone: all of them', eps: [{ ip: '10.0.0.2', zones: ['z2'] }, { ip: '10.0.0.3', zones: ['z3'] }], cluster: ['10.0.0.2:80', '10.0.0.3:80'], local: [], has: [true, true, true] },
    { name: 'EPS10 node hints come before zone hints', eps: [{ ip: '10.0.0.1', zones: ['z2'], nodes: ['b'] }, { ip: '10.0.0.2', zones: ['z2'], nodes: ['c'] }], node: 'c', cluster: ['10.0.0.2:80'], local: [], has: [true, true, true] },
    { name: 'EPS10 no node hint for this node: the zone decides', eps: [{ ip: '10.0.0.1', zones: ['z1'], nodes: ['x'] }, { ip: '10.0.0.2', zones: ['z2'], nodes: ['c'] }], cluster: ['10.0.0.1:80'], local: [], has: [true, true, true] },
    { name: 'EPS6 the terminating fallback ignores topology', eps: [{ ip: '10.0.0.1', zones: ['z1'], ...draining }, { ip: '10.0.0.2', zones: ['z2'], ...draining }], cluster: ['10.0.0.1:80', '10.0.0.2:80'], local: [], has: [true, true, true] },
    { name: 'EPS7 topology never applies to the local list', spec: externalLocal, eps: [{ ip: '10.0.0.1', node: 'a', zones: ['z2'] }, { ip: '10.0.0.2', node: 'b', zones: ['z1'] }], cluster: ['10.0.0.2:80'], local: ['10.0.0.1:80'], has: [true, true, true] },
  ])('$name', ({ spec = {}, eps, node = 'a', cluster, local, has }) => {
    expect(brief(select(spec, [slice('s', eps.map(endpoint))], node))).toEqual({ cluster, local, has });
  });

  test('EPS10 without the gate, node hints do not count', () => {
    const gate = manifest('KubeProxyConfiguration', 'kp', { featureGates: { PreferSameTrafficDistribution: false } });
    const eps = [{ ip: '10.0.0.1', zones: ['z2'], nodes: ['b'] }, { ip: '10.0.0.2', zones: ['z2'], nodes: ['c'] }].map(endpoint);
    expect(select({}, [slice('s', eps)], 'c', [gate]).cluster.map(({ ip }) => ip)).toEqual(['10.0.0.1', '10.0.0.2']);
  });
});

describe('which endpoints a Service port has (endpointslicecache.go)', () => {
  test('EPS5 sorted by the text "ip:port", so 10.1.1.11 stands before 10.1.1.1', () => {
    expect(select({}, [slice('s', [endpoint({ ip: '10.1.1.1' }), endpoint({ ip: '10.1.1.11' })])]).cluster.map(({ key }) => key)).toEqual(['10.1.1.11:80', '10.1.1.1:80']);
  });
  test('EPS1 matched by port name and protocol; targetPort is never read', () => {
    const ports = [{ name: 'p', port: 8080, protocol: 'TCP' }, { name: 'p', port: 53, protocol: 'UDP' }, { name: 'q', port: 9, protocol: 'TCP' }, { name: 'p', protocol: 'TCP' }];
    expect(select({ ports: [{ name: 'p', port: 80, targetPort: 1234 }] }, [slice('s', [endpoint({ ip: '10.0.0.1' })], { ports })]).cluster.map(({ key }) => key)).toEqual(['10.0.0.1:8080']);
  });
  test('EPS2 only the first address of an endpoint counts; leading zeros are decimal', () => {
    expect(select({}, [slice('s', [{ addresses: ['010.0.0.01', '10.0.0.9'] }])]).cluster.map(({ key }) => key)).toEqual(['10.0.0.1:80']);
  });
  test('EPS2 FQDN slices, IPv6 slices and slices with the headless label are not read', () => {
    const labelled = manifest('EndpointSlice', 'default/h', { addressType: 'IPv4', ports: [{ name: 'p', port: 80 }], endpoints: [endpoint({ ip: '10.0.0.7' })] }, { labels: { 'kubernetes.io/service-name': 'svc', 'service.kubernetes.io/headless': '' } });
    const others = [slice('f', [{ addresses: ['example.com'] }], { addressType: 'FQDN' }), slice('six', [{ addresses: ['fd00::1'] }], { addressType: 'IPv6' }), labelled];
    expect(brief(select({}, others))).toEqual({ cluster: [], local: [], has: [false, false, false] });
  });
  test('EPS5 the same ip:port in two slices is one endpoint, and the local entry wins', () => {
    const both = [slice('s1', [endpoint({ ip: '10.0.0.1', node: 'b' })]), slice('s2', [endpoint({ ip: '10.0.0.1', node: 'a' })])];
    expect(brief(select(internalLocal, both))).toEqual({ cluster: [], local: ['10.0.0.1:80'], has: [true, true, true] });
    expect(brief(select(internalLocal, both, 'c'))).toEqual({ cluster: [], local: [], has: [true, false, true] });
  });
  test('EPS1 one endpoint on two ports is two endpoints of two Service ports', () => {
    const ports = [{ name: 'p', port: 80, protocol: 'TCP' }, { name: 'p', port: 81, protocol: 'TCP' }];
    expect(select({}, [slice('s', [endpoint({ ip: '10.0.0.1' })], { ports })]).cluster.map(({ key }) => key)).toEqual(['10.0.0.1:80', '10.0.0.1:81']);
  });
});

test('EPS5 splitting slices and shuffling endpoints changes nothing', () => {
  const arbitrary = fc.record({
    last: fc.integer({ min: 1, max: 12 }), node: fc.constantFrom('a', 'b', 'c'), ready: fc.boolean(), serving: fc.boolean(), terminating: fc.boolean(), zone: fc.constantFrom('', 'z1', 'z2'),
  });
  fc.assert(fc.property(fc.uniqueArray(arbitrary, { selector: ({ last }) => last, maxLength: 10 }), fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 10, maxLength: 10 }), fc.constantFrom({}, internalLocal, externalLocal), fc.constantFrom('a', 'b', 'c'), (items, split, spec, node) => {
    const eps = items.map(({ last, zone, ...rest }) => endpoint({ ip: `10.0.0.${last}`, ...(zone === '' ? {} : { zones: [zone] }), ...rest }));
    const parts = [0, 1, 2, 3].map((part) => slice(`part${part}`, eps.filter((_, i) => split[i] === part).toReversed()));
    expect(brief(select(spec, parts, node))).toEqual(brief(select(spec, [slice('one', eps)], node)));
  }), { numRuns: 60 });
}, 30_000);

test('every endpoint that is left out has a reason', () => {
  const eps = [{ ip: '10.0.0.1', zones: ['z1'] }, { ip: '10.0.0.2', zones: ['z2'] }, { ip: '10.0.0.3', ...unready }, { ip: '10.0.0.4', ...draining }, { ip: '10.0.0.5', ...gone }].map(endpoint);
  const service = manifest('Service', 'default/svc', { spec: { ports: [{ name: 'p', port: 80 }] } });
  const { cluster } = buildCluster(manifestsForTest(service, slice('s', eps), ...nodes));
  const left = leftOutEndpoints(indexCluster(cluster), cluster.services[0]!, cluster.services[0]!.ports[0]!, 'a', 4, 'cluster');
  expect(left.map(({ endpoint: view, why }) => [view.ip, why])).toEqual([
    ['10.0.0.2', 'its hints name other zones than z1'], ['10.0.0.3', 'it is not ready'],
    ['10.0.0.4', 'it is terminating, and ready endpoints are preferred'], ['10.0.0.5', 'it is terminating and no longer serving'],
  ]);
});

test('SVC3 load balancer addresses make a Service externally accessible only in their family and mode (serviceport.go)', () => {
  const service = (ingress: Fields): Fields => manifest('Service', 'default/svc', { spec: { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false, ports: [{ port: 80 }] }, status: { loadBalancer: { ingress: [ingress] } } });
  const accessible = (ingress: Fields, family: 4 | 6): boolean => {
    const [only] = buildCluster(manifestsForTest(service(ingress))).cluster.services;
    return trafficPolicies(only!, only!.ports[0]!, family).externallyAccessible;
  };
  expect([accessible({ ip: '198.51.100.9' }, 4), accessible({ ip: '198.51.100.9' }, 6), accessible({ ip: '198.51.100.9', ipMode: 'Proxy' }, 4), accessible({ hostname: 'lb.example.com' }, 4)]).toEqual([true, false, false, false]);
});
