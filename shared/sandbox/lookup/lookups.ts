import { addFractions, fraction, fromFractionJson, multiplyFractions, one, toFractionJson, zero, type Fraction } from '../../base/fraction.ts';
import { emptyState, send } from '../../engine/send.ts';
import type { Nameserver, ResolvConf } from '../../model/resolv-conf.ts';
import { timeoutOf } from '../../model/resolv-conf.ts';
import type { Party } from '../../model/resolve-from.ts';
import { resolveTo } from '../../model/resolve-to.ts';
import type { Branch, Leg, Probe, Trace } from '../../trace/types.ts';
import { flowOf, type Asked } from '../legs/flow.ts';
import { toBranch } from '../branch.ts';
import type { World } from '../world.ts';
import { questionsOf, type Question } from './questions.ts';

/** The name that exists, and what the server that said so knows. */
export interface FoundName { readonly name: string; readonly knows: Nameserver['knows'] }
/** How the lookups of one question can end: a name was found, every name was answered and none exists, or one got no answer and the question ends there. */
export interface LookupEnd { readonly odds: Fraction; readonly legs: readonly Leg[]; readonly found: FoundName | null; /** Null where every query was answered. */ readonly failed: Branch | null }

/** The ways of one query to one server: the way it is answered with its odds, and each way it gets lost. */
interface Ways { readonly answered: { readonly odds: Fraction; readonly trace: Trace } | null; readonly lost: readonly Branch[] }

const remembered = new WeakMap<World, Map<string, Ways | null>>();

/** The way of a query from this source to a server; null where it cannot be sent. The question in it changes nothing on the way, so it is sent once. */
function waysOf(world: World, from: Party, { nameserver, protocol, now }: { readonly nameserver: Nameserver; readonly protocol: 'udp' | 'tcp'; readonly now: number }): Ways | null {
  if (from.netns === null) return null;
  const known = remembered.get(world) ?? new Map<string, Ways | null>();
  remembered.set(world, known);
  const key = `${from.netns} ${nameserver.ip} ${protocol}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = sendQuery(world, from, nameserver.ip, protocol, now);
  known.set(key, made);
  return made;
}

function sendQuery(world: World, from: Party, ip: string, protocol: 'udp' | 'tcp', now: number): Ways | null {
  const probe: Probe = { from: from.label, to: ip, port: 53, protocol };
  const to = resolveTo(world.cluster, from, ip);
  if (!to.ok || to.value.kind !== 'target') return null;
  const { target } = to.value;
  const asked: Asked = { world, probe, from, target, protocol, port: 53 };
  const { branches } = send(world.dataplane, flowOf(asked, target.ips[0]!), emptyState(now), { mode: 'all' });
  const all = branches.map((branch) => ({ odds: branch.odds, trace: branch.trace, told: toBranch(asked, target.ips[0]!, branch.odds, branch.trace) }));
  const good = all.filter(({ told }) => told.verdict === 'delivered');
  return {
    // which of the resolver's pods answers changes nothing for the question: one stands for all
    answered: good.length === 0 ? null : { odds: good.reduce((sum, { odds }) => addFractions(sum, odds), zero), trace: good[0]!.trace },
    lost: alike(all.filter(({ told }) => told.verdict !== 'delivered').map(({ told }) => told)),
  };
}

/** Lost queries that end for the same reason are one way. */
function alike(branches: readonly Branch[]): readonly Branch[] {
  const groups = new Map<string, Branch>();
  for (const branch of branches) {
    const key = reasonOf(branch);
    const known = groups.get(key);
    groups.set(key, known ? { ...known, odds: toFractionJson(addFractions(fromFractionJson(known.odds), fromFractionJson(branch.odds))) } : branch);
  }
  return [...groups.values()];
}
const reasonOf = (branch: Branch): string => JSON.stringify([branch.verdict, branch.code, branch.decidedBy]);

/** An end as it is put together from the last name back to the first. */
interface Draft { readonly odds: Fraction; readonly legs: readonly Leg[]; readonly found: FoundName | null; readonly lost: { readonly branch: Branch; readonly name: string } | null }
const keyOf = ({ found, lost }: Draft): string => (found ? `found ${found.knows} ${found.name}` : lost ? `lost ${reasonOf(lost.branch)}` : 'none');

/** A way on which every query was answered shows an end better than one with losses, then a shorter one. */
const detour = ({ legs }: Draft): number => (legs.some(({ answer }) => answer === 'no answer') ? 1000 : 0) + legs.length;

/** Ends that are alike are one, with the plainest way to it. */
function merged(drafts: readonly Draft[]): readonly Draft[] {
  const byKey = new Map<string, Draft>();
  for (const draft of drafts) {
    const known = byKey.get(keyOf(draft));
    if (known === undefined) byKey.set(keyOf(draft), draft);
    else byKey.set(keyOf(draft), { ...(detour(draft) < detour(known) ? draft : known), odds: addFractions(known.odds, draft.odds) });
  }
  return [...byKey.values()];
}

interface Server { readonly nameserver: Nameserver; readonly ways: Ways }

/** What comes after a name: where it does not exist, and where nobody answered. */
interface After { readonly miss: readonly Draft[]; readonly loss: (branch: Branch, name: string) => readonly Draft[] }

/** The ends from one name on: each server in turn until one answers (glibc `__res_context_send`); then what comes after. An answer that refuses ends everything (ECONNREFUSED). */
function fromName(servers: readonly Server[], question: Question, name: string, { miss, loss }: After): readonly Draft[] {
  const drafts: Draft[] = [];
  const before: Leg[] = [];
  let left: Fraction = one;
  servers.forEach(({ nameserver, ways }, i) => {
    if (ways.answered) {
      const odds = multiplyFractions(left, ways.answered.odds);
      const { answer, found } = question.answer(name, nameserver.knows);
      const legs = [...before, question.legOf(name, ways.answered.trace, answer, nameserver.ip)];
      if (found) drafts.push({ odds, legs, found: { name, knows: nameserver.knows }, lost: null });
      else drafts.push(...behind(odds, legs, miss));
    }
    const last = i === servers.length - 1;
    for (const branch of last ? ways.lost : []) {
      const legs = [...before, question.legOf(name, branch.legs[0]!.trace, 'no answer', nameserver.ip)];
      drafts.push(...behind(multiplyFractions(left, fromFractionJson(branch.odds)), legs, branch.verdict === 'refused' ? endLost(branch, name) : loss(branch, name)));
    }
    left = multiplyFractions(left, ways.lost.reduce((sum, branch) => addFractions(sum, fromFractionJson(branch.odds)), zero));
    if (!last && ways.lost[0]) before.push(question.legOf(name, ways.lost[0].legs[0]!.trace, `no answer, so after ${question.timeout} s the next nameserver is asked`, nameserver.ip));
  });
  return merged(drafts.filter(({ odds }) => odds.num > 0n));
}

const none: Draft = { odds: one, legs: [], found: null, lost: null };
const endLost = (branch: Branch, name: string): readonly Draft[] => [{ ...none, lost: { branch, name } }];
const behind = (odds: Fraction, legs: readonly Leg[], ends: readonly Draft[]): readonly Draft[] => ends.map((end) => ({ ...end, odds: multiplyFractions(odds, end.odds), legs: [...legs, ...end.legs] }));

/**
 * The ends of a search (glibc `__res_context_search`). A name of the list that nobody answers ends the list, but not the search: the name as it was typed is
 * asked all the same, and what becomes of that is told. Where it came first, for its dots, its own fate is told if the list finds nothing.
 */
function searched(servers: readonly Server[], question: Question, names: readonly string[], asTyped: string): readonly Draft[] {
  const along = (list: readonly string[], end: readonly Draft[]): readonly Draft[] => list.reduceRight<readonly Draft[]>((miss, name) => fromName(servers, question, name, { miss, loss: () => end }), end);
  const [first, last] = [names[0]!, names.at(-1)!];
  if (names.length > 1 && first === asTyped) {
    const list = names.slice(1);
    return fromName(servers, question, first, { miss: along(list, [none]), loss: (branch, name) => along(list, endLost(branch, name)) });
  }
  if (last !== asTyped) return names.reduceRight<readonly Draft[]>((miss, name) => fromName(servers, question, name, { miss, loss: endLost }), [none]);
  return along(names.slice(0, -1), fromName(servers, question, last, { miss: [none], loss: endLost }));
}

const rankOf = ({ found, lost }: Draft): number => (found ? 0 : lost ? 2 : 1);

/**
 * The lookups of one question, name by name along the search list and server by server, with exact odds that sum to 1: every name is asked on a socket of
 * its own, and a server without an answer leaves it to the next. The odds are of the first try: programs
 * ask again after `timeout` seconds (`attempts`). Null where nobody is asked.
 */
export function lookupsOf(world: World, from: Party, conf: ResolvConf, typed: string, names: readonly string[], now: number): readonly LookupEnd[] | null {
  const protocol = conf.options.includes('use-vc') ? 'tcp' : 'udp';
  const servers = conf.nameservers.flatMap((nameserver) => {
    const ways = waysOf(world, from, { nameserver, protocol, now });
    return ways === null ? [] : [{ nameserver, ways }];
  });
  if (names.length === 0 || servers.length === 0) return null;
  const question = questionsOf(world, from, conf, typed, timeoutOf(conf));
  const drafts = merged(searched(servers, question, names, typed.replace(/\.$/, '').toLowerCase()));
  return drafts.toSorted((a, b) => rankOf(a) - rankOf(b)).map(({ lost, ...rest }) => ({ ...rest, failed: lost ? lostBranch(lost.branch, lost.name, rest) : null }));
}

function lostBranch(branch: Branch, name: string, { odds, legs }: Pick<Draft, 'odds' | 'legs'>): Branch {
  const verdict = branch.verdict === 'refused' || branch.verdict === 'unmodelled' ? branch.verdict : 'dns-timeout';
  const sentence = `The lookup of ${name} ${verdict === 'refused' ? 'was refused' : 'got no answer'}: ${branch.sentence}`;
  return { ...branch, odds: toFractionJson(odds), verdict, sentence, dnat: null, snat: null, endpoint: null, sourceSeen: null, legs };
}

/** The branches of a question whose name was looked up: every lost lookup, and every branch behind the answered ones. */
export const behindLookups = <End extends LookupEnd>(ends: readonly End[], branches: (end: End) => readonly Branch[]): readonly Branch[] =>
  ends.flatMap((end) => (end.failed ? [end.failed] : branches(end).map((branch) => ({ ...branch, odds: toFractionJson(multiplyFractions(end.odds, fromFractionJson(branch.odds))), legs: [...end.legs, ...branch.legs] }))));

/** The end of the lookups that this draw (0 ≤ draw < 1) falls on; null where nobody was asked. */
export function endBy<End extends LookupEnd>(ends: readonly End[] | null, draw: number): End | null {
  let below = fraction(0);
  for (const end of ends ?? []) {
    below = addFractions(below, end.odds);
    if (draw * Number(below.den) < Number(below.num)) return end;
  }
  return ends?.at(-1) ?? null;
}
