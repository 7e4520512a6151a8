import { expect, test } from 'vitest';
import { buildCluster } from './build-cluster.ts';
import { manifest, manifestsForTest } from './objects-for-tests.ts';
import { portsOfService } from './service-ports.ts';

const dual = manifest('ClusterConfiguration', 'kubeadm', { networking: { podSubnet: '10.244.0.0/16,fd00:10:244::/56', serviceSubnet: '10.96.0.0/12,fd00:10:96::/108' } });
const both = manifest('Service', 'ns/svc', {
  spec: {
    type: 'LoadBalancer', ipFamilyPolicy: 'RequireDualStack', ipFamilies: ['IPv4', 'IPv6'], clusterIPs: ['10.96.7.7', 'fd00:10:96::7'], clusterIP: '10.96.7.7', externalIPs: ['203.0.113.5', '2001:db8::5'], loadBalancerSourceRanges: ['198.18.0.0/15', '2001:db8:1::/64'],
    ports: [{ name: 'http', port: 80, nodePort: 30080 }, { name: 'dns', port: 53, protocol: 'UDP', nodePort: 30053 }],
  },
  status: { loadBalancer: { ingress: [{ ip: '198.51.100.9' }, { ip: '2001:db8::9' }, { hostname: 'lb.example.com' }] } },
});

test('SVC2 every port is one Service port per family, with the addresses and ranges of that family alone', () => {
  const [service] = buildCluster(manifestsForTest(dual, both)).cluster.services.filter(({ namespace }) => namespace === 'ns');
  const brief = (family: 4 | 6): unknown => portsOfService(service!, family).map(({ name, protocol, clusterIp, externalIps, vips, sourceRanges, nodePort }) => [name, protocol, clusterIp, ...externalIps, ...vips, ...sourceRanges, nodePort]);
  expect([brief(4), brief(6)]).toEqual([
    [['ns/svc:http', 'tcp', '10.96.7.7', '203.0.113.5', '198.51.100.9', '198.18.0.0/15', 30080], ['ns/svc:dns', 'udp', '10.96.7.7', '203.0.113.5', '198.51.100.9', '198.18.0.0/15', 30053]],
    [['ns/svc:http', 'tcp', 'fd00:10:96::7', '2001:db8::5', '2001:db8::9', '2001:db8:1::/64', 30080], ['ns/svc:dns', 'udp', 'fd00:10:96::7', '2001:db8::5', '2001:db8::9', '2001:db8:1::/64', 30053]],
  ]);
});
