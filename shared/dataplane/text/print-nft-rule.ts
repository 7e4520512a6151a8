import type { PortRange } from '../packet.ts';
import type { Action, Match, NatTo, RejectCode, Rule, TableFamily, Verdict, VmapElement } from '../rules.ts';
import { fieldText, icmpTypeText, ipWord, keyText, netText, sortByTuple, tupleText, type NftContext } from './print-nft-fields.ts';
import { inQuotes, markText } from './nft-words.ts';

type Of<K extends Match['kind']> = Extract<Match, { readonly kind: K }>;
type Does<K extends Action['kind']> = Extract<Action, { readonly kind: K }>;

const not = (match: { readonly not?: boolean }): string => (match.not === true ? '!= ' : '');
const range = ({ from, to }: PortRange): string => (from === to ? `${from}` : `${from}-${to}`);
const set = (items: readonly string[]): string => (items.length === 1 ? items[0]! : `{ ${items.join(', ')} }`);
const cannot = (what: string): never => {
  throw new Error(`an nft rule cannot hold the iptables form ${what}`);
};

const ctOrder = ['invalid', 'established', 'related', 'new', 'untracked'];
const statusOrder = ['expected', 'seen-reply', 'assured', 'confirmed', 'snat', 'dnat', 'dying'];
const tcpOrder = ['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ecn', 'cwr'];
const inOrder = (names: readonly string[], order: readonly string[]): string => [...names].sort((a, b) => order.indexOf(a) - order.indexOf(b)).join(',');

function markTest(what: string, { value, mask, not: inverted }: Of<'mark' | 'connmark'>): string {
  if (mask >>> 0 === 0xffff_ffff) return `${what} ${inverted === true ? '!= ' : ''}${markText(value)}`;
  return `${what} & ${markText(mask)} ${inverted === true ? '!=' : '=='} ${markText(value)}`;
}

function compareText({ left, op, right }: Of<'compare'>, context: NftContext): string {
  const kinds = left.map((field) => field.field);
  const key = keyText(left, context, right[0]);
  const v6 = context.family === 'ip6';
  const words = sortByTuple(right, (tuple) => tuple).map((tuple) => tupleText(tuple, kinds, v6));
  if (left.length === 1 && kinds[0] === 'ct-status') return `${key} ${op === '!=' ? '!= ' : ''}${inOrder(words, statusOrder)}`;
  return `${key} ${op === '!=' ? '!= ' : ''}${set(words)}`;
}

const wildcard = (name: string): string => inQuotes(name.endsWith('+') ? `${name.slice(0, -1)}*` : name);

function matchText(match: Match, context: NftContext): string {
  const { family, protocol } = context;
  switch (match.kind) {
    case 'src': case 'dst': return `${ipWord(family, match.net)} ${match.kind === 'src' ? 'saddr' : 'daddr'} ${not(match)}${netText(match.net)}`;
    case 'iprange': return `${ipWord(family, match.range.from)} ${match.side === 'src' ? 'saddr' : 'daddr'} ${not(match)}${match.range.from}-${match.range.to}`;
    case 'protocol': return `meta l4proto ${not(match)}${match.protocol === 'icmp' && family === 'ip6' ? 'ipv6-icmp' : match.protocol}`;
    case 'sport': case 'dport': return `${fieldText({ field: match.kind }, context)} ${not(match)}${set(match.ports.map(range))}`;
    case 'iif': case 'oif': return `${match.kind}name ${not(match)}${wildcard(match.name)}`;
    case 'mark': return markTest('meta mark', match);
    case 'connmark': return markTest('ct mark', match);
    case 'ct-state': return `ct state ${not(match)}${inOrder(match.states, ctOrder)}`;
    case 'addrtype': return `fib ${match.side === 'src' ? 'saddr' : 'daddr'}${match.limitIface === undefined ? '' : ` . ${match.limitIface === 'in' ? 'iif' : 'oif'}`} type ${not(match)}${match.type.toLowerCase()}`;
    case 'icmp-type': return `${family === 'ip6' || protocol === 'icmpv6' ? 'icmpv6' : 'icmp'} type ${not(match)}${icmpTypeText(match.type, family === 'ip6')}`;
    case 'tcp-flags': return `tcp flags ${not(match)}${inOrder(match.comp.map((f) => f.toLowerCase()), tcpOrder)} / ${inOrder(match.mask.map((f) => f.toLowerCase()), tcpOrder)}`;
    case 'limit': return `limit rate ${match.rate}${match.burst === 5 ? '' : ` burst ${match.burst} packets`}`;
    case 'compare': return compareText(match, context);
    case 'lookup': return `${keyText(match.key, context)} ${not(match)}@${match.set}`;
    case 'bit-test': return `${match.field === 'mark' ? 'meta' : 'ct'} mark & ${markText(match.mask)} ${match.not === true ? '!=' : '=='} ${markText(match.equals)}`;
    case 'unmodelled-match': return match.text;
    case 'comment': return '';
    case 'ports': case 'physdev': case 'conntrack': case 'statistic': case 'statistic-nth': case 'recent': case 'set': case 'ipvs': return cannot(match.kind);
  }
}

const icmpRejects: Readonly<Record<Exclude<RejectCode, 'tcp-reset'>, readonly [v4: string, v6: string]>> = {
  'icmp-net-unreachable': ['net-unreachable', 'no-route'], 'icmp-host-unreachable': ['host-unreachable', 'addr-unreachable'], 'icmp-port-unreachable': ['port-unreachable', 'port-unreachable'],
  'icmp-proto-unreachable': ['prot-unreachable', 'port-unreachable'], 'icmp-net-prohibited': ['net-prohibited', 'admin-prohibited'], 'icmp-host-prohibited': ['host-prohibited', 'admin-prohibited'], 'icmp-admin-prohibited': ['admin-prohibited', 'admin-prohibited'],
};

/** A verdict as it stands in a rule or in a map. */
export function verdictText(verdict: Verdict, family: TableFamily): string {
  if (verdict.kind === 'jump' || verdict.kind === 'goto') return `${verdict.kind} ${verdict.chain}`;
  if (verdict.kind !== 'reject') return verdict.kind;
  if (verdict.with === 'icmp-port-unreachable') return 'reject';
  if (verdict.with === 'tcp-reset') return 'reject with tcp reset';
  const [v4, v6] = icmpRejects[verdict.with];
  return `reject with ${family === 'ip' ? 'icmp' : family === 'ip6' ? 'icmpv6' : 'icmpx'} ${family === 'ip6' ? v6 : v4}`;
}

/** One element of a verdict map: `tcp . 80 comment "x" : drop`. */
export const vmapElementText = ({ key, verdict, comment }: Pick<VmapElement, 'key' | 'verdict' | 'comment'>, kinds: readonly string[], family: TableFamily): string =>
  `${tupleText(key, kinds, family === 'ip6')}${comment === undefined ? '' : ` comment ${inQuotes(comment)}`} : ${verdictText(verdict, family)}`;

/** `10.0.0.1:80`, `[fd00::1]:80`, `10.0.0.1-10.0.0.9`, `:8080`. */
export function natText({ ip, maxIp, ports }: NatTo): string {
  const port = ports === undefined ? '' : `:${range(ports)}`;
  const wrap = (address: string): string => (address.includes(':') && port !== '' ? `[${address}]` : address);
  return `${ip === undefined ? '' : wrap(ip)}${maxIp === undefined ? '' : `-${wrap(maxIp)}`}${port}`;
}

const inetWord = (family: TableFamily, to: NatTo | undefined): string => (family === 'inet' && to?.ip !== undefined ? ` ${ipWord(family, to.ip)}` : '');
const flags = (action: { readonly random?: boolean; readonly persistent?: boolean }): string => `${action.random === true ? ' random' : ''}${action.persistent === true ? ' persistent' : ''}`;

function vmapText({ key, map }: Does<'vmap'>, context: NftContext): string {
  const kinds = key.map((field) => field.field);
  const first = typeof map === 'string' ? undefined : map[0]?.key;
  const elements = typeof map === 'string' ? `@${map}` : `{ ${sortByTuple(map, (e) => e.key).map((e) => vmapElementText(e, kinds, context.family)).join(', ')} }`;
  return `${keyText(key, context, first)} vmap ${elements}`;
}

function dnatMapText({ key, map }: Does<'dnat-map'>, context: NftContext): string {
  const kinds = key.map((field) => field.field);
  const elements = typeof map === 'string' ? `@${map}` : `{ ${map.map((e) => `${tupleText(e.key, kinds)} : ${natText(e.to).replace(/:(\d+)$/, ' . $1')}`).join(', ')} }`;
  return `dnat to ${keyText(key, context)} map ${elements}`;
}

/** The kernel keeps `(mark & ~mask) ^ value`; nft says it as set, or, xor or and. */
function setMarkText({ value, mask }: Does<'set-mark'>): string {
  const [v, m] = [value >>> 0, mask >>> 0];
  if (m === 0xffff_ffff) return `meta mark set ${markText(v)}`;
  if (m === v) return `meta mark set meta mark | ${markText(v)}`;
  if (m === 0) return `meta mark set meta mark ^ ${markText(v)}`;
  if (v === 0) return `meta mark set meta mark & ${markText(~m)}`;
  return `meta mark set meta mark & ${markText(~m)} ^ ${markText(v)}`;
}

function connmarkText({ op, value }: Does<'connmark'>): string {
  if (op === 'save') return 'ct mark set meta mark';
  return op === 'restore' ? 'meta mark set ct mark' : `ct mark set ${markText(value)}`;
}

function actionText(action: Action, context: NftContext): string {
  switch (action.kind) {
    case 'verdict': return verdictText(action.verdict, context.family);
    case 'vmap': return vmapText(action, context);
    case 'dnat': case 'snat': return `${action.kind}${inetWord(context.family, action.to)} to ${natText(action.to)}${flags(action)}`;
    case 'dnat-map': return dnatMapText(action, context);
    case 'masquerade': return `masquerade${action.ports === undefined ? '' : ` to :${range(action.ports)}`}${action.randomFully === true ? ' fully-random' : ''}`;
    case 'redirect': return `redirect${action.ports === undefined ? '' : ` to :${range(action.ports)}`}`;
    case 'set-mark': return setMarkText(action);
    case 'connmark': return connmarkText(action);
    case 'notrack': return 'notrack';
    case 'update-set': return `${action.op} @${action.set} { ${keyText(action.key, context)}${action.timeoutSeconds === undefined ? '' : ` timeout ${action.timeoutSeconds}s`} }`;
    case 'counter': return 'counter packets 0 bytes 0';
    case 'log': case 'tcpmss': case 'unmodelled': return action.text;
  }
}

const ported = new Set<string>(['sport', 'dport', 'tcp-flags', 'icmp-type']);
const namesProtocol = (match: Match): boolean => ported.has(match.kind) || (match.kind === 'compare' && match.left.length === 1 && ported.has(match.left[0]!.field));
/** Statements that only one protocol can have, or that look its port up. */
const impliesProtocol = (action: Action): boolean =>
  (action.kind === 'verdict' && action.verdict.kind === 'reject' && action.verdict.with === 'tcp-reset') || (action.kind === 'vmap' && action.key.length === 1 && ported.has(action.key[0]!.field));

/** One rule as `nft list ruleset` writes it, without its indent. A protocol that a later condition names (`tcp dport`) is not said twice; a rule read from a real node keeps its words. */
export function printNftRule(rule: Pick<Rule, 'match' | 'do' | 'text'>, family: TableFamily): string {
  if (rule.text !== undefined) return rule.text;
  const words: string[] = [];
  let protocol = '';
  rule.match.forEach((match, i) => {
    if (match.kind === 'protocol' && match.not !== true && typeof match.protocol === 'string') {
      protocol = match.protocol === 'icmp' && family === 'ip6' ? 'icmpv6' : match.protocol;
      if (rule.do.some(impliesProtocol) || rule.match.slice(i + 1).some(namesProtocol)) return;
    }
    words.push(matchText(match, { family, protocol }));
  });
  for (const action of rule.do) words.push(actionText(action, { family, protocol }));
  const said = rule.match.find((match) => match.kind === 'comment');
  if (said) words.push(`comment ${inQuotes(said.text)}`);
  return words.filter((word) => word !== '').join(' ');
}
