import { describe, expect, test } from 'vitest';
import { familyOf, parseIp } from '../../base/ip.ts';
import type { Branch } from '../../trace/types.ts';
import { openDocuments } from '../testing/open-documents.ts';

/**
 * What kube-proxy's own packet-flow tests expect (pkg/proxy/iptables and nftables, proxier_test.go, runPacketFlowTests), asked of a cluster of
 * manifests: a source, what it dials on which node, and either where it is sent (`*` = masqueraded), `reject`, `drop`, or nothing that was done to it.
 */
type Flow = readonly [what: string, from: string, to: string, outcome: string, nftables?: string];
interface Group { readonly source: string; readonly config?: string; readonly services: readonly string[]; readonly flows: readonly Flow[] }

const POD = '10.244.1.200';
const NODE = '192.168.56.11';
const SECOND = '192.168.57.11';
const CLIENT = '203.0.113.10';
const BLOCKED = '203.0.113.200';
const [NEAR, FAR] = ['10.244.1.80', '10.244.2.80'];

/** An endpoint: `address`, ` @node` where its node is named, `?` serving and terminating, `!` terminating and no more. */
function endpoint(text: string): string {
  const [address, node] = text.replace(/[?!]$/, '').split('@');
  const state = text.endsWith('?') ? ', conditions: {ready: false, serving: true, terminating: true}' : text.endsWith('!') ? ', conditions: {ready: false, serving: false, terminating: true}' : '';
  return `{addresses: ["${address!.trim()}"]${node ? `, nodeName: ${node}` : ''}${state}}`;
}

/** A Service `name` at `ip` with its slice; without endpoints there is none. */
function service(name: string, ip: string, spec: string, endpoints: readonly string[], { ports = '[{name: p80, port: 80}]', slicePorts = '[{name: p80, port: 80, protocol: TCP}]', vips = [] as readonly string[] } = {}): string {
  const status = vips.length > 0 ? `, status: {loadBalancer: {ingress: [${vips.map((vip) => `{ip: "${vip}"}`).join(', ')}]}}` : '';
  const family = familyOf(parseIp(ip)!);
  const slice = `{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: ${name}-1, labels: {kubernetes.io/service-name: ${name}}}, addressType: IPv${family}, ports: ${slicePorts}, endpoints: [${endpoints.map(endpoint).join(', ')}]}`;
  return `{apiVersion: v1, kind: Service, metadata: {name: ${name}}, spec: {clusterIP: "${ip}", ${family === 6 ? 'ipFamilies: [IPv6], ' : ''}ports: ${ports}${spec ? `, ${spec}` : ''}}${status}}${endpoints.length > 0 ? `\n---\n${slice}` : ''}`;
}
const withNodePort = { ports: '[{name: p80, port: 80, nodePort: 30001}]' };
const balanced = (...vips: readonly string[]) => ({ ...withNodePort, vips });

const outside = [['192.168.99.11:80', 'external IP'], ['198.51.100.1:80', 'load balancer'], [`${NODE}:30001`, 'node port']] as const;
const general: readonly Group[] = [
  {
    source: 'TestNoEndpointsReject', services: [service('svc1', '10.96.0.41', 'type: LoadBalancer, externalIPs: [192.168.99.11]', [], balanced('198.51.100.1'))],
    flows: [
      ['pod to cluster IP', POD, '10.96.0.41:80', 'reject'], ['external to external IP', CLIENT, '192.168.99.11:80', 'reject'], ['pod to node port', POD, `${NODE}:30001`, 'reject'],
      ['external to node port', CLIENT, `${NODE}:30001`, 'reject'], ['pod to load balancer', POD, '198.51.100.1:80', 'reject'], ['external to load balancer', CLIENT, '198.51.100.1:80', 'reject'],
    ],
  },
  {
    source: 'TestClusterIPGeneral', services: [
      service('svc1', '10.96.0.41', '', [`${NEAR}@a`], { ports: '[{name: http, port: 80}]', slicePorts: '[{name: http, port: 80, protocol: TCP}]' }),
      service('svc2', '10.96.0.42', '', [`${NEAR}@a`, `${FAR}@b`], {
        ports: '[{name: http, port: 80}, {name: https, port: 443, targetPort: 8443}, {name: dns-udp, port: 53, protocol: UDP}, {name: dns-tcp, port: 53, targetPort: 5353}, {name: dns-sctp, port: 53, protocol: SCTP}]',
        slicePorts: '[{name: http, port: 80, protocol: TCP}, {name: https, port: 8443, protocol: TCP}, {name: dns-udp, port: 53, protocol: UDP}, {name: dns-tcp, port: 5353, protocol: TCP}, {name: dns-sctp, port: 53, protocol: SCTP}]',
      }),
    ],
    flows: [
      ['one endpoint', POD, '10.96.0.41:80', `${NEAR}:80`], ['hairpin', NEAR, '10.96.0.41:80', `${NEAR}:80*`], ['several endpoints', POD, '10.96.0.42:80', `${NEAR}:80 ${FAR}:80`],
      ['a target port', POD, '10.96.0.42:443', `${NEAR}:8443 ${FAR}:8443`], ['53 of TCP', POD, '10.96.0.42:53', `${NEAR}:5353 ${FAR}:5353`],
      ['53 of UDP', POD, 'udp/10.96.0.42:53', `${NEAR}:53 ${FAR}:53`], ['53 of SCTP', POD, 'sctp/10.96.0.42:53', `${NEAR}:53 ${FAR}:53`],
      ['a port of TCP dialled by UDP', POD, 'udp/10.96.0.42:80', '', 'reject'], ['a port that only the other has', POD, '10.96.0.41:443', '', 'reject'],
      ['hairpin among several: only the endpoint itself', NEAR, '10.96.0.42:80', `${NEAR}:80* ${FAR}:80`],
    ],
  },
  {
    source: 'TestLoadBalancer', services: [service('svc1', '10.96.0.41', 'type: LoadBalancer, loadBalancerSourceRanges: [192.168.56.0/24, " 203.0.113.0/25"]', [NEAR], balanced('198.51.100.1', '198.51.100.2'))],
    flows: [
      ['pod to cluster IP', POD, '10.96.0.41:80', `${NEAR}:80`], ['external to node port', CLIENT, `${NODE}:30001`, `${NEAR}:80*`], ['ranges do not guard the node port', BLOCKED, `${NODE}:30001`, `${NEAR}:80*`],
      ['accepted, first address', CLIENT, '198.51.100.1:80', `${NEAR}:80*`], ['accepted, second address', CLIENT, '198.51.100.2:80', `${NEAR}:80*`],
      ['blocked, first address', BLOCKED, '198.51.100.1:80', 'drop'], ['blocked, second address', BLOCKED, '198.51.100.2:80', 'drop'],
      ['a pod is outside the ranges', POD, '198.51.100.1:80', 'drop'], ['the node lies in one', NODE, '198.51.100.1:80', `${NEAR}:80*`],
      ['the node with the address as its source', '198.51.100.1', '198.51.100.1:80', `${NEAR}:80*`],
    ],
  },
  {
    source: 'TestExternalTrafficPolicyCluster', services: [service('svc1', '10.96.0.41', 'type: LoadBalancer, externalIPs: [192.168.99.11], externalTrafficPolicy: Cluster', [FAR, `${NEAR}@a`], balanced('198.51.100.1'))],
    flows: outside.flatMap(([to, what]): Flow[] => [
      [`pod to ${what}`, POD, to, `${NEAR}:80* ${FAR}:80*`], [`external to ${what}`, CLIENT, to, `${NEAR}:80* ${FAR}:80*`],
    ]),
  },
  {
    source: 'TestExternalTrafficPolicyLocal', services: [service('svc1', '10.96.0.41', 'type: LoadBalancer, externalIPs: [192.168.99.11], externalTrafficPolicy: Local', [FAR, `${NEAR}@a`], balanced('198.51.100.1'))],
    flows: outside.flatMap(([to, what]): Flow[] => [
      [`pod to ${what}`, POD, to, `${NEAR}:80 ${FAR}:80`], [`external to ${what}`, CLIENT, to, `${NEAR}:80`],
    ]),
  },
  {
    source: 'TestOnlyLocalNodePortsNoEndpoints', services: [service('svc1', '10.96.0.41', 'type: LoadBalancer, externalTrafficPolicy: Local', [`${FAR}@b`], balanced('198.51.100.1'))],
    flows: [['pod to node port', POD, `${NODE}:30001`, `${FAR}:80`], ['external to node port', CLIENT, `${NODE}:30001`, 'drop'], ['external to load balancer', CLIENT, '198.51.100.1:80', 'drop'], ['the node itself', NODE, '198.51.100.1:80', `${FAR}:80*`]],
  },
];

const nodePort = service('svc1', '10.96.0.41', 'type: NodePort', [FAR, `${NEAR}@a`], withNodePort);
const both = `${NEAR}:80* ${FAR}:80*`;
const basic: readonly Flow[] = [['pod to cluster IP', POD, '10.96.0.41:80', `${NEAR}:80 ${FAR}:80`], ['external to node port', CLIENT, `${NODE}:30001`, both], ['node to node port', NODE, `${NODE}:30001`, both]];
const addresses = (list: string, ...more: readonly string[]): string => `nodePortAddresses: ${list}\n${more.join('\n')}`;
const nodePorts: Group[] = [
  { source: 'TestNodePorts: localhost allowed', services: [nodePort], flows: [...basic, ['localhost', '127.0.0.1', '127.0.0.1:30001', both, ''], ['second address', CLIENT, `${SECOND}:30001`, both, '']] },
  { source: 'TestNodePorts: localhost not allowed', config: 'iptables: {localhostNodePorts: false}', services: [nodePort], flows: [...basic, ['localhost', '127.0.0.1', '127.0.0.1:30001', ''], ['second address', CLIENT, `${SECOND}:30001`, both, '']] },
  {
    source: 'TestNodePorts: localhost not allowed, although among the addresses', config: addresses('[192.168.56.0/24, 127.0.0.1/32]', 'iptables: {localhostNodePorts: false}'), services: [nodePort],
    flows: [...basic, ['localhost', '127.0.0.1', '127.0.0.1:30001', ''], ['second address', CLIENT, `${SECOND}:30001`, '']],
  },
  {
    source: 'TestNodePorts: several addresses', config: addresses('[192.168.56.0/24, 192.168.57.0/24, "2001:db8::/64"]', 'iptables: {localhostNodePorts: false}'), services: [nodePort],
    flows: [...basic, ['localhost', '127.0.0.1', '127.0.0.1:30001', ''], ['second address', CLIENT, `${SECOND}:30001`, both]],
  },
  {
    source: 'TestHealthCheckNodePort', config: addresses('[127.0.0.0/8]'), services: [service('svc1', '10.96.0.42', 'type: LoadBalancer, externalTrafficPolicy: Local, healthCheckNodePort: 30000', [], withNodePort)],
    flows: [['nothing is done to the health check', CLIENT, `${NODE}:30000`, ''], ['a node port without endpoints is rejected wherever it is dialled; nftables looks at the addresses first', CLIENT, `${NODE}:30001`, 'reject', '']],
  },
];

const POD6 = 'fd00:10:244:1::200';
const [NEAR6, FAR6] = ['fd00:10:244:1::80', 'fd00:10:244:2::80'];
const both6 = `[${NEAR6}]:80* [${FAR6}]:80*`.replaceAll(/[[\]]/g, '');
nodePorts.push({
  source: 'TestNodePorts: IPv6, localhost never', config: 'clusterCIDR: "10.244.0.0/16,fd00:10:244::/48"', services: [service('svc1', 'fd00:10:96::41', 'type: NodePort', [FAR6, `${NEAR6}@a`], withNodePort)],
  flows: [['pod to cluster IP', POD6, 'fd00:10:96::41:80', both6.replaceAll('*', '')], ['node to node port', 'fd00:192:168:56::11', 'fd00:192:168:56::11:30001', both6], ['localhost', '::1', '::1:30001', '']],
});

const policy = (words: string, endpoints: readonly string[], flows: readonly Flow[]): Group => ({ source: `TestInternalTrafficPolicy: ${words}`, services: [service('svc1', '10.96.0.41', `internalTrafficPolicy: ${words.split(',')[0]!}`, endpoints)], flows });
const [B1, B2, B3, B4, B5] = [1, 2, 3, 4, 5].map((n) => (n < 4 ? `10.244.1.${80 + n}` : `10.244.2.${80 + n}`)) as [string, string, string, string, string];
const ending = (what: string, traffic: string, endpoints: readonly string[], inside: string, outside: string): Group => ({
  source: `TestTerminatingEndpointsTrafficPolicy${traffic}: ${what}`,
  services: [service('svc1', '10.96.0.41', `type: LoadBalancer, externalTrafficPolicy: ${traffic}${traffic === 'Local' ? ', healthCheckNodePort: 30002' : ''}`, endpoints, balanced('198.51.100.1'))],
  flows: [['pod to cluster IP', POD, '10.96.0.41:80', inside], ['external to load balancer', CLIENT, '198.51.100.1:80', outside]],
});
const endpoints: readonly Group[] = [
  policy('Cluster, three', [`${B1}@a`, `${B4}@b`, `${B5}@b`], [['pod', POD, '10.96.0.41:80', `${B1}:80 ${B4}:80 ${B5}:80`]]),
  policy('Local, one here', [`${B1}@a`, `${B4}@b`, `${B5}@b`], [['pod', POD, '10.96.0.41:80', `${B1}:80`]]),
  policy('Local, two here', [`${B1}@a`, `${B2}@a`, `${B5}@b`], [['pod', POD, '10.96.0.41:80', `${B1}:80 ${B2}:80`]]),
  policy('Local, none here', [`${B4}@b`, `${B5}@b`], [['pod', POD, '10.96.0.41:80', 'drop']]),
  policy('Local, none anywhere', [], [['pod', POD, '10.96.0.41:80', 'reject']]),
  policy('Local, the one here is ending', [`${B1}@a?`, `${B5}@b`], [['pod', POD, '10.96.0.41:80', `${B1}:80`]]),
  ending('some ready', 'Local', [`${B1}@a`, `${B2}@a`, `${B3}@a?`, `${B4}@b!`, `${B5}@b`], `${B1}:80 ${B2}:80 ${B5}:80`, `${B1}:80 ${B2}:80`),
  ending('here only ending ones', 'Local', [`${B2}@a?`, `${B3}@a?`, `${B1}@a!`, `${B5}@b`], `${B5}:80`, `${B2}:80 ${B3}:80`),
  ending('all are ending', 'Local', [`${B2}@a?`, `${B3}@a!`, `${B4}@b?`, `${B5}@b!`], `${B2}:80 ${B4}:80`, `${B2}:80`),
  ending('none serves', 'Local', [`${B1}@a!`, `${B4}@b!`], 'reject', 'reject'),
  ending('none serves here', 'Local', [`${B1}@a!`, `${B4}@b`], `${B4}:80`, 'drop'),
  ending('some ready', 'Cluster', [`${B1}@a`, `${B2}@a?`, `${B4}@b!`, `${B5}@b`], `${B1}:80 ${B5}:80`, `${B1}:80* ${B5}:80*`),
  ending('all are ending', 'Cluster', [`${B2}@a?`, `${B3}@a!`, `${B4}@b?`, `${B5}@b!`], `${B2}:80 ${B4}:80`, `${B2}:80* ${B4}:80*`),
  ending('none serves', 'Cluster', [`${B1}@a!`, `${B4}@b!`], 'reject', 'reject'),
];

// svc1 all Cluster, svc2 with externalTrafficPolicy Local, svc3 with internalTrafficPolicy Local, and svc4 with both.
const four = ([['svc1', ''], ['svc2', 'externalTrafficPolicy: Local'], ['svc3', 'internalTrafficPolicy: Local'], ['svc4', 'externalTrafficPolicy: Local, internalTrafficPolicy: Local']] as const).map(([name, spec], i) =>
  service(name, `10.96.0.4${i + 1}`, `type: LoadBalancer${spec ? `, ${spec}` : ''}`, [`${FAR}@b`, `${NEAR}@a`], { ports: `[{name: p80, port: 80, nodePort: 3000${i + 1}}]`, vips: [`198.51.100.${i + 1}`] }));
const sources = { pod: POD, node: NODE, external: CLIENT } as const;
/** Rows `who to what`: where, and whether masqueraded; the node port and the load balancer's address of a Service alike. */
const masquerade = (what: string, config: string, rows: Readonly<Record<string, string>>): Group => ({
  source: `TestInternalExternalMasquerade: ${what}`, config, services: four,
  flows: Object.entries(rows).flatMap(([row, outcome]): Flow[] => {
    const [who, name, where] = row.split(' ') as [keyof typeof sources, string, string];
    const n = name.slice(3);
    const found = outcome.replace('both*', both).replace('both', `${NEAR}:80 ${FAR}:80`).replace('near', `${NEAR}:80`);
    return (where === 'in' ? [`10.96.0.4${n}:80`] : [`${NODE}:3000${n}`, `198.51.100.${n}:80`]).map((to): Flow => [`${who} to ${to}`, sources[who], to, found]);
  }),
});
const masquerading: readonly Group[] = [
  masquerade('with a detector', 'clusterCIDR: 10.244.0.0/16', {
    'pod svc1 in': 'both', 'pod svc1 out': 'both*', 'node svc1 in': 'both*', 'node svc1 out': 'both*', 'external svc1 in': 'both*', 'external svc1 out': 'both*',
    'pod svc2 in': 'both', 'pod svc2 out': 'both', 'node svc2 in': 'both*', 'node svc2 out': 'both*', 'external svc2 in': 'both*', 'external svc2 out': 'near',
    'pod svc3 in': 'near', 'pod svc3 out': 'both*', 'node svc3 in': 'near*', 'node svc3 out': 'both*', 'external svc3 in': 'near*', 'external svc3 out': 'both*',
    'pod svc4 in': 'near', 'pod svc4 out': 'both', 'node svc4 in': 'near*', 'node svc4 out': 'both*', 'external svc4 in': 'near*', 'external svc4 out': 'near',
  }),
  masquerade('masqueradeAll', 'clusterCIDR: 10.244.0.0/16\niptables: {masqueradeAll: true}\nnftables: {masqueradeAll: true}', {
    'pod svc1 in': 'both*', 'pod svc1 out': 'both*', 'node svc1 in': 'both*', 'external svc1 out': 'both*', 'pod svc2 in': 'both*', 'pod svc2 out': 'both', 'external svc2 out': 'near',
    'pod svc3 in': 'near*', 'external svc3 in': 'near*', 'pod svc4 in': 'near*', 'pod svc4 out': 'both',
  }),
  masquerade('without a detector', 'clusterCIDR: ""', {
    'pod svc1 in': 'both', 'pod svc1 out': 'both*', 'node svc1 in': 'both', 'node svc1 out': 'both*', 'external svc1 in': 'both', 'external svc1 out': 'both*',
    'pod svc2 in': 'both', 'pod svc2 out': 'near', 'node svc2 out': 'both*', 'external svc2 out': 'near', 'pod svc3 in': 'near', 'node svc3 in': 'near', 'pod svc4 out': 'near',
  }),
];

const hinted = (name: string, zones: string): Group => ({
  source: `TestCategorizeEndpoints: ${name}`, services: [`${service('svc1', '10.96.0.41', '', [])}\n---\n{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: svc1-1, labels: {kubernetes.io/service-name: svc1}}, addressType: IPv4, ports: [{name: p80, port: 80}], endpoints: [${zones}]}`], flows: [],
});
const hint = (address: string, zone: string, more = ''): string => `{addresses: [${address}], nodeName: ${address === NEAR ? 'a' : 'b'}${zone ? `, hints: {forZones: [{name: ${zone}}]}` : ''}${more}}`;
const hints: readonly Group[] = ([
  ['each hinted, one for this zone', [hint(NEAR, 'z1'), hint(FAR, 'z2')], `${NEAR}:80`],
  ['one without a hint', [hint(NEAR, 'z1'), hint(FAR, '')], `${NEAR}:80 ${FAR}:80`],
  ['one without a hint that is not ready', [hint(NEAR, 'z1'), hint(FAR, '', ', conditions: {ready: false}')], `${NEAR}:80`],
  ['none for this zone', [hint(NEAR, 'z3'), hint(FAR, 'z2')], `${NEAR}:80 ${FAR}:80`],
  ['the one for this zone is elsewhere', [hint(NEAR, 'z2'), hint(FAR, 'z1')], `${FAR}:80`],
] as const).map(([name, list, outcome]): Group => ({ ...hinted(name, list.join(', ')), flows: [['pod', POD, '10.96.0.41:80', outcome]] }));

const nodes = ['a', 'b'].map((name, i) => `{apiVersion: v1, kind: Node, metadata: {name: ${name}, labels: {topology.kubernetes.io/zone: z${i + 1}}}, spec: {podCIDRs: [10.244.${i + 1}.0/24, "fd00:10:244:${i + 1}::/64"]}, status: {addresses: [{type: InternalIP, address: 192.168.56.1${i + 1}}, {type: InternalIP, address: "fd00:192:168:56::1${i + 1}"}]}}`).join('\n---\n');
const sandboxed = '{apiVersion: podhop.dev/v1alpha1, kind: Sandbox, spec: {loadBalancer: none, nodes: {a: {addresses: [192.168.57.11]}}}}';
const settings = (mode: string, config: string): string => `apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nmode: ${mode}\n${/clusterCIDR/.test(config) ? '' : 'clusterCIDR: 10.244.0.0/16\n'}${/localhostNodePorts|masqueradeAll/.test(config) ? '' : 'iptables: {localhostNodePorts: true}\n'}${config}`;

function outcomeOf(branches: readonly Branch[]): string {
  // Refused by a rule, not by a machine on which nobody listens.
  const of = ({ verdict, code, dnat, snat }: Branch): string => (dnat !== null ? `${dnat.ip}:${dnat.port}${snat === null ? '' : '*'}` : verdict === 'dropped' ? 'drop' : verdict === 'refused' && code !== 'port-closed' ? 'reject' : '');
  return [...new Set(branches.map(of))].toSorted().join(' ');
}

describe.each(['iptables', 'nftables'])('kube-proxy as its own packet-flow tests expect it, in %s mode', (mode) => {
  describe.each([...general, ...nodePorts, ...endpoints, ...masquerading, ...hints])('$source', ({ config = '', services, flows }) => {
    test.each(flows.map(([what, from, to, outcome, nftables = outcome]) => [what, from, to, mode === 'nftables' ? nftables : outcome] as const))('%s', async (_what, from, to, outcome) => {
      const sandbox = await openDocuments([settings(mode, config), sandboxed, nodes, ...services].join('\n---\n'));
      const [, protocol = 'tcp', address = '', port] = /^(?:(\w+)\/)?(.*):(\d+)$/.exec(to)!;
      const { journey } = await sandbox.ask({ probe: { from: `ip/${from}`, at: 'node/a', to: address, port: Number(port), protocol: protocol as 'tcp' } });
      expect(outcomeOf(journey.branches)).toBe(outcome);
    });
  });
});
