import { cidrContains, cidrFamily, type Cidr } from '../base/cidr.ts';
import { familyOf, parseIp, type Ip, type IpFamily } from '../base/ip.ts';
import type { Problem } from '../base/problem.ts';
import { fnv1a32 } from '../base/stable-id.ts';
import type { FieldPath, KubeObject } from '../kube/types.ts';
import { addressPool, portPool, sizeOf, type Pool } from './ipam.ts';
import { byFullName, fullName, problemAt } from './problems.ts';
import { draftService, type ServiceDraft } from './service-fields.ts';
import type { Service, ServicePort, Settings } from './types.ts';

/** Where clouds and MetalLB find their addresses: RFC 5737 and RFC 3849 documentation space. */
const balancerNetworks = [{ family: 4, network: '198.51.100.0/24' as Cidr, first: 20 }, { family: 6, network: '2001:db8:51::/64' as Cidr, first: 0x20 }] as const;
/** The default `--service-node-port-range`. */
const firstNodePort = 30_000;
const lastNodePort = 32_767;
/** Service addresses and node ports below these are left for people to choose, as the API server's allocators do (KEP-3070, KEP-3668). */
const staticBand = (size: number): number => Math.min(Math.max(16, Math.floor(size / 16)), 256);
const staticNodePorts = 86;

interface Claims { readonly ips: Map<Ip, Claim>; readonly nodePorts: Map<number, Claim> }
interface Claim { readonly object: KubeObject; readonly path: FieldPath }

interface Allocators {
  readonly clusterIps: readonly { readonly family: IpFamily; readonly band: number; readonly pool: Pool<Ip> }[];
  readonly nodePorts: Pool<number>;
  readonly balancer: readonly { readonly family: IpFamily; readonly pool: Pool<Ip> }[];
}

/** Services with everything the API server and a cloud would allocate. Values that manifests fix are set aside first; the rest follows from each Service's own name, so that a new Service moves no other. */
export function buildServices(objects: readonly KubeObject[], settings: Settings, stated: boolean, avoid: Iterable<Ip>): { readonly drafts: readonly ServiceDraft[]; readonly services: readonly Service[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const families = [...new Set(settings.serviceSubnets.map(cidrFamily))];
  const drafts = objects.filter((object) => object.kind === 'Service').toSorted(byFullName).map((object) => draftService(object, families));
  const claims: Claims = { ips: new Map(), nodePorts: new Map() };
  const kept = drafts.map((draft) => keepGiven(draft, settings, stated, claims, problems));
  const allocators = allocatorsOf(settings, claims, kept, avoid);
  const services = kept.map((draft) => allocate(draft, settings, allocators, problems));
  return { drafts: kept, services, problems };
}

/** Sets the given addresses and node ports aside. Of two Services that want one, the first by name keeps it. */
function keepGiven(draft: ServiceDraft, settings: Settings, stated: boolean, claims: Claims, problems: Problem[]): ServiceDraft {
  const { object, service } = draft;
  const givenClusterIps = draft.givenClusterIps.filter((address) => {
    const path = ['spec', 'clusterIP'];
    if (!settings.serviceSubnets.some((subnet) => cidrContains(subnet, address))) {
      problems.push(problemAt(object, path, stated ? 'error' : 'warning', 'cluster-ip-outside-range', `clusterIP ${address} lies outside the Service range ${settings.serviceSubnets.join(', ')}`, stated ? 'use an address of the range' : 'state the range in a ClusterConfiguration (networking.serviceSubnet)'));
    }
    return claim(claims.ips, address, { object, path }, `clusterIP ${address}`, 'duplicate-cluster-ip', problems);
  });
  const own = new Set<number>();
  const ports = service.ports.map((port, i): ServicePort => {
    if (port.nodePort === 0 || own.has(port.nodePort)) return port;
    // the allocator knows numbers, not protocols; only one Service's own ports may share one
    own.add(port.nodePort);
    const free = claim(claims.nodePorts, port.nodePort, { object, path: ['spec', 'ports', i, 'nodePort'] }, `nodePort ${port.nodePort}`, 'duplicate-node-port', problems);
    return free ? port : { ...port, nodePort: 0 };
  });
  const health = service.healthCheckNodePort;
  const healthFree = health === 0 || claim(claims.nodePorts, health, { object, path: ['spec', 'healthCheckNodePort'] }, `healthCheckNodePort ${health}`, 'duplicate-node-port', problems);
  return { ...draft, givenClusterIps, service: { ...service, ports, healthCheckNodePort: healthFree ? health : 0 } };
}

function claim<T>(claims: Map<T, Claim>, value: T, by: Claim, what: string, code: string, problems: Problem[]): boolean {
  const other = claims.get(value);
  if (other === undefined) {
    claims.set(value, by);
    return true;
  }
  problems.push(problemAt(by.object, by.path, 'error', code, `${what} is already taken by Service ${fullName(other.object)}; ${fullName(by.object)} gets another`, 'change one of them, or leave it out', [
    { what: `Service ${other.object.name} has it`, at: other.object.placeOf(other.path) },
  ]));
  return false;
}

function allocatorsOf(settings: Settings, claims: Claims, drafts: readonly ServiceDraft[], avoid: Iterable<Ip>): Allocators {
  const taken = new Set<Ip>([...claims.ips.keys(), ...wellKnownAddresses(settings).values()]);
  const outside = new Set<Ip>(avoid);
  for (const { service, loadBalancerIp } of drafts) {
    for (const address of [...service.externalIps, ...service.loadBalancer.map((entry) => entry.ip), loadBalancerIp]) if (address) outside.add(address);
  }
  return {
    clusterIps: settings.serviceSubnets.map((subnet) => ({ family: cidrFamily(subnet), band: staticBand(sizeOf(subnet)), pool: addressPool(subnet, 1, taken) })),
    nodePorts: portPool(firstNodePort, lastNodePort, new Set(claims.nodePorts.keys())),
    balancer: balancerNetworks.map(({ family, network, first }) => ({ family, pool: addressPool(network, first, outside) })),
  };
}

/** Addresses kept for their Service even where it is not given: the API server's (first of the range) and kubeadm's cluster DNS (tenth). */
function wellKnownAddresses(settings: Settings): ReadonlyMap<string, Ip> {
  const subnet = settings.serviceSubnets[0];
  if (subnet === undefined) return new Map();
  const at = (offset: number): Ip | null => (sizeOf(subnet) > offset ? addressPool(subnet, offset, new Set()).next() : null);
  const entries: readonly (readonly [string, Ip | null])[] = [['default/kubernetes', at(1)], ['kube-system/kube-dns', at(10)]];
  return new Map(entries.filter((entry): entry is [string, Ip] => entry[1] !== null));
}

function allocate(draft: ServiceDraft, settings: Settings, allocators: Allocators, problems: Problem[]): Service {
  const { service, object } = draft;
  if (service.type === 'ExternalName') return service;
  const key = fullName(service);
  const clusterIps = service.headless ? [] : clusterIpsFor(draft, settings, allocators, problems);
  const port = (name: string): number => allocators.nodePorts.nextFrom(staticNodePorts + (fnv1a32(`${key}/${name}`) % (lastNodePort - firstNodePort + 1 - staticNodePorts))) ?? 0;
  const ports = !draft.wantsNodePorts ? service.ports : service.ports.map((entry) => (entry.nodePort > 0 ? entry : { ...entry, nodePort: port(`${entry.name}/${entry.protocol}/${entry.port}`) }));
  if (ports.some((entry, i) => entry !== service.ports[i] && entry.nodePort === 0)) {
    problems.push(problemAt(object, ['spec', 'ports'], 'error', 'no-node-port', `no node port is left for Service ${key}`, `free one of ${firstNodePort}–${lastNodePort}`));
  }
  const healthCheckNodePort = draft.wantsHealthPort && service.healthCheckNodePort === 0 ? port('health') : service.healthCheckNodePort;
  return { ...service, clusterIps, ports, healthCheckNodePort, loadBalancer: balancerFor(draft, settings, allocators) };
}

function clusterIpsFor(draft: ServiceDraft, settings: Settings, allocators: Allocators, problems: Problem[]): readonly Ip[] {
  const { service, object, families, givenClusterIps } = draft;
  const key = fullName(service);
  const known = wellKnownAddresses(settings).get(key);
  return families.flatMap((family): readonly Ip[] => {
    const given = givenClusterIps.find((address) => familyOf(address) === family);
    if (given) return [given];
    if (known && familyOf(known) === family) return [known];
    const allocator = allocators.clusterIps.find((candidate) => candidate.family === family);
    const size = allocator ? sizeOf(settings.serviceSubnets.find((subnet) => cidrFamily(subnet) === family)!) : 0;
    const made = allocator?.pool.nextFrom(allocator.band + (fnv1a32(`${key}/${family}`) % Math.max(1, size - allocator.band - 2))) ?? null;
    if (made === null) problems.push(problemAt(object, ['spec'], 'error', 'no-cluster-ip', `Service ${key} gets no IPv${family} address: the cluster's Service range has none`, 'add a range of that family to networking.serviceSubnet, or change ipFamilies'));
    return made === null ? [] : [made];
  });
}

/** A given status wins, then `loadBalancerIP`, then the next address of the lab's balancer. */
function balancerFor(draft: ServiceDraft, settings: Settings, allocators: Allocators): Service['loadBalancer'] {
  const { service, families, loadBalancerIp } = draft;
  if (service.type !== 'LoadBalancer' || service.loadBalancer.length > 0 || settings.loadBalancer === 'none') return service.loadBalancer;
  const entry = (ip: Ip): Service['loadBalancer'][number] => ({ ip, hostname: '', ipMode: 'VIP' });
  if (loadBalancerIp) return [entry(loadBalancerIp)];
  const annotated = parseIp(service.annotations['metallb.io/loadBalancerIPs'] ?? service.annotations['metallb.universe.tf/loadBalancerIPs'] ?? '');
  if (annotated && settings.loadBalancer === 'metallb') return [entry(annotated)];
  const made = families.map((family) => allocators.balancer.find((candidate) => candidate.family === family)?.pool.next() ?? null);
  return made.filter((address) => address !== null).map(entry);
}
