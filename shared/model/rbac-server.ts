import { familyOf, type Ip } from '../base/ip.ts';
import { asksClusterDns, impliedService, serviceAddress, withNamespace } from './coredns-implied.ts';
import { byFullName } from './problems.ts';
import type { Cluster, EndpointSlice, Node } from './types.ts';

/** Where the API server listens (`--secure-port`). */
const securePort = 6443;
const name = 'kubernetes';
const namespace = 'default';
const roles = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'];

/** The nodes that run an API server: the control plane's, or in a lab without one its first node. */
const servers = (nodes: readonly Node[]): readonly Node[] => {
  const labelled = nodes.filter((node) => roles.some((role) => node.labels[role] !== undefined));
  return labelled.length > 0 ? labelled : nodes.slice(0, 1);
};

/** The cluster with the Service kubernetes.default, which the API server makes for itself (pkg/controlplane/reconcilers: addresses without a nodeName, so local nowhere), where no document gives it and some pod could ask. */
export function withApiServer(cluster: Cluster): Cluster {
  if (cluster.services.some((service) => service.namespace === namespace && service.name === name) || !cluster.pods.some((pod) => pod.node !== '' && asksClusterDns(pod))) return cluster;
  const ip = serviceAddress(cluster, 1);
  if (ip === null) return cluster;
  const port = { name: 'https', protocol: 'tcp', port: 443, targetPort: securePort, nodePort: 0, appProtocol: '' } as const;
  const service = impliedService({ namespace, name, labels: { component: 'apiserver', provider: 'kubernetes' }, selector: null, clusterIps: [ip], ports: [port] });
  const slice: EndpointSlice = {
    namespace, name, service: name, addressType: familyOf(ip) === 4 ? 'IPv4' : 'IPv6', ports: [{ name: 'https', protocol: 'tcp', port: securePort }], headlessLabel: false, at: null, implied: true,
    endpoints: servers(cluster.nodes).flatMap((node) => node.addresses.filter((address) => familyOf(address) === familyOf(ip)).slice(0, 1).map((address) => ({
      addresses: [address], ready: true, serving: true, terminating: false, nodeName: '', zone: '', hintZones: [], hintNodes: [], target: null, hostname: '',
    }))),
  };
  return { ...cluster, services: [...cluster.services, service].toSorted(byFullName), endpointSlices: [...cluster.endpointSlices, slice].toSorted(byFullName), namespaces: withNamespace(cluster.namespaces, namespace) };
}

/** Whether this is where an API server listens: an endpoint of kubernetes.default. */
export const isApiServer = (cluster: Cluster, ip: Ip, port: number): boolean =>
  cluster.endpointSlices.some((slice) => slice.namespace === namespace && slice.service === name && slice.ports.some((one) => one.port === port) && slice.endpoints.some((endpoint) => endpoint.addresses.includes(ip)));

/** The names in an API server's certificate (kubeadm): its Service's names, and the addresses under which it is reached. */
export function isApiServerName({ settings, services }: Cluster, host: string): boolean {
  const names = [name, `${name}.${namespace}`, `${name}.${namespace}.svc`, `${name}.${namespace}.svc.${settings.dnsDomain}`, 'localhost', '127.0.0.1'];
  const own = services.find((service) => service.namespace === namespace && service.name === name)?.clusterIps ?? [];
  return names.includes(host) || own.some((ip) => ip === host);
}
