import { formatProblem } from '../base/problem.ts';
import { fraction, multiplyFractions } from '../base/fraction.ts';
import { ApiFailure } from '../api/failure.ts';
import type { Answer } from '../api/contract.ts';
import type { Protocol } from '../dataplane/packet.ts';
import { emptyState, send } from '../engine/send.ts';
import type { NetState } from '../engine/types.ts';
import { requestOf, type HttpRequest } from '../model/http-request.ts';
import { indexCluster } from '../model/index-cluster.ts';
import { resolveFrom, type Party } from '../model/resolve-from.ts';
import { resolveTo, type Target, type TargetAnswer } from '../model/resolve-to.ts';
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
  const protocol = probe.protocol ?? 'tcp';
  return { world, probe, from: from.value, target: to.value.target, protocol, port: portOf(probe, to.value.target, protocol, request) };
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

/** A question that ended before any connection: the name does not exist or nobody says so, or Podhop does not know. */
function withoutConnection(probe: Probe, from: Party, verdict: 'nxdomain' | 'unmodelled', code: string, sentence: string, lookups: readonly LookupEnd[] | null): Journey {
  const branch: Branch = { odds: { num: 1, den: 1 }, verdict, code, sentence, dnat: null, snat: null, endpoint: null, sourceSeen: null, http: null, decidedBy: [], legs: [] };
  const branches = behindLookups(lookups, () => [branch]);
  return { probe, from: from.label, target: probe.to, to: null, protocol: probe.protocol ?? 'tcp', port: probe.port ?? null, resolution: null, verdict: verdictOfAll(branches), branches };
}

/** The lookups of a question; null where no resolver of the cluster is asked. A packet that is handed in (`--at`) has been addressed before. */
export function lookupsFor(world: World, probe: Probe, from: Party, answer: TargetAnswer): readonly LookupEnd[] | null {
  if (answer.kind === 'unmodelled' || probe.at !== undefined) return null;
  const [names, last] = answer.kind === 'nxdomain' ? [answer.lookups, 'NXDOMAIN'] : [answer.target.lookups, [...answer.target.cnames.slice(1), ...answer.target.ips].join(', ')];
  return lookupsOf(world, from, names, last, probe.now ?? 0);
}

/** A question with its names resolved; the journey itself where it ended before any packet. Throws ApiFailure for a question that names nobody. */
export function settleProbe(world: World, probe: Probe): { readonly asked: Asked; readonly lookups: readonly LookupEnd[] | null } | { readonly ended: Journey } {
  indexCluster(world.cluster);
  const from = resolveFrom(world.cluster, probe.from);
  if (!from.ok) throw new ApiFailure('problem', formatProblem(from.error));
  const request = requestIn(probe);
  const to = resolveTo(world.cluster, from.value, probe.to, request?.host);
  if (!to.ok) throw new ApiFailure('problem', formatProblem(to.error));
  if (to.value.kind === 'unmodelled') return { ended: withoutConnection(probe, from.value, 'unmodelled', 'not-modelled', to.value.what, null) };
  const lookups = lookupsFor(world, probe, from.value, to.value);
  if (to.value.kind === 'nxdomain') return { ended: withoutConnection(probe, from.value, 'nxdomain', 'nxdomain', `There is no name ${to.value.name}: ${to.value.why} (tried ${to.value.tried.join(', ')}).`, lookups) };
  const { target } = to.value;
  const protocol = probe.protocol ?? 'tcp';
  return { asked: { world, probe, from: from.value, target, protocol, port: portOf(probe, target, protocol, request), ...(request && protocol === 'tcp' ? { request } : {}) }, lookups };
}

function journeyOf(world: World, probe: Probe): Journey {
  const settled = settleProbe(world, probe);
  if ('ended' in settled) return settled.ended;
  const { asked, lookups } = settled;
  const { from, target, protocol } = asked;
  const behind = branchesOf(asked);
  const branches = behindLookups(lookups, () => behind);
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
