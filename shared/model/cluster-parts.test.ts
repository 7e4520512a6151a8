import { describe, expect, test } from 'vitest';
import type { Ip } from '../base/ip.ts';
import { buildCluster } from './build-cluster.ts';
import type { Fields } from './json-fields.ts';
import { manifest, manifestsForTest } from './objects-for-tests.ts';
import type { Cluster, Settings } from './types.ts';

const built = (...objects: readonly Fields[]): ReturnType<typeof buildCluster> => buildCluster(manifestsForTest(...objects));
const cluster = (...objects: readonly Fields[]): Cluster => built(...objects).cluster;
const proxy = (rest: Fields): Fields => manifest('KubeProxyConfiguration', 'kp', rest);
const kubeadm = (networking: Fields): Fields => manifest('ClusterConfiguration', 'c', { networking });
const sandbox = (spec: Fields): Fields => manifest('Sandbox', 's', { spec });
const node = (name: string, rest: Fields = {}): Fields => manifest('Node', name, rest);

describe('settings (CLI.md, Inputs)', () => {
  test.each<[string, readonly Fields[], Partial<Settings>]>([
    ['the defaults', [], { proxyMode: 'iptables', detectLocal: { kind: 'cluster-cidr', cidrs: ['10.244.0.0/16'] }, masqueradeAll: false, localhostNodePorts: true, nodePortAddresses: [], ipvsScheduler: 'rr', podSubnets: ['10.244.0.0/16'], serviceSubnets: ['10.96.0.0/12'], dnsDomain: 'cluster.local', podNetwork: 'bridge', enforcesNetworkPolicy: true, podsRoutable: false, masquerade: true, loadBalancer: 'cloud', ingressController: 'none', seed: 1, faults: [] } as unknown as Partial<Settings>],
    ['without clusterCIDR nothing is local', [proxy({ mode: '' })], { proxyMode: 'iptables', detectLocal: { kind: 'none' } }],
    ['clusterCIDR is the pod network too', [proxy({ mode: 'nftables', clusterCIDR: '10.42.0.0/16' })], { proxyMode: 'nftables', detectLocal: { kind: 'cluster-cidr', cidrs: ['10.42.0.0/16'] }, podSubnets: ['10.42.0.0/16'] } as unknown as Partial<Settings>],
    ['NodeCIDR', [proxy({ detectLocalMode: 'NodeCIDR' })], { detectLocal: { kind: 'node-cidr', cidrs: [] } }],
    ['BridgeInterface', [proxy({ detectLocalMode: 'BridgeInterface', detectLocal: { bridgeInterface: 'cbr0' } })], { detectLocal: { kind: 'bridge-interface', name: 'cbr0' } }],
    ['InterfaceNamePrefix', [proxy({ detectLocalMode: 'InterfaceNamePrefix', detectLocal: { interfaceNamePrefix: 'cali' } })], { detectLocal: { kind: 'interface-prefix', name: 'cali' } }],
    ['masqueradeAll of its own mode only', [proxy({ mode: 'nftables', iptables: { masqueradeAll: true } })], { masqueradeAll: false }],
    ['iptables options', [proxy({ iptables: { masqueradeAll: true, localhostNodePorts: false }, nodePortAddresses: ['192.168.56.0/24'] })], { masqueradeAll: true, localhostNodePorts: false, nodePortAddresses: ['192.168.56.0/24'] }],
    ['the ipvs scheduler', [proxy({ mode: 'ipvs', ipvs: { scheduler: 'lc' } })], { proxyMode: 'ipvs', ipvsScheduler: 'lc' }],
    ['kubeadm’s networking', [kubeadm({ podSubnet: '10.1.0.0/16,fd01::/48', serviceSubnet: '10.2.0.0/16', dnsDomain: 'lab.test' })], { podSubnets: ['10.1.0.0/16', 'fd01::/48'], serviceSubnets: ['10.2.0.0/16'], dnsDomain: 'lab.test' } as unknown as Partial<Settings>],
    ['nodes tell the pod network of a real cluster', [node('x', { spec: { podCIDR: '10.42.0.0/24' } }), node('y', { spec: { podCIDR: '10.42.9.0/24' } })], { podSubnets: ['10.42.0.0/16'] } as unknown as Partial<Settings>],
    ['nodes add what clusterCIDR leaves out, such as their other family', [proxy({ clusterCIDR: '10.42.0.0/16' }), node('x', { spec: { podCIDRs: ['10.42.0.0/24', 'fd00:42::/64'] } })], { podSubnets: ['10.42.0.0/16', 'fd00:42::/48'], detectLocal: { kind: 'cluster-cidr', cidrs: ['10.42.0.0/16'] } } as unknown as Partial<Settings>],
    ['nodes inside the default network leave it alone', [node('x', { spec: { podCIDR: '10.244.9.0/24' } })], { podSubnets: ['10.244.0.0/16'] } as unknown as Partial<Settings>],
    ['the Sandbox document', [sandbox({ podNetwork: 'routed', enforcesNetworkPolicy: false, podsRoutable: true, masquerade: false, loadBalancer: 'metallb', seed: 7 })], { podNetwork: 'routed', enforcesNetworkPolicy: false, podsRoutable: true, masquerade: false, loadBalancer: 'metallb', seed: 7 }],
    ['an Ingress brings the lab’s controller', [manifest('Ingress', 'default/i')], { ingressController: 'lab' }],
    ['a class of another controller is no controller yet (CLI.md: the lab’s own leaves that class alone)', [manifest('Ingress', 'default/i'), manifest('IngressClass', 'nginx', { spec: { controller: 'k8s.io/ingress-nginx' } })], { ingressController: 'lab' }],
    ['faults', [sandbox({ faults: [{ kind: 'link-cut', a: 'node/a', b: 'node/b' }, { kind: 'node-stopped', node: 'node/c' }, { kind: 'mtu', on: 'node/a', bytes: 1400 }, { kind: 'fabric-blocks', protocol: 'UDP', port: 8472 }, { kind: 'route-cut', on: 'node/a', dst: '10.244.2.0/24' }] })], { faults: [{ kind: 'link-cut', a: 'node/a', b: 'node/b' }, { kind: 'node-stopped', node: 'c' }, { kind: 'mtu', on: 'node/a', bytes: 1400 }, { kind: 'fabric-blocks', protocol: 'udp', port: 8472 }, { kind: 'route-cut', on: 'node/a', dst: '10.244.2.0/24' }] }],
  ])('%s', (_, objects, expected) => {
    expect(cluster(...objects).settings).toMatchObject(expected);
  });

  test.each<[string, readonly Fields[], readonly string[]]>([
    ['an unknown mode', [proxy({ mode: 'ebpf' })], ['unknown-proxy-mode KubeProxyConfiguration/kp:mode']],
    ['two documents of one kind', [sandbox({}), manifest('Sandbox', 't', { spec: {} })], ['second-settings Sandbox/t:kind']],
    ['further addresses for a node that does not exist', [sandbox({ nodes: { z: { addresses: ['10.0.0.1'] } } })], ['no-such-node Sandbox/s:spec.nodes.z']],
    ['a fault nobody knows', [sandbox({ faults: [{ kind: 'gremlin' }, 'x', { kind: 'link-cut', a: 'node/a' }] })], ['bad-fault Sandbox/s:spec.faults.0', 'bad-fault Sandbox/s:spec.faults.1', 'bad-fault Sandbox/s:spec.faults.2']],
    ['outside machines without a name, an address, or one of their own', [sandbox({ clients: [{ address: '203.0.113.1' }, { name: 'x' }, { name: 'y', address: '203.0.113.2' }, { name: 'y', address: '203.0.113.3' }], hosts: [{ name: 'z', address: '203.0.113.2' }] })], ['bad-outsider Sandbox/s:spec.clients.0', 'bad-outsider Sandbox/s:spec.clients.1', 'bad-outsider Sandbox/s:spec.clients.3', 'bad-outsider Sandbox/s:spec.hosts.0']],
  ])('%s is a problem with its place', (_, objects, expected) => {
    expect(built(...objects).problems.map(({ code, at }) => `${code} ${at?.file}`)).toEqual(expected);
  });
});

describe('nodes', () => {
  const addresses = (entries: readonly [string, string][]): Fields => ({ status: { addresses: entries.map(([type, address]) => ({ type, address })) } });
  test('InternalIPs first, one per family, then the others; names of hosts are no addresses', () => {
    expect(cluster(node('x', addresses([['Hostname', 'x'], ['ExternalIP', '203.0.113.5'], ['InternalIP', '10.0.0.5'], ['InternalIP', '10.0.0.6'], ['InternalIP', 'fd00::5']]))).nodes[0]?.addresses).toEqual(['10.0.0.5', 'fd00::5', '10.0.0.6', '203.0.113.5']);
  });
  test('further addresses from the Sandbox document come last', () => {
    expect(cluster(sandbox({ nodes: { a: { addresses: ['10.99.0.1', 'nonsense'] } } })).nodes[0]?.addresses).toEqual(['192.168.56.11', '10.99.0.1']);
  });
  test('a Node without an InternalIP gets a lab address that no other has', () => {
    expect(cluster(node('x'), node('y', addresses([['InternalIP', '192.168.56.11']])), node('z')).nodes.map((one) => one.addresses[0])).toEqual(['192.168.56.12', '192.168.56.11', '192.168.56.13']);
  });
  test('a Node without a pod CIDR gets one that overlaps no other', () => {
    expect(cluster(node('x'), node('y', { spec: { podCIDR: '10.244.0.0/22' } }), node('z')).nodes.map((one) => one.podCidrs)).toEqual([['10.244.4.0/24'], ['10.244.0.0/22'], ['10.244.5.0/24']]);
  });
  test('a pod network without room for another node says so', () => {
    const { cluster: small, problems } = built(kubeadm({ podSubnet: '10.9.0.0/24' }), ...Array.from({ length: 20 }, (_, i) => node(`n${String(i).padStart(2, '0')}`)));
    expect([small.nodes.filter((one) => one.podCidrs.length === 1).length, problems.length > 0, new Set(problems.map(({ code }) => code))]).toEqual([15, true, new Set(['no-pod-cidr'])]);
  });
  test('a dual-stack cluster gives nodes and pods an address of each family', () => {
    const { nodes, pods, outsiders } = cluster(kubeadm({ podSubnet: '10.244.0.0/16,fd00:10:244::/48' }), manifest('Pod', 'default/p', { spec: { containers: [] } }));
    expect([nodes[0]?.addresses, nodes[0]?.podCidrs, pods[0]?.ips, outsiders[0]?.addresses]).toEqual([
      ['192.168.56.11', 'fd00:192:168:56::11'], ['10.244.1.0/24', 'fd00:10:244:1::/64'], ['10.244.1.2', 'fd00:10:244:1::2'], ['203.0.113.10', '2001:db8:203::10'],
    ]);
  });
  test('an IPv6-only pod network brings an IPv6 Service range and addresses', () => {
    const { settings, nodes, services } = cluster(kubeadm({ podSubnet: 'fd00:10:244::/48' }), manifest('Service', 'default/s', { spec: { ports: [{ port: 80 }] } }));
    expect([settings.serviceSubnets, nodes[0]?.addresses, services[0]?.clusterIps.length, services[0]?.clusterIps[0]?.startsWith('fd00:10:96::')]).toEqual([['fd00:10:96::/112'], ['fd00:192:168:56::11'], 1, true]);
  });
  test('among real nodes, a pod with an address brings its undescribed node along; one without stays Pending', () => {
    const there = manifest('Pod', 'default/x', { spec: { nodeName: 'gone', containers: [] }, status: { podIP: '10.0.9.9', hostIP: '10.0.0.9' } });
    const slip = manifest('Pod', 'default/y', { spec: { nodeName: 'nod', containers: [] } });
    const { cluster: both, problems } = built(node('node', addresses([['InternalIP', '10.0.0.1']])), there, slip);
    expect([both.nodes.map((one) => [one.name, one.addresses, one.implied]), both.pods.map(({ node: on, ips, phase }) => [on, ips, phase]), problems.map(({ code }) => code)]).toEqual([
      [['gone', ['10.0.0.9'], true], ['node', ['10.0.0.1'], false]], [['gone', ['10.0.9.9'], 'Running'], ['', [], 'Pending']], ['implied-node', 'pod-pending'],
    ]);
  });
  test('conditions, taints and cordons are read', () => {
    expect(cluster(node('x', { spec: { unschedulable: true, taints: [{ key: 'k', value: 'v', effect: 'NoExecute' }] }, status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } })).nodes[0]).toMatchObject({ ready: false, unschedulable: true, taints: [{ key: 'k', value: 'v', effect: 'NoExecute' }] });
  });
});

describe('pod addresses', () => {
  const pod = (name: string, spec: Fields, status: Fields = {}): Fields => manifest('Pod', `default/${name}`, { spec: { containers: [], ...spec }, status });
  test('a fixed address stays, wherever it lies, and the others avoid it', () => {
    const { pods } = cluster(pod('x', { nodeName: 'a' }, { podIP: '10.9.9.9' }), pod('y', { nodeName: 'a' }, { podIP: '10.244.1.2' }), pod('z', { nodeName: 'a' }));
    expect(pods.map(({ ips }) => ips)).toEqual([['10.9.9.9'], ['10.244.1.2'], ['10.244.1.3']]);
  });
  test('two pods of one address: both places, and the second gets its own', () => {
    const { cluster: both, problems } = built(pod('y', { nodeName: 'a' }, { podIP: '10.244.1.9' }), pod('x', { nodeName: 'b' }, { podIP: '10.244.1.9' }));
    expect([both.pods.map(({ ips }) => ips), problems.map(({ code, at, related }) => [code, at?.file, related?.[0]?.at.file])]).toEqual([[['10.244.1.9'], ['10.244.1.2']], [['duplicate-pod-ip', 'Pod/y:status.podIP', 'Pod/x:status.podIP']]]);
  });
  test('hostNetwork pods have their node’s addresses and take none', () => {
    expect(cluster(pod('x', { nodeName: 'b', hostNetwork: true }), pod('y', { nodeName: 'b' })).pods.map(({ ips }) => ips)).toEqual([['192.168.56.12'], ['10.244.2.2']]);
  });
  test('a full pod CIDR leaves pods Pending', () => {
    const small = node('x', { spec: { podCIDR: '10.244.7.0/29' } });
    const { cluster: full, problems } = built(small, ...Array.from({ length: 7 }, (_, i) => pod(`p${i}`, {})));
    expect([full.pods.map(({ phase }) => phase === 'Running'), problems.map(({ code }) => code)]).toEqual([[true, true, true, true, true, false, false], ['no-pod-address', 'no-pod-address']]);
  });
  test('a pod that only starts, by its own status, has no address yet', () => {
    expect(cluster(pod('x', { nodeName: 'a' }, { phase: 'Pending' })).pods[0]).toMatchObject({ ips: [], phase: 'Pending', ready: false, node: 'a' });
  });
});

describe('policies (networking/v1 defaults.go)', () => {
  const policy = (spec: Fields): Cluster['policies'][number] => cluster(manifest('NetworkPolicy', 'default/p', { spec })).policies[0]!;
  test.each<[string, Fields, unknown]>([
    ['only a podSelector isolates for ingress', { podSelector: {} }, { ingress: [], egress: null }],
    ['egress rules bring the type', { podSelector: {}, egress: [{}] }, { ingress: [], egress: [{ peers: null, ports: null }] }],
    ['an empty egress does not', { podSelector: {}, egress: [] }, { ingress: [], egress: null }],
    ['unless it is spelled out', { podSelector: {}, policyTypes: ['Egress'], egress: [] }, { ingress: null, egress: [] }],
    ['an empty from is everyone', { podSelector: {}, ingress: [{ from: [] }] }, { ingress: [{ peers: null, ports: null }], egress: null }],
    ['peers', { podSelector: {}, ingress: [{ from: [{ podSelector: {} }, { namespaceSelector: {} }, { ipBlock: { cidr: '10.0.0.5/8', except: ['10.1.0.0/16'] } }] }] }, {
      ingress: [{ ports: null, peers: [{ podSelector: { matchLabels: {}, matchExpressions: [] }, namespaceSelector: null, ipBlock: null }, { podSelector: null, namespaceSelector: { matchLabels: {}, matchExpressions: [] }, ipBlock: null }, { podSelector: null, namespaceSelector: null, ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }] }], egress: null,
    }],
    ['ports', { podSelector: {}, ingress: [{ ports: [{ port: 80 }, { port: 'dns', protocol: 'UDP' }, { protocol: 'SCTP' }, { port: 1, endPort: 9 }] }] }, {
      ingress: [{ peers: null, ports: [{ protocol: 'tcp', port: 80, endPort: null }, { protocol: 'udp', port: 'dns', endPort: null }, { protocol: 'sctp', port: null, endPort: null }, { protocol: 'tcp', port: 1, endPort: 9 }] }], egress: null,
    }],
  ])('%s', (_, spec, expected) => {
    const { ingress, egress } = policy(spec);
    expect({ ingress, egress }).toEqual(expected);
  });
});

describe('outside machines', () => {
  const outsiders = (spec: Fields): unknown => cluster(sandbox(spec)).outsiders.map(({ kind, name, addresses, ports, dnsNames }) => ({ who: `${kind}/${name}`, addresses, ports, dnsNames }));
  const internet = [{ who: 'client/internet', addresses: ['203.0.113.10'], ports: null, dnsNames: [] }, { who: 'host/internet', addresses: ['192.0.2.80'], ports: null, dnsNames: [] }];
  test('given ones stand beside the default ones', () => {
    expect(outsiders({ clients: [{ name: 'office', address: '203.0.113.20' }] })).toEqual([internet[0], { who: 'client/office', addresses: ['203.0.113.20'], ports: null, dnsNames: [] }, internet[1]]);
  });
  test('one of the same name replaces the default, an empty list removes it', () => {
    expect(outsiders({ clients: [], hosts: [{ name: 'internet', address: '192.0.2.1', ports: [80, '53/udp', { port: 443, protocol: 'TCP' }], dnsNames: ['Example.Net.'] }] })).toEqual([
      { who: 'host/internet', addresses: ['192.0.2.1'], ports: [{ protocol: 'tcp', port: 80 }, { protocol: 'udp', port: 53 }, { protocol: 'tcp', port: 443 }], dnsNames: ['example.net'] },
    ]);
  });
  test('a misspelt field is said, not dropped in silence', () => {
    const { problems } = built(sandbox({ hosts: [{ name: 'partner', address: '192.0.2.99', dnsName: ['api.partner.test'] }] }));
    expect(problems.map(({ code, severity, fix }) => ({ code, severity, fix }))).toEqual([{ code: 'unknown-field', severity: 'warning', fix: 'did you mean dnsNames?' }]);
  });
  test('a map of names is read like a list', () => {
    expect(outsiders({ clients: { office: { address: '203.0.113.20' } }, hosts: [] })).toEqual([internet[0], { who: 'client/office', addresses: ['203.0.113.20' as Ip], ports: null, dnsNames: [] }]);
  });
});

test('objects of other kinds are kept, listed, and sorted', () => {
  const { notSimulated } = cluster(manifest('Widget', 'b/x'), manifest('ConfigMap', 'a/z'), manifest('ConfigMap', 'a/y'));
  expect(notSimulated.map(({ ref }) => ref)).toEqual([{ kind: 'ConfigMap', namespace: 'a', name: 'y' }, { kind: 'ConfigMap', namespace: 'a', name: 'z' }, { kind: 'Widget', namespace: 'b', name: 'x' }]);
});
