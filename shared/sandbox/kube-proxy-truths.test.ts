import { describe, expect, test } from 'vitest';
import { fromFractionJson, printFraction } from '../base/fraction.ts';
import type { Branch, Probe } from '../trace/types.ts';
import { openDocuments } from './testing/open-documents.ts';

const pod = (name: string, node: string, app: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, labels: { app: ${app} } }\nspec: { nodeName: ${node}, containers: [{ name: c, image: x, ports: [{ containerPort: 8080 }] }] }\n`;
const service = (spec: string, ports = '{ port: 80, targetPort: 8080 }', status = ''): string =>
  `apiVersion: v1\nkind: Service\nmetadata: { name: svc }\nspec: { clusterIP: 10.96.1.1, ports: [${ports}], ${spec} }\n${status}`;
const slice = (endpoints: string, port = '{ port: 8080 }'): string =>
  `apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: { name: svc-1, labels: { kubernetes.io/service-name: svc } }\naddressType: IPv4\nports: [${port}]\nendpoints: [${endpoints}]\n`;

/** api-1 on node a and api-2 on node b answer; web on node a asks. */
const pods = [`${pod('web', 'a', 'web')}status: { podIP: 10.244.1.6 }\n`, `${pod('api-1', 'a', 'api')}status: { podIP: 10.244.1.2 }\n`, `${pod('api-2', 'b', 'api')}status: { podIP: 10.244.2.2 }\n`];
/** A pod that listens elsewhere. */
const deaf = `${pod('deaf', 'b', 'deaf').replace('8080', '9999')}status: { podIP: 10.244.2.9 }\n`;
const api = 'selector: { app: api }';
const vip = 'status: { loadBalancer: { ingress: [{ ip: 198.51.100.20 }] } }\n';
const nodePort = '{ port: 80, targetPort: 8080, nodePort: 30080 }';
const balanced = (policy: string, ranges = ''): string => service(`type: LoadBalancer, externalTrafficPolicy: ${policy}, ${policy === 'Local' ? 'healthCheckNodePort: 32000, ' : ''}${ranges}${api}`, nodePort, vip);
const one = (ip: string, rest = ''): string => `{ addresses: [${ip}]${rest === '' ? '' : `, ${rest}`} }`;
const both = (first: string, second: string): string => slice(`${one('10.244.1.2', `nodeName: a, ${first}`)}, ${one('10.244.2.2', `nodeName: b, ${second}`)}`);

const told = (branch: Branch): string => {
  const end = branch.http ? `status ${branch.http.status}` : branch.verdict === 'delivered' ? `${branch.endpoint?.pod?.replace('default/', '') ?? branch.endpoint?.ip ?? 'outside'} saw ${branch.sourceSeen?.ip ?? '?'}` : `${branch.verdict} ${branch.code}`;
  const met = new Set(branch.legs.flatMap((leg) => leg.trace.hops.map((hop) => hop.netns)));
  return `${printFraction(fromFractionJson(branch.odds))} ${end}${met.has('lb/cloud') ? ' by the balancer' : ''}`;
};

interface Setting { readonly mode?: string; readonly proxy?: string; readonly also?: readonly string[] }

async function asked(documents: readonly string[], probe: Probe, { mode = 'iptables', proxy = 'clusterCIDR: 10.244.0.0/16', also = [] }: Setting = {}): Promise<readonly string[]> {
  const settings = `apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nmode: ${mode}\n${proxy}\n`;
  const sandbox = await openDocuments([{ name: 'a.yaml', text: [...pods, ...documents, ...also].join('---\n') }, { name: 'kube-proxy.yaml', text: settings }]);
  expect(sandbox.world()!.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return (await sandbox.ask({ probe })).journey.branches.map(told).toSorted();
}

const web = 'pod/web';
const client = 'client/internet';
const at = (address: string, port = 80): { to: string; port: number } => ({ to: address, port });
const clusterIp = at('10.96.1.1');
const balancer = at('198.51.100.20');
const kept = ['1/2 api-1 saw 10.244.1.6', '1/2 api-2 saw 10.244.1.6'];
const fromA = ['1/2 api-1 saw 10.244.1.1', '1/2 api-2 saw 192.168.56.11'];
const noDetector: Setting = { proxy: '' };
const gone = 'conditions: { ready: false, serving: true, terminating: true }';
const zones = ['a z1', 'b z2', 'c z2'].map((text, i) => `apiVersion: v1\nkind: Node\nmetadata: { name: ${text[0]}, labels: { topology.kubernetes.io/zone: ${text.slice(2)} } }\nspec: { podCIDR: 10.244.${i + 1}.0/24 }\nstatus: { addresses: [{ type: InternalIP, address: 192.168.56.1${i + 1} }] }\n`);
/** Node a as the cluster autoscaler leaves it before it takes it away. */
const leaving = [zones[0]!.replace('podCIDR: 10.244.1.0/24', 'podCIDR: 10.244.1.0/24, taints: [{ key: ToBeDeletedByClusterAutoscaler, effect: NoSchedule }]'), zones[1]!];
const health = (path: string): Probe => ({ from: client, to: 'node/a', port: 10256, http: { url: `http://192.168.56.11:10256${path}` } });
const hinted = (zone: string): string => `conditions: { ready: true }, hints: { forZones: [{ name: ${zone} }] }`;

const sticky = service(`type: LoadBalancer, sessionAffinity: ClientIP, ${api}`, nodePort, vip);
const hour = 3_600_000;
/** A connection of the client, handed to node a, to its node port at a time in milliseconds. */
const before = (now: number): Probe => ({ from: client, at: 'node/a', ...at('192.168.56.11', 30080), now });

type Row = readonly [title: string, documents: readonly string[], probe: Probe, expected: readonly string[] | Readonly<Record<'iptables' | 'nftables', readonly string[]>>, setting?: Setting];
const rows: readonly Row[] = [
  ['EPS1 truth 1: the slice\'s port number decides, whatever targetPort says', [service('', '{ port: 80, targetPort: 9999 }'), slice(one('10.244.2.2', 'nodeName: b'))], { from: web, ...clusterIp }, ['1 api-2 saw 10.244.1.6']],
  ['EPS1 truth 2: a port name that differs means no endpoints', [service('', '{ name: http, port: 80 }'), slice(one('10.244.2.2', 'nodeName: b'), '{ name: web, port: 8080 }')], { from: web, ...clusterIp }, ['1 refused no-endpoints']],
  ['MSQ4 truth 3: externalTrafficPolicy Local does not bind pods on the node', [balanced('Local')], { from: web, ...balancer }, kept],
  ['MSQ5 truth 4: nor the node itself, which is masqueraded', [balanced('Local')], { from: 'node/a', ...balancer }, fromA],
  ['MSQ6 truth 5: without a detector pods are like anybody else', [balanced('Local')], { from: web, ...balancer }, ['1 api-1 saw 10.244.1.6'], noDetector],
  ['MSQ2 truth 5: and a node\'s way to a cluster IP is not masqueraded by kube-proxy', [service(api)], { from: 'node/a', ...clusterIp }, ['1/2 api-1 saw 192.168.56.11', '1/2 api-2 saw 192.168.56.11'], noDetector],
  ['EPS7 truth 6: externalTrafficPolicy does not touch the cluster IP', [balanced('Local')], { from: web, ...clusterIp }, kept],
  ['EPS7 truth 6: internalTrafficPolicy does not touch node ports, even from pods', [service(`type: NodePort, internalTrafficPolicy: Local, ${api}`, nodePort)], { from: web, to: 'node/c', port: 30080 }, ['1/2 api-1 saw 192.168.56.13', '1/2 api-2 saw 192.168.56.13']],
  ['EPS8 truth 7: no endpoints refuses', [service('selector: { app: nobody }')], { from: 'node/c', ...clusterIp }, ['1 refused no-endpoints']],
  ['EPS8 truth 7: no local endpoints hangs', [service(`internalTrafficPolicy: Local, ${api}`)], { from: 'node/c', ...clusterIp }, ['1 dropped no-local-endpoints']],
  ['KPI8 truth 8: source ranges do not protect the node port', [balanced('Cluster', 'loadBalancerSourceRanges: [198.18.0.0/15], ')], { from: client, to: 'node/a', port: 30080 }, fromA],
  ['KPI8 truth 9: source ranges bind pods that dial the address from inside', [balanced('Cluster', 'loadBalancerSourceRanges: [198.18.0.0/15], ')], { from: web, ...balancer }, ['1 dropped source-range']],
  ['KPI8 truth 9: and nodes', [balanced('Cluster', 'loadBalancerSourceRanges: [198.18.0.0/15], ')], { from: 'node/a', ...balancer }, ['1 dropped source-range']],
  ['LBR1 truth 10: a pod\'s packet to a load balancer address never visits the balancer', [balanced('Cluster')], { from: web, ...balancer }, fromA],
  ['LBR1 truth 10: ipMode Proxy sends it there', [balanced('Cluster').replace('ip: 198.51.100.20', 'ip: 198.51.100.20, ipMode: Proxy')], { from: web, ...balancer },
    ['1/6 api-1 saw 10.244.1.1 by the balancer', '1/6 api-1 saw 192.168.56.12 by the balancer', '1/6 api-1 saw 192.168.56.13 by the balancer', '1/6 api-2 saw 10.244.2.1 by the balancer', '1/6 api-2 saw 192.168.56.11 by the balancer', '1/6 api-2 saw 192.168.56.13 by the balancer']],
  ['NFT5 truth 11: a cluster IP on an undefined port', [service(api)], { from: web, ...at('10.96.1.1', 81) }, { iptables: ['1 timeout no-service-port'], nftables: ['1 refused no-service-port'] }],
  ['NFT5 truth 11: an unallocated cluster IP', [service(api)], { from: web, ...at('10.96.9.9') }, { iptables: ['1 timeout blackhole'], nftables: ['1 dropped no-service'] }],
  ['NFT5 truth 12: a ping of a cluster IP', [service(api)], { from: web, to: '10.96.1.1', protocol: 'icmp' }, { iptables: ['1 timeout blackhole'], nftables: ['1 refused no-service-port'] }],
  ['MSQ7 truth 13: a pod that reaches itself through its Service sees its node', [service('', '{ port: 80 }'), slice(one('10.244.1.2', 'nodeName: a'))], { from: 'pod/api-1', ...clusterIp }, ['1 api-1 saw 10.244.1.1']],
  ['MSQ2 truth 14: an off-cluster host that is routed to any node may use cluster IPs, masqueraded', [service(api)], { from: client, at: 'node/c', ...clusterIp }, ['1/2 api-1 saw 192.168.56.13', '1/2 api-2 saw 192.168.56.13']],
  ['MSQ1 a pod keeps its address on the way to a cluster IP', [service(api)], { from: web, ...clusterIp }, kept],
  ['MSQ2 a node does not, where there is a detector', [service(api)], { from: 'node/a', ...clusterIp }, fromA],
  ['MSQ3 node ports of a Cluster policy hide pods too', [balanced('Cluster')], { from: web, to: 'node/a', port: 30080 }, fromA],
  ['MSQ6 anybody else meets the Local list of a Local policy, and is seen', [balanced('Local')], { from: client, to: 'node/a', port: 30080 }, ['1 api-1 saw 203.0.113.10']],
  ['MSQ3 truth 15: externalTrafficPolicy Cluster hides the client even from an endpoint on the receiving node', [balanced('Cluster')], { from: client, to: 'node/a', port: 30080 }, fromA],
  ['MSQ8 truth 16: masqueradeAll masquerades pods to cluster IPs too', [balanced('Local')], { from: web, ...clusterIp }, fromA, { proxy: 'clusterCIDR: 10.244.0.0/16\niptables: { masqueradeAll: true }\nnftables: { masqueradeAll: true }' }],
  ['MSQ8 truth 16: but not outside traffic of a Local policy', [balanced('Local')], { from: client, to: 'node/a', port: 30080 }, ['1 api-1 saw 203.0.113.10'], { proxy: 'clusterCIDR: 10.244.0.0/16\niptables: { masqueradeAll: true }\nnftables: { masqueradeAll: true }' }],
  ['EPS6 truth 17: terminating endpoints that still serve are used where nothing is ready', [service(''), both(gone, gone)], { from: web, ...clusterIp }, kept],
  ['EPS6 truth 17: and not beside a ready one', [service(''), both(gone, 'conditions: { ready: true }')], { from: web, ...clusterIp }, ['1 api-2 saw 10.244.1.6']],
  ['HCK1 truth 18: the health-check port says 503 while a terminating endpoint is still served', [balanced('Local'), both(gone, gone)], { from: client, to: 'node/a', port: 32000, http: { url: 'http://192.168.56.11:32000/' } }, ['1 status 503']],
  ['EPS7 truth 18: served all the same', [balanced('Local'), both(gone, gone)], { from: client, to: 'node/a', port: 30080 }, ['1 api-1 saw 203.0.113.10']],
  ['HCK1 and 200 with a ready one', [balanced('Local')], { from: client, to: 'node/a', port: 32000, http: { url: 'http://192.168.56.11:32000/' } }, ['1 status 200']],
  ['HCK3 kube-proxy itself says 200', [balanced('Cluster')], health('/healthz'), ['1 status 200']],
  ['HCK3 and 503 on a node that is about to go', [balanced('Cluster')], health('/healthz'), ['1 status 503'], { also: leaving }],
  ['HCK3 but it lives', [balanced('Cluster')], health('/livez'), ['1 status 200'], { also: leaving }],
  ['HCK3 and knows no other page', [balanced('Cluster')], health('/'), ['1 status 404']],
  ['LBR2 no balancer sends to a node that is about to go', [balanced('Cluster')], { from: client, ...balancer }, ['1/2 api-1 saw 192.168.56.12 by the balancer', '1/2 api-2 saw 10.244.2.1 by the balancer'], { also: leaving }],
  ['EPS9 truth 19: with hints everywhere the zone\'s endpoints alone', [service(''), both(hinted('z1'), hinted('z2'))], { from: web, ...clusterIp }, ['1 api-1 saw 10.244.1.6'], { also: zones }],
  ['EPS9 truth 19: one ready endpoint without a hint turns that off', [service(''), both(hinted('z1'), 'conditions: { ready: true }')], { from: web, ...clusterIp }, kept, { also: zones }],
  ['EPS11 truth 20: trafficDistribution alone is not read', [service('trafficDistribution: PreferClose'), both('conditions: { ready: true }', 'conditions: { ready: true }')], { from: web, ...clusterIp }, kept, { also: zones }],
  ['EPS11 truth 20: it becomes hints where slices are derived', [service(`trafficDistribution: PreferClose, ${api}`)], { from: web, ...clusterIp }, ['1 api-1 saw 10.244.1.6'], { also: zones }],
  ['NPT1 truth 21: node ports on 127.0.0.1', [service(`type: NodePort, ${api}`, nodePort)], { from: 'node/a', ...at('127.0.0.1', 30080) }, { iptables: fromA, nftables: ['1 refused port-closed'] }],
  ['NPT1 truth 21: not with localhostNodePorts off', [service(`type: NodePort, ${api}`, nodePort)], { from: 'node/a', ...at('127.0.0.1', 30080) }, ['1 refused port-closed'], { proxy: 'clusterCIDR: 10.244.0.0/16\niptables: { localhostNodePorts: false }' }],
  ['NPT2 truth 22: on every local address, or on the primary one', [service(`type: NodePort, ${api}`, nodePort)], { from: client, at: 'node/a', ...at('192.168.56.111', 30080) }, { iptables: fromA, nftables: ['1 refused port-closed'] }, { also: ['apiVersion: podhop.dev/v1alpha1\nkind: Sandbox\nmetadata: { name: lab }\nspec: { nodes: { a: { addresses: [192.168.56.111] } } }\n'] }],
  ['KPI7 truth 23: a node that dials an external IP without endpoints is not refused: it goes out, and the lab\'s router sends it back', [service('externalIPs: [203.0.113.200], selector: { app: nobody }')], { from: 'node/a', ...at('203.0.113.200') }, { iptables: ['1 timeout martian'], nftables: ['1 refused no-endpoints'] }],
  ['KPI7 truth 23: whoever passes through it is', [service('externalIPs: [203.0.113.200], selector: { app: nobody }')], { from: web, ...at('203.0.113.200') }, ['1 refused no-endpoints']],
  ['KPI14 truth 24: a dead endpoint that is called ready keeps its share, and nothing retries', [service(''), slice(`${one('10.244.1.2', 'nodeName: a')}, ${one('10.244.2.9', 'nodeName: b')}`), deaf], { from: web, ...clusterIp }, ['1/2 api-1 saw 10.244.1.6', '1/2 refused port-closed']],
  ['EPS4 truth 25: an endpoint without a nodeName is local nowhere', [balanced('Local'), slice(one('10.244.1.2'))], { from: client, to: 'node/a', port: 30080 }, ['1 dropped no-local-endpoints']],
];

describe.each(['iptables', 'nftables'] as const)('reference §10 and §6, packet by packet: %s', (mode) => {
  test.each(rows.map(([title, documents, probe, expected, setting]) => [title, documents, probe, expected, setting ?? {}] as const))('%s', async (_title, documents, probe, expected, setting) => {
    expect(await asked(documents, probe, { ...setting, mode })).toEqual('iptables' in expected ? expected[mode] : expected);
  });
});

describe.each(['iptables', 'nftables'] as const)('session affinity, %s', (mode) => {
  const ways = async (probe: Probe): Promise<number> => (await asked([sticky], probe, { mode })).length;

  test('AFF1 a client keeps its endpoint whichever address of the Service it dials, each node by itself', async () => {
    const after = [before(0)];
    expect([await ways({ ...before(hour), after: [] }), await ways({ ...before(hour), after }), await ways({ from: client, at: 'node/a', ...balancer, now: hour, after }), await ways({ from: client, at: 'node/b', ...balancer, now: hour, after })]).toEqual([2, 1, 1, 2]);
  });

  test('AFF1 another client chooses anew', async () => {
    expect(await ways({ ...before(hour), from: 'ip/203.0.113.77', after: [before(0)] })).toBe(2);
  });

  test('AFF2 three hours by default, and every new connection begins them again', async () => {
    expect([await ways({ ...before(2.9 * hour), after: [before(0)] }), await ways({ ...before(3.1 * hour), after: [before(0)] }), await ways({ ...before(5 * hour), after: [before(0), before(2.5 * hour)] })]).toEqual([1, 2, 1]);
  });

  test('AFF3 nobody looks whether the endpoint still answers', async () => {
    const documents = [service(`type: NodePort, sessionAffinity: ClientIP`, nodePort), slice(`${one('10.244.1.2', 'nodeName: a')}, ${one('10.244.2.9', 'nodeName: b')}`), deaf];
    const tries = await Promise.all([1, 2, 3, 4].map((seed) => asked(documents, { ...before(hour), after: [before(0)] }, { mode, also: [`apiVersion: podhop.dev/v1alpha1\nkind: Sandbox\nmetadata: { name: lab }\nspec: { seed: ${seed} }\n`] })));
    expect([...new Set(tries.flat())].toSorted()).toEqual(['1 api-1 saw 10.244.1.1', '1 refused port-closed']);
  });
});

describe('ipvs, packet by packet', () => {
  test.each<readonly [title: string, documents: readonly string[], probe: Probe, expected: readonly string[]]>([
    ['IPVS4, KPV7 a node that the source ranges leave out is stopped although it dials from the very address', [balanced('Cluster', 'loadBalancerSourceRanges: [198.18.0.0/15], ')], { from: 'node/a', ...balancer }, ['1/2 dropped source-range', '1/2 dropped source-range']],
    ['KPV5 a pod that reaches itself through its Service sees its node', [service('', '{ port: 80 }'), slice(one('10.244.1.2', 'nodeName: a'))], { from: 'pod/api-1', ...clusterIp }, ['1 api-1 saw 10.244.1.1']],
    ['KPV2 with a Local policy nobody bypasses it, not even pods', [balanced('Local')], { from: web, ...balancer }, ['1 api-1 saw 10.244.1.6']],
    ['KPV6 a ping of a Service address is refused', [service(api)], { from: web, to: '10.96.1.1', protocol: 'icmp' }, ['1 refused no-service-port']],
  ])('%s', async (_title, documents, probe, expected) => expect(await asked(documents, probe, { mode: 'ipvs' })).toEqual(expected));
});

describe('kernelspace and socket-lb, packet by packet', () => {
  const two = `${slice(one('10.244.1.2', 'nodeName: a'), '{ port: 8080 }')}---\n${slice(one('10.244.2.2', 'nodeName: b'), '{ port: 8081 }').replace('svc-1', 'svc-2')}`;
  test.each<readonly [title: string, mode: string, documents: readonly string[], probe: Probe, expected: readonly string[]]>([
    ['WIN1 a Local policy asks the endpoints here and shows them the client', 'kernelspace', [balanced('Local')], { from: client, to: 'node/a', port: 30080 }, ['1 api-1 saw 203.0.113.10']],
    ['WIN1 without one here nobody answers', 'kernelspace', [balanced('Local')], { from: client, to: 'node/c', port: 30080 }, ['1 refused port-closed']],
    ['WIN5 a policy has one port for all endpoints, whatever their slices say', 'kernelspace', [service('', '{ port: 80, targetPort: http }'), two], { from: web, ...clusterIp }, ['1/2 api-1 saw 10.244.1.6', '1/2 api-2 saw 10.244.1.6']],
    ['WIN6 affinity never ends', 'kernelspace', [sticky], { ...before(1000 * hour), after: [before(0)] }, ['1 api-1 saw 10.244.1.1']],
    ['SLB3 sockets inside the cluster take the Cluster list, Local policy or not', 'socket-lb', [balanced('Local')], { from: 'node/c', ...balancer }, ['1/2 api-1 saw 192.168.56.13', '1/2 api-2 saw 192.168.56.13']],
    ['SLB3 and an internal Local policy binds them', 'socket-lb', [service(`internalTrafficPolicy: Local, ${api}`)], { from: web, ...clusterIp }, ['1 api-1 saw 10.244.1.6']],
  ])('%s', async (_title, mode, documents, probe, expected) => expect(await asked(documents, probe, { mode })).toEqual(expected));
});
