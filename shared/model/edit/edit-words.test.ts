import { describe, expect, test } from 'vitest';
import { buildCluster } from '../build-cluster.ts';
import { manifest, manifestsForTest } from '../objects-for-tests.ts';
import type { Fault, Service } from '../types.ts';
import { serviceTitle } from './service-words.ts';
import { faultTitle, sandboxTitle } from './setting-words.ts';
import type { SandboxFields, ServiceFields } from './types.ts';

const { cluster } = buildCluster(manifestsForTest(manifest('Service', 'cart', { spec: { type: 'NodePort', selector: { app: 'cart' }, ports: [{ name: 'http', port: 80, targetPort: 8080, nodePort: 30080 }, { name: 'dns', port: 53, protocol: 'UDP' }] } })));
const cart = cluster.services.find(({ name }) => name === 'cart') as Service;
const [http, dns] = [{ name: 'http', port: 80, targetPort: 8080, nodePort: 30080 }, { name: 'dns', port: 53, targetPort: 53, protocol: 'UDP' as const, nodePort: cart.ports[1]!.nodePort }];

describe('a change of a Service is called', () => {
  test.each<[ServiceFields, string]>([
    [{ type: 'NodePort' }, 'Type NodePort of cart'],
    [{ ports: [{ ...http, port: 81 }, dns] }, 'Port 81 of cart, was 80'],
    [{ ports: [{ ...http, targetPort: 'web' }, dns] }, 'Target web of port 80 of cart'],
    [{ ports: [{ ...http, nodePort: 30081 }, dns] }, 'Node port 30081 for port 80 of cart'],
    [{ ports: [{ name: 'http', port: 80, targetPort: 8080 }, dns] }, 'No fixed node port for port 80 of cart'],
    [{ ports: [{ ...http, name: 'web' }, dns] }, 'Port 80 of cart'],
    [{ ports: [http] }, 'No port 53 of cart'],
    [{ ports: [http, dns, { name: 'tls', port: 443 }] }, 'New port 443 of cart'],
    [{ ports: [{ ...http, port: 81 }, { ...dns, port: 54 }] }, 'Ports of cart'],
    [{ externalTrafficPolicy: 'Local' }, 'External traffic policy Local of cart'],
    [{ externalTrafficPolicy: null }, 'Default external traffic policy of cart'],
    [{ internalTrafficPolicy: 'Cluster' }, 'Internal traffic policy Cluster of cart'],
    [{ internalTrafficPolicy: null }, 'Default internal traffic policy of cart'],
    [{ sessionAffinitySeconds: 10_800 }, 'Session affinity of cart for 3 h'],
    [{ sessionAffinitySeconds: 600 }, 'Session affinity of cart for 10 min'],
    [{ sessionAffinitySeconds: 90 }, 'Session affinity of cart for 90 s'],
    [{ sessionAffinitySeconds: null }, 'No session affinity of cart'],
    [{ externalName: 'db.example' }, 'External name db.example of cart'],
    [{ externalIPs: ['203.0.113.7', '203.0.113.8'] }, 'External IPs 203.0.113.7, 203.0.113.8 of cart'],
    [{ externalIPs: null }, 'No external IPs of cart'],
    [{ loadBalancerSourceRanges: ['10.0.0.0/8'] }, 'Load balancer source ranges 10.0.0.0/8 of cart'],
    [{ loadBalancerSourceRanges: [] }, 'No load balancer source ranges of cart'],
    [{ publishNotReadyAddresses: true }, 'Names of cart also for pods that are not ready'],
    [{ publishNotReadyAddresses: null }, 'Names of cart for ready pods only'],
    [{ trafficDistribution: 'PreferClose' }, 'Traffic distribution PreferClose of cart'],
    [{ trafficDistribution: null }, 'No traffic distribution of cart'],
    [{ clusterIP: 'None' }, 'No cluster IP of cart'],
    [{ clusterIP: '10.96.0.9' }, 'Cluster IP 10.96.0.9 of cart'],
    [{ clusterIP: null }, 'An allocated cluster IP of cart'],
    [{ type: 'LoadBalancer', externalTrafficPolicy: 'Local', sessionAffinitySeconds: 60 }, 'Type LoadBalancer, external traffic policy Local, session affinity for 1 min of cart'],
  ])('%j: %s', (fields, title) => expect(serviceTitle(cart, fields)).toBe(title));
});

describe('a fault is called, put in and taken out', () => {
  test.each<[Fault, string, string]>([
    [{ kind: 'link-cut', a: 'node/b', b: 'switch/lan' }, 'Cut the cable of node b', 'Mend the cable of node b'],
    [{ kind: 'link-cut', a: 'node/b', b: 'pod/shop/web' }, 'Cut the cable of web', 'Mend the cable of web'],
    [{ kind: 'link-cut', a: 'b', b: 'switch/lan' }, 'Cut the cable of node b', 'Mend the cable of node b'],
    [{ kind: 'link-cut', a: 'switch/lan', b: 'router/lab' }, 'Cut the cable of the router', 'Mend the cable of the router'],
    [{ kind: 'route-cut', on: 'node/a', dst: '10.244.2.0/24' }, 'Cut the route of node a to the pods of node b (10.244.2.0/24)', 'Mend the route of node a to the pods of node b (10.244.2.0/24)'],
    [{ kind: 'route-cut', on: 'pod/shop/web', dst: 'default' }, 'Cut the route of web to everywhere else', 'Mend the route of web to everywhere else'],
    [{ kind: 'node-stopped', node: 'b' }, 'Stop node b', 'Start node b'],
    [{ kind: 'stale-kube-proxy', node: 'b' }, 'Stop kube-proxy on node b', 'Start kube-proxy on node b'],
    [{ kind: 'br-netfilter-off', node: 'b' }, 'Turn off br_netfilter on node b', 'Turn on br_netfilter on node b'],
    [{ kind: 'hairpin-off', node: 'b' }, 'Turn off hairpin mode on node b', 'Turn on hairpin mode on node b'],
    [{ kind: 'mtu', on: 'node/a', bytes: 1400 }, 'Lower the MTU of eth0 to 1400 on node a', 'Restore the MTU of eth0 on node a'],
    [{ kind: 'fabric-blocks', protocol: 'udp', port: 8472 }, 'Block UDP port 8472 between machines', 'Let through UDP port 8472 between machines'],
  ])('%j: %s', (fault, put, taken) => expect([faultTitle(fault, true, cluster), faultTitle(fault, false, cluster)]).toEqual([put, taken]));
});

describe('a setting of the sandbox is called', () => {
  test.each<[SandboxFields, string]>([
    [{ podNetwork: 'vxlan' }, 'Use the vxlan pod network'],
    [{ enforcesNetworkPolicy: false }, 'Let the pod network ignore policies'],
    [{ podsRoutable: true }, 'Make pod addresses routable outside the nodes'],
    [{ masquerade: true }, 'Masquerade what pods send outside'],
    [{ loadBalancer: 'metallb' }, 'Use MetalLB'],
    [{ ingressController: 'none' }, 'Use no Ingress controller'],
    [{ seed: 7 }, 'Roll with seed 7'],
    [{ podNetwork: null, masquerade: false }, 'Use the default pod network, send what pods send outside with their own addresses'],
  ])('%j: %s', (fields, title) => expect(sandboxTitle(fields)).toBe(title));
});
