import { formatProblem } from '../base/problem.ts';
import { fraction, multiplyFractions, toFractionJson } from '../base/fraction.ts';
import { ApiFailure } from '../api/failure.ts';
import type { Answer } from '../api/shapes.ts';
import type { Protocol } from '../dataplane/packet.ts';
import { emptyState, send } from '../engine/send.ts';
import type { NetState } from '../engine/types.ts';
import { requestOf, type HttpRequest } from '../model/http-request.ts';
import { indexCluster } from '../model/index-cluster.ts';
import { resolveFrom, type Party } from '../model/resolve-from.ts';
import { resolvConfOf, type ResolvConf } from '../model/resolv-conf.ts';
import { askedName, resolveName, resolveTo, type Target, type TargetAnswer } from '../model/resolve-to.ts';
import type { Branch, Journey, Probe } from '../trace/types.ts';
import { toBranch } from './branch.ts';
import { glossaryOf } from './glossary.ts';
import { answered } from './http/answer.ts';
import { ECHO_ID, flowOf, SOURCE_PORT, type Asked } from './legs/flow.ts';
import { behindLookups, lookupsOf, type LookupEnd } from './lookup/lookups.ts';
import { mapOrigins } from './map-origins.ts';
import { behindProxy } from './userspace-proxy.ts';
import type { World } from './world.ts';

/** The HTTP request of a question: its own, or the one that a URL as destination means; null where it is about packets only. */
function requestIn(probe: Probe): HttpRequest | null {
  if (!probe.http) return /^https?:\/\//i.test(probe.to.trim()) ? requestOf(probe.to.trim()) : null;
  const request = requestOf(probe.http.url, probe.http.method, probe.http.headers);
  if (request === null) throw new ApiFailure('problem', `"${probe.http.url}" is no URL that Podhop reads: write http://HOST[:PORT]/PATH`);
  return request;
}

/** The asked port; else the URL's, else the only one (or the first) that the destination's Service has, else a refusal that says what to do. */
function portOf(probe: Probe, target: Target, protocol: Protocol, request: HttpRequest | null): number | null {
  if (protocol === 'icmp') return null;
  if (target.srv) {
    const ports = [...new Set(target.srv.records.map(({ port }) => port))];
    if (probe.port !== undefined && !ports.includes(probe.port)) throw new ApiFailure('problem', `the SRV records of ${target.label} say port ${ports.join(', ')}: leave port ${probe.port} out`);
    return ports[0]!;
  }
  if (probe.port !== undefined) return probe.port;
  if (target.url) return target.url.port;
  const own = target.service?.ports.filter((port) => port.protocol === protocol) ?? [];
  if (request && (request.portStated || own.length === 0 || own.some(({ port }) => port === request.port))) return request.port;
  if (own[0]) return own[0].port;
  const listening = target.party?.pod?.ports.filter((port) => port.protocol === protocol) ?? [];
  if (listening[0]) return listening[0].port;
  throw new ApiFailure('problem', `which port of ${target.label}? Say it with a port`);
}

const verdictOfAll = (branches: readonly Branch[]): Journey['verdict'] =>
  branches.every((branch) => branch.verdict === branches[0]!.verdict) ? branches[0]!.verdict : 'ambiguous';

/** What the kernels remember of earlier connections, each from a port of its own. */
function stateAfter(world: World, earlier: NonNullable<Probe['after']>): NetState {
  return earlier.reduce((state, probe, i): NetState => {
    const asked = askedOf(world, probe);
    const dst = asked?.target.ips[0];
    if (!asked || dst === undefined) return state;
    const flow = flowOf(asked, dst);
    const { l4 } = flow.packet;
    const packet = { ...flow.packet, l4: l4.proto === 'icmp' ? { ...l4, id: ECHO_ID - 1 - i } : { ...l4, sport: SOURCE_PORT - 1 - i } };
    return send(world.dataplane, { ...flow, packet }, { ...state, now: probe.now ?? 0 }, { mode: 'sample', seed: world.cluster.settings.seed + i }).branches[0].state;
  }, emptyState(0));
}

/** A question with its names resolved; null for a name that leads nowhere. */
function askedOf(world: World, probe: Probe): Asked | null {
  const from = resolveFrom(world.cluster, probe.from);
  if (!from.ok) throw new ApiFailure('problem', formatProblem(from.error));
  const request = requestIn(probe);
  const to = resolveTo(world.cluster, from.value, probe.to, request?.host);
  if (!to.ok) throw new ApiFailure('problem', formatProblem(to.error));
  if (to.value.kind !== 'target') return null;
  const { request: _, ...asked } = askedAt(world, probe, from.value, to.value.target, request);
  return asked;
}

function branchesOf(asked: Asked): readonly Branch[] {
  const { world, probe, target } = asked;
  const share = fraction(1, target.ips.length);
  return target.ips.flatMap((dst) => {
    const flow = flowOf(asked, dst);
    const { branches } = send(world.dataplane, flow, { ...stateAfter(world, probe.after ?? []), now: probe.now ?? 0 }, { mode: 'all' });
    const connected = branches.flatMap((one) => behindProxy(world, one.trace, toBranch(asked, dst, multiplyFractions(share, one.odds), one.trace), probe.now ?? 0));
    return asked.request ? answered(asked, asked.request, connected) : connected;
  });
}

/** A question that ended before any connection: no name exists, nobody says so, or Podhop does not know. */
function withoutConnection(probe: Probe, from: Party, branches: readonly Branch[]): Journey {
  return { probe, from: from.label, target: probe.to, to: null, protocol: probe.protocol ?? 'tcp', port: probe.port ?? null, resolution: null, verdict: verdictOfAll(branches), branches };
}
const noConnection = (verdict: 'nxdomain' | 'unmodelled', code: string, sentence: string): Branch => ({ odds: { num: 1, den: 1 }, verdict, code, sentence, dnat: null, snat: null, endpoint: null, sourceSeen: null, http: null, decidedBy: [], legs: [] });

/** How the lookups of a question end, and what it then asks of whom; null where the question ends there. */
export interface SettledEnd extends LookupEnd { readonly asked: Asked | null }
/** A question with its names resolved, as it most likely goes on, and every end of its lookups; the journey itself where it ended before any packet. */
export type Settled = { readonly asked: Asked; readonly lookups: readonly SettledEnd[] | null } | { readonly ended: Journey };

/** What a destination means for this question. */
function askedAt(world: World, probe: Probe, from: Party, target: Target, request: HttpRequest | null): Asked {
  const protocol = probe.protocol ?? target.srv?.protocol ?? 'tcp';
  if (target.srv && protocol !== target.srv.protocol) throw new ApiFailure('problem', `${target.label} is a name of ${target.srv.protocol} ports: leave ${protocol} out`);
  return { world, probe, from, target, protocol, port: portOf(probe, target, protocol, request), ...(request && protocol === 'tcp' ? { request } : {}) };
}

/** Why a name is said not to exist: none of its readings does, or the one that does was never heard of because a query before it got no answer. */
function missSentence(typed: string, names: readonly string[], { legs }: LookupEnd, why: string | null): string {
  const unheard = legs.find(({ answer }) => answer === 'no answer')?.what.split(' ')[1];
  if (unheard !== undefined) return `There is no name ${typed}, says the resolver: the query for ${unheard} got no answer, which ends the search list, and the name as it is does not exist.`;
  return `There is no name ${typed}: ${why ?? 'the nameserver that answered knows none of its names'} (tried ${names.join(', ')}).`;
}

/** Every end of the lookups with what it leads to: the first server's answer is `to` already, another's is found by its own name. A packet that is handed in (`--at`) has been addressed before. */
function settledEnds(world: World, probe: Probe, from: Party, to: Exclude<TargetAnswer, { kind: 'unmodelled' }>, request: HttpRequest | null): readonly SettledEnd[] | null {
  const conf = resolvConfOf(world.cluster, from.pod, from.ips);
  const typed = askedName(probe.to);
  const names = to.kind === 'nxdomain' ? to.lookups : to.target.lookups;
  const ends = probe.at === undefined ? lookupsOf(world, from, conf, typed, names, probe.now ?? 0) : null;
  if (ends === null) return null;
  const own = to.kind === 'target' ? `${conf.nameservers[0]?.knows} ${to.target.srv ? to.target.fqdn : to.target.cnames[0] ?? to.target.fqdn}` : '';
  return ends.flatMap((end): readonly SettledEnd[] => {
    if (end.failed) return [{ ...end, asked: null }];
    const answer = end.found === null ? null : `${end.found.knows} ${end.found.name}` === own ? to : resolveName(world.cluster, from, end.found, typed);
    if (answer?.kind !== 'target') {
      return [{ ...end, asked: null, failed: { ...noConnection('nxdomain', 'nxdomain', missSentence(typed, names, end, to.kind === 'nxdomain' ? to.why : null)), odds: toFractionJson(end.odds), legs: end.legs } }];
    }
    const target = to.kind === 'target' && to.target.url ? { ...answer.target, url: to.target.url } : answer.target;
    const asked = askedAt(world, probe, from, target, request);
    return target.srv ? withTargetLookups(end, asked, conf) : [{ ...end, asked }];
  });
}

/** An SRV answer names machines: the one that a client picks is looked up in turn. */
function withTargetLookups(end: LookupEnd, asked: Asked, conf: ResolvConf): readonly SettledEnd[] {
  const name = asked.target.srv!.records[0]!.target;
  const ends = lookupsOf(asked.world, asked.from, conf, `${name}.`, [name], asked.probe.now ?? 0) ?? [];
  return ends.map((second) => {
    const [odds, legs] = [multiplyFractions(end.odds, second.odds), [...end.legs, ...second.legs]];
    return { ...second, odds, legs, asked: second.failed ? null : asked, failed: second.failed && { ...second.failed, odds: toFractionJson(odds), legs } };
  });
}

/** Settles a question's names. Throws ApiFailure for a question that names nobody. */
export function settleProbe(world: World, probe: Probe): Settled {
  indexCluster(world.cluster);
  const from = resolveFrom(world.cluster, probe.from);
  if (!from.ok) throw new ApiFailure('problem', formatProblem(from.error));
  const request = requestIn(probe);
  const to = resolveTo(world.cluster, from.value, probe.to, request?.host);
  if (!to.ok) throw new ApiFailure('problem', formatProblem(to.error));
  if (to.value.kind === 'unmodelled') return { ended: withoutConnection(probe, from.value, [noConnection('unmodelled', 'not-modelled', to.value.what)]) };
  const lookups = settledEnds(world, probe, from.value, to.value, request);
  const asked = lookups === null ? (to.value.kind === 'target' ? askedAt(world, probe, from.value, to.value.target, request) : null) : lookups.find((end) => end.asked)?.asked ?? null;
  if (asked) return { asked, lookups };
  if (lookups) return { ended: { ...withoutConnection(probe, from.value, lookups.map((end) => end.failed!)), ...(to.value.kind === 'target' ? { target: to.value.target.label, to: to.value.target.ref } : {}) } };
  const { name, why, tried } = to.value as Extract<TargetAnswer, { kind: 'nxdomain' }>;
  return { ended: withoutConnection(probe, from.value, [noConnection('nxdomain', 'nxdomain', `There is no name ${name}: ${why} (tried ${tried.join(', ')}).`)]) };
}

/** A branch behind an SRV answer looked up the machine that it dialled. */
function namedTarget(branch: Branch, { srv }: Target): Branch {
  const dst = branch.legs.find((leg) => leg.kind === 'connection')?.trace.flow.packet.dst;
  const record = srv?.records.find(({ ip }) => ip === dst);
  const first = srv?.records[0];
  if (!record || !first || record === first) return branch;
  const legs = branch.legs.map((leg) => (leg.kind === 'lookup' && leg.what === `A ${first.target}` ? { ...leg, what: `A ${record.target}`, answer: record.ip, questions: (leg.questions ?? []).map((one) => ({ ...one, answer: one.answer.replace(first.ip, record.ip) })) } : leg));
  return { ...branch, legs };
}

function journeyOf(world: World, probe: Probe): Journey {
  const settled = settleProbe(world, probe);
  if ('ended' in settled) return settled.ended;
  const { asked, lookups } = settled;
  const { from, target, protocol } = asked;
  const behind = new Map<Asked, readonly Branch[]>();
  const branchesBehind = (one: Asked): readonly Branch[] => {
    const known = behind.get(one) ?? branchesOf(one);
    behind.set(one, known);
    return known;
  };
  const branches = lookups === null ? branchesBehind(asked) : behindLookups(lookups, (end) => branchesBehind(end.asked ?? asked)).map((branch) => namedTarget(branch, target));
  return {
    probe,
    from: from.label,
    target: target.label,
    to: target.ref,
    protocol,
    port: asked.port,
    resolution: target.ips[0] === undefined ? null : { name: probe.to, ip: target.ips[0], how: lookups === null ? target.how : 'lookup', ...(target.via === '' ? {} : { via: target.via }) },
    verdict: verdictOfAll(branches),
    branches,
  };
}

/** One question, every branch, with the words for every rule and route that took part. Throws ApiFailure for a question that names nobody. */
export function ask(world: World, probe: Probe): Answer {
  const journey = journeyOf(world, probe);
  return { revision: world.revision, journey, glossary: glossaryOf(world, journey, (trace) => mapOrigins(world, trace)) };
}
