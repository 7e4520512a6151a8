import { fnv1a32 } from '../base/stable-id.ts';
import type { Step } from '../trace/types.ts';
import { tooBigFor, answerWith } from './icmp.ts';
import { resolveNeighbour, portTowards } from './neighbour.ts';
import { lookupRoute, addrTypeOf, type FibResult } from './route.ts';
import { hookIndex, runHook } from './rule-book.ts';
import { matchesClient } from './sockets.ts';
import { cross } from './wire.ts';
import { endAt, endUnmodelled, type Stage, type Walk } from './walk-state.ts';

/** Takes a route: picks one of several next hops by the flow's hash (fib_multipath_hash), and records it. */
export function takeRoute(w: Walk, result: FibResult): void {
  let index = 0;
  if (result.ecmp !== null) {
    index = w.run.chooser.pick(result.ecmp, fnv1a32(`${w.packet.src} ${w.packet.dst}`));
    w.steps.push(result.ecmp.steps[index]!);
  }
  const hop = result.hops[index]!;
  w.hop = hop;
  w.via = hop.via;
  w.oif = hop.link;
  w.steps.push(hop.step);
}

/** The fate of a packet that this machine sends itself and has no usable route for: the sender is told at once. */
function noWayOut(w: Walk, result: FibResult): null {
  w.steps.push(result.step);
  switch (result.kind) {
    case 'blackhole': return endAt(w, 'blackhole', result.route?.id);
    case 'unreachable': case 'prohibit': return endAt(w, 'unreachable-route', result.route?.id);
    case 'broadcast': return endUnmodelled(w, `a packet to the broadcast address ${w.packet.dst}`);
    default: return endAt(w, 'no-route', w.packet.dst);
  }
}

/** Routes a packet of our own; false when there is no way. */
function routeOut(w: Walk): boolean {
  const result = lookupRoute(w.ns, w.packet.dst);
  if (result.hops.length === 0) {
    noWayOut(w, result);
    return false;
  }
  takeRoute(w, result);
  // A loopback source stays on this machine unless route_localnet lets it out (__mkroute_output).
  if (w.oif !== w.ns.lo && !w.ns.netns.sysctls.routeLocalnet && w.packet.src.startsWith('127.')) {
    endAt(w, 'martian', `the loopback source ${w.packet.src} may not leave through ${w.oif!.name}`);
    return false;
  }
  return true;
}

/** A packet that this namespace sends: route, OUTPUT, a second route if OUTPUT changed where it goes (ip_route_me_harder), POSTROUTING. */
export function localOut(w: Walk): Stage {
  if (!routeOut(w)) return null;
  w.iif = null;
  const { dst, src } = w.packet;
  if (!runHook(w, hookIndex.output)) return w.detour;
  if ((w.packet.dst !== dst || w.packet.src !== src) && !routeOut(w)) return null;
  return runHook(w, hookIndex.postrouting) ? 'egress' : null;
}

function loopBack(w: Walk): Stage {
  const { lo } = w.ns;
  w.steps.push(lo.leave);
  if (!lo.link.up) return endAt(w, 'link-down', lo.name);
  w.steps.push(lo.enter);
  w.iif = lo;
  w.oif = null;
  return 'receive';
}

/** Whether the packet is too long for the link it leaves by; the sender is told. */
export function tooBig(w: Walk): boolean {
  const { size } = w.packet;
  if (size === undefined || w.oif === null || size <= w.oif.link.mtu || w.oif === w.ns.lo) return false;
  endAt(w, 'too-big', `${size} bytes, ${w.oif.name} takes ${w.oif.link.mtu}`);
  if (w.iif !== null) answerWith(w, tooBigFor(w));
  return true;
}

/** Where the question was handed in from outside, the answer is handed back. */
export function handedBack(w: Walk): boolean {
  if (!w.answers || w.run.flow.ingress === undefined || w.ns.id !== w.run.flow.from || !matchesClient(w)) return false;
  w.outcome = { kind: 'delivered', to: w.ns.id, as: w.packet };
  return true;
}

/** The packet leaves by its device: looped back, into a tunnel, or as a frame to whoever has the next hop's address. */
export function egress(w: Walk): Stage {
  const dev = w.oif!;
  if (dev === w.ns.lo) return loopBack(w);
  if (handedBack(w)) {
    w.steps.push(dev.leave);
    return null;
  }
  if (tooBig(w)) return null;
  const { kind } = dev.link;
  if (kind === 'vxlan' || kind === 'ipip') return 'encapsulate';
  if (kind === 'dummy' || kind === 'loopback') return endAt(w, 'no-neighbour', `${dev.name} leads nowhere`);
  return transmit(w);
}

function transmit(w: Walk): Stage {
  const dev = w.oif!;
  const ip = w.via ?? w.packet.dst;
  if (addrTypeOf(w.ns, ip) === 'MULTICAST') return endUnmodelled(w, `a packet to the multicast address ${ip}`);
  const neighbour = resolveNeighbour(dev, ip);
  if (neighbour === null && w.answers && w.run.flow.ingress !== undefined && ip === w.run.flow.packet.src && dev.link.kind === 'veth' && dev.link.peer.netns === w.run.flow.from) {
    // A source that was handed in on this bridge has no cable there: the frame goes as far as the bridge, which hands it back.
    w.target = null;
    return cross(w, dev);
  }
  if (neighbour === null || neighbour.target === null) {
    const step: Step = { kind: 'neighbour', ip, dev: dev.name, mac: neighbour?.mac ?? null };
    w.steps.push(step);
    return endAt(w, 'no-neighbour', `nobody answers for ${ip} on ${dev.name}`);
  }
  w.steps.push(neighbour.step);
  w.target = neighbour.target;
  if (dev.link.kind !== 'bridge') return cross(w, dev);
  const port = portTowards(dev, neighbour.target);
  return port === null ? endAt(w, 'no-neighbour', `no port of ${dev.name} leads to ${ip}`) : cross(w, port);
}
