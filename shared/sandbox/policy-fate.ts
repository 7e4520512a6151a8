import { portsOf, type Packet } from '../dataplane/packet.ts';
import { explainDrop, type DropExplained } from '../model/policy/explain-drop.ts';
import { addressEnd, indexPolicies } from '../model/policy/oracle.ts';
import type { Trace } from '../trace/types.ts';
import { findRule } from './glossary.ts';
import type { World } from './world.ts';

/** The packet as it stood where the trace ended. */
function lastPacket(trace: Trace): Packet {
  for (const hop of trace.hops.toReversed()) {
    for (const step of hop.steps.toReversed()) {
      if (step.kind === 'rewrite') return step.after;
      if (step.kind === 'ipvs' || step.kind === 'socket-lb') return step.packet;
    }
  }
  return trace.flow.packet;
}

/** Which policies ate this packet and why none of their rules matched; null where something else decided. */
export function policyFate(world: World, trace: Trace): DropExplained | null {
  const { outcome } = trace;
  if (outcome.kind !== 'dropped') return null;
  const netns = world.dataplane.netns(outcome.at);
  if (!netns || findRule(netns, outcome.by)?.rule.origin.by !== 'network-policy') return null;
  const packet = lastPacket(trace);
  const index = indexPolicies(world.cluster);
  return explainDrop(world.cluster, addressEnd(index, packet.src), addressEnd(index, packet.dst), packet.l4.proto, portsOf(packet.l4).dport);
}
