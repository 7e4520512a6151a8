import { createPrng } from '../base/prng.ts';
import { addFractions, fromFractionJson, one, toFractionJson, zero, type Fraction } from '../base/fraction.ts';
import type { Sampled } from '../api/rules-contract.ts';
import type { L4 } from '../dataplane/packet.ts';
import type { NetState } from '../engine/types.ts';
import { emptyState, send } from '../engine/send.ts';
import type { Branch, Flow, Probe, Trace } from '../trace/types.ts';
import { ask, settleProbe, type Settled } from './ask.ts';
import { toBranch } from './branch.ts';
import { answered } from './http/answer.ts';
import { drawn } from './legs/draw.ts';
import { flowOf, type Asked } from './legs/flow.ts';
import { endBy } from './lookup/lookups.ts';
import { behindProxy } from './userspace-proxy.ts';
import type { World } from './world.ts';

// net.ipv4.ip_local_port_range's default, below the port that every picture shows.
const FIRST_PORT = 32_768;
const PORTS = 28_232;

/** Another connection of the same program: a source port, or echo id, of its own. */
function another(l4: L4, i: number): L4 {
  const port = FIRST_PORT + (i % PORTS);
  return l4.proto === 'icmp' ? { ...l4, id: port } : { ...l4, sport: port };
}

/** One sent packet: what happened and what the kernels then remember. */
export interface SentOnce { readonly dst: Flow['packet']['dst']; readonly trace: Trace; readonly state: NetState }

/** Sends the i-th connection of a settled question as the seed decides, after everything that `state` remembers. */
export function sendOnce(asked: Asked, state: NetState, seed: number, i: number): SentOnce {
  const prng = createPrng(seed + i);
  const { ips } = asked.target;
  const dst = ips[prng.next() % ips.length]!;
  const flow = flowOf(asked, dst);
  const own: Flow = { ...flow, packet: { ...flow.packet, l4: another(flow.packet.l4, i) } };
  const [branch] = send(asked.world.dataplane, own, state, { mode: 'sample', seed: prng.next() }).branches;
  return { dst, trace: branch.trace, state: branch.state };
}

/** Branches with the same key end alike. */
export const endOf = (branch: Branch): string => JSON.stringify([branch.verdict, branch.code, branch.endpoint?.netns ?? null, branch.endpoint?.ip ?? null, branch.endpoint?.port ?? null]);

/** Sends the nth request of a settled question as the seed decides: its lookups, its connection, what a proxy does with it. The branch that it took, and what the kernels then remember. */
export function sampleOnce(world: World, settled: Settled, state: NetState, seed: number, nth: number): { readonly branch: Branch; readonly state: NetState } {
  if ('ended' in settled) return { branch: settled.ended.branches[0]!, state };
  // a draw of its own, far from those of the connection
  const end = endBy(settled.lookups, createPrng(seed - 1 - nth).next() / 2 ** 32);
  if (end?.failed) return { branch: end.failed, state };
  const asked = end?.asked ?? settled.asked;
  const sent = sendOnce(asked, state, seed, nth);
  // A proxy takes its endpoints in turn.
  const behind = behindProxy(world, sent.trace, toBranch(asked, sent.dst, one, sent.trace), state.now);
  const reached = behind[nth % behind.length]!;
  const branch = asked.request ? drawn(answered(asked, asked.request, [{ ...reached, odds: toFractionJson(one) }]), createPrng(seed - 1_000_003 - nth).next() / 2 ** 32) : reached;
  return { branch, state: sent.state };
}

/** Ends of a question by key, in the order they were first met; the branches of its answer first, each with its odds. */
export interface Ends { readonly keyOf: (branch: Branch) => string; readonly keys: string[]; readonly bins: { branches: number[]; odds: Fraction; readonly branch: Branch }[] }

export function endsOfAnswer(branches: readonly Branch[], keyOf = endOf): Ends {
  const ends: Ends = { keyOf, keys: [], bins: [] };
  branches.forEach((branch, i) => {
    const bin = ends.bins[findEnd(ends, branch)]!;
    bin.branches.push(i);
    bin.odds = addFractions(bin.odds, fromFractionJson(branch.odds));
  });
  return ends;
}

/** The index of the end that this branch has; a new one where none is alike. */
export function findEnd({ keyOf, keys, bins }: Ends, branch: Branch): number {
  const key = keyOf(branch);
  const found = keys.indexOf(key);
  if (found >= 0) return found;
  keys.push(key);
  return bins.push({ branches: [], odds: zero, branch }) - 1;
}

/**
 * Sends this question `count` times, each a connection of its own, the kernels remembering the ones before (affinity, round robin), and
 * counts where they ended beside the exact odds of one first packet. Branches that end alike are one bin. The same seed gives the same answer.
 */
export function sample(world: World, probe: Probe, count: number, seed: number = world.cluster.settings.seed): Sampled {
  const ends = endsOfAnswer(ask(world, probe).journey.branches);
  const settled = settleProbe(world, probe);
  let state = emptyState(probe.now ?? 0);
  const order: number[] = [];
  for (let i = 0; i < count; i++) {
    const sent = sampleOnce(world, settled, state, seed, i);
    state = sent.state;
    order.push('ended' in settled ? 0 : findEnd(ends, sent.branch));
  }
  const counts = ends.bins.map((_, bin) => order.filter((met) => met === bin).length);
  return { revision: world.revision, order, bins: ends.bins.map(({ branches, odds, branch }, i) => ({ branches, odds: toFractionJson(odds), count: counts[i]!, ...(branches.length === 0 ? { sentence: branch.sentence } : {}) })) };
}
