import { assertNever } from '../base/assert-never.ts';
import type { L4, Packet } from '../dataplane/packet.ts';
import type { Outcome, ProbeVerdict, Trace } from './types.ts';

/** A trace in one word, a stable code ('' for a plain delivery) and one sentence. */
export interface Verdict { readonly verdict: ProbeVerdict; readonly code: string; readonly sentence: string }

type Lost = Exclude<Outcome, { kind: 'delivered' | 'rejected' | 'dropped' | 'refused' | 'left-cluster' | 'unmodelled' }>;

const port = (l4: L4, side: 'sport' | 'dport'): string => (l4.proto === 'icmp' ? '' : `:${l4[side]}`);
/** `10.96.0.1:80`, with brackets around an IPv6 address that has a port. */
export const endOf = (packet: Packet, side: 'src' | 'dst'): string => {
  const tail = port(packet.l4, side === 'src' ? 'sport' : 'dport');
  return packet[side].includes(':') && tail !== '' ? `[${packet[side]}]${tail}` : `${packet[side]}${tail}`;
};

const because: Readonly<Record<Lost['kind'], string>> = {
  'no-route': 'has no route to the destination', 'unreachable-route': 'has a route that says the destination is unreachable', 'blackhole': 'has a blackhole route for the destination',
  'martian': 'took the addresses for forged (martian)', 'ttl-exceeded': 'saw the TTL run out', 'no-neighbour': 'found nobody with the next address on the wire (ARP failed)',
  'looped': 'saw the packet go round in circles', 'link-cut': 'lost it on a cut cable', 'link-down': 'has that interface down', 'fabric-blocked': 'lost it in the network between the machines',
  'host-down': 'is stopped', 'too-big': 'found the packet too big for the next link', 'not-for-us': 'is not the one it is for and does not forward', 'stray-reply': 'knows no connection that this answer belongs to',
  'no-hairpin': 'has a bridge port without hairpin mode, which sends nothing back where it came from',
};

const lostSentence = (lost: Lost, what: string): string => `${what} got lost: ${lost.at} ${because[lost.kind]}${lost.detail === undefined ? '' : ` (${lost.detail})`}.`;

/** What is known once the packet itself arrived (or was answered): the answer's fate decides. `good` is what a returned answer means. */
function withReply(trace: Trace, good: Verdict): Verdict {
  const reply = trace.reply?.outcome;
  if (reply === undefined) return good;
  switch (reply.kind) {
    case 'delivered': return good;
    case 'dropped': return { verdict: 'dropped', code: 'reply-dropped', sentence: `The packet arrived, but rule ${reply.by} in ${reply.at} dropped the answer.` };
    case 'rejected': return { verdict: 'dropped', code: 'reply-rejected', sentence: `The packet arrived, but rule ${reply.by} in ${reply.at} rejected the answer.` };
    case 'unmodelled': return { verdict: 'unmodelled', code: 'unmodelled', sentence: `Podhop does not know what happens to the answer: ${reply.what}.` };
    case 'refused': return { verdict: 'timeout', code: 'stray-reply', sentence: `The answer reached ${reply.by}, which asked nothing.` };
    case 'left-cluster': return { verdict: 'timeout', code: 'reply-left-cluster', sentence: `The answer left the cluster through ${reply.via} and never reached the client.` };
    case 'no-route': case 'unreachable-route': case 'blackhole': return { verdict: 'timeout', code: 'no-return-route', sentence: lostSentence(reply, 'The answer') };
    default: return { verdict: 'timeout', code: reply.kind === 'stray-reply' ? 'stray-reply' : `reply-${reply.kind}`, sentence: lostSentence(reply, 'The answer') };
  }
}

// The source itself could not send: nothing ever left it.
const noWayOut = new Set<Outcome['kind']>(['no-route', 'unreachable-route', 'blackhole']);
const neverLeft = (trace: Trace): boolean => trace.flow.ingress === undefined && trace.hops.length === 1;

function lost(trace: Trace, outcome: Lost): Verdict {
  if (noWayOut.has(outcome.kind) && neverLeft(trace)) return { verdict: 'unreachable', code: outcome.kind, sentence: `Nothing was sent: ${outcome.at} ${because[outcome.kind]} ${trace.flow.packet.dst}.` };
  return { verdict: 'timeout', code: outcome.kind, sentence: lostSentence(outcome, 'The packet') };
}

/** A trace and its answer as CLI.md's verdict. The reason behind a rule (no endpoints, a policy) is the rule's Origin and not known here. */
export function verdictOf(trace: Trace): Verdict {
  const { outcome } = trace;
  switch (outcome.kind) {
    case 'delivered': return withReply(trace, { verdict: 'delivered', code: '', sentence: `${endOf(outcome.as, 'dst')} answered.` });
    case 'left-cluster': return withReply(trace, { verdict: 'delivered', code: '', sentence: `It left the cluster, and ${trace.flow.packet.dst} answered.` });
    case 'refused': return withReply(trace, { verdict: 'refused', code: 'port-closed', sentence: `Nobody listens on ${endOf(outcome.answer, 'src')} in ${outcome.by}.` });
    case 'rejected': return withReply(trace, { verdict: 'refused', code: 'rejected', sentence: `Rule ${outcome.by} in ${outcome.at} rejected it.` });
    case 'dropped': return { verdict: 'dropped', code: 'dropped', sentence: `Rule ${outcome.by} in ${outcome.at} dropped it.` };
    case 'unmodelled': return { verdict: 'unmodelled', code: 'unmodelled', sentence: `Podhop does not know what happens here: ${outcome.what}.` };
    case 'no-route': case 'unreachable-route': case 'blackhole': case 'martian': case 'ttl-exceeded': case 'no-neighbour': case 'looped': case 'link-cut': case 'link-down': case 'fabric-blocked':
    case 'host-down': case 'too-big': case 'not-for-us': case 'stray-reply': case 'no-hairpin': return lost(trace, outcome);
    default: return assertNever(outcome, 'outcome');
  }
}
