import { printFraction } from '../base/fraction.ts';
import type { NetnsId } from '../dataplane/ids.ts';
import type { Packet } from '../dataplane/packet.ts';
import type { Action, Verdict } from '../dataplane/rules.ts';
import type { Hop, Outcome, Step, Trace } from './types.ts';
import { endOf } from './verdict.ts';

/** Gives a rule's (or route's) text as its tool prints it; undefined where it is not known, and the id stands in. */
export type TextOf = (netns: NetnsId, id: string) => string | undefined;

const kindOf = ({ l4 }: Packet): string => {
  switch (l4.proto) {
    case 'tcp': return `tcp ${l4.flags.toUpperCase()}`;
    case 'udp': return 'udp';
    case 'sctp': return `sctp ${l4.chunk.toUpperCase()}`;
    case 'icmp': return l4.quoted ? `icmp error ${l4.type}/${l4.code}` : `icmp ${l4.type}/${l4.code}`;
  }
};

/** `10.244.1.10:20000 → 10.96.0.1:80 tcp SYN`, with the outer header in brackets where there is one. */
export function formatPacket(packet: Packet): string {
  const { outer } = packet;
  const around = outer ? ` [in ${outer.kind} ${outer.src} → ${outer.dst}]` : '';
  return `${endOf(packet, 'src')} → ${endOf(packet, 'dst')} ${kindOf(packet)}${around}`;
}

const verdictWord = (v: Verdict): string => (v.kind === 'jump' || v.kind === 'goto' ? `${v.kind} ${v.chain}` : v.kind === 'reject' ? `REJECT with ${v.with}` : v.kind.toUpperCase());
const hex = (n: number): string => `0x${(n >>> 0).toString(16)}`;

/** What a rule did, in a few words. */
export function formatAction(action: Action): string {
  switch (action.kind) {
    case 'verdict': return verdictWord(action.verdict);
    case 'dnat': case 'snat': return `${action.kind.toUpperCase()} to ${action.to.ip ?? ''}${action.to.ports ? `:${action.to.ports.from}` : ''}`;
    case 'masquerade': return action.randomFully === true ? 'MASQUERADE with a random port' : 'MASQUERADE';
    case 'set-mark': return `mark ${hex(action.value)}/${hex(action.mask)}`;
    case 'unmodelled': case 'log': case 'tcpmss': return action.text;
    default: return action.kind;
  }
}

const routeWords = (step: Extract<Step, { kind: 'route' }>, text: string): string => (step.route === null ? 'no route' : `${step.local === true ? 'this machine' : `by ${step.dev ?? ''}${step.via === undefined ? '' : ` via ${step.via}`}`}: ${text}`);

function formatStep(step: Step, netns: NetnsId, textOf: TextOf): string {
  switch (step.kind) {
    case 'originate': return `sends ${formatPacket(step.packet)}`;
    case 'enter': return `in by ${step.link}`;
    case 'leave': return `out by ${step.link}`;
    case 'bridge': return `bridge ${step.bridge}: ${step.from} → ${step.to}`;
    case 'rule': return `${step.hook} ${step.chain}: ${textOf(netns, step.rule) ?? step.rule} ⇒ ${formatAction(step.did)}`;
    case 'policy': return `${step.hook} ${step.chain}: policy ${step.verdict.toUpperCase()}`;
    case 'rewrite': return `rewritten by ${step.by}: ${formatPacket(step.before)} ⇒ ${formatPacket(step.after)}`;
    case 'route': return `route ${routeWords(step, step.route === null ? '' : textOf(netns, step.route) ?? step.route)}`;
    case 'neighbour': return step.mac === null ? `nobody on ${step.dev} has ${step.ip}` : `${step.ip} is at ${step.mac} on ${step.dev}`;
    case 'conntrack': return `conntrack: ${step.event}`;
    case 'ttl': return `TTL ${step.ttl}`;
    case 'encap': case 'decap': return `${step.kind === 'encap' ? 'wrapped' : 'unwrapped'}: ${formatPacket(step.packet)}`;
    case 'choice': return `chance ${printFraction(step.odds)} (${step.what}${step.taken === false ? ', passed by' : ''}) at ${step.by}`;
    case 'ipvs': case 'socket-lb': case 'proxy': return `${step.kind} ${step.by}: ${formatPacket(step.packet)}`;
    case 'deliver': return `taken by ${step.app}`;
  }
}

/** An outcome in a line. */
export function formatOutcome(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'delivered': return `delivered to ${outcome.to} as ${formatPacket(outcome.as)}`;
    case 'rejected': return `rejected in ${outcome.at} by ${outcome.by}, answering ${formatPacket(outcome.answer)}`;
    case 'dropped': return `dropped in ${outcome.at} by ${outcome.by}`;
    case 'refused': return `refused by ${outcome.by}, answering ${formatPacket(outcome.answer)}`;
    case 'left-cluster': return `left the cluster through ${outcome.via}`;
    case 'unmodelled': return `unmodelled: ${outcome.what}${outcome.by === undefined ? '' : ` (rule ${outcome.by})`}`;
    default: return `${outcome.kind} in ${outcome.at}${outcome.detail === undefined ? '' : `: ${outcome.detail}`}`;
  }
}

const formatHop = (hop: Hop, textOf: TextOf): string[] => [`  ${hop.netns}`, ...hop.steps.map((step) => `    ${formatStep(step, hop.netns, textOf)}`)];
const formatWay = (trace: Trace, textOf: TextOf): string[] => [...trace.hops.flatMap((hop) => formatHop(hop, textOf)), `  = ${formatOutcome(trace.outcome)}`];

/** A trace as a text tree: hops, their steps, header before ⇒ after, then the outcome; the answer's way after it. Lines without a final newline. */
export function formatTrace(trace: Trace, textOf: TextOf = () => undefined): string {
  return [...formatWay(trace, textOf), ...(trace.reply ? ['  answer:', ...formatWay(trace.reply, textOf)] : [])].join('\n');
}
