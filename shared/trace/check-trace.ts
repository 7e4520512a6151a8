import type { Packet } from '../dataplane/packet.ts';
import type { Step, Trace } from './types.ts';

type Complaint = string;

const same = (a: Packet, b: Packet): boolean => a.src === b.src && a.dst === b.dst && JSON.stringify(a.l4) === JSON.stringify(b.l4);

/** The packet that the steps say there is, followed step by step. */
interface Follower { packet: Packet; readonly complaints: Complaint[]; where: string; lastRule: string | null }

function followRewrite(f: Follower, step: Extract<Step, { kind: 'rewrite' }>): void {
  if (!same(step.before, f.packet)) f.complaints.push(`${f.where}: a rewrite starts from ${step.before.src} > ${step.before.dst}, but the packet is ${f.packet.src} > ${f.packet.dst}`);
  if (same(step.before, step.after) && JSON.stringify(step.before.outer) === JSON.stringify(step.after.outer)) f.complaints.push(`${f.where}: a rewrite that changes nothing`);
  if (step.by !== 'conntrack' && step.by !== f.lastRule) f.complaints.push(`${f.where}: a rewrite by ${step.by}, which the packet did not just meet`);
  f.packet = { ...step.after, ttl: f.packet.ttl };
}

function follow(f: Follower, step: Step): void {
  switch (step.kind) {
    case 'originate': f.packet = step.packet; break;
    case 'rewrite': followRewrite(f, step); break;
    case 'rule': f.lastRule = step.rule; break;
    case 'ttl':
      if (f.packet.outer === undefined && step.ttl !== f.packet.ttl - 1) f.complaints.push(`${f.where}: the TTL goes from ${f.packet.ttl} to ${step.ttl}`);
      if (f.packet.outer === undefined) f.packet = { ...f.packet, ttl: step.ttl };
      break;
    case 'encap': case 'decap': case 'ipvs': f.packet = step.packet; break;
    default: break;
  }
}

function followTrace(trace: Trace, complaints: Complaint[]): void {
  const f: Follower = { packet: trace.flow.packet, complaints, where: '', lastRule: null };
  trace.hops.forEach((hop, i) => {
    f.where = `hop ${i + 1} (${hop.netns})`;
    if (hop.steps.length === 0) complaints.push(`${f.where}: nothing happened here`);
    const first = hop.steps[0];
    if (i > 0 && first.kind !== 'enter') complaints.push(`${f.where}: the packet did not enter`);
    if (i < trace.hops.length - 1 && hop.steps.at(-1)?.kind !== 'leave') complaints.push(`${f.where}: the packet did not leave`);
    for (const step of hop.steps) follow(f, step);
  });
  checkEnd(trace, f);
}

function checkEnd(trace: Trace, { packet, complaints }: Follower): void {
  const { outcome, hops } = trace;
  if (hops[0].netns !== trace.flow.from) complaints.push(`the way begins in ${hops[0].netns}, not in ${trace.flow.from}`);
  const last = hops.at(-1)!.netns;
  const at = outcome.kind === 'delivered' ? outcome.to : outcome.kind === 'left-cluster' ? outcome.via : outcome.kind === 'refused' ? outcome.by : outcome.at;
  if (at !== undefined && at !== last) complaints.push(`the outcome is at ${at}, but the way ends in ${last}`);
  if (outcome.kind === 'delivered' && (!same(outcome.as, packet) || outcome.as.ttl !== packet.ttl)) complaints.push(`delivered as ${outcome.as.src} > ${outcome.as.dst} with TTL ${outcome.as.ttl}, but the steps lead to ${packet.src} > ${packet.dst} with TTL ${packet.ttl}`);
}

/** What is wrong with a trace as a story: every change of header has a rule or conntrack behind it, TTLs fall by one, hops join up, the end fits the way. Empty = nothing. */
export function checkTrace(trace: Trace): readonly string[] {
  const complaints: Complaint[] = [];
  followTrace(trace, complaints);
  if (trace.reply) followTrace(trace.reply, complaints);
  if (trace.reply?.reply) complaints.push('an answer has no answer of its own');
  return complaints;
}
