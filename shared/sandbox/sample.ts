import { createPrng } from '../base/prng.ts';
import { addFractions, fromFractionJson, one, toFractionJson, zero } from '../base/fraction.ts';
import type { Sampled } from '../api/rules-contract.ts';
import type { L4 } from '../dataplane/packet.ts';
import type { NetState } from '../engine/types.ts';
import { emptyState, send } from '../engine/send.ts';
import type { Branch, Flow, Probe, Trace } from '../trace/types.ts';
import { ask, settleProbe } from './ask.ts';
import { toBranch } from './branch.ts';
import { answered } from './http/answer.ts';
import { drawn } from './legs/draw.ts';
import { flowOf, type Asked } from './legs/flow.ts';
import { lostBy } from './lookup/lookups.ts';
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

const endOf = (branch: Branch): string => JSON.stringify([branch.verdict, branch.code, branch.endpoint?.netns ?? null, branch.endpoint?.ip ?? null, branch.endpoint?.port ?? null]);

/**
 * Sends this question `count` times, each a connection of its own, the kernels remembering the ones before (affinity, round robin), and
 * counts where they ended beside the exact odds of one first packet. Branches that end alike are one bin. The same seed gives the same answer.
 */
export function sample(world: World, probe: Probe, count: number, seed: number = world.cluster.settings.seed): Sampled {
  const { journey } = ask(world, probe);
  const keys: string[] = [];
  const bins: { branches: number[]; odds: typeof zero; count: number }[] = [];
  const binOf = (key: string): number => {
    const found = keys.indexOf(key);
    if (found >= 0) return found;
    keys.push(key);
    return bins.push({ branches: [], odds: zero, count: 0 }) - 1;
  };
  journey.branches.forEach((branch, i) => {
    const bin = bins[binOf(endOf(branch))]!;
    bin.branches.push(i);
    bin.odds = addFractions(bin.odds, fromFractionJson(branch.odds));
  });
  const settled = settleProbe(world, probe);
  let state = emptyState(probe.now ?? 0);
  const order: number[] = [];
  const others: (Branch | undefined)[] = [];
  for (let i = 0; i < count; i++) {
    let bin = 0;
    // a draw of its own, far from those of the connection
    const lost = 'asked' in settled ? lostBy(settled.lookups, createPrng(seed - 1 - i).next() / 2 ** 32) : null;
    if (lost) bin = binOf(endOf(lost));
    else if ('asked' in settled) {
      const sent = sendOnce(settled.asked, state, seed, i);
      state = sent.state;
      // A proxy takes its endpoints in turn.
      const behind = behindProxy(world, sent.trace, toBranch(settled.asked, sent.dst, one, sent.trace), probe.now ?? 0);
      const reached = behind[i % behind.length]!;
      const { request } = settled.asked;
      const branch = request ? drawn(answered(settled.asked, request, [{ ...reached, odds: toFractionJson(one) }]), createPrng(seed - 1_000_003 - i).next() / 2 ** 32) : reached;
      bin = binOf(endOf(branch));
      if (bins[bin]!.branches.length === 0) others[bin] ??= branch;
    }
    bins[bin]!.count += 1;
    order.push(bin);
  }
  return { revision: world.revision, order, bins: bins.map(({ branches, odds, count: n }, i) => ({ branches, odds: toFractionJson(odds), count: n, ...(others[i] ? { sentence: others[i].sentence } : {}) })) };
}
