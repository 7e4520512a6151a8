import { handedBack, takeRoute } from './output.ts';
import { portTowards, resolveNeighbour } from './neighbour.ts';
import { sourceProblem } from './input.ts';
import { lookupRoute } from './route.ts';
import { hookIndex, runHook } from './rule-book.ts';
import { cross } from './wire.ts';
import { endAt, type Stage, type Walk } from './walk-state.ts';
import { masterOf, type LinkView } from './views.ts';

/** A frame comes in on a bridge's port. With br_netfilter, IP's PREROUTING runs here and never again for this packet. */
export function bridgeIn(w: Walk): Stage {
  const port = w.iif!;
  const bridge = masterOf(port)!;
  if (!bridge.link.up) return endAt(w, 'link-down', bridge.name);
  const filters = w.ns.netns.sysctls.bridgeNf;
  if (filters) {
    w.iif = bridge;
    w.physin = port;
    const { dst } = w.packet;
    if (!runHook(w, hookIndex.prerouting)) return null;
    w.sabotaged = true;
    if (w.packet.dst !== dst && !redirect(w, bridge)) return null;
  }
  if (w.target !== bridge) return forwardFrame(w, bridge, port, filters);
  // The port is remembered while IP routes the packet (nf_bridge_info stays, sabotage_in_done).
  w.iif = bridge;
  return 'receive';
}

/** After DNAT the frame is addressed anew: straight to a neighbour on the same bridge, else to the bridge itself, for routing (br_nf_pre_routing_finish). False when the packet's way ended. */
function redirect(w: Walk, bridge: LinkView): boolean {
  w.target = bridge;
  const result = lookupRoute(w.ns, w.packet.dst);
  if (result.kind !== 'unicast' || !result.hops.some((hop) => hop.link === bridge)) return true;
  const problem = sourceProblem(w);
  if (problem !== null) {
    endAt(w, 'martian', problem);
    return false;
  }
  takeRoute(w, result);
  if (w.oif !== bridge) return true;
  const ip = w.via ?? w.packet.dst;
  const neighbour = resolveNeighbour(bridge, ip);
  w.steps.push(neighbour?.step ?? { kind: 'neighbour', ip, dev: bridge.name, mac: null });
  if (neighbour?.target) {
    w.target = neighbour.target;
    return true;
  }
  endAt(w, 'no-neighbour', `nobody answers for ${ip} on ${bridge.name}`);
  return false;
}

/** Passes a frame on through another port: no routing, no TTL; FORWARD and POSTROUTING only with br_netfilter. */
function forwardFrame(w: Walk, bridge: LinkView, port: LinkView, filters: boolean): Stage {
  const out = w.target === null ? null : portTowards(bridge, w.target);
  // An answer for a source that was handed in here goes through the same hooks, though no port leads to it.
  const back = out === null && w.answers && w.ns.id === w.run.flow.from && w.packet.dst === w.run.flow.packet.src && w.run.flow.ingress !== undefined;
  if (out === null && !back) return endAt(w, 'no-neighbour', `no port of ${bridge.name} leads to ${w.packet.dst}`);
  // Checked before any hook (should_deliver).
  if (out === port && port.link.hairpin !== true) return endAt(w, 'no-hairpin', `${port.name} has no hairpin mode: ${bridge.name} does not send a frame back where it came from`);
  if (filters) {
    w.oif = bridge;
    w.physout = out;
    w.via = null;
    if (!runHook(w, hookIndex.forward) || !runHook(w, hookIndex.postrouting)) return null;
  }
  if (out === null) return handedBack(w) ? null : endAt(w, 'stray-reply', `no connection here from ${w.packet.dst} to ${w.packet.src}`);
  if (w.packet.size !== undefined && w.packet.size > out.link.mtu) return endAt(w, 'too-big', `${w.packet.size} bytes, ${out.name} takes ${out.link.mtu}`);
  w.steps.push({ kind: 'bridge', bridge: bridge.name, from: port.name, to: out.name });
  return cross(w, out);
}
