import { cidrFamily } from '../base/cidr.ts';
import { familyOf, type Ip, type IpFamily } from '../base/ip.ts';
import { podSuffix, templateHash } from '../base/stable-id.ts';
import { createPodFinder, slicesOfService } from './derive-slices.ts';
import { addressPool, sizeOf } from './ipam.ts';
import { byFullName, byName } from './problems.ts';
import type { Cluster, EndpointSlice, Labels, Namespace, Pod, Service } from './types.ts';

/** What kubeadm calls its cluster DNS, and the label of its pods. */
const dnsNamespace = 'kube-system';
const dnsName = 'kube-dns';
const dnsLabels: Labels = { 'k8s-app': 'kube-dns' };
/** kubeadm's CoreDNS Deployment. */
const replicas = 2;

/** Whether a pod asks the cluster's DNS (dnsPolicy; a hostNetwork pod with ClusterFirst asks its node's resolver). */
export const asksClusterDns = (pod: Pick<Pod, 'dnsPolicy' | 'hostNetwork'>): boolean => pod.dnsPolicy === 'ClusterFirstWithHostNet' || (pod.dnsPolicy === 'ClusterFirst' && !pod.hostNetwork);

/** The cluster's DNS Service: by kubeadm's name, else by the label that every distribution keeps. */
export const dnsServiceOf = (services: readonly Service[]): Service | undefined =>
  services.find((service) => service.namespace === dnsNamespace && service.name === dnsName) ?? services.find((service) => service.labels['k8s-app'] === 'kube-dns' || service.selector?.['k8s-app'] === 'kube-dns');

/**
 * The cluster with the DNS that every cluster has and few manifests show: the Service kube-dns and two CoreDNS pods, as kubeadm makes them, each
 * only where none is given, and none where no pod would ask. The pods take addresses from the end of their nodes' ranges, so that they move nobody.
 */
export function withImpliedDns(cluster: Cluster): Cluster {
  if (cluster.nodes.length === 0 || !cluster.pods.some((pod) => pod.node !== '' && asksClusterDns(pod))) return cluster;
  const given = dnsServiceOf(cluster.services);
  const service = given ?? dnsService(cluster);
  const made = hasServers(cluster, service) ? [] : dnsPods(cluster, service);
  if (given && made.length === 0) return cluster;
  const pods = [...cluster.pods, ...made].toSorted(byFullName);
  const nodes = new Map(cluster.nodes.map((node) => [node.name, node]));
  const families = [...new Set(service.clusterIps.map(familyOf))];
  const slices = slicesOfService(service, families, createPodFinder(pods), nodes).map((slice): EndpointSlice => ({ ...slice, implied: true }));
  const others = cluster.endpointSlices.filter((slice) => slice.namespace !== service.namespace || slice.service !== service.name);
  return {
    ...cluster,
    pods,
    services: given ? cluster.services : [...cluster.services, service].toSorted(byFullName),
    endpointSlices: [...others, ...slices].toSorted(byFullName),
    namespaces: withNamespace(cluster.namespaces, service.namespace),
  };
}

/** The namespaces with this one among them, implied where nobody stated it. */
export const withNamespace = (namespaces: readonly Namespace[], name: string): readonly Namespace[] =>
  namespaces.some((one) => one.name === name) ? namespaces : [...namespaces, { name, labels: { 'kubernetes.io/metadata.name': name }, at: null, implied: true }].toSorted(byName);

/** Whether the documents say who answers: pods, a workload (even of no replica), endpoints, or a Service that selects nobody by itself. */
function hasServers({ pods, workloads, endpointSlices }: Cluster, service: Service): boolean {
  const { selector, namespace } = service;
  if (selector === null) return true;
  const carries = (labels: Labels): boolean => Object.entries(selector).every(([key, value]) => labels[key] === value);
  return pods.some((pod) => pod.namespace === namespace && carries(pod.labels)) || workloads.some((workload) => workload.namespace === namespace && carries(workload.podLabels))
    || endpointSlices.some((slice) => slice.namespace === namespace && slice.service === service.name && slice.at !== service.at);
}

/** The first free address from an offset of the Service range on. */
export function serviceAddress({ settings, services }: Cluster, offset: number): Ip | null {
  const subnet = settings.serviceSubnets[0];
  return subnet === undefined || sizeOf(subnet) <= offset ? null : addressPool(subnet, offset, new Set(services.flatMap((service) => service.clusterIps))).next();
}

/** A plain ClusterIP Service that Podhop made up. */
export const impliedService = (service: Pick<Service, 'namespace' | 'name' | 'labels' | 'selector' | 'clusterIps' | 'ports'>): Service => ({
  ...service, annotations: {}, type: 'ClusterIP', headless: false, externalName: '', externalIps: [], loadBalancer: [], loadBalancerSourceRanges: [], internalTrafficPolicy: 'Cluster',
  externalTrafficPolicy: 'Cluster', sessionAffinitySeconds: null, healthCheckNodePort: 0, publishNotReadyAddresses: false, trafficDistribution: '', at: null, implied: true,
});

function dnsService(cluster: Cluster): Service {
  // kubeadm's tenth address; the next one where a Service has taken it by hand
  const ip = serviceAddress(cluster, 10);
  const port = (name: string, protocol: 'udp' | 'tcp'): Service['ports'][number] => ({ name, protocol, port: 53, targetPort: 53, nodePort: 0, appProtocol: '' });
  return impliedService({ namespace: dnsNamespace, name: dnsName, labels: dnsLabels, selector: dnsLabels, clusterIps: ip === null ? [] : [ip], ports: [port('dns', 'udp'), port('dns-tcp', 'tcp')] });
}

function dnsPods(cluster: Cluster, service: Service): readonly Pod[] {
  const name = `coredns-${templateHash(`CoreDNS ${cluster.settings.dnsDomain}`)}`;
  const container = 'coredns';
  return impliedPods(cluster, replicas, {
    namespace: service.namespace, labels: { ...dnsLabels, ...service.selector }, containers: [container], serviceAccount: 'coredns', dnsPolicy: 'Default',
    ports: [{ name: 'dns', port: 53, protocol: 'udp', container }, { name: 'dns-tcp', port: 53, protocol: 'tcp', container }],
  }, (i) => `${name}-${podSuffix(`${service.namespace}/coredns`, i)}`);
}

/** Pods that Podhop made up, one to a node from the first on, with addresses from the end of each node's ranges. */
export function impliedPods(cluster: Cluster, count: number, like: Pick<Pod, 'namespace' | 'labels' | 'containers' | 'serviceAccount' | 'dnsPolicy' | 'ports'>, nameOf: (i: number) => string): readonly Pod[] {
  const used = new Set<Ip>([...cluster.pods, ...cluster.endpointSlices.flatMap((slice) => slice.endpoints.map((endpoint) => ({ ips: endpoint.addresses as readonly Ip[] })))].flatMap(({ ips }) => ips));
  const fit = cluster.nodes.filter((node) => node.ready && !node.unschedulable && node.taints.every((taint) => taint.effect === 'PreferNoSchedule'));
  const hosts = fit.length > 0 ? fit : cluster.nodes;
  return Array.from({ length: count }, (_, i): Pod => {
    const node = hosts[i % hosts.length]!;
    const families = new Set<IpFamily>();
    const ips = node.podCidrs.flatMap((cidr): readonly Ip[] => {
      if (families.has(cidrFamily(cidr))) return [];
      families.add(cidrFamily(cidr));
      const ip = addressPool(cidr, 2, used).nextFrom(Math.max(0, Math.min(sizeOf(cidr), 0x1_0000) - 8));
      return ip === null ? [] : [ip];
    });
    return {
      ...like, name: nameOf(i), node: node.name, ips, hostNetwork: false, phase: ips.length > 0 ? 'Running' : 'Pending', ready: ips.length > 0 && node.ready, terminating: false,
      hostname: '', subdomain: '', owner: null, at: null, implied: true,
    };
  });
}
