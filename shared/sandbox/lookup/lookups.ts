import { addFractions, fraction, fromFractionJson, multiplyFractions, one, toFractionJson, zero, type Fraction } from '../../base/fraction.ts';
import { emptyState, send } from '../../engine/send.ts';
import { dnsServiceOf } from '../../model/coredns-implied.ts';
import { preferFamily } from '../../model/prefer-family.ts';
import type { Party } from '../../model/resolve-from.ts';
import { resolveTo } from '../../model/resolve-to.ts';
import type { Branch, Leg, Probe, Trace } from '../../trace/types.ts';
import { flowOf, type Asked } from '../legs/flow.ts';
import { toBranch } from '../branch.ts';
import type { World } from '../world.ts';

/** How the lookups of one question can end: answered, or one of them got no answer and the question ends there. */
export interface LookupEnd { readonly odds: Fraction; readonly legs: readonly Leg[]; /** Null where every query was answered. */ readonly failed: Branch | null }

/** The ways of one query: the way it is answered with its odds, and each way it gets lost. */
interface Ways { readonly answered: { readonly odds: Fraction; readonly trace: Trace } | null; readonly lost: readonly Branch[] }

const remembered = new WeakMap<World, Map<string, Ways | null>>();
/** A and AAAA, asked over one socket (glibc `__libc_res_nquery` sends both at once). */
const QUERIES = 2;

/** The way of a query from this source to the cluster's resolver; null where there is none to ask. The question in it changes nothing on the way, so it is sent once. */
function waysOf(world: World, from: Party, now: number): Ways | null {
  const ip = preferFamily(dnsServiceOf(world.cluster.services)?.clusterIps ?? [], from.ips)[0];
  if (ip === undefined || from.netns === null) return null;
  const known = remembered.get(world) ?? new Map<string, Ways | null>();
  remembered.set(world, known);
  const key = `${from.netns} ${ip}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = sendQuery(world, from, ip, now);
  known.set(key, made);
  return made;
}

function sendQuery(world: World, from: Party, ip: string, now: number): Ways | null {
  const probe: Probe = { from: from.label, to: ip, port: 53, protocol: 'udp' };
  const to = resolveTo(world.cluster, from, ip);
  if (!to.ok || to.value.kind !== 'target') return null;
  const { target } = to.value;
  const asked: Asked = { world, probe, from, target, protocol: 'udp', port: 53 };
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
    const key = JSON.stringify([branch.verdict, branch.code, branch.decidedBy]);
    const known = groups.get(key);
    groups.set(key, known ? { ...known, odds: toFractionJson(addFractions(fromFractionJson(known.odds), fromFractionJson(branch.odds))) } : branch);
  }
  return [...groups.values()];
}

const legOf = (name: string, trace: Trace, answer: string): Leg => ({ kind: 'lookup', what: `A ${name}`, trace, answer, queries: QUERIES });

/**
 * The lookups of one question, name by name along the search list, with exact odds that sum to 1: every name is asked on a socket of its own, and the
 * first one that gets no answer ends the search (glibc `__res_context_search`). `last` is what the last name's answer says. Null where nobody is asked.
 */
export function lookupsOf(world: World, from: Party, names: readonly string[], last: string, now: number): readonly LookupEnd[] | null {
  const ways = names.length === 0 ? null : waysOf(world, from, now);
  if (ways === null) return null;
  const share = ways.answered?.odds ?? zero;
  const power = (n: number): Fraction => Array.from({ length: n }).reduce<Fraction>((product) => multiplyFractions(product, share), one);
  // lost at the first name, or at the second after one answer, and so on: one outcome
  const times = names.reduce((sum, _, i) => addFractions(sum, power(i)), zero);
  const answered: readonly LookupEnd[] = ways.answered === null ? [] : [{ odds: power(names.length), legs: answeredLegs(names, ways.answered.trace, last), failed: null }];
  return [...answered, ...ways.lost.map((branch) => lostEnd(branch, names[0]!, times))];
}

const answeredLegs = (names: readonly string[], trace: Trace, last: string): readonly Leg[] => names.map((name, i) => legOf(name, trace, i === names.length - 1 ? last : 'NXDOMAIN'));

function lostEnd(branch: Branch, name: string, times: Fraction): LookupEnd {
  const odds = multiplyFractions(fromFractionJson(branch.odds), times);
  const legs = [legOf(name, branch.legs[0]!.trace, 'no answer')];
  const verdict = branch.verdict === 'refused' || branch.verdict === 'unmodelled' ? branch.verdict : 'dns-timeout';
  const sentence = `The lookup of ${name} ${verdict === 'refused' ? 'was refused' : 'got no answer'}: ${branch.sentence}`;
  return { odds, legs, failed: { ...branch, odds: toFractionJson(odds), verdict, sentence, dnat: null, snat: null, endpoint: null, sourceSeen: null, legs } };
}

/** The branches of a question whose name was looked up: every lost lookup, and every branch behind the answered ones. */
export function behindLookups(ends: readonly LookupEnd[] | null, branches: () => readonly Branch[]): readonly Branch[] {
  if (ends === null) return branches();
  return ends.flatMap(({ odds, legs, failed }) => (failed ? [failed] : branches().map((branch) => ({ ...branch, odds: toFractionJson(multiplyFractions(odds, fromFractionJson(branch.odds))), legs: [...legs, ...branch.legs] }))));
}

/** The lookup that fails with this draw (0 ≤ draw < 1), or null where the question goes on. */
export function lostBy(ends: readonly LookupEnd[] | null, draw: number): Branch | null {
  let below = fraction(0);
  for (const { odds, failed } of ends ?? []) {
    below = addFractions(below, odds);
    if (draw * Number(below.den) < Number(below.num)) return failed;
  }
  return null;
}
