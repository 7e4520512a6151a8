import { baseOf, cidrContains, cidrFamily, prefixLength, type Cidr } from '../base/cidr.ts';
import { familyOf, parseIp, toU32, type Ip } from '../base/ip.ts';
import { fnv1a32 } from '../base/stable-id.ts';
import type { ObjectRef } from '../base/object-ref.ts';
import type { IfName, NetnsId } from '../dataplane/ids.ts';
import type { Cluster, Node, Outsider, Pod } from '../model/types.ts';
import { lanOf, segmentOf } from './lan.ts';
import { hasNetns, podVeth } from './naming.ts';
import { netnsOfPod } from '../model/describe.ts';
import { rememberParts } from '../model/remember-parts.ts';
import { privateSpace } from './wiring.ts';

/** Something with a namespace of its own on a node's pod network: a pod, or the addresses that an EndpointSlice names and no pod has. */
export interface Station { readonly netns: NetnsId; readonly veth: IfName; readonly ips: readonly Ip[]; readonly for: ObjectRef; readonly what: string; readonly pod: Pod | null }

interface Stations {
  readonly byNode: ReadonlyMap<string, readonly Station[]>;
  readonly outsiders: readonly Outsider[];
}

const podStation = (pod: Pod): Station =>
  ({ netns: netnsOfPod(pod), veth: podVeth(pod), ips: pod.ips, for: { kind: 'Pod', namespace: pod.namespace, name: pod.name }, what: `Pod ${pod.name}`, pod });

/** Endpoint addresses that no pod, node or outside machine has, with the node that the slice says they are on ('' where it says none). */
function unownedAddresses(cluster: Cluster): ReadonlyMap<Ip, string> {
  const owned = new Set<Ip>([...cluster.pods, ...cluster.nodes.map((n) => ({ ips: n.addresses })), ...cluster.outsiders.map((o) => ({ ips: o.addresses }))].flatMap((x) => x.ips));
  const found = new Map<Ip, string>();
  for (const slice of cluster.endpointSlices) {
    for (const endpoint of slice.addressType === 'FQDN' ? [] : slice.endpoints) {
      const address = endpoint.addresses[0] === undefined ? null : parseIp(endpoint.addresses[0]);
      if (address && !owned.has(address) && (found.get(address) ?? '') === '') found.set(address, endpoint.nodeName);
    }
  }
  return found;
}

const standIn = (name: string, addresses: readonly Ip[]): Outsider =>
  ({ kind: 'host', name, addresses, ports: null, routes: [], dnsNames: [], at: null, implied: true });

function build(cluster: Cluster): Stations {
  const byNode = new Map<string, Station[]>(cluster.nodes.map((node) => [node.name, []]));
  for (const pod of cluster.pods) if (hasNetns(pod)) byNode.get(pod.node)?.push(podStation(pod));
  const onNode = new Map<string, Ip[]>();
  const onLan: Ip[] = [];
  const far: Ip[] = [];
  const nodeOf = nodeFinder(cluster.nodes);
  for (const [address, nodeName] of unownedAddresses(cluster)) {
    const node = nodeOf(address) ?? (byNode.has(nodeName) ? nodeName : null);
    if (node !== null) push(onNode, node, address);
    else if (segmentOf(lanOf(cluster), address)) onLan.push(address);
    // A public address needs no machine of its own: the rest of the internet answers for it.
    else if (privateSpace.some((space) => cidrContains(space, address))) far.push(address);
  }
  for (const [node, ips] of onNode) {
    byNode.get(node)!.push({ netns: `endpoints/${node}`, veth: `veth${fnv1a32(node).toString(16).padStart(8, '0')}`, ips, for: { kind: 'Node', name: node }, what: 'An endpoint address that no pod has', pod: null });
  }
  const outsiders = [...(onLan.length > 0 ? [standIn('endpoints-lan', onLan)] : []), ...(far.length > 0 ? [standIn('endpoints', far)] : [])];
  return { byNode, outsiders: outsiders.length === 0 ? cluster.outsiders : [...cluster.outsiders, ...outsiders] };
}

function push(lists: Map<string, Ip[]>, key: string, address: Ip): void {
  const list = lists.get(key);
  if (list) list.push(address);
  else lists.set(key, [address]);
}

/** Which node's pod CIDR holds an address; one look-up per prefix length that IPv4 CIDRs have, however many nodes there are. */
function nodeFinder(nodes: readonly Node[]): (address: Ip) => string | null {
  const byBits = new Map<number, Map<number, string>>();
  const others: { readonly cidr: Cidr; readonly name: string }[] = [];
  for (const { name, podCidrs } of nodes) {
    for (const cidr of podCidrs) {
      if (cidrFamily(cidr) === 6) others.push({ cidr, name });
      else byBits.set(prefixLength(cidr), (byBits.get(prefixLength(cidr)) ?? new Map<number, string>()).set(toU32(baseOf(cidr)), name));
    }
  }
  const network = (address: Ip, bits: number): number => Math.floor(toU32(address) / 2 ** (32 - bits)) * 2 ** (32 - bits);
  return (address) => {
    if (familyOf(address) === 6) return others.find(({ cidr }) => cidrContains(cidr, address))?.name ?? null;
    for (const [bits, names] of byBits) {
      const name = names.get(network(address, bits));
      if (name !== undefined) return name;
    }
    return null;
  };
}

const stations = rememberParts<Stations>(({ nodes, pods, outsiders, endpointSlices }) => [nodes, pods, outsiders, endpointSlices], build);

/** What has a namespace of its own on this node, pods in the Cluster's order first. */
export const stationsOn = (node: Node, cluster: Cluster): readonly Station[] => stations(cluster).byNode.get(node.name) ?? [];

/** The outside machines, and those that stand for private endpoint addresses which nothing else has. */
export const outsidersOf = (cluster: Cluster): readonly Outsider[] => stations(cluster).outsiders;

const lone = new WeakMap<Cluster, ReadonlyMap<string, readonly Ip[]>>();

/** The addresses on this node's pod network that lie outside the node's own pod CIDRs: every node needs a route of its own to each (CLI.md, Inputs). */
export function loneAddresses(node: Node, cluster: Cluster): readonly Ip[] {
  let index = lone.get(cluster);
  if (!index) {
    index = new Map(cluster.nodes.map((n) => [n.name, stationsOn(n, cluster).flatMap((s) => s.ips.filter((address) => !n.podCidrs.some((c) => cidrContains(c, address))))]));
    lone.set(cluster, index);
  }
  return index.get(node.name) ?? [];
}
