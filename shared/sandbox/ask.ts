import { formatProblem } from '../base/problem.ts';
import { fraction, multiplyFractions } from '../base/fraction.ts';
import { familyOf, type Ip } from '../base/ip.ts';
import { ApiFailure } from '../api/failure.ts';
import type { Answer } from '../api/contract.ts';
import type { L4, Protocol } from '../dataplane/packet.ts';
import { selectSource } from '../engine/select-source.ts';
import { emptyState, send } from '../engine/send.ts';
import type { NetState } from '../engine/types.ts';
import { indexCluster } from '../model/index-cluster.ts';
import { resolveFrom, type Party } from '../model/resolve-from.ts';
import { dialledPort, resolveTo, type Target } from '../model/resolve-to.ts';
import type { Branch, Flow, Journey, Probe } from '../trace/types.ts';
import { arrivalAt } from './arrival.ts';
import { toBranch } from './branch.ts';
import { glossaryOf } from './glossary.ts';
import { mapOrigins } from './map-origins.ts';
import type { World } from './world.ts';

// An ephemeral port below 32768 and 61000's other limit would do as well; one fixed number keeps every picture the same.
const SOURCE_PORT = 41870;
const ECHO_ID = 4187;

/** The question after its names are resolved: what is sent, from where. */
export interface Asked { readonly world: World; readonly probe: Probe; readonly from: Party; readonly target: Target; readonly protocol: Protocol; readonly port: number | null }

function l4Of(protocol: Protocol, port: number, v6: boolean): L4 {
  switch (protocol) {
    case 'tcp': return { proto: 'tcp', sport: SOURCE_PORT, dport: port, flags: 'syn' };
    case 'udp': return { proto: 'udp', sport: SOURCE_PORT, dport: port };
    case 'sctp': return { proto: 'sctp', sport: SOURCE_PORT, dport: port, chunk: 'init' };
    case 'icmp': return { proto: 'icmp', type: v6 ? 128 : 8, code: 0, id: ECHO_ID };
  }
}

/** The asked port; else the URL's, else the only one (or the first) that the destination's Service has, else a refusal that says what to do. */
function portOf(probe: Probe, target: Target, protocol: Protocol): number | null {
  if (protocol === 'icmp') return null;
  if (probe.port !== undefined) return probe.port;
  if (target.url) return target.url.port;
  const own = target.service?.ports.filter((port) => port.protocol === protocol) ?? [];
  if (own[0]) return own[0].port;
  const listening = target.party?.pod?.ports.filter((port) => port.protocol === protocol) ?? [];
  if (listening[0]) return listening[0].port;
  throw new ApiFailure('problem', `which port of ${target.label}? Say it with a port`);
}

/** Where the packet starts: the source's own namespace, or the node that it is handed to. */
export function flowOf(asked: Asked, dst: Ip): Flow {
  const { world, probe, from, target, protocol, port } = asked;
  const v6 = familyOf(dst) === 6;
  const own = from.ips.find((ip) => familyOf(ip) === familyOf(dst));
  const l4 = l4Of(protocol, port === null ? 0 : protocol === 'icmp' ? port : dialledPort(target, protocol, port), v6);
  if (probe.at !== undefined) {
    const arrival = arrivalAt(world, probe.at, own ?? from.ips[0] ?? dst);
    return { from: arrival.netns, packet: { src: own ?? from.ips[0] ?? dst, dst, ttl: 64, l4 }, ...(arrival.link === undefined ? {} : { ingress: arrival.link }) };
  }
  if (from.netns === null) throw new ApiFailure('problem', `nobody here has the address ${from.ips[0]}: hand it to a node with --at node/NAME`);
  // A pod's, client's or asked-for address is its own; a machine with several lets the kernel choose, as a connect() without bind() does.
  const chosen = from.kind === 'address' ? own : selectSource(world.dataplane, from.netns, dst) ?? own;
  return { from: from.netns, packet: { src: chosen ?? dst, dst, ttl: 64, l4 } };
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
  const to = resolveTo(world.cluster, from.value, probe.to);
  if (!to.ok) throw new ApiFailure('problem', formatProblem(to.error));
  if (to.value.kind !== 'target') return null;
  const protocol = probe.protocol ?? 'tcp';
  return { world, probe, from: from.value, target: to.value.target, protocol, port: portOf(probe, to.value.target, protocol) };
}

function branchesOf(asked: Asked): readonly Branch[] {
  const { world, probe, target } = asked;
  const share = fraction(1, target.ips.length);
  return target.ips.flatMap((dst) => {
    const flow = flowOf(asked, dst);
    const { branches } = send(world.dataplane, flow, { ...stateAfter(world, probe.after ?? []), now: probe.now ?? 0 }, { mode: 'all' });
    return branches.map((one) => toBranch(asked, dst, multiplyFractions(share, one.odds), one.trace));
  });
}

/** A question that ended before any packet: the name does not exist, or Podhop does not know. */
function withoutPacket(probe: Probe, from: Party, verdict: 'nxdomain' | 'unmodelled', code: string, sentence: string): Journey {
  const branch: Branch = { odds: { num: 1, den: 1 }, verdict, code, sentence, dnat: null, snat: null, endpoint: null, sourceSeen: null, http: null, decidedBy: [], legs: [] };
  return { probe, from: from.label, target: probe.to, to: null, protocol: probe.protocol ?? 'tcp', port: probe.port ?? null, resolution: null, verdict, branches: [branch] };
}

/** A question with its names resolved; the journey itself where it ended before any packet. Throws ApiFailure for a question that names nobody. */
export function settleProbe(world: World, probe: Probe): { readonly asked: Asked } | { readonly ended: Journey } {
  indexCluster(world.cluster);
  const from = resolveFrom(world.cluster, probe.from);
  if (!from.ok) throw new ApiFailure('problem', formatProblem(from.error));
  const to = resolveTo(world.cluster, from.value, probe.to);
  if (!to.ok) throw new ApiFailure('problem', formatProblem(to.error));
  if (to.value.kind === 'unmodelled') return { ended: withoutPacket(probe, from.value, 'unmodelled', 'not-modelled', to.value.what) };
  if (to.value.kind === 'nxdomain') return { ended: withoutPacket(probe, from.value, 'nxdomain', 'nxdomain', `There is no name ${to.value.name}: ${to.value.why} (tried ${to.value.tried.join(', ')}).`) };
  const { target } = to.value;
  const protocol = probe.protocol ?? 'tcp';
  return { asked: { world, probe, from: from.value, target, protocol, port: portOf(probe, target, protocol) } };
}

function journeyOf(world: World, probe: Probe): Journey {
  const settled = settleProbe(world, probe);
  if ('ended' in settled) return settled.ended;
  const { asked } = settled;
  const { from, target, protocol } = asked;
  const branches = branchesOf(asked);
  return {
    probe,
    from: from.label,
    target: target.label,
    to: target.ref,
    protocol,
    port: asked.port,
    resolution: target.ips[0] === undefined ? null : { name: probe.to, ip: target.ips[0], how: target.how, ...(target.via === '' ? {} : { via: target.via }) },
    verdict: verdictOfAll(branches),
    branches,
  };
}

/** One question, every branch, with the words for every rule and route that took part. Throws ApiFailure for a question that names nobody. */
export function ask(world: World, probe: Probe): Answer {
  const journey = journeyOf(world, probe);
  return { revision: world.revision, journey, glossary: glossaryOf(world, journey, (trace) => mapOrigins(world, trace)) };
}
