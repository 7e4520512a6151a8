import type { Ip } from '../base/ip.ts';
import type { NetnsId } from '../dataplane/ids.ts';
import { portsOf, type L4, type Packet } from '../dataplane/packet.ts';
import type { Trace } from './types.ts';

/** What translation did to a packet on its way, and who met whom at the end (CLI.md: dnat, snat, endpoint, sourceSeen). */
export interface Rewrites {
  /** The last destination rewrite; null if none. */
  readonly dnat: { readonly ip: Ip; readonly port: number } | null;
  /** The last source rewrite; null if none. */
  readonly snat: { readonly ip: Ip } | null;
  /** Who took the packet; null where nobody did or it left the cluster. */
  readonly endpoint: { readonly ip: Ip; readonly port: number; readonly netns: NetnsId } | null;
  /** Whom the receiver sees as its client; null where nobody received it. */
  readonly sourceSeen: { readonly ip: Ip } | null;
}

// An ICMP echo has an id where a segment has its source port; translation changes either on a clash.
const sourceIdOf = (l4: L4): number => (l4.proto === 'icmp' ? l4.id : l4.sport);
const portOf = (l4: L4): number => portsOf(l4).dport;
// The addresses under a tunnel's header are what the rewrite is about, unless only the outer ones changed.
const isNewDestination = (before: Packet, after: Packet): boolean => before.dst !== after.dst || portOf(before.l4) !== portOf(after.l4);
const isNewSource = (before: Packet, after: Packet): boolean => before.src !== after.src || sourceIdOf(before.l4) !== sourceIdOf(after.l4);

/** Reads a forward trace's rewrites; the answer's undoing of them is not looked at. A source port changed on a clash counts as `snat`, its address the packet's own. */
export function rewritesOf(trace: Trace): Rewrites {
  let dnat: Rewrites['dnat'] = null;
  let snat: Rewrites['snat'] = null;
  for (const hop of trace.hops) {
    for (const step of hop.steps) {
      if (step.kind === 'ipvs' || step.kind === 'socket-lb') dnat = { ip: step.packet.dst, port: portOf(step.packet.l4) };
      if (step.kind !== 'rewrite') continue;
      if (isNewDestination(step.before, step.after)) dnat = { ip: step.after.dst, port: portOf(step.after.l4) };
      if (isNewSource(step.before, step.after)) snat = { ip: step.after.src };
    }
  }
  const { outcome } = trace;
  const as = outcome.kind === 'delivered' || outcome.kind === 'left-cluster' ? outcome.as : undefined;
  return {
    dnat, snat,
    endpoint: outcome.kind === 'delivered' ? { ip: outcome.as.dst, port: portOf(outcome.as.l4), netns: outcome.to } : null,
    sourceSeen: as === undefined ? null : { ip: as.src },
  };
}
