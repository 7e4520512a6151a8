import { describe, expect, test } from 'vitest';
import { cidr } from '../../base/cidr.ts';
import { ip } from '../../base/ip.ts';
import { printIptablesSave } from '../../dataplane/text/print-iptables-save.ts';
import type { Cluster, Service, Settings } from '../../model/types.ts';
import { compiledNode, endpoint, proxyCluster, service, servicePort, slice } from '../testing/proxy-cases.ts';
import { kubeProxyIptables } from './index.ts';

/** The saved rules whose line matches, without `-A `, comments, the hashes of chain names and the protocol's module. */
function saved(cluster: Cluster, wanted: RegExp, family: 'ip' | 'ip6' = 'ip'): readonly string[] {
  return printIptablesSave(compiledNode(kubeProxyIptables, cluster), family).map((line) => line.text).filter((text) => text.startsWith('-A ') && wanted.test(text))
    .map((text) => text.slice(3).replace(/(KUBE-(?:SVC|SVL|EXT|FW))-[A-Z2-7]{16}/g, '$1').replace(/ -m comment --comment (?:"[^"]*"|\S+)/g, '').replace(/ -m tcp/g, '').replace(/(KUBE-SEP)-[A-Z2-7]{16}/g, '$1'));
}

const one = (over: Partial<Service>, endpoints = [endpoint('10.180.0.1', 'b')], settings: Partial<Settings> = {}): Cluster =>
  proxyCluster([service('ns/svc', '172.30.0.41', over)], [slice('ns/svc', endpoints)], settings);
const vip = { type: 'LoadBalancer', loadBalancer: [{ ip: ip('1.2.3.4'), hostname: '', ipMode: 'VIP' }] } as const;
const local = [endpoint('10.180.0.2', 'a')];

describe('reference §5: what each kind of address gets (syncProxyRules)', () => {
  const rows: readonly [name: string, cluster: Cluster, wanted: RegExp, rules: readonly string[]][] = [
    ['KPI6 a cluster IP with endpoints', one({}), /172\.30\.0\.41/, [
      'KUBE-SERVICES -d 172.30.0.41/32 -p tcp --dport 80 -j KUBE-SVC', 'KUBE-SVC ! -s 10.0.0.0/8 -d 172.30.0.41/32 -p tcp --dport 80 -j KUBE-MARK-MASQ']],
    ['KPI6 a cluster IP without endpoints is rejected', one({}, []), /-d 172\.30\.0\.41/, ['KUBE-SERVICES -d 172.30.0.41/32 -p tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable']],
    ['KPI6 internalTrafficPolicy Local without local endpoints is dropped', one({ internalTrafficPolicy: 'Local' }), /-d 172\.30\.0\.41/, ['KUBE-SERVICES -d 172.30.0.41/32 -p tcp --dport 80 -j DROP']],
    ['KPI6 internalTrafficPolicy Local with one uses SVL', one({ internalTrafficPolicy: 'Local' }, local), /-d 172\.30\.0\.41/, [
      'KUBE-SERVICES -d 172.30.0.41/32 -p tcp --dport 80 -j KUBE-SVL', 'KUBE-SVL ! -s 10.0.0.0/8 -d 172.30.0.41/32 -p tcp --dport 80 -j KUBE-MARK-MASQ']],
    ['KPI7 an external IP', one({ externalIps: [ip('192.168.99.11')] }), /192\.168\.99\.11/, ['KUBE-SERVICES -d 192.168.99.11/32 -p tcp --dport 80 -j KUBE-EXT']],
    ['KPI7 an external IP without endpoints is rejected', one({ externalIps: [ip('192.168.99.11')] }, []), /192\.168\.99\.11/, ['KUBE-EXTERNAL-SERVICES -d 192.168.99.11/32 -p tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable']],
    ['KPI7 an external IP with a Local policy: EXT for the short cuts, DROP for the rest', one({ externalIps: [ip('192.168.99.11')], externalTrafficPolicy: 'Local' }), /192\.168\.99\.11/, [
      'KUBE-EXTERNAL-SERVICES -d 192.168.99.11/32 -p tcp --dport 80 -j DROP', 'KUBE-SERVICES -d 192.168.99.11/32 -p tcp --dport 80 -j KUBE-EXT']],
    ['KPI8 a load balancer address', one(vip), /-d 1\.2\.3\.4/, ['KUBE-SERVICES -d 1.2.3.4/32 -p tcp --dport 80 -j KUBE-EXT']],
    ['SVC3 one of ipMode Proxy is left to the load balancer', one({ ...vip, loadBalancer: [{ ip: ip('1.2.3.4'), hostname: '', ipMode: 'Proxy' }] }), /1\.2\.3\.4/, []],
    ['KPI8 with source ranges: FW, and DROP for what falls through', one({ ...vip, loadBalancerSourceRanges: [cidr('203.0.113.0/25')] }), /-d 1\.2\.3\.4/, [
      'KUBE-PROXY-FIREWALL -d 1.2.3.4/32 -p tcp --dport 80 -j DROP', 'KUBE-SERVICES -d 1.2.3.4/32 -p tcp --dport 80 -j KUBE-FW']],
    ['KPI8 source ranges without endpoints: REJECT, and nothing is guarded', one({ ...vip, loadBalancerSourceRanges: [cidr('203.0.113.0/25')] }, []), /-d 1\.2\.3\.4/, [
      'KUBE-EXTERNAL-SERVICES -d 1.2.3.4/32 -p tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable']],
    ['KPI9 a node port', one({ type: 'NodePort', ports: [servicePort({ nodePort: 30080 })] }), /30080/, ['KUBE-NODEPORTS -p tcp --dport 30080 -j KUBE-EXT']],
    ['KPI9 a node port without endpoints', one({ type: 'NodePort', ports: [servicePort({ nodePort: 30080 })] }, []), /30080/, [
      'KUBE-EXTERNAL-SERVICES -p tcp -m addrtype --dst-type LOCAL --dport 30080 -j REJECT --reject-with icmp-port-unreachable']],
    ['KPI10 a health-check node port is let in, endpoints or not', one({ ...vip, externalTrafficPolicy: 'Local', healthCheckNodePort: 32000 }, []), /32000/, ['KUBE-NODEPORTS -p tcp --dport 32000 -j ACCEPT']],
    ['KPI10 and counts only with a Local policy', one({ ...vip, healthCheckNodePort: 32000 }), /32000/, []],
    ['KPI13 FW: one rule per range; a node inside one may also dial from the address itself', one({ ...vip, loadBalancerSourceRanges: [cidr('203.0.113.0/25'), cidr('192.168.0.0/24')] }), /^-A KUBE-FW/, [
      'KUBE-FW -s 203.0.113.0/25 -j KUBE-EXT', 'KUBE-FW -s 192.168.0.0/24 -j KUBE-EXT', 'KUBE-FW -s 1.2.3.4/32 -j KUBE-EXT',
      'KUBE-FW']],
    ['KPI14 three endpoints share evenly', one({}, ['10.180.0.1', '10.180.0.2', '10.180.0.3'].map((a) => endpoint(a))), /^-A KUBE-SVC-\S+ .*-j KUBE-SEP/, [
      'KUBE-SVC -m statistic --mode random --probability 0.33333333349 -j KUBE-SEP', 'KUBE-SVC -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP', 'KUBE-SVC -j KUBE-SEP']],
  ];
  test.each(rows)('%s', (_name, cluster, wanted, rules) => {
    expect(saved(cluster, wanted)).toEqual(rules);
  });
});

describe('reference §6: who is masqueraded (TestInternalExternalMasquerade)', () => {
  const none: Partial<Settings> = { detectLocal: { kind: 'none' } };
  const head = /^-A KUBE-(SVC|SVL)-\S+ .*KUBE-MARK-MASQ/;
  const ext = /^-A KUBE-EXT-/;
  const externalLocal = { externalIps: [ip('192.168.99.11')], externalTrafficPolicy: 'Local' } as const;
  const shortCuts = ['KUBE-EXT -s 10.0.0.0/8 -j KUBE-SVC', 'KUBE-EXT -m addrtype --src-type LOCAL -j KUBE-MARK-MASQ', 'KUBE-EXT -m addrtype --src-type LOCAL -j KUBE-SVC'];
  const rows: readonly [name: string, cluster: Cluster, wanted: RegExp, rules: readonly string[]][] = [
    ['MSQ2 a cluster IP: whoever is not a local pod', one({}), head, ['KUBE-SVC ! -s 10.0.0.0/8 -d 172.30.0.41/32 -p tcp --dport 80 -j KUBE-MARK-MASQ']],
    ['MSQ2 a cluster IP without a detector: nobody', one({}, undefined, none), head, []],
    ['MSQ8 a cluster IP with masqueradeAll: everybody', one({}, undefined, { masqueradeAll: true }), head, ['KUBE-SVC -d 172.30.0.41/32 -p tcp --dport 80 -j KUBE-MARK-MASQ']],
    ['MSQ9 by the node\'s own pod CIDR', one({}, undefined, { detectLocal: { kind: 'node-cidr', cidrs: [] } }), head, ['KUBE-SVC ! -s 10.0.1.0/24 -d 172.30.0.41/32 -p tcp --dport 80 -j KUBE-MARK-MASQ']],
    ['MSQ9 by the pods\' bridge', one({}, undefined, { detectLocal: { kind: 'bridge-interface', name: 'cbr0' } }), head, ['KUBE-SVC -d 172.30.0.41/32 ! -i cbr0 -p tcp --dport 80 -j KUBE-MARK-MASQ']],
    ['MSQ9 by the prefix of the pods\' interfaces', one({}, undefined, { detectLocal: { kind: 'interface-prefix', name: 'veth' } }), head, ['KUBE-SVC -d 172.30.0.41/32 ! -i veth+ -p tcp --dport 80 -j KUBE-MARK-MASQ']],
    ['MSQ3 external, policy Cluster: everybody, pods included', one({ externalIps: [ip('192.168.99.11')] }), ext, ['KUBE-EXT -j KUBE-MARK-MASQ', 'KUBE-EXT -j KUBE-SVC']],
    ['KPI12, MSQ4, MSQ5, MSQ6 external, policy Local: pods and the node reach all endpoints, others the local ones', one(externalLocal, local), ext, [...shortCuts, 'KUBE-EXT -j KUBE-SVL']],
    ['KPI12 external, policy Local, nothing local: the short cuts alone', one(externalLocal), ext, shortCuts],
    ['MSQ6 external, policy Local, no detector: pods are like anybody else', one(externalLocal, local, none), ext, [...shortCuts.slice(1), 'KUBE-EXT -j KUBE-SVL']],
    ['MSQ8 masqueradeAll does not touch a Local policy', one(externalLocal, local, { masqueradeAll: true }), ext, [...shortCuts, 'KUBE-EXT -j KUBE-SVL']],
    ['KPI15, MSQ7 the endpoint itself (hairpin)', one({}), /^-A KUBE-SEP-\S+ .*KUBE-MARK-MASQ/, ['KUBE-SEP -s 10.180.0.1/32 -j KUBE-MARK-MASQ']],
  ];
  test.each(rows)('%s', (_name, cluster, wanted, rules) => {
    expect(saved(cluster, wanted)).toEqual(rules);
  });
});

describe('node ports: where they answer (util/nodeport_addresses.go)', () => {
  const jumps = (settings: Partial<Settings>, over = {}): readonly string[] => saved(proxyCluster([service('ns/svc', '172.30.0.41', over)], [], settings), /KUBE-NODEPORTS$/).filter((text) => text.startsWith('KUBE-SERVICES'));
  test.each([
    ['NPT2 on every local address', {}, ['KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS']],
    ['NPT1 not on localhost, if that is off', { localhostNodePorts: false }, ['KUBE-SERVICES ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS']],
    ['NPT3 on the node addresses inside the CIDRs', { nodePortAddresses: ['192.168.0.0/24'] }, ['KUBE-SERVICES -d 192.168.0.2/32 -j KUBE-NODEPORTS']],
    ['NPT3 on 127.0.0.1 too where the CIDRs hold it', { nodePortAddresses: ['192.168.0.0/24', '127.0.0.0/8'] }, ['KUBE-SERVICES -d 127.0.0.1/32 -j KUBE-NODEPORTS', 'KUBE-SERVICES -d 192.168.0.2/32 -j KUBE-NODEPORTS']],
    ['NPT3 CIDRs of the other family say nothing', { nodePortAddresses: ['fd00::/8'] }, ['KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS']],
    ['NPT3 on the primary address', { nodePortAddresses: ['primary'] }, ['KUBE-SERVICES -d 192.168.0.2/32 -j KUBE-NODEPORTS']],
  ] as const)('%s', (_name, settings, rules) => {
    expect(jumps(settings)).toEqual(rules);
  });

  test.each([['asked for', {}, true], ['switched off', { localhostNodePorts: false }, false], ['excluded by nodePortAddresses', { nodePortAddresses: ['192.168.0.0/24'] }, false]] as const)(
    'KPI4 localhost node ports %s: route_localnet and KUBE-FIREWALL\'s rule go together', (_name, settings, on) => {
      const netns = compiledNode(kubeProxyIptables, proxyCluster([], [], settings));
      const guard = netns.tables.find((table) => table.name === 'filter')!.chains.find((chain) => chain.name === 'KUBE-FIREWALL')!;
      expect({ routeLocalnet: netns.sysctls.routeLocalnet, guarded: guard.rules.length > 0 }).toEqual({ routeLocalnet: on, guarded: on });
    });
});

describe('which Services are read (ShouldSkipService)', () => {
  test.each([
    ['headless', { headless: true, clusterIps: [] }], ['ExternalName', { type: 'ExternalName', clusterIps: [] }], ['left to another proxy', { labels: { 'service.kubernetes.io/service-proxy-name': 'mine' } }],
  ] as const)('SVC1 %s: none of its addresses appears', (_name, over) => {
    expect(saved(one(over), /ns\/svc/)).toEqual([]);
  });
});

test('AFF1 session affinity: a check per endpoint before the spread, and a set in each endpoint chain', () => {
  const cluster = one({ sessionAffinitySeconds: 60 }, [endpoint('10.180.0.1'), endpoint('10.180.0.2')]);
  expect(saved(cluster, /^-A KUBE-(SVC|SEP)-\S+ .*(recent|statistic|-j KUBE-SEP)/)).toEqual([
    'KUBE-SEP -p tcp -m recent --set --name KUBE-SEP --mask 255.255.255.255 --rsource -j DNAT --to-destination 10.180.0.2:80',
    'KUBE-SEP -p tcp -m recent --set --name KUBE-SEP --mask 255.255.255.255 --rsource -j DNAT --to-destination 10.180.0.1:80',
    'KUBE-SVC -m recent --rcheck --seconds 60 --reap --name KUBE-SEP --mask 255.255.255.255 --rsource -j KUBE-SEP',
    'KUBE-SVC -m recent --rcheck --seconds 60 --reap --name KUBE-SEP --mask 255.255.255.255 --rsource -j KUBE-SEP',
    'KUBE-SVC -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP', 'KUBE-SVC -j KUBE-SEP',
  ]);
});

test('KPI17 above 1000 endpoints the per-endpoint comments are left out (largeClusterEndpointsThreshold)', () => {
  const many = Array.from({ length: 1001 }, (_, i) => endpoint(`10.180.${i >> 8}.${i & 255}`));
  const lines = (count: number): readonly string[] => printIptablesSave(compiledNode(kubeProxyIptables, one({}, many.slice(0, count))), 'ip').map((line) => line.text).filter((text) => /^-A KUBE-(SEP|SVC)/.test(text));
  expect(lines(1000).every((text) => text.includes('--comment'))).toBe(true);
  expect(lines(1001).filter((text) => text.includes('--comment'))).toEqual([expect.stringMatching(/^-A KUBE-SVC.*"ns\/svc:p80 cluster IP".*KUBE-MARK-MASQ$/)]);
});

test('HCK1 health sockets: 503 without a local ready endpoint, 200 with one, terminating ones not counting (service_health.go)', () => {
  const health = (endpoints: readonly ReturnType<typeof endpoint>[]): unknown =>
    compiledNode(kubeProxyIptables, one({ ...vip, externalTrafficPolicy: 'Local', healthCheckNodePort: 32000 }, [...endpoints])).sockets.filter((socket) => socket.port === 32000).map((socket) => [socket.app, socket.config]);
  const answer = (status: number, localEndpoints: number): unknown => [['health', { status, localEndpoints, service: 'ns/svc' }]];
  expect([health([]), health([endpoint('10.180.0.1', 'b')]), health(local), health([endpoint('10.180.0.2', 'a', { ready: false, terminating: true })])]).toEqual([answer(503, 0), answer(503, 0), answer(200, 1), answer(503, 0)]);
});

test('KPI18, NPT1 IPv6: the same rules in ip6tables, and node ports never on ::1', () => {
  const cluster = proxyCluster([service('ns/svc', 'fd00:96::41')], [slice('ns/svc', [endpoint('fd00:10::1')])], { podSubnets: [cidr('fd00:10::/56')], serviceSubnets: [cidr('fd00:96::/112')], detectLocal: { kind: 'cluster-cidr', cidrs: [cidr('fd00:10::/56')] } });
  expect(saved(cluster, /KUBE-(SERVICES|SEP|SVC)/, 'ip6').filter((text) => !text.startsWith('KUBE-SVC -j') && !/^(PREROUTING|OUTPUT|FORWARD)/.test(text))).toEqual([
    'KUBE-SEP -s fd00:10::1/128 -j KUBE-MARK-MASQ', 'KUBE-SEP -p tcp -j DNAT --to-destination [fd00:10::1]:80',
    'KUBE-SERVICES -d fd00:96::41/128 -p tcp --dport 80 -j KUBE-SVC', 'KUBE-SERVICES ! -d ::1/128 -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS',
    'KUBE-SVC ! -s fd00:10::/56 -d fd00:96::41/128 -p tcp --dport 80 -j KUBE-MARK-MASQ',
  ]);
});

test('KPI20 SCTP and UDP have their own module, chain and hash, whatever number they share with TCP', () => {
  const cluster = proxyCluster([service('ns/dns', '172.30.0.41', { type: 'NodePort', ports: [servicePort({ name: 's', protocol: 'sctp', port: 53, nodePort: 30053 }), servicePort({ name: 'u', protocol: 'udp', port: 53, nodePort: 30053 })] })],
    [slice('ns/dns', [endpoint('10.180.0.1')], { ports: [{ name: 's', protocol: 'sctp', port: 53 }, { name: 'u', protocol: 'udp', port: 5353 }] })]);
  expect(saved(cluster, /--dport|DNAT --to/).filter((text) => !text.includes('MASQ')).map((text) => text.replace(/ -m (sctp|udp)/, ' [$1]'))).toEqual([
    'KUBE-NODEPORTS -p sctp [sctp] --dport 30053 -j KUBE-EXT', 'KUBE-NODEPORTS -p udp [udp] --dport 30053 -j KUBE-EXT', 'KUBE-SEP -p udp [udp] -j DNAT --to-destination 10.180.0.1:5353', 'KUBE-SEP -p sctp [sctp] -j DNAT --to-destination 10.180.0.1:53',
    'KUBE-SERVICES -d 172.30.0.41/32 -p sctp [sctp] --dport 53 -j KUBE-SVC', 'KUBE-SERVICES -d 172.30.0.41/32 -p udp [udp] --dport 53 -j KUBE-SVC',
  ]);
});
