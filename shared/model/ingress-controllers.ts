import { familyOf, type Ip } from '../base/ip.ts';
import type { Cidr } from '../base/cidr.ts';
import { podSuffix, templateHash } from '../base/stable-id.ts';
import { impliedPods, impliedService, serviceAddress, withNamespace } from './coredns-implied.ts';
import { createPodFinder, slicesOfService, targetPortOn } from './derive-slices.ts';
import { buildRouteTable, type RouteTable } from './ingress-match.ts';
import { addressPool } from './ipam.ts';
import { byFullName } from './problems.ts';
import { matchesLabels } from './selectors.ts';
import type { Cluster, EndpointSlice, Ingress, IngressClass, Labels, Pod, Service } from './types.ts';

/** Where the lab's controller lives, and what it is called. */
const labName = 'ingress-controller';
const labLabels: Labels = { app: labName };
/** The IngressClass controllers that are the lab's own. */
const labPrefix = 'podhop.dev/';
/** What sets of Ingress controllers call themselves in `app.kubernetes.io/name`, and in IngressClass. */
const products: readonly (readonly [name: string, controller: string])[] = [
  ['ingress-nginx', 'k8s.io/ingress-nginx'], ['traefik', 'traefik.io/ingress-controller'], ['haproxy-ingress', 'haproxy-ingress.github.io/controller'], ['kubernetes-ingress', 'haproxy.org/ingress-controller'],
  ['nginx-ingress', 'nginx.org/ingress-controller'], ['contour', 'projectcontour.io/ingress-controller'], ['envoy', 'projectcontour.io/ingress-controller'], ['kong', 'ingress-controllers.konghq.com/kong'],
];

/** A controller: the Service in front of it, its pods, and the Ingresses that it claims. */
export interface IngressController {
  readonly service: Service;
  readonly pods: readonly Pod[];
  /** As IngressClasses name it; '' for one that Podhop does not know. */
  readonly controller: string;
  readonly claimed: readonly Ingress[];
  readonly table: RouteTable;
}

/** The class that an Ingress ends up with: its own, else the default at admission (the newest, then the lowest name); null without either. `""` counts as set. */
export function classOf(ingress: Ingress, classes: readonly IngressClass[]): string | null {
  if (ingress.className !== null) return ingress.className;
  const defaults = classes.filter((one) => one.isDefault).toSorted((a, b) => (a.created === b.created ? (a.name < b.name ? -1 : 1) : a.created > b.created ? -1 : 1));
  return defaults[0]?.name ?? null;
}

const productOf = (service: Service): readonly [string, string] | null => {
  const words = [service.labels['app.kubernetes.io/name'], service.selector?.['app.kubernetes.io/name'], service.selector?.['app'], service.selector?.['k8s-app'], service.name];
  const known = products.find(([name]) => words.slice(0, 4).includes(name) || service.name === name || service.name === `${name}-controller`);
  return known ?? (words.some((word) => word?.includes('ingress-controller') || word?.includes('ingressgateway')) ? ['', ''] : null);
};
const waysIn: readonly Service['type'][] = ['LoadBalancer', 'NodePort', 'ClusterIP'];

/** Services of controllers that the documents give, the most open first; admission webhooks are none. */
const givenServices = (services: readonly Service[]): readonly Service[] => services.filter((service) => service.selector !== null && service.type !== 'ExternalName' && !/(admission|webhook|metrics|defaultbackend)$/.test(service.name)
  && service.ports.some((port) => port.protocol === 'tcp' && (port.port === 80 || port.port === 443)) && productOf(service) !== null).toSorted((a, b) => waysIn.indexOf(a.type) - waysIn.indexOf(b.type));

const remembered = new WeakMap<Cluster, readonly IngressController[]>();

/** Every controller of the cluster, the lab's included, with what it claims. */
export function controllersOf(cluster: Cluster): readonly IngressController[] {
  const known = remembered.get(cluster);
  if (known) return known;
  const seen = new Set<string>();
  const made = givenServices(cluster.services).flatMap((service): readonly IngressController[] => {
    const pods = cluster.pods.filter((pod) => pod.namespace === service.namespace && matchesLabels(service.selector ?? {}, pod.labels));
    const key = pods.map((pod) => `${pod.namespace}/${pod.name}`).join();
    // a second Service before the same pods is the same controller
    if (key !== '' && seen.has(key)) return [];
    seen.add(key);
    const controller = service.implied ? labPrefix : productOf(service)![1];
    const claimed = (cluster.ingresses ?? []).filter((ingress) => claims(controller, ingress, cluster.ingressClasses ?? []));
    return [{ service, pods, controller, claimed, table: buildRouteTable(claimed) }];
  });
  remembered.set(cluster, made);
  return made;
}

/** Whether a controller takes an Ingress. The lab's takes those without a class, of its own, and of a class without an IngressClass object (CLI.md). */
function claims(controller: string, ingress: Ingress, classes: readonly IngressClass[]): boolean {
  const name = classOf(ingress, classes);
  const found = classes.find((one) => one.name === name);
  if (controller === labPrefix) return name === null || found === undefined || found.controller.startsWith(labPrefix);
  if (found === undefined) return classes.length === 0 || (name !== null && products.some(([word, own]) => own === controller && word.includes(name)));
  return controller === '' || found.controller === controller;
}

/** The pod's port where this controller expects TLS: what its Service's 443 or `https` leads to; null where that is no port of its own. */
export function tlsPort({ service }: IngressController, pod: Pod): number | null {
  const tcp = service.ports.filter((port) => port.protocol === 'tcp');
  const secure = tcp.find((port) => port.port === 443) ?? tcp.find((port) => port.name === 'https');
  const number = secure ? targetPortOn(pod, secure) : null;
  return number !== null && tcp.every((port) => port === secure || targetPortOn(pod, port) !== number) ? number : null;
}

/** The controller whose pod this is. */
export const controllerAt = (cluster: Cluster, pod: string): IngressController | undefined => controllersOf(cluster).find(({ pods }) => pods.some((one) => `${one.namespace}/${one.name}` === pod));

/** The controller that a request to `ingress` means: one that claims this host, else the first. */
export function controllerFor(cluster: Cluster, host: string): IngressController | undefined {
  const all = controllersOf(cluster);
  return all.find(({ table }) => table.hosts.has(host)) ?? all.find(({ claimed }) => claimed.length > 0) ?? all[0];
}

/** The cluster with the lab's controller where an Ingress exists and nobody is given to serve it: one pod behind a LoadBalancer, or a NodePort Service where there are no load balancers. */
export function withImpliedIngress(cluster: Cluster): Cluster {
  if (cluster.settings.ingressController !== 'lab' || cluster.nodes.length === 0 || givenServices(cluster.services).length > 0) return cluster;
  const container = labName;
  const made = impliedPods(cluster, 1, {
    namespace: labName, labels: labLabels, containers: [container], serviceAccount: labName, dnsPolicy: 'ClusterFirst',
    ports: [{ name: 'http', port: 80, protocol: 'tcp', container }, { name: 'https', port: 443, protocol: 'tcp', container }],
  }, (i) => `${labName}-${templateHash(labName)}-${podSuffix(`${labName}/${labName}`, i)}`);
  const service = labService(cluster);
  const pods = [...cluster.pods, ...made].toSorted(byFullName);
  const slices = slicesOfService(service, [...new Set(service.clusterIps.map(familyOf))], createPodFinder(pods), new Map(cluster.nodes.map((node) => [node.name, node])));
  return {
    ...cluster,
    pods,
    services: [...cluster.services, service].toSorted(byFullName),
    endpointSlices: [...cluster.endpointSlices, ...slices.map((slice): EndpointSlice => ({ ...slice, implied: true }))].toSorted(byFullName),
    namespaces: withNamespace(cluster.namespaces, labName),
  };
}

/** RFC 5737 documentation space, below what load balancers hand out themselves (services.ts). */
const balancerNetwork = '198.51.100.0/24' as Cidr;
const labNodePorts = { http: 30_080, https: 30_443 } as const;

function labService(cluster: Cluster): Service {
  const ip = serviceAddress(cluster, 16);
  const taken = new Set(cluster.services.flatMap((service) => service.ports.map((port) => port.nodePort)));
  const nodePort = (wanted: number): number => (taken.has(wanted) ? nodePort(wanted + 1) : wanted);
  const port = (name: 'http' | 'https', number: number): Service['ports'][number] => ({ name, protocol: 'tcp', port: number, targetPort: name, nodePort: nodePort(labNodePorts[name]), appProtocol: '' });
  const balanced = cluster.settings.loadBalancer !== 'none' && (ip === null || familyOf(ip) === 4);
  const used = new Set<Ip>(cluster.services.flatMap((service) => [...service.externalIps, ...service.loadBalancer.flatMap((entry) => entry.ip ?? [])]));
  const address = balanced ? addressPool(balancerNetwork, 10, used).next() : null;
  return {
    ...impliedService({ namespace: labName, name: labName, labels: labLabels, selector: labLabels, clusterIps: ip === null ? [] : [ip], ports: [port('http', 80), port('https', 443)] }),
    type: balanced ? 'LoadBalancer' : 'NodePort',
    // the client's own address reaches the controller, as the manifests of the common controllers set it
    externalTrafficPolicy: balanced ? 'Local' : 'Cluster',
    healthCheckNodePort: balanced ? nodePort(30_081) : 0,
    loadBalancer: address === null ? [] : [{ ip: address, hostname: '', ipMode: 'VIP' }],
  };
}
