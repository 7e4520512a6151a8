import { cidrContains, parseCidr, type Cidr } from '../base/cidr.ts';
import { compareIps, familyOf, ip, offsetIp, type Ip, type IpFamily } from '../base/ip.ts';
import { baseOf } from '../base/cidr.ts';
import type { Cluster, Node, Outsider } from '../model/types.ts';
import { rememberParts } from '../model/remember-parts.ts';

/** One subnet of the network between the nodes, with the addresses its router and the cloud's load balancer have on it. */
export interface LanSegment { readonly family: IpFamily; readonly cidr: Cidr; readonly router: Ip; readonly loadBalancer: Ip }
export interface Lan { readonly segments: readonly LanSegment[] }

/** The segment that joins router, clients and the rest of the internet: RFC 7335's service continuity prefix, which no real host has, and a piece of the documentation prefix (RFC 3849). */
export const transit = {
  4: { bits: 29, router: ip('192.0.0.1'), world: ip('192.0.0.2'), loadBalancer: ip('192.0.0.3') },
  6: { bits: 64, router: ip('2001:db8:ffff::1'), world: ip('2001:db8:ffff::2'), loadBalancer: ip('2001:db8:ffff::3') },
} as const;

const families: readonly IpFamily[] = [4, 6];
/** A node's InternalIP of a family: the address other nodes know it by. */
export const nodeAddress = (node: Node, family: IpFamily): Ip | undefined => node.addresses.find((address) => familyOf(address) === family);
/** The families that at least one node has an address of. */
export const familiesOf = (cluster: Cluster): readonly IpFamily[] => families.filter((family) => cluster.nodes.some((node) => nodeAddress(node, family) !== undefined));

function segment(family: IpFamily, cidr: Cidr, taken: ReadonlySet<Ip>): LanSegment {
  const free = (from: number, step: number): Ip => {
    let n = from;
    while (taken.has(offsetIp(baseOf(cidr), n))) n += step;
    return offsetIp(baseOf(cidr), n);
  };
  return { family, cidr, router: free(1, 1), loadBalancer: free(254, -1) };
}

function build(cluster: Cluster): Lan {
  const taken = new Set([...[...cluster.nodes, ...cluster.outsiders].flatMap((machine) => machine.addresses), ...cluster.pods.flatMap((pod) => pod.ips)]);
  return { segments: families.flatMap((family) => {
    const found = cluster.nodes.map((node) => nodeAddress(node, family)).filter((a) => a !== undefined).sort(compareIps);
    const cidrs = new Set(found.map((address) => parseCidr(`${address}/${family === 4 ? 24 : 64}`)!));
    return [...cidrs].map((cidr) => segment(family, cidr, taken));
  }) };
}

/** The nodes' network: one wire with the /24s (IPv6: /64s) of the nodes' InternalIPs on it, the router at the first free address of each. */
export const lanOf = rememberParts<Lan>(({ nodes, pods, outsiders }) => [nodes, pods, outsiders], build);

/** The segment an address lies in; undefined for one that is not on the nodes' network. */
export const segmentOf = (lan: Lan, address: Ip): LanSegment | undefined => lan.segments.find((s) => cidrContains(s.cidr, address));
/** Whether an outside machine stands on the nodes' own network instead of behind the router. */
export const isOnLan = (lan: Lan, outsider: Outsider): boolean => outsider.addresses.some((address) => segmentOf(lan, address) !== undefined);
