import { cidr } from '../../shared/base/cidr.ts';
import { ip } from '../../shared/base/ip.ts';
import type { Cluster, Node, Outsider, Pod, Policy, Service, Settings } from '../../shared/model/types.ts';

/** The cluster of the look's pictures, for tests of the renderer only. */

const made = { at: null, implied: false } as const;

export const node = (name: string, index: number): Node => ({
  ...made, name, labels: {}, addresses: [ip(`192.168.56.${10 + index}`)], podCidrs: [cidr(`10.244.${index}.0/24`)], ready: true, unschedulable: false, taints: [],
});

export const pod = (namespace: string, name: string, on: string, address: string, labels: Record<string, string>, ready = true): Pod => ({
  ...made, namespace, name, labels, node: on, ips: [ip(address)], hostNetwork: false, phase: 'Running', ready, terminating: false, containers: ['main'],
  ports: [{ name: '', port: 8080, protocol: 'tcp', container: 'main' }], hostname: name, subdomain: '', serviceAccount: 'default', dnsPolicy: 'ClusterFirst',
  owner: { kind: 'Deployment', namespace, name: name.replace(/-\d+$/, '') },
});

export const service = (namespace: string, name: string, address: string, port: number, app: string): Service => ({
  ...made, namespace, name, labels: {}, annotations: {}, type: 'ClusterIP', selector: { app }, clusterIps: [ip(address)], headless: false, externalName: '', externalIps: [], loadBalancer: [],
  loadBalancerSourceRanges: [], ports: [{ name: 'http', protocol: 'tcp', port, targetPort: 8080, nodePort: 0, appProtocol: '' }], internalTrafficPolicy: 'Cluster', externalTrafficPolicy: 'Cluster',
  sessionAffinitySeconds: null, healthCheckNodePort: 0, publishNotReadyAddresses: false, trafficDistribution: '',
});

export const outsider = (kind: 'client' | 'host', name: string, address: string): Outsider => ({ ...made, kind, name, addresses: [ip(address)], ports: null, routes: [], dnsNames: [] });

const policy = (name: string, app: string): Policy => ({
  ...made, namespace: 'shop', name, podSelector: { matchLabels: { app }, matchExpressions: [] }, ingress: [{ peers: null, ports: null }], egress: null,
});

export const settings = (podNetwork: Settings['podNetwork']): Settings => ({
  proxyMode: 'iptables', detectLocal: { kind: 'cluster-cidr', cidrs: [cidr('10.244.0.0/16')] }, masqueradeAll: false, localhostNodePorts: true, nodePortAddresses: [], ipvsScheduler: 'rr',
  preferSameTrafficDistribution: false, podSubnets: [cidr('10.244.0.0/16')], serviceSubnets: [cidr('10.96.0.0/12')], dnsDomain: 'cluster.local', podNetwork, enforcesNetworkPolicy: true,
  podsRoutable: false, masquerade: true, loadBalancer: 'cloud', ingressController: 'none', faults: [], seed: 1,
});

/** Nodes a, b, c with web, api, db and coredns, as drawn in the pictures. */
export function pictureCluster(podNetwork: Settings['podNetwork'] = 'vxlan'): Cluster {
  return {
    settings: settings(podNetwork),
    namespaces: ['kube-system', 'shop'].map((name) => ({ ...made, name, labels: {} })),
    nodes: ['a', 'b', 'c'].map((name, i) => node(name, i + 1)),
    workloads: [],
    pods: [
      pod('kube-system', 'coredns-1', 'a', '10.244.1.2', { 'k8s-app': 'kube-dns' }),
      pod('kube-system', 'coredns-2', 'b', '10.244.2.2', { 'k8s-app': 'kube-dns' }),
      pod('shop', 'api-1', 'a', '10.244.1.14', { app: 'api' }),
      pod('shop', 'api-2', 'b', '10.244.2.21', { app: 'api' }),
      pod('shop', 'api-3', 'c', '10.244.3.17', { app: 'api' }),
      pod('shop', 'db-0', 'c', '10.244.3.30', { app: 'db' }),
      pod('shop', 'web-1', 'a', '10.244.1.12', { app: 'web' }),
      pod('shop', 'web-2', 'b', '10.244.2.15', { app: 'web' }),
      pod('shop', 'web-3', 'c', '10.244.3.16', { app: 'web' }, false),
    ],
    services: [service('kube-system', 'kube-dns', '10.96.0.10', 53, 'dns'), service('shop', 'api', '10.96.14.7', 80, 'api'), service('shop', 'db', '10.96.22.9', 5432, 'db')],
    endpointSlices: [],
    policies: [policy('api-from-web', 'api'), policy('db-from-api', 'db')],
    outsiders: [outsider('client', 'internet', '203.0.113.10'), outsider('host', 'internet', '192.0.2.80')],
    notSimulated: [],
  };
}

/** `nodes` nodes and `pods` pods, spread evenly; the shape of a larger cluster without its meaning. */
export function wideCluster(nodes: number, pods: number): Cluster {
  const base = pictureCluster('bridge');
  const names = Array.from({ length: nodes }, (_, i) => `n${String(i + 1).padStart(3, '0')}`);
  return {
    ...base,
    policies: [],
    nodes: names.map((name, i) => ({ ...node(name, 1), addresses: [ip(`192.168.${56 + Math.floor(i / 200)}.${11 + (i % 200)}`)], podCidrs: [cidr(`10.244.${i + 1}.0/24`)] })),
    pods: Array.from({ length: pods }, (_, i) => pod('shop', `w${i % 12}-${i}`, names[i % nodes] ?? '', `10.244.${(i % nodes) + 1}.${2 + Math.floor(i / nodes)}`, { app: `w${i % 12}` })),
  };
}
