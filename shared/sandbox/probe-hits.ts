import { addressEnd, indexPolicies } from '../model/policy/oracle.ts';
import type { PolicyEnd } from '../model/policy/match-rule.ts';
import type { JudgedPacket } from '../analysis/coverage.ts';
import { portsOf, type Packet } from '../dataplane/packet.ts';
import type { NetnsId } from '../dataplane/ids.ts';
import type { Hop, Journey, Trace } from '../trace/types.ts';
import { findRule, idsOf } from './glossary.ts';
import type { World } from './world.ts';

/** What one question met, on all its branches: rules as `NETNS RULEID`, and packets as policies judged them. */
export interface ProbeHits { readonly rules: ReadonlySet<string>; readonly judged: readonly JudgedPacket[]; /** Steps of the longest branch: how long its way is. */ readonly steps: number }

const nodeOf = (netns: NetnsId): string => (netns.startsWith('node/') ? netns.slice('node/'.length) : '');
const isOn = (end: PolicyEnd, netns: NetnsId): boolean => end.kind === 'pod' && end.pod.node === nodeOf(netns);

/** The directions in which this host judged the packet: out of its own pods, into its own pods. */
function judgedAt(world: World, netns: NetnsId, packet: Packet): readonly JudgedPacket[] {
  const index = indexPolicies(world.cluster);
  const [from, to] = [addressEnd(index, packet.src), addressEnd(index, packet.dst)];
  const one = { from, to, protocol: packet.l4.proto, port: portsOf(packet.l4).dport };
  return [...(isOn(from, netns) ? [{ direction: 'egress' as const, ...one }] : []), ...(isOn(to, netns) ? [{ direction: 'ingress' as const, ...one }] : [])];
}

interface Reading { readonly world: World; readonly rules: Set<string>; readonly judged: Map<string, JudgedPacket>; packet: Packet }

/** One hop; a host judges a packet where the first rule of its `network-policy` took it up. Answers are let through unjudged. */
function readHop(reading: Reading, { netns, steps }: Hop, forward: boolean): void {
  const { world, rules, judged } = reading;
  const host = world.dataplane.netns(netns);
  let seen = false;
  for (const step of steps) {
    for (const id of idsOf(step)) rules.add(`${netns} ${id}`);
    if (step.kind === 'rewrite') reading.packet = step.after;
    else if (step.kind === 'encap' || step.kind === 'decap' || step.kind === 'originate' || step.kind === 'ipvs' || step.kind === 'socket-lb' || step.kind === 'proxy') reading.packet = step.packet;
    else if (step.kind === 'rule' && forward && !seen && host && findRule(host, step.rule)?.rule.origin.by === 'network-policy') {
      seen = true;
      for (const one of judgedAt(world, netns, reading.packet)) judged.set(JSON.stringify([one.direction, reading.packet.src, reading.packet.dst, one.protocol, one.port]), one);
    }
  }
}

function readTrace(world: World, trace: Trace, found: Pick<Reading, 'rules' | 'judged'>, forward: boolean): number {
  const reading: Reading = { world, ...found, packet: trace.flow.packet };
  for (const hop of trace.hops) readHop(reading, hop, forward);
  const own = trace.hops.reduce((sum, hop) => sum + hop.steps.length, 0);
  return own + (trace.reply ? readTrace(world, trace.reply, found, false) : 0);
}

/** Everything that a question's packets met: lookups, connections and a proxy's onward ones, there and back, whichever branch they took. */
export function hitsOf(world: World, journey: Journey): ProbeHits {
  const found = { rules: new Set<string>(), judged: new Map<string, JudgedPacket>() };
  const lengths = journey.branches.map(({ legs }) => legs.reduce((sum, leg) => sum + readTrace(world, leg.trace, found, true), 0));
  return { rules: found.rules, judged: [...found.judged.values()], steps: Math.max(0, ...lengths) };
}
