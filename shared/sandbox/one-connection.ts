import { createPrng } from '../base/prng.ts';
import { one, toFractionJson } from '../base/fraction.ts';
import type { Sampled } from '../api/rules-contract.ts';
import { emptyState } from '../engine/send.ts';
import type { Branch, Probe } from '../trace/types.ts';
import { ask, settleProbe } from './ask.ts';
import { toBranch } from './branch.ts';
import { answered } from './http/answer.ts';
import { drawn } from './legs/draw.ts';
import { endBy } from './lookup/lookups.ts';
import { endsOfAnswer, findEnd, sendOnce } from './sample.ts';
import { behindProxy } from './userspace-proxy.ts';
import type { World } from './world.ts';

/** Where the requests of one connection can end, as the seed sends that connection: one branch, or one for each backend of a proxy. */
function waysOf(world: World, probe: Probe, seed: number): readonly Branch[] {
  const settled = settleProbe(world, probe);
  if ('ended' in settled) return settled.ended.branches.slice(0, 1);
  const end = endBy(settled.lookups, createPrng(seed - 1).next() / 2 ** 32);
  if (end?.failed) return [end.failed];
  const asked = end?.asked ?? settled.asked;
  const sent = sendOnce(asked, emptyState(probe.now ?? 0), seed, 0);
  const reached = behindProxy(world, sent.trace, toBranch(asked, sent.dst, one, sent.trace), probe.now ?? 0)[0]!;
  return asked.request ? answered(asked, asked.request, [{ ...reached, odds: toFractionJson(one) }]) : [reached];
}

/**
 * Sends one connection as the seed decides and `count` requests on it, one after the other: without a proxy all of them end where the connection
 * does, a controller sends each to a backend of its own, in turn or by chance. Beside them the odds of a first packet, as `sample` has them.
 */
export function sampleOneConnection(world: World, probe: Probe, count: number, seed: number = world.cluster.settings.seed): Sampled {
  const ends = endsOfAnswer(ask(world, probe).journey.branches);
  const many: Probe = probe.http ? { ...probe, http: { ...probe.http, requests: count } } : probe;
  const ways = waysOf(world, many, seed);
  const chance = ways.length > 1 && ways.some(({ http }) => http?.requests?.how === 'about');
  const offset = createPrng(seed - 2).next() % ways.length;
  const prng = createPrng(seed - 3);
  const order = Array.from({ length: count }, (_, i) => findEnd(ends, chance ? drawn(ways, prng.next() / 2 ** 32) : ways[(offset + i) % ways.length]!));
  return { revision: world.revision, order, bins: ends.bins.map(({ branches, odds, branch }, bin) => ({ branches, odds: toFractionJson(odds), count: order.filter((met) => met === bin).length, ...(branches.length === 0 ? { sentence: branch.sentence } : {}) })) };
}
