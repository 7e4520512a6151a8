import { describe, expect, test } from 'vitest';
import { cidr } from '../base/cidr.ts';
import { ip, type Ip } from '../base/ip.ts';
import type { NetnsId } from '../dataplane/ids.ts';
import { emptyState, send } from '../engine/send.ts';
import type { Cluster } from '../model/types.ts';
import { compileDataplane } from './index.ts';
import { containerPort, labBalanced, labCluster, labNode, labOutsider, labPod } from './testing/lab.ts';

interface Ask { readonly from: NetnsId; readonly src: string; readonly dst: string; readonly port?: number }

/** `way: fate as source` of every branch; and the reply's fate where it is not delivered. */
function fates(cluster: Cluster, { from, src, dst, port = 8080 }: Ask): readonly string[] {
  const packet = { src: ip(src), dst: ip(dst), ttl: 64, l4: { proto: 'tcp', sport: 40_000, dport: port, flags: 'syn' } } as const;
  const { branches } = send(compileDataplane(cluster), { from, packet }, emptyState(), { mode: 'all' });
  return branches.map(({ trace }) => {
    const way = trace.hops.map((hop) => hop.netns.replace(/^switch\//, '~')).join(' ');
    const { outcome } = trace;
    const seen = outcome.kind === 'delivered' ? ` from ${outcome.as.src}` : '';
    const back = trace.reply && trace.reply.outcome.kind !== 'delivered' ? `, reply ${trace.reply.outcome.kind} at ${'at' in trace.reply.outcome ? trace.reply.outcome.at : ''}` : '';
    return `${way}: ${outcome.kind}${seen}${back}`;
  });
}

const a1: Pick<Ask, 'from' | 'src'> = { from: 'pod/default/a1', src: '10.244.1.10' };
const client: Pick<Ask, 'from' | 'src'> = { from: 'client/internet', src: '203.0.113.10' };
const lab = labCluster();

describe('the wiring carries packets (kernel-lab §2)', () => {
  test.each<[string, Cluster, Ask, readonly string[]]>([
    ['pod to pod on one node: over the bridge, source kept', lab, { ...a1, dst: '10.244.1.11' }, ['pod/default/a1 node/a pod/default/a2: delivered from 10.244.1.10']],
    ['pod to pod on another node: routed, source kept', lab, { ...a1, dst: '10.244.2.10' }, ['pod/default/a1 node/a ~lan node/b pod/default/b1: delivered from 10.244.1.10']],
    ['pod to an outside host: leaves with the node\'s address', lab, { ...a1, dst: '192.0.2.80' }, ['pod/default/a1 node/a ~lan router/lab ~outside host/internet: delivered from 192.168.56.11']],
    ['pod to anywhere on the internet', lab, { ...a1, dst: '8.8.8.8', port: 443 }, ['pod/default/a1 node/a ~lan router/lab ~outside world/internet: left-cluster']],
    ['without masquerade the answer has no way back', labCluster({ settings: { masquerade: false } }), { ...a1, dst: '8.8.8.8' }, ['pod/default/a1 node/a ~lan router/lab ~outside world/internet: left-cluster, reply blackhole at world/internet']],
    ['unless pods are routable', labCluster({ settings: { masquerade: false, podsRoutable: true } }), { ...a1, dst: '8.8.8.8' }, ['pod/default/a1 node/a ~lan router/lab ~outside world/internet: left-cluster']],
    ['client to a pod: no route outside', lab, { ...client, dst: '10.244.1.10' }, ['client/internet ~outside router/lab: blackhole']],
    ['a ClusterIP that nobody has is lost at the router', lab, { ...a1, dst: '10.96.7.7' }, ['pod/default/a1 node/a ~lan router/lab: blackhole']],
    ['a pod reaches its own node', lab, { ...a1, dst: '192.168.56.11' }, ['pod/default/a1 node/a: refused']],
    ['a pod reaches another node with its own node\'s address', lab, { ...a1, dst: '192.168.56.12' }, ['pod/default/a1 node/a ~lan node/b: refused']],
    ['an address that no pod has', lab, { ...a1, dst: '10.244.2.99' }, ['pod/default/a1 node/a ~lan node/b: no-neighbour']],
    ['a pod that keeps an address of another node', labCluster({ pods: [labPod('a1', 'a', '10.244.1.10'), labPod('b1', 'b', '10.244.2.10'), labPod('odd', 'a', '10.244.2.77')] }), { from: 'pod/default/b1', src: '10.244.2.10', dst: '10.244.2.77' },
      ['pod/default/b1 node/b ~lan node/a pod/default/odd: delivered from 10.244.2.10']],
    ['a pod with an address of nowhere', labCluster({ pods: [labPod('a1', 'a', '10.244.1.10'), labPod('odd', 'b', '172.17.0.9')] }), { ...a1, dst: '172.17.0.9' }, ['pod/default/a1 node/a ~lan node/b pod/default/odd: delivered from 10.244.1.10']],
    ['nodes in two subnets are still on one wire', labCluster({ nodes: [labNode(1), labNode(2, { addresses: [ip('10.0.77.12')] })] }), { ...a1, dst: '10.244.2.10' }, ['pod/default/a1 node/a ~lan node/b pod/default/b1: delivered from 10.244.1.10']],
    ['a client on the nodes\' own network', labCluster({ outsiders: [labOutsider('client', 'near', '192.168.56.90')] }), { from: 'pod/default/a1', src: '10.244.1.10', dst: '192.168.56.90' }, ['pod/default/a1 node/a ~lan client/near: delivered from 192.168.56.11']],
    ['its static route to the pods', labCluster({ outsiders: [labOutsider('client', 'near', '192.168.56.90', { routes: [{ dst: cidr('10.244.1.0/24'), via: 'node/a' }] })] }), { from: 'client/near', src: '192.168.56.90', dst: '10.244.1.10' }, ['client/near ~lan node/a pod/default/a1: delivered from 192.168.56.90']],
    ['hostPort', labCluster({ pods: [labPod('a1', 'a', '10.244.1.10', { ports: [containerPort(8080, { hostPort: 8888 })] })] }), { ...client, dst: '192.168.56.11', port: 8888 }, ['client/internet ~outside router/lab ~lan node/a pod/default/a1: delivered from 203.0.113.10']],
    ['a cut cable', labCluster({ settings: { faults: [{ kind: 'link-cut', a: 'node/b', b: 'switch/lan' }] } }), { ...a1, dst: '10.244.2.10' }, ['pod/default/a1 node/a ~lan: link-cut']],
    ['a stopped node', labCluster({ settings: { faults: [{ kind: 'node-stopped', node: 'b' }] } }), { ...a1, dst: '10.244.2.10' }, ['pod/default/a1 node/a ~lan node/b: host-down']],
    ['a cut route', labCluster({ settings: { faults: [{ kind: 'route-cut', on: 'node/a', dst: '10.244.2.0/24' }] } }), { ...a1, dst: '10.244.2.10' }, ['pod/default/a1 node/a ~lan router/lab: blackhole']],
    ['a fabric that eats the port', labCluster({ settings: { faults: [{ kind: 'fabric-blocks', protocol: 'tcp', port: 8080 }] } }), { ...a1, dst: '10.244.2.10' }, ['pod/default/a1 node/a: fabric-blocked']],
  ])('%s', (_name, cluster, ask, expected) => {
    expect(fates(cluster, ask)).toEqual(expected);
  });
});

describe.each([
  ['bridge', '10.244.1.1', '192.168.56.11'], ['vxlan', '10.244.1.1', '10.244.1.0'], ['routed', '192.168.56.11', '192.168.56.11'],
] as const)('on every pod network the same answers, and the addresses each shows (kernel-lab §2): %s', (podNetwork, toLocal, toRemote) => {
  const web = labBalanced('web', '198.51.100.20', { type: 'ClusterIP', loadBalancer: [], clusterIps: [ip('10.96.0.50')] });
  const behind = (address: string, nodeName: string): Cluster => labCluster({
    services: [web], settings: { podNetwork },
    endpointSlices: [{ at: null, implied: false, namespace: 'default', name: 'web-1', service: 'web', addressType: 'IPv4', ports: [{ name: '', protocol: 'tcp', port: 8080 }], headlessLabel: false,
      endpoints: [{ addresses: [address], ready: true, serving: true, terminating: false, nodeName, zone: '', hintZones: [], hintNodes: [], target: null, hostname: '' }] }],
  });
  const plain = labCluster({ settings: { podNetwork } });
  const node: Pick<Ask, 'from' | 'src'> = { from: 'node/a', src: '192.168.56.11' };
  test.each<[string, Cluster, Ask, readonly string[]]>([
    ['pod to pod on one node', plain, { ...a1, dst: '10.244.1.11' }, ['pod/default/a1 node/a pod/default/a2: delivered from 10.244.1.10']],
    ['pod to pod on another node', plain, { ...a1, dst: '10.244.2.10' }, ['pod/default/a1 node/a ~lan node/b pod/default/b1: delivered from 10.244.1.10']],
    ['pod to an outside host', plain, { ...a1, dst: '192.0.2.80' }, ['pod/default/a1 node/a ~lan router/lab ~outside host/internet: delivered from 192.168.56.11']],
    ['ClusterIP with a pod here', behind('10.244.1.11', 'a'), { ...a1, dst: '10.96.0.50', port: 80 }, ['pod/default/a1 node/a pod/default/a2: delivered from 10.244.1.10']],
    ['ClusterIP with a pod elsewhere', behind('10.244.2.10', 'b'), { ...a1, dst: '10.96.0.50', port: 80 }, ['pod/default/a1 node/a ~lan node/b pod/default/b1: delivered from 10.244.1.10']],
    ['hairpin: the pod never sees itself as its client', behind('10.244.1.10', 'a'), { ...a1, dst: '10.96.0.50', port: 80 }, [`pod/default/a1 node/a pod/default/a1: delivered from ${toLocal}`]],
    ['the node to a ClusterIP with a pod here', behind('10.244.1.11', 'a'), { ...node, dst: '10.96.0.50', port: 80 }, [`node/a pod/default/a2: delivered from ${toLocal}`]],
    ['the node to a ClusterIP with a pod elsewhere', behind('10.244.2.10', 'b'), { ...node, dst: '10.96.0.50', port: 80 }, [`node/a ~lan node/b pod/default/b1: delivered from ${toRemote}`]],
  ])('%s', (_name, cluster, ask, expected) => {
    expect(fates(cluster, ask)).toEqual(expected);
  });
});

describe('load balancers', () => {
  const web = labBalanced('web', '198.51.100.20');
  const slice = (ips: readonly (readonly [string, string])[]): Cluster['endpointSlices'] => [{
    at: null, implied: false, namespace: 'default', name: 'web-1', service: 'web', addressType: 'IPv4', ports: [{ name: '', protocol: 'tcp', port: 8080 }], headlessLabel: false,
    endpoints: ips.map(([address, nodeName]) => ({ addresses: [address], ready: true, serving: true, terminating: false, nodeName, zone: '', hintZones: [], hintNodes: [], target: null, hostname: '' })),
  }];
  const one = slice([['10.244.2.10', 'b']]);
  const ways = (cluster: Cluster, dst: Ip, port: number): readonly string[] => fates(cluster, { ...client, dst, port });

  test('a cloud\'s balancer hands the connection to any ready node, destination unchanged; kube-proxy there does the rest', () => {
    expect(ways(labCluster({ services: [web], endpointSlices: one }), ip('198.51.100.20'), 80)).toEqual([
      'client/internet ~outside router/lab ~outside lb/cloud ~lan node/a ~lan node/b pod/default/b1: delivered from 192.168.56.11',
      'client/internet ~outside router/lab ~outside lb/cloud ~lan node/b pod/default/b1: delivered from 10.244.2.1',
    ]);
  });
  test('with externalTrafficPolicy Local only nodes with a ready pod pass the health check, and the client stays visible', () => {
    expect(ways(labCluster({ services: [{ ...web, externalTrafficPolicy: 'Local' }], endpointSlices: one }), ip('198.51.100.20'), 80)).toEqual([
      'client/internet ~outside router/lab ~outside lb/cloud ~lan node/b pod/default/b1: delivered from 203.0.113.10',
    ]);
  });
  test('a port without a listener is dropped by the balancer', () => {
    expect(ways(labCluster({ services: [web], endpointSlices: one }), ip('198.51.100.20'), 81)).toEqual(['client/internet ~outside router/lab ~outside lb/cloud: dropped']);
  });
  test('no healthy node', () => {
    expect(ways(labCluster({ services: [{ ...web, externalTrafficPolicy: 'Local' }], endpointSlices: slice([]) }), ip('198.51.100.20'), 80)).toEqual(['client/internet ~outside router/lab ~outside lb/cloud: blackhole']);
  });
  test('MetalLB: one node answers', () => {
    expect(ways(labCluster({ services: [web], endpointSlices: one, settings: { loadBalancer: 'metallb' } }), ip('198.51.100.20'), 80)).toHaveLength(1);
  });
  test('none: nobody has the address, so it is somewhere on the internet', () => {
    expect(ways(labCluster({ services: [web], endpointSlices: one, settings: { loadBalancer: 'none' } }), ip('198.51.100.20'), 80)).toEqual(['client/internet ~outside router/lab ~outside world/internet: left-cluster']);
  });
});
