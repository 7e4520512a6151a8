import { describe, expect, test } from 'vitest';
import { cidr } from '../base/cidr.ts';
import { ip } from '../base/ip.ts';
import { checkDataplane } from '../dataplane/check-dataplane.ts';
import type { Cluster, ProxyMode } from '../model/types.ts';
import { checkDatapaths, compileDataplane, datapathsFor } from './index.ts';
import { labBalanced, labCluster, labNode, labPod } from './testing/lab.ts';
import { endpoint, service, servicePort, slice } from './testing/proxy-cases.ts';

const modes: readonly ProxyMode[] = ['iptables', 'nftables', 'ipvs', 'userspace', 'kernelspace', 'socket-lb'];
const endpoints = [endpoint('10.244.1.10', 'a'), endpoint('10.244.2.10', 'b')];
const here = slice('default/web', endpoints, { ports: [{ name: '', protocol: 'tcp', port: 8080 }] });
const sctp = service('default/sctp', '10.96.0.60', { type: 'NodePort', ports: [servicePort({ protocol: 'sctp', nodePort: 30090 })] });
const dual = {
  nodes: [1, 2].map((n) => labNode(n, { addresses: [ip(`192.168.56.1${n}`), ip(`fd00:192:168:56::1${n}`)], podCidrs: [cidr(`10.244.${n}.0/24`), cidr(`fd00:10:244:${n}::/64`)] })),
  pods: [labPod('a1', 'a', '', { ips: [ip('10.244.1.10'), ip('fd00:10:244:1::10')] })], settings: { podSubnets: [cidr('10.244.0.0/16'), cidr('fd00:10:244::/56')] },
} as const;

const clusters: readonly [string, Cluster][] = [
  ['no Service', labCluster()],
  ['a load balancer with everything', labCluster({ services: [labBalanced('web', '198.51.100.20', { externalIps: [ip('192.168.56.11'), ip('203.0.113.77')], externalTrafficPolicy: 'Local', healthCheckNodePort: 32000, sessionAffinitySeconds: 60, loadBalancerSourceRanges: [cidr('203.0.113.0/24')] })], endpointSlices: [here] })],
  ['nobody behind', labCluster({ services: [labBalanced('web', '198.51.100.20')] })],
  ['SCTP, and two Services with one external IP', labCluster({ services: [sctp, labBalanced('web', '198.51.100.20', { externalIps: [ip('203.0.113.77')] }), labBalanced('more', '198.51.100.20', { clusterIps: [ip('10.96.0.51')], externalIps: [ip('203.0.113.77')] })], endpointSlices: [here] })],
  ['dual stack', labCluster({ ...dual, services: [service('default/six', 'fd00:10:96::5', { type: 'NodePort', ports: [servicePort({ nodePort: 30091 })] }), labBalanced('web', '198.51.100.20')], endpointSlices: [here, slice('default/six', [endpoint('fd00:10:244:1::10', 'a')])] })],
];

describe.each(modes)('every kernel of a compiled cluster could exist: %s', (proxyMode) => {
  test.each(clusters)('%s', (_name, cluster) => {
    expect(checkDataplane(compileDataplane({ ...cluster, settings: { ...cluster.settings, proxyMode } }))).toEqual([]);
  });
  test('the mode has a datapath', () => {
    const cluster = labCluster({ settings: { proxyMode } });
    expect([datapathsFor(cluster).filter(({ provides }) => provides.includes('services')).length, checkDatapaths(cluster)]).toEqual([1, []]);
  });
});

test.each<readonly [ProxyMode, readonly string[]]>([
  ['iptables', []], ['ipvs', []],
  ['kernelspace', ['Service default/sctp has an SCTP port, which kernelspace mode has no policy for', 'loadBalancerSourceRanges of Service default/web are not simulated in kernelspace mode: everybody is admitted']],
  ['userspace', ['loadBalancerSourceRanges of Service default/web are not simulated in userspace mode: everybody is admitted']],
  ['socket-lb', ['loadBalancerSourceRanges of Service default/web are not simulated in socket-lb mode: everybody is admitted']],
])('WIN3 %s says up front what it cannot model', (proxyMode, said) => {
  const cluster = labCluster({ services: [sctp, labBalanced('web', '198.51.100.20', { loadBalancerSourceRanges: [cidr('203.0.113.0/24')] })], endpointSlices: [here], settings: { proxyMode } });
  expect(checkDatapaths(cluster).map(({ what }) => what)).toEqual(said);
});
