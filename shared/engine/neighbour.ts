import type { Ip } from '../base/ip.ts';
import { lookupRoute } from './route.ts';
import { masterOf, peerOf, portsOf, type LinkView, type Neighbouring } from './views.ts';

type Wanted = (link: LinkView) => boolean;

/** Walks a layer-2 segment from a device and returns the first link that `wanted` accepts; bridges are crossed, each once. Cut cables are crossed too: neighbours were learnt before the cut. */
function searchSegment(from: LinkView, wanted: Wanted, worthAsking: (port: LinkView) => boolean): LinkView | null {
  const seen = new Set<LinkView>([from]);
  const queue: LinkView[] = from.link.kind === 'bridge' ? portsOf(from).filter(worthAsking) : [from];
  for (let port = queue.shift(); port; port = queue.shift()) {
    const peer = peerOf(port);
    if (!peer || seen.has(peer)) continue;
    seen.add(peer);
    const bridge = masterOf(peer);
    if (!bridge) {
      if (wanted(peer)) return peer;
      continue;
    }
    if (seen.has(bridge)) continue;
    seen.add(bridge);
    if (wanted(bridge)) return bridge;
    for (const next of portsOf(bridge)) if (next !== peer && worthAsking(next)) queue.push(next);
  }
  return null;
}

/** Whether this namespace answers ARP for the address on that link: an address of its own (arp_ignore 0 answers on any link), a local route, or proxy_arp with a route elsewhere (arp_process). */
function answersArp(link: LinkView, address: Ip): boolean {
  const { ns } = link;
  if (ns.netns.kind === 'switch') return false;
  const result = lookupRoute(ns, address);
  if (result.kind === 'local') return !address.startsWith('127.');
  return link.link.proxyArp === true && ns.netns.sysctls.ipForward && result.kind === 'unicast' && result.hops.some((hop) => hop.link !== link);
}

function byArp(dev: LinkView, address: Ip): LinkView | null {
  const holders = dev.ns.plane.dataplane.holdersOf?.(address) ?? [];
  const own: Wanted = (link) => link.ns.fib.own.has(address);
  const everybody = (): boolean => true;
  if (holders.length > 0) {
    const asked = new Set(holders);
    // Leaves that cannot have the address are not even looked at; switches and bridges are.
    const few = (port: LinkView): boolean => port.link.kind !== 'veth' || asked.has(port.link.peer.netns) || dev.ns.plane.views.has(port.link.peer.netns);
    const found = searchSegment(dev, own, few);
    if (found) return found;
  }
  return searchSegment(dev, own, everybody) ?? searchSegment(dev, (link) => answersArp(link, address), everybody);
}

/** Who owns an address on the segment of this device, as ARP and permanent entries say; null if nobody answers. */
export function resolveNeighbour(dev: LinkView, address: Ip): Neighbouring | null {
  let known = dev.neighbours.get(address);
  if (known === undefined) {
    const fixed = dev.ns.netns.neighbours.find((n) => n.ip === address && n.dev === dev.name);
    const target = dev.link.kind === 'vxlan' ? null : fixed ? searchSegment(dev, (link) => link.link.mac === fixed.mac, () => true) : byArp(dev, address);
    const mac = fixed?.mac ?? target?.link.mac ?? null;
    known = mac === null ? null : { target, mac, step: { kind: 'neighbour', ip: address, dev: dev.name, mac } };
    dev.neighbours.set(address, known);
  }
  return known;
}

/** A bridge's port that leads to a link (its forwarding table, learnt from ARP); null if none does. */
export function portTowards(bridge: LinkView, target: LinkView): LinkView | null {
  let port = bridge.towards.get(target);
  if (port === undefined) {
    const ports = portsOf(bridge);
    // A port straight to the target is told by its cable alone; nobody else need be looked at.
    port = ports.find(({ link }) => link.kind === 'veth' && link.peer.netns === target.ns.id && link.peer.link === target.name)
      ?? ports.find((candidate) => searchSegment(candidate, (link) => link === target, () => true) !== null) ?? null;
    bridge.towards.set(target, port);
  }
  return port;
}
