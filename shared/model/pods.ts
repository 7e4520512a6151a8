import { cidrContains, cidrFamily, type Cidr } from '../base/cidr.ts';
import { dnsConfigOf } from './resolv-conf.ts';
import { familyOf, parseIp, type Ip } from '../base/ip.ts';
import type { Problem } from '../base/problem.ts';
import { addressPool, type Pool } from './ipam.ts';
import { booleanOf, textOf } from './json-fields.ts';
import type { Placement } from './placement.ts';
import { containerPortsOf, longRunningContainers, type PodDraft } from './pod-drafts.ts';
import { problemAt } from './problems.ts';
import type { HeldPlaces, Node, Pod } from './types.ts';

/** The first address of a pod CIDR is its bridge's. */
const firstPodOffset = 2;

/** Places become pods: fixed addresses stay, missing ones come from the node's pod CIDRs in the order of names; `avoid` are addresses that others have, `held` those that pods themselves have already. */
export function buildPods(placements: readonly Placement[], avoid: Iterable<Ip>, held: HeldPlaces = {}): { readonly pods: readonly Pod[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const taken = new Set(avoid);
  const fixedBy = new Map<Ip, PodDraft>();
  for (const { draft, node } of placements) {
    if (node === null || hasEnded(draft) || isOnHost(draft)) continue;
    for (const address of draft.fixedIps) claimFixed(address, draft, fixedBy, problems);
  }
  for (const address of fixedBy.keys()) taken.add(address);
  const kept = keptAddresses(placements, held, taken);
  const pools = new Map<Cidr, Pool<Ip>>();
  const poolOf = (cidr: Cidr): Pool<Ip> => {
    const known = pools.get(cidr) ?? addressPool(cidr, firstPodOffset, taken);
    pools.set(cidr, known);
    return known;
  };
  const pods = placements.map(({ draft, node }) => podOf(draft, node, kept.get(draft) ?? addressesOf(draft, node, fixedBy, poolOf, problems)));
  return { pods, problems };
}

/** Addresses that pods keep because they had them on the same node and nobody fixed them for another; marks them as taken. */
function keptAddresses(placements: readonly Placement[], held: HeldPlaces, taken: Set<Ip>): ReadonlyMap<PodDraft, readonly Ip[]> {
  const kept = new Map<PodDraft, readonly Ip[]>();
  for (const { draft, node } of placements) {
    const place = held[`${draft.namespace}/${draft.name}`];
    if (!place || node === null || place.node !== node.name || hasEnded(draft) || isOnHost(draft) || draft.fixedIps.length > 0) continue;
    const ips = place.ips.map(parseIp).filter((address) => address !== null);
    const families = new Set(node.podCidrs.map(cidrFamily));
    const fits = ips.length === families.size && ips.every((address) => !taken.has(address) && node.podCidrs.some((cidr) => cidrContains(cidr, address)));
    if (!fits) continue;
    for (const address of ips) taken.add(address);
    kept.set(draft, ips);
  }
  return kept;
}

const hasEnded = (draft: PodDraft): boolean => draft.phase === 'Succeeded' || draft.phase === 'Failed';
const isOnHost = (draft: PodDraft): boolean => booleanOf(draft.spec['hostNetwork'], false);

function claimFixed(address: Ip, draft: PodDraft, fixedBy: Map<Ip, PodDraft>, problems: Problem[]): void {
  const other = fixedBy.get(address);
  if (other === undefined) {
    fixedBy.set(address, draft);
    return;
  }
  problems.push(problemAt(draft.source, ['status', 'podIP'], 'error', 'duplicate-pod-ip', `${address} is also the address of pod ${other.namespace}/${other.name}; ${draft.name} gets another`, 'give each pod its own address', [
    { what: `pod ${other.name} has it`, at: other.source.placeOf(['status', 'podIP']) },
  ]));
}

function addressesOf(draft: PodDraft, node: Node | null, fixedBy: ReadonlyMap<Ip, PodDraft>, poolOf: (cidr: Cidr) => Pool<Ip>, problems: Problem[]): readonly Ip[] {
  if (node === null || hasEnded(draft)) return [];
  if (isOnHost(draft)) return firstPerFamily(node.addresses);
  const own = draft.fixedIps.filter((address) => fixedBy.get(address) === draft);
  // a pod that has no address yet because it is only starting, by its own status
  if (own.length > 0 || (draft.phase === 'Pending' && draft.source.kind === 'Pod')) return own;
  const made = node.podCidrs.map((cidr) => poolOf(cidr).next());
  const ips = firstPerFamily(made.filter((address) => address !== null));
  if (ips.length === 0) {
    problems.push(problemAt(draft.source, ['metadata', 'name'], 'warning', 'no-pod-address', `node ${node.name} has no address left for pod ${draft.namespace}/${draft.name}`, 'widen its spec.podCIDR, or run fewer pods there'));
  }
  return ips;
}

/** The first address of each family, in the order given. */
const firstPerFamily = (addresses: readonly Ip[]): readonly Ip[] => addresses.filter((address, i) => addresses.findIndex((other) => familyOf(other) === familyOf(address)) === i);

function podOf(draft: PodDraft, node: Node | null, ips: readonly Ip[]): Pod {
  const dnsConfig = dnsConfigOf(draft.spec);
  const phase = hasEnded(draft) ? draft.phase : node === null || ips.length === 0 ? 'Pending' : draft.phase;
  return {
    namespace: draft.namespace,
    name: draft.name,
    labels: draft.labels,
    node: node?.name ?? '',
    ips,
    hostNetwork: isOnHost(draft),
    phase,
    // the node controller marks the pods of a node that is not ready
    ready: phase === 'Running' && (draft.ready ?? node?.ready ?? false),
    terminating: draft.terminating,
    ...(draft.crashed === true ? { crashed: true } : {}),
    containers: longRunningContainers(draft.spec).map((container) => textOf(container['name'])),
    ports: containerPortsOf(draft.spec),
    hostname: draft.hostname,
    subdomain: draft.subdomain,
    serviceAccount: textOf(draft.spec['serviceAccountName']) || 'default',
    ...(draft.spec['automountServiceAccountToken'] === false ? { tokenMounted: false as const } : {}),
    dnsPolicy: textOf(draft.spec['dnsPolicy']) || 'ClusterFirst',
    ...(dnsConfig === undefined ? {} : { dnsConfig }),
    owner: draft.owner,
    at: draft.at,
    implied: false,
  };
}
