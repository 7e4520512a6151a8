import { cidr } from '../../base/cidr.ts';
import { ip } from '../../base/ip.ts';
import { mergeFragments } from '../../dataplane/merge-fragments.ts';
import type { Netns } from '../../dataplane/netns.ts';
import type { Cluster, Endpoint, EndpointSlice, Node, Service, ServicePort, Settings } from '../../model/types.ts';
import { labCluster, labNode } from './lab.ts';
import type { Datapath } from '../types.ts';

const thing = { at: null, implied: false } as const;

/** A port named p80: 80/TCP. */
export const servicePort = (over: Partial<ServicePort> = {}): ServicePort => ({ name: 'p80', protocol: 'tcp', port: 80, targetPort: 80, nodePort: 0, appProtocol: '', ...over });

/** A ClusterIP Service `ns/name` with one port, p80. */
export const service = (fullName: string, clusterIp: string, over: Partial<Service> = {}): Service => ({
  ...thing, namespace: fullName.split('/')[0]!, name: fullName.split('/')[1]!, labels: {}, annotations: {}, type: 'ClusterIP', selector: null, clusterIps: [ip(clusterIp)], headless: false, externalName: '',
  externalIps: [], loadBalancer: [], loadBalancerSourceRanges: [], ports: [servicePort()], internalTrafficPolicy: 'Cluster', externalTrafficPolicy: 'Cluster', sessionAffinitySeconds: null,
  healthCheckNodePort: 0, publishNotReadyAddresses: false, trafficDistribution: '', ...over,
});

/** A ready endpoint on a node ('' = none named). */
export const endpoint = (address: string, nodeName = '', over: Partial<Endpoint> = {}): Endpoint =>
  ({ addresses: [address], ready: true, serving: true, terminating: false, nodeName, zone: '', hintZones: [], hintNodes: [], target: null, hostname: '', ...over });

/** The slice of a Service `ns/name` for its port p80. */
export const slice = (fullName: string, endpoints: readonly Endpoint[], over: Partial<EndpointSlice> = {}): EndpointSlice => ({
  ...thing, namespace: fullName.split('/')[0]!, name: `${fullName.split('/')[1]!}-1`, service: fullName.split('/')[1]!, addressType: endpoints[0]?.addresses[0]?.includes(':') ? 'IPv6' : 'IPv4',
  ports: [{ name: 'p80', protocol: 'tcp', port: 80 }], endpoints, headlessLabel: false, ...over,
});

/** One node, a, at 192.168.0.2, in a cluster whose pods are 10/8: the surroundings of kube-proxy's own unit tests. */
export const proxyNode: Node = labNode(1, { addresses: [ip('192.168.0.2')], podCidrs: [cidr('10.0.1.0/24')] });
export const proxyCluster = (services: readonly Service[], endpointSlices: readonly EndpointSlice[], settings: Partial<Settings> = {}): Cluster => labCluster({
  services, endpointSlices, nodes: [proxyNode], pods: [],
  settings: { detectLocal: { kind: 'cluster-cidr', cidrs: [cidr('10.0.0.0/8')] }, podSubnets: [cidr('10.0.0.0/8')], serviceSubnets: [cidr('172.30.0.0/16')], ...settings },
});

const balanced = (address: string) => ({ type: 'LoadBalancer', loadBalancer: [{ ip: ip(address), hostname: '', ipMode: 'VIP' }] } as const);

/** The six Services of kube-proxy's TestOverallIPTablesRules and TestOverallNFTablesRules. */
export const overallCluster = (settings: Partial<Settings> = {}): Cluster => proxyCluster([
  service('ns1/svc1', '172.30.0.41'),
  service('ns2/svc2', '172.30.0.42', { ...balanced('1.2.3.4'), externalTrafficPolicy: 'Local', externalIps: [ip('192.168.99.22')], healthCheckNodePort: 30000, ports: [servicePort({ nodePort: 3001 })] }),
  service('ns3/svc3', '172.30.0.43', { type: 'NodePort', ports: [servicePort({ nodePort: 3003 })] }),
  service('ns4/svc4', '172.30.0.44', { type: 'NodePort', externalIps: [ip('192.168.99.33')] }),
  service('ns5/svc5', '172.30.0.45', { ...balanced('5.6.7.8'), healthCheckNodePort: 30000, loadBalancerSourceRanges: [cidr('203.0.113.0/25')], sessionAffinitySeconds: 10800, ports: [servicePort({ nodePort: 3002 })] }),
  service('ns6/svc6', '172.30.0.46'),
], [
  slice('ns1/svc1', [endpoint('10.180.0.1')]), slice('ns2/svc2', [endpoint('10.180.0.2')]), slice('ns3/svc3', [endpoint('10.180.0.3')]),
  slice('ns4/svc4', [endpoint('10.180.0.4'), endpoint('10.180.0.5', 'a')]), slice('ns5/svc5', [endpoint('10.180.0.3')]),
], settings);

/** What the node's kernel holds because of one datapath alone. */
export function compiledNode(datapath: Datapath, cluster: Cluster, node: Node = cluster.nodes[0]!): Netns {
  const id = `node/${node.name}`;
  const fragment = datapath.compile({ kind: 'node', id, node }, cluster)!;
  return mergeFragments(id, [{ rank: 0, parts: [{ netns: id, kind: 'node', host: id, origin: { by: 'test', why: 'a node' } }] }, fragment]);
}
