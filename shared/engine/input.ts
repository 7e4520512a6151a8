import { answerWith, lowerTtl, timeExceededFor, unreachableFor } from './icmp.ts';
import { takeRoute, tooBig } from './output.ts';
import { addrTypeOf, lookupRoute, type FibResult } from './route.ts';
import { hookIndex, runHook } from './rule-book.ts';
import { endAt, endUnmodelled, type Stage, type Walk } from './walk-state.ts';

/** IP takes the packet: PREROUTING, unless a bridge ran it already (ip_sabotage_in). */
export function receive(w: Walk): Stage {
  if (w.sabotaged) w.sabotaged = false;
  else if (!runHook(w, hookIndex.prerouting)) return null;
  return 'route';
}

const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1';

/** Why a packet from a wire cannot be what it says, by its source (fib_validate_source); null if it can. */
export function sourceProblem(w: Walk): string | null {
  const { ns, iif, packet: { src } } = w;
  if (iif === ns.lo || w.v6) return null;
  if (ns.fib.own.has(src)) return `${src} is this machine's own address, and came in on ${iif?.name}`;
  const { rpFilter } = ns.netns.sysctls;
  const handedIn = w.run.flow.ingress !== undefined && !w.answers && ns.id === w.run.flow.from;
  if (rpFilter === 0 || handedIn) return null;
  const back = lookupRoute(ns, src);
  const fits = back.kind === 'unicast' && (rpFilter === 2 || back.hops.some((hop) => hop.link === iif));
  return fits ? null : `rp_filter: the way back to ${src} is not ${iif?.name}`;
}

/** Addresses that may not come from a wire at all (ip_route_input_slow). */
function martian(w: Walk): string | null {
  const { packet: { src, dst }, ns, iif } = w;
  if (iif === ns.lo) return null;
  const type = addrTypeOf(ns, src);
  if (type === 'MULTICAST' || type === 'BROADCAST') return `the source ${src} is not one machine's address`;
  if (ns.netns.sysctls.routeLocalnet && !w.v6) return null;
  if (isLoopback(src)) return `the loopback source ${src} came in on ${iif?.name}`;
  return isLoopback(dst) ? `the loopback destination ${dst} came in on ${iif?.name}` : null;
}

/** The routing decision for a packet from outside: to us, onwards, or nowhere. */
export function routeIn(w: Walk): Stage {
  const result = lookupRoute(w.ns, w.packet.dst);
  const strange = martian(w);
  if (strange !== null) return endAt(w, 'martian', strange);
  if (result.kind !== 'local' && !w.ns.netns.sysctls.ipForward && w.iif !== w.ns.lo) return endAt(w, 'not-for-us', `${w.packet.dst} is not ours and ip_forward is off`);
  if (result.hops.length === 0) return noWayOn(w, result);
  const problem = sourceProblem(w);
  if (problem !== null) return endAt(w, 'martian', problem);
  if (result.kind === 'local') {
    if (w.iif !== w.ns.lo) w.steps.push(result.step);
    w.local = true;
    w.oif = null;
    return 'local-in';
  }
  takeRoute(w, result);
  return 'forward';
}

/** A router without a way says so (ip_error), except for a blackhole. */
function noWayOn(w: Walk, result: FibResult): null {
  w.steps.push(result.step);
  if (result.kind === 'broadcast') return endUnmodelled(w, `a packet to the broadcast address ${w.packet.dst}`);
  if (result.kind === 'blackhole') return endAt(w, 'blackhole', result.route?.id);
  if (result.kind === 'none') endAt(w, 'no-route', w.packet.dst);
  else endAt(w, 'unreachable-route', result.route?.id);
  answerWith(w, unreachableFor(w, result.kind === 'none' ? 'net' : result.kind === 'prohibit' ? 'admin' : 'host'));
  return null;
}

/** Forwarding: the TTL falls before FORWARD sees the packet (ip_forward). */
export function forward(w: Walk): Stage {
  if (w.packet.ttl <= 1) {
    endAt(w, 'ttl-exceeded');
    answerWith(w, timeExceededFor(w));
    return null;
  }
  if (tooBig(w)) return null;
  lowerTtl(w);
  if (!runHook(w, hookIndex.forward) || !runHook(w, hookIndex.postrouting)) return null;
  return 'egress';
}

/** For this machine: INPUT, then whoever listens. */
export const localIn = (w: Walk): Stage => (runHook(w, hookIndex.input) ? 'deliver' : w.detour);
