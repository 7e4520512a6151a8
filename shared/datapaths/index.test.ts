import { describe, expect, test } from 'vitest';
import { cidr } from '../base/cidr.ts';
import { ip } from '../base/ip.ts';
import { checkDataplane } from '../dataplane/check-dataplane.ts';
import type { Cluster } from '../model/types.ts';
import { compileDataplane } from './index.ts';
import { containerPort, labBalanced, labCluster, labNode, labOutsider, labPod } from './testing/lab.ts';

const dual = { nodes: [1, 2].map((n) => labNode(n, { addresses: [ip(`192.168.56.1${n}`), ip(`fd00:192:168:56::1${n}`)], podCidrs: [cidr(`10.244.${n}.0/24`), cidr(`fd00:10:244:${n}::/64`)] })),
  pods: [labPod('a1', 'a', '', { ips: [ip('10.244.1.10'), ip('fd00:10:244:1::10')] })], settings: { podSubnets: [cidr('10.244.0.0/16'), cidr('fd00:10:244::/56')] } };

const clusters: readonly [string, Cluster][] = [
  ['the lab', labCluster()],
  ['no nodes at all', labCluster({ nodes: [], pods: [] })],
  ['dual stack', labCluster(dual)],
  ['nodes in two subnets, one with a long name', labCluster({ nodes: [labNode(1), labNode(2, { name: 'ip-10-0-77-12.eu-west-1.compute.internal', addresses: [ip('10.0.77.12'), ip('34.1.2.3')] })] })],
  ['pods that keep addresses of another node or of nowhere', labCluster({ pods: [labPod('a1', 'a', '10.244.2.77'), labPod('a2', 'a', '172.17.0.9'), labPod('b1', 'b', '10.244.2.10'), labPod('h', 'a', '192.168.56.11', { hostNetwork: true }), labPod('done', 'a', '10.244.1.3', { phase: 'Succeeded' })] })],
  ['clients on the nodes\' network and on a private one', labCluster({ outsiders: [labOutsider('client', 'near', '192.168.56.1', { routes: [{ dst: cidr('10.96.0.0/12'), via: 'node/a' }] }), labOutsider('client', 'a-client-with-a-very-long-name', '10.9.9.9')] })],
  ['a cloud\'s load balancer', labCluster({ services: [labBalanced('web', '198.51.100.20')] })],
  ['hostPorts', labCluster({ pods: [labPod('a1', 'a', '10.244.1.10', { ports: [containerPort(8080, { hostPort: 80 }), containerPort(53, { protocol: 'udp', hostPort: 5353, hostIp: '192.168.56.11' })] })] })],
  ['routable pods, no masquerade', labCluster({ settings: { podsRoutable: true, masquerade: false } })],
  ['a cut cable', labCluster({ settings: { faults: [{ kind: 'link-cut', a: 'a', b: 'switch/lan' }, { kind: 'node-stopped', node: 'b' }] } })],
];

describe.each(['bridge', 'vxlan', 'routed'] as const)('every kernel of a compiled cluster could exist: %s', (podNetwork) => {
  test.each(clusters)('%s', (_name, cluster) => {
    expect(checkDataplane(compileDataplane({ ...cluster, settings: { ...cluster.settings, podNetwork } }))).toEqual([]);
  });
});

test('A machine is compiled when it is first looked at, and only once', () => {
  const dataplane = compileDataplane(labCluster());
  expect(dataplane.netns('node/a')).toBe(dataplane.netns('node/a'));
  expect(dataplane.netns('node/zz')).toBe(null);
  expect(dataplane.ids).toEqual(['node/a', 'pod/default/a1', 'pod/default/a2', 'node/b', 'pod/default/b1', 'client/internet', 'host/internet', 'switch/lan', 'router/lab', 'switch/outside', 'world/internet']);
});
