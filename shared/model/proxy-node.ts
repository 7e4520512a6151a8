import { cidrContains, cidrFamily, parseCidr, type Cidr } from '../base/cidr.ts';
import { familyOf, ip, type Ip, type IpFamily } from '../base/ip.ts';
import type { Cluster, Node, Settings } from './types.ts';

/** How kube-proxy on one node tells that a packet comes from a pod (LocalTrafficDetector); null = it cannot. */
export type PodSource = { readonly kind: 'cidr'; readonly cidr: Cidr } | { readonly kind: 'interface'; readonly name: string; readonly prefix: boolean } | null;

const firstOf = (cidrs: readonly Cidr[], family: IpFamily): PodSource => {
  const cidr = cidrs.find((c) => cidrFamily(c) === family);
  return cidr === undefined ? null : { kind: 'cidr', cidr };
};

/** The detector of one family on one node; of several CIDRs of a family the first counts (getLocalDetectors, cmd/kube-proxy/app/server_linux.go). */
export function podSource(settings: Settings, node: Node, family: IpFamily): PodSource {
  const detect = settings.detectLocal;
  if (!('name' in detect)) return detect.kind === 'none' ? null : firstOf(detect.kind === 'node-cidr' ? node.podCidrs : detect.cidrs, family);
  return { kind: 'interface', name: detect.name, prefix: detect.kind === 'interface-prefix' };
}

/** Where node ports answer on one node in one family (NodePortAddresses). */
export interface NodePortAddresses {
  /** No restriction: any local address. */
  readonly matchAll: boolean;
  readonly containsLoopback: boolean;
  /** The node's own addresses that the CIDRs hold, 127.0.0.1 or ::1 among them; empty where `matchAll`. */
  readonly addresses: readonly Ip[];
}

const loopback4 = parseCidr('127.0.0.0/8')!;
const loopbackStart = ip('127.0.0.0');

/** Whether the address is a loopback address (127/8 or ::1). */
export const isLoopback = (address: Ip): boolean => (familyOf(address) === 4 ? cidrContains(loopback4, address) : address === '::1');

/**
 * The node port addresses of one family: the CIDRs of that family, everything where there are none, or the node's primary address for `primary`
 * (pkg/proxy/util/nodeport_addresses.go). `fallback` is what an empty setting means in the mode that asks.
 */
export function nodePortAddresses(settings: Settings, node: Node, family: IpFamily, fallback: 'all' | 'primary'): NodePortAddresses {
  const given = settings.nodePortAddresses;
  if (given[0] === 'primary' || (given.length === 0 && fallback === 'primary')) {
    const primary = primaryIp(node, family);
    return { matchAll: false, containsLoopback: false, addresses: primary === null ? [] : [primary] };
  }
  const cidrs = given.map((text) => parseCidr(text)).filter((c): c is Cidr => c !== null && cidrFamily(c) === family);
  if (cidrs.length === 0 || cidrs.some((c) => c.endsWith('/0'))) return { matchAll: true, containsLoopback: family === 4, addresses: [] };
  const own = [ip(family === 4 ? '127.0.0.1' : '::1'), ...node.addresses.filter((a) => familyOf(a) === family)];
  return {
    matchAll: false,
    containsLoopback: family === 4 && cidrs.some((c) => cidrContains(loopback4, c.slice(0, c.indexOf('/')) as Ip) || cidrContains(c, loopbackStart)),
    addresses: own.filter((address, i) => own.indexOf(address) === i && cidrs.some((c) => cidrContains(c, address))),
  };
}

/** The node's first address of a family, kube-proxy's nodeIP; null if it has none. */
export const primaryIp = (node: Node, family: IpFamily): Ip | null => node.addresses.find((a) => familyOf(a) === family) ?? null;

const families = new WeakMap<Cluster, readonly IpFamily[]>();

/** The IP families in which a cluster has Services or pods, and so the ones a node's proxy has rules for. Looked for once per cluster: that there is no IPv6 shows only after the last Service. */
export function proxyFamilies(cluster: Cluster): readonly IpFamily[] {
  const known = families.get(cluster);
  if (known) return known;
  const { podSubnets, serviceSubnets } = cluster.settings;
  const has = (family: IpFamily): boolean =>
    podSubnets.some((c) => cidrFamily(c) === family) || serviceSubnets.some((c) => cidrFamily(c) === family)
    || cluster.services.some((s) => s.clusterIps.some((a) => familyOf(a) === family));
  const found = ([4, 6] as const).filter(has);
  families.set(cluster, found);
  return found;
}
