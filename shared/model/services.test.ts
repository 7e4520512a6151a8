import { describe, expect, test } from 'vitest';
import { cidrContains, type Cidr } from '../base/cidr.ts';
import { buildCluster } from './build-cluster.ts';
import type { Fields } from './json-fields.ts';
import { manifest, manifestsForTest } from './objects-for-tests.ts';
import type { Service } from './types.ts';

const service = (name: string, spec: Fields = {}, rest: Fields = {}): Fields => manifest('Service', name, { spec: { ports: [{ port: 80 }], ...spec }, ...rest });
const built = (...objects: readonly Fields[]): ReturnType<typeof buildCluster> => buildCluster(manifestsForTest(...objects));
const only = (...objects: readonly Fields[]): Service => built(...objects).cluster.services[0]!;
const dual = manifest('ClusterConfiguration', 'c', { networking: { podSubnet: '10.244.0.0/16,fd00:10:244::/48', serviceSubnet: '10.96.0.0/16,fd00:10:96::/112' } });
const sandbox = (spec: Fields): Fields => manifest('Sandbox', 's', { spec });

describe('the API server’s defaults (core/v1 defaults.go)', () => {
  test.each<[string, Fields, Partial<Service>]>([
    ['ClusterIP', {}, { type: 'ClusterIP', internalTrafficPolicy: 'Cluster', externalTrafficPolicy: 'Cluster', sessionAffinitySeconds: null, selector: null, headless: false, publishNotReadyAddresses: false }],
    ['targetPort is the port', { ports: [{ port: 81 }] }, { ports: [{ name: '', protocol: 'tcp', port: 81, targetPort: 81, nodePort: 0, appProtocol: '' }] }],
    ['a named targetPort, UDP', { ports: [{ name: 'dns', port: 53, targetPort: 'dns', protocol: 'UDP' }] }, { ports: [{ name: 'dns', protocol: 'udp', port: 53, targetPort: 'dns', nodePort: 0, appProtocol: '' }] }],
    ['AFF2 ClientIP affinity lasts three hours', { sessionAffinity: 'ClientIP' }, { sessionAffinitySeconds: 10_800 }],
    ['its timeout', { sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } } }, { sessionAffinitySeconds: 60 }],
    ['an empty selector is none', { selector: {} }, { selector: null }],
    ['headless', { clusterIP: 'None', selector: { a: 'b' } }, { headless: true, clusterIps: [] }],
    ['ExternalName has no address and no selector', { type: 'ExternalName', externalName: 'db.example.com', selector: { a: 'b' } }, { clusterIps: [], externalName: 'db.example.com', selector: null, headless: false }],
    ['SVC5 source ranges are trimmed', { type: 'LoadBalancer', loadBalancerSourceRanges: [' 10.0.0.0/8 ', '192.168.0.0/16'] }, { loadBalancerSourceRanges: ['10.0.0.0/8' as Cidr, '192.168.0.0/16' as Cidr] }],
  ])('%s', (_, spec, expected) => {
    expect(only(service('default/s', spec))).toMatchObject(expected);
  });
});

describe('allocation', () => {
  test('a ClusterIP from the Service range, above the band that is left to people (KEP-3070)', () => {
    const { clusterIps } = only(service('default/s'));
    expect(clusterIps.length).toBe(1);
    expect(cidrContains('10.96.0.0/12' as Cidr, clusterIps[0]!)).toBe(true);
    expect(cidrContains('10.96.0.0/24' as Cidr, clusterIps[0]!)).toBe(false);
  });
  test('default/kubernetes and kube-system/kube-dns get their well-known addresses', () => {
    expect([only(service('default/kubernetes')).clusterIps, only(service('kube-system/kube-dns')).clusterIps]).toEqual([['10.96.0.1'], ['10.96.0.10']]);
  });
  test('a tiny range is used up to its last address, and then says so', () => {
    const tiny = manifest('ClusterConfiguration', 'c', { networking: { serviceSubnet: '10.96.0.0/29' } });
    const { cluster, problems } = built(tiny, ...[1, 2, 3, 4, 5, 6, 7].map((i) => service(`default/s${i}`)));
    // eight addresses without the network's, the broadcast and the API server's own
    expect(new Set(cluster.services.flatMap((one) => one.clusterIps)).size).toBe(5);
    expect(problems.map(({ code }) => code)).toEqual(['no-cluster-ip', 'no-cluster-ip']);
  });
  test('node ports lie in 30086–32767 and never clash', () => {
    const { cluster } = built(...Array.from({ length: 400 }, (_, i) => service(`default/s${i}`, { type: 'NodePort', ports: [{ name: 'a', port: 1 }, { name: 'b', port: 2 }] })));
    const ports = cluster.services.flatMap((one) => one.ports.map(({ nodePort }) => nodePort));
    expect(ports.every((port) => port >= 30_086 && port <= 32_767)).toBe(true);
    expect(new Set(ports).size).toBe(800);
  });
  test.each<[string, Fields, Fields, readonly (string | null)[]]>([
    ['the cloud’s addresses go up from 198.51.100.20', {}, {}, ['198.51.100.20']],
    ['a status wins', { loadBalancerIP: '198.51.100.99' }, { status: { loadBalancer: { ingress: [{ ip: '203.0.113.7' }] } } }, ['203.0.113.7']],
    ['loadBalancerIP is honoured', { loadBalancerIP: '198.51.100.99' }, { status: { loadBalancer: {} } }, ['198.51.100.99']],
    ['a host name has no address', {}, { status: { loadBalancer: { ingress: [{ hostname: 'lb.example.com' }] } } }, [null]],
    ['only type LoadBalancer has one', { type: 'NodePort' }, { status: { loadBalancer: { ingress: [{ ip: '203.0.113.7' }] } } }, []],
  ])('load balancer: %s', (_, spec, rest, expected) => {
    expect(only(service('default/s', { type: 'LoadBalancer', ...spec }, rest)).loadBalancer.map(({ ip }) => ip)).toEqual(expected);
  });
  test('without a load balancer the Service waits for an address', () => {
    expect(only(service('default/s', { type: 'LoadBalancer' }), sandbox({ loadBalancer: 'none' })).loadBalancer).toEqual([]);
  });
  test('allocateLoadBalancerNodePorts: false leaves the node ports out', () => {
    expect(only(service('default/s', { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false })).ports[0]?.nodePort).toBe(0);
  });
  test('HCK2 only a LoadBalancer with external policy Local has a health check port', () => {
    const port = (spec: Fields): number => only(service('default/s', spec)).healthCheckNodePort;
    expect([port({ type: 'LoadBalancer', externalTrafficPolicy: 'Local' }) >= 30_086, port({ type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 32_000 }), port({ type: 'LoadBalancer' }), port({ type: 'NodePort', externalTrafficPolicy: 'Local' })]).toEqual([true, 32_000, 0, 0]);
  });
});

describe('families (KEP-563)', () => {
  const families = (spec: Fields): readonly string[] => only(dual, service('default/s', spec)).clusterIps.map((ip) => (ip.includes(':') ? '6' : '4'));
  test.each<[string, Fields, readonly string[]]>([
    ['the cluster’s first', {}, ['4']],
    ['one that is named', { ipFamilies: ['IPv6'] }, ['6']],
    ['PreferDualStack', { ipFamilyPolicy: 'PreferDualStack' }, ['4', '6']],
    ['RequireDualStack, IPv6 first', { ipFamilyPolicy: 'RequireDualStack', ipFamilies: ['IPv6'] }, ['6', '4']],
    ['as its addresses say', { clusterIP: 'fd00:10:96::7', clusterIPs: ['fd00:10:96::7', '10.96.0.7'] }, ['6', '4']],
  ])('%s', (_, spec, expected) => {
    expect(families(spec)).toEqual(expected);
  });
  test('in a cluster of one family, PreferDualStack gets one address, and RequireDualStack is refused the other', () => {
    const counts = (policy: string): unknown => {
      const { cluster, problems } = built(service('default/s', { ipFamilyPolicy: policy }));
      return [cluster.services[0]?.clusterIps.length, problems.map(({ code }) => code)];
    };
    expect([counts('PreferDualStack'), counts('RequireDualStack')]).toEqual([[1, []], [1, ['no-cluster-ip']]]);
  });
  test('a family that the cluster does not have is a problem', () => {
    const { cluster, problems } = built(service('default/s', { ipFamilies: ['IPv6'] }));
    expect([cluster.services[0]?.clusterIps, problems.map(({ code }) => code)]).toEqual([[], ['no-cluster-ip']]);
  });
});

describe('conflicts name both places (reliability row 27)', () => {
  test.each<[string, readonly Fields[], { code: string; severity: string; at: string; related: string | undefined }]>([
    ['two Services of one clusterIP', [service('default/a', { clusterIP: '10.96.5.5' }), service('default/b', { clusterIP: '10.96.5.5' })], { code: 'duplicate-cluster-ip', severity: 'error', at: 'Service/b:spec.clusterIP', related: 'Service/a:spec.clusterIP' }],
    ['two Services of one nodePort', [service('x/a', { type: 'NodePort', ports: [{ port: 1, nodePort: 30_001 }] }), service('default/b', { type: 'NodePort', ports: [{ port: 1 }, { name: 'n', port: 2, nodePort: 30_001, protocol: 'UDP' }] })], { code: 'duplicate-node-port', severity: 'error', at: 'Service/a:spec.ports.0.nodePort', related: 'Service/b:spec.ports.1.nodePort' }],
    ['a node port that is another’s health check port', [service('default/a', { type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 30_005 }), service('default/b', { type: 'NodePort', ports: [{ port: 1, nodePort: 30_005 }] })], { code: 'duplicate-node-port', severity: 'error', at: 'Service/b:spec.ports.0.nodePort', related: 'Service/a:spec.healthCheckNodePort' }],
    ['outside a range that nobody stated', [service('default/a', { clusterIP: '172.30.0.5' })], { code: 'cluster-ip-outside-range', severity: 'warning', at: 'Service/a:spec.clusterIP', related: undefined }],
    ['outside a stated range', [dual, service('default/a', { clusterIP: '172.30.0.5' })], { code: 'cluster-ip-outside-range', severity: 'error', at: 'Service/a:spec.clusterIP', related: undefined }],
  ])('%s', (_, objects, expected) => {
    const { problems } = built(...objects);
    expect(problems.map(({ code, severity, at, related }) => ({ code, severity, at: at?.file, related: related?.[0]?.at.file }))).toEqual([expected]);
  });
  test('the first by name keeps the value, the other gets its own, whatever the order of the documents', () => {
    const pair = [service('default/b', { clusterIP: '10.96.5.5' }), service('default/a', { clusterIP: '10.96.5.5' })];
    const [a, b] = built(...pair).cluster.services;
    expect([a?.clusterIps[0], b?.clusterIps[0] === '10.96.5.5', b?.clusterIps.length]).toEqual(['10.96.5.5', false, 1]);
  });
  test('one Service may use one node port for two protocols', () => {
    expect(built(service('default/a', { type: 'NodePort', ports: [{ name: 't', port: 53, nodePort: 30_053 }, { name: 'u', port: 53, protocol: 'UDP', nodePort: 30_053 }] })).problems).toEqual([]);
  });
});
