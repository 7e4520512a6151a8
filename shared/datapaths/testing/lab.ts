import { cidr } from '../../base/cidr.ts';
import { ip } from '../../base/ip.ts';
import type { Cluster, ContainerPort, Node, Outsider, Pod, Service, Settings } from '../../model/types.ts';

const thing = { at: null, implied: false } as const;

export const settings: Settings = {
  proxyMode: 'iptables', detectLocal: { kind: 'cluster-cidr', cidrs: [cidr('10.244.0.0/16')] }, masqueradeAll: false, localhostNodePorts: true, nodePortAddresses: [], ipvsScheduler: 'rr',
  preferSameTrafficDistribution: false, podSubnets: [cidr('10.244.0.0/16')], serviceSubnets: [cidr('10.96.0.0/12')], dnsDomain: 'cluster.local', podNetwork: 'bridge', enforcesNetworkPolicy: true,
  podsRoutable: false, masquerade: true, loadBalancer: 'cloud', ingressController: 'none', faults: [], seed: 1,
};

/** Node n of the lab: a = 1, b = 2, with CLI.md's addresses. */
export const labNode = (n: number, over: Partial<Node> = {}): Node => ({
  ...thing, name: String.fromCharCode(96 + n), labels: {}, addresses: [ip(`192.168.56.${10 + n}`)], podCidrs: [cidr(`10.244.${n}.0/24`)], ready: true, unschedulable: false, taints: [], ...over,
});

/** A running pod in the namespace default that listens on TCP 8080. */
export const labPod = (name: string, node: string, address: string, over: Partial<Pod> = {}): Pod => ({
  ...thing, namespace: 'default', name, labels: { app: name }, node, ips: address === '' ? [] : [ip(address)], hostNetwork: false, phase: 'Running', ready: true, terminating: false, containers: ['main'],
  ports: [containerPort(8080)], hostname: name, subdomain: '', serviceAccount: 'default', dnsPolicy: 'ClusterFirst', owner: null, ...over,
});

export const containerPort = (port: number, over: Partial<ContainerPort> = {}): ContainerPort => ({ name: '', port, protocol: 'tcp', container: 'main', ...over });

export const labOutsider = (kind: Outsider['kind'], name: string, address: string, over: Partial<Outsider> = {}): Outsider =>
  ({ ...thing, kind, name, addresses: [ip(address)], ports: null, routes: [], dnsNames: [], ...over });

/** A LoadBalancer Service on port 80 with the given address. */
export const labBalanced = (name: string, address: string, over: Partial<Service> = {}): Service => ({
  ...thing, namespace: 'default', name, labels: {}, annotations: {}, type: 'LoadBalancer', selector: { app: name }, clusterIps: [ip('10.96.0.50')], headless: false, externalName: '', externalIps: [],
  loadBalancer: [{ ip: ip(address), hostname: '', ipMode: 'VIP' }], loadBalancerSourceRanges: [], ports: [{ name: '', protocol: 'tcp', port: 80, targetPort: 8080, nodePort: 30080, appProtocol: '' }],
  internalTrafficPolicy: 'Cluster', externalTrafficPolicy: 'Cluster', sessionAffinitySeconds: null, healthCheckNodePort: 0, publishNotReadyAddresses: false, trafficDistribution: '', ...over,
});

/** Two nodes, a pod on each and a second one on a, one client and one host outside. */
export function labCluster(over: Partial<Omit<Cluster, 'settings'>> & { readonly settings?: Partial<Settings> } = {}): Cluster {
  return {
    namespaces: [{ ...thing, name: 'default', labels: {} }], nodes: [labNode(1), labNode(2)], workloads: [],
    pods: [labPod('a1', 'a', '10.244.1.10'), labPod('a2', 'a', '10.244.1.11'), labPod('b1', 'b', '10.244.2.10')],
    services: [], endpointSlices: [], policies: [], outsiders: [labOutsider('client', 'internet', '203.0.113.10'), labOutsider('host', 'internet', '192.0.2.80')], notSimulated: [],
    ...over, settings: { ...settings, ...over.settings },
  };
}
