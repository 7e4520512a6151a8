import { fromFractionJson, multiplyFractions, toFractionJson, type FractionJson } from '../../shared/base/fraction.ts';
import type { IfName, NetnsId } from '../../shared/dataplane/ids.ts';
import type { Packet } from '../../shared/dataplane/packet.ts';
import type { Action } from '../../shared/dataplane/rules.ts';
import type { Glossary, Hop, Step } from '../../shared/trace/types.ts';
import { destinationOf, labelOf, sourceOf } from './labels.ts';
import type { MomentKind } from './types.ts';

/** A moment before it has its place in time. */
export interface Draft {
  readonly kind: MomentKind;
  readonly title: string;
  readonly detail: string;
  readonly first: number;
  last: number;
  readonly packet: Packet;
  readonly before?: Packet;
  readonly cause?: string;
  readonly odds?: FractionJson;
  readonly link?: IfName;
}

interface Reading {
  readonly netns: NetnsId;
  /** Where the packet was before; '' where it starts. */
  readonly from: NetnsId;
  readonly glossary: Glossary;
  readonly reply: boolean;
  readonly drafts: Draft[];
  packet: Packet;
  /** First step that no draft has taken yet. */
  open: number;
  odds?: FractionJson | undefined;
}

type RuleStep = Extract<Step, { kind: 'rule' }>;
const builtin = /^(PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING)$/;
const chainName = (id: string): string => id.split('/').at(-1) ?? id;
const masqueradeMark = 0x4000;

function push(r: Reading, i: number, kind: MomentKind, title: string, more: Partial<Draft> = {}): void {
  r.drafts.push({ kind, title, detail: '', first: r.open, last: i, packet: r.packet, ...more });
  r.open = i + 1;
}

/** Gives the step to the moment before it; with none yet, to the one that follows. */
function fold(r: Reading, i: number): void {
  const last = r.drafts.at(-1);
  if (last === undefined) return;
  last.last = i;
  r.open = i + 1;
}

const isStation = (netns: NetnsId): boolean => netns.startsWith('node/') || netns.startsWith('lb/');

function originated({ l4 }: Packet, reply: boolean): string {
  if (l4.proto === 'icmp' && l4.type !== 8 && l4.type !== 128 && l4.type !== 0 && l4.type !== 129) return 'sends an ICMP error';
  if (l4.proto === 'tcp' && l4.flags === 'rst') return 'answers: reset';
  if (reply) return 'answers';
  if (l4.proto === 'icmp') return 'sends an echo request';
  return l4.proto === 'udp' ? 'sends a datagram' : 'opens a connection';
}

/** "Destination rewritten", "Source restored": what of the header changed, and whether conntrack undid an earlier change. */
export function rewriteTitle(before: Packet, after: Packet, by: string): string {
  const verb = by === 'conntrack' ? 'restored' : 'rewritten';
  const src = sourceOf(before) !== sourceOf(after);
  const dst = destinationOf(before) !== destinationOf(after);
  if (src && dst) return `Both ends ${verb}`;
  return `${dst ? 'Destination' : 'Source'} ${verb}`;
}

function readRewrite(r: Reading, i: number, { before, after, by }: Extract<Step, { kind: 'rewrite' }>): void {
  const dst = destinationOf(before) !== destinationOf(after);
  const more = { before, packet: after, detail: dst ? destinationOf(after) : sourceOf(after), ...(by === 'conntrack' ? {} : { cause: `${r.netns} ${by}` }) };
  const last = r.drafts.at(-1);
  // the NAT rule and what it did are one thing to a reader
  if (last !== undefined && last.last === i - 1 && last.cause === `${r.netns} ${by}`) {
    r.drafts.pop();
    r.open = last.first;
  }
  r.packet = after;
  push(r, i, 'rewrite', rewriteTitle(before, after, by), more);
}

function verdictTitle(chain: string, n: string, did: Action, about: string, cleared: boolean): string {
  if (did.kind === 'unmodelled') return `Not modelled: ${did.text}`;
  if (did.kind === 'set-mark' && cleared) return 'Mark cleared';
  if (did.kind === 'set-mark') return did.value === masqueradeMark ? 'Marked for masquerade' : `Marked 0x${did.value.toString(16)}`;
  if (did.kind === 'dnat' || did.kind === 'dnat-map' || did.kind === 'redirect') return `${chain} picks the destination`;
  if (did.kind === 'snat' || did.kind === 'masquerade') return `${chain} picks the source`;
  if (did.kind !== 'verdict') return `${chain} rule ${n}`;
  const { kind } = did.verdict;
  if (kind === 'accept') return `${chain} accepts`;
  if (kind === 'drop') return `${chain} drops it`;
  if (kind === 'reject') return `${chain} refuses it`;
  return about === '' ? `${chain} rule ${n}` : `${chain} matches ${about}`;
}

/** kube-proxy takes its mark off again by xor in POSTROUTING (a mask of 0 keeps every other bit); policies take theirs off by setting 0 under its mask. */
const clearsMark = ({ did, hook }: RuleStep): boolean => did.kind === 'set-mark' && ((hook === 'postrouting' && did.mask === 0) || (did.value === 0 && did.mask !== 0));

/** The policy that a rule was made for: such a rule marks what it allows. */
const policyOf = (rule: Glossary[string] | undefined): string | undefined => (rule?.for?.kind === 'NetworkPolicy' ? rule.for.name : undefined);

function readRule(r: Reading, i: number, step: RuleStep): void {
  const { did } = step;
  const chain = chainName(step.chain);
  const verdict = did.kind === 'verdict' ? did.verdict : null;
  if (verdict?.kind === 'return' || did.kind === 'counter' || (verdict?.kind === 'accept' && r.netns.startsWith('lb/'))) return fold(r, i);
  if ((verdict?.kind === 'jump' || verdict?.kind === 'goto') && (builtin.test(chain) || verdict.chain === 'KUBE-MARK-MASQ') && r.odds === undefined) return;
  const cause = `${r.netns} ${step.rule}`;
  const about = chain === 'KUBE-SERVICES' || chain === 'KUBE-NODEPORTS' ? r.glossary[cause]?.for : undefined;
  const allows = did.kind === 'set-mark' && did.value !== 0 ? policyOf(r.glossary[cause]) : undefined;
  const title = allows !== undefined ? `Allowed by policy ${allows}` : verdictTitle(chain, chainName(step.rule), did, about === undefined ? '' : about.name, clearsMark(step));
  const { odds } = r;
  r.odds = undefined;
  push(r, i, odds === undefined ? 'rule' : 'choice', title, { cause, ...(odds === undefined ? {} : { odds }) });
}

function readPolicy(r: Reading, i: number, step: Extract<Step, { kind: 'policy' }>): void {
  if (step.verdict === 'drop') return push(r, i, 'rule', `${chainName(step.chain)} drops it by its policy`, { cause: `${r.netns} ${step.chain}` });
  const decided = r.drafts.some((d) => d.title.endsWith(' accepts') && d.first > 0);
  if (step.hook === 'forward' && step.chain.includes('filter') && !decided && isStation(r.netns)) return push(r, i, 'rule', 'Forward: no rule stops it');
  return fold(r, i);
}

function readRoute(r: Reading, i: number, step: Extract<Step, { kind: 'route' }>): void {
  if (step.route === null) return push(r, i, 'route', 'No route');
  const cause = `${r.netns} ${step.route}`;
  if (step.local === true) return isStation(r.netns) ? push(r, i, 'route', 'Route: for this machine itself', { cause }) : fold(r, i);
  const dst = step.route.split(' ')[0] ?? '';
  const way = step.via === undefined ? (step.dev ?? '') : step.dev === undefined ? step.via : `${step.via}, ${step.dev}`;
  const title = way === '' ? `Route: ${step.route}` : `Route: ${dst} via ${way}`;
  const last = r.drafts.at(-1);
  // a router does nothing else that is worth a line
  if (r.netns.startsWith('router/') && last?.kind === 'enter') {
    r.drafts.pop();
    r.open = last.first;
  }
  const { odds } = r;
  r.odds = undefined;
  return odds === undefined ? push(r, i, 'route', title, { cause }) : push(r, i, 'choice', title, { cause, odds });
}

function readDeliver(r: Reading, i: number): void {
  const last = r.drafts.at(-1);
  if (last?.kind === 'enter' && !isStation(r.netns)) {
    r.drafts.pop();
    r.open = last.first;
  }
  push(r, i, 'deliver', r.reply ? 'gets the answer' : 'receives it', { detail: r.reply ? sourceOf(r.packet) : destinationOf(r.packet) });
}

const conntrackWords = { created: 'new flow', matched: 'known flow', reversed: 'answer of a known flow', untracked: 'not tracked', invalid: 'belongs to no flow' } as const;

function readStep(r: Reading, i: number, step: Step): void {
  switch (step.kind) {
    case 'originate':
      return readOriginate(r, i, step.packet);
    case 'enter':
      // a cable's generated name says less than who is at its other end
      return push(r, i, 'enter', r.from.startsWith('pod/') ? `arrives from ${labelOf(r.from)}` : `arrives on ${step.link}`, { link: step.link });
    case 'bridge':
      return isStation(r.netns) ? push(r, i, 'bridge', `Crosses bridge ${step.bridge}`, { link: step.bridge }) : fold(r, i);
    case 'conntrack':
      return isStation(r.netns) ? push(r, i, 'conntrack', `Conntrack: ${conntrackWords[step.event]}`) : fold(r, i);
    case 'choice':
      // the rules that let it pass count: 2/3 × 1/2 is one in three
      r.odds = r.odds === undefined ? step.odds : toFractionJson(multiplyFractions(fromFractionJson(r.odds), fromFractionJson(step.odds)));
      return;
    case 'rule':
      return readRule(r, i, step);
    case 'policy':
      return readPolicy(r, i, step);
    case 'rewrite':
      return readRewrite(r, i, step);
    case 'route':
      return readRoute(r, i, step);
    case 'neighbour':
      return step.mac === null ? push(r, i, 'route', `Nobody answers for ${step.ip}`, { link: step.dev }) : fold(r, i);
    case 'ttl': return readTtl(r, i, step.ttl);
    case 'encap':
    case 'decap':
      return readTunnel(r, i, step);
    case 'ipvs':
    case 'socket-lb':
    case 'proxy':
      r.packet = step.packet;
      return push(r, i, 'rewrite', step.kind === 'proxy' ? 'The proxy opens its own connection' : 'Destination rewritten', { detail: destinationOf(step.packet), cause: `${r.netns} ${step.by}` });
    case 'deliver':
      return readDeliver(r, i);
    case 'leave':
      return fold(r, i);
  }
}

function readOriginate(r: Reading, i: number, packet: Packet): void {
  r.packet = packet;
  push(r, i, 'originate', originated(packet, r.reply), { detail: sourceOf(packet) });
}

function readTtl(r: Reading, i: number, ttl: number): void {
  r.packet = { ...r.packet, ttl };
  fold(r, i);
}

function readTunnel(r: Reading, i: number, step: Extract<Step, { kind: 'encap' | 'decap' }>): void {
  r.packet = step.packet;
  const { outer } = step.packet;
  if (step.kind === 'decap' || outer === undefined) return push(r, i, 'decap', 'Unwrapped');
  return push(r, i, 'encap', `Wrapped in ${outer.kind.toUpperCase()}`, { detail: `${outer.src} → ${outer.dst}` });
}

export interface HopContext { readonly packet: Packet; readonly from: NetnsId; readonly reply: boolean; readonly ends: boolean; readonly glossary: Glossary }

/** Folds a hop's steps into the moments that a person follows; `packet` is the header on the way in. Switches have none, unless the trip `ends` there: they only pass frames on. */
export function readHop(hop: Hop, { packet, from, reply, ends, glossary }: HopContext): { readonly drafts: readonly Draft[]; readonly packet: Packet } {
  const r: Reading = { netns: hop.netns, from, glossary, reply, drafts: [], packet, open: 0 };
  hop.steps.forEach((step, i) => readStep(r, i, step));
  const last = r.drafts.at(-1);
  if (last !== undefined) last.last = hop.steps.length - 1;
  const silent = hop.netns.startsWith('switch/') && !ends;
  return { drafts: silent ? [] : r.drafts, packet: r.packet };
}
