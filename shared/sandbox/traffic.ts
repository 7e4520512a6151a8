import { toFractionJson } from '../base/fraction.ts';
import type { Input } from '../api/contract.ts';
import { ApiFailure } from '../api/failure.ts';
import type { KernelMemory, Traffic, TrafficEnd } from '../api/traffic-contract.ts';
import type { NetState } from '../engine/types.ts';
import type { Branch, Probe } from '../trace/types.ts';
import { ask, settleProbe, type Settled } from './ask.ts';
import { endOf, endsOfAnswer, findEnd, sampleOnce, type Ends } from './sample.ts';
import type { World } from './world.ts';

/** Far enough apart that no pair ever comes to another's draws. */
const seedStep = 1_000_000_007;

const nothingRemembered: KernelMemory = { recent: {}, dynamicSets: {}, counters: {} };

interface Stream { readonly settled: Settled; readonly branches: readonly Branch[] }

/** A question of a world is settled and explored once, however many stretches of traffic ask it. */
const streams = new WeakMap<World, Map<string, Stream>>();

function streamOf(world: World, probe: Probe): Stream {
  const known = streams.get(world) ?? new Map<string, Stream>();
  streams.set(world, known);
  const key = JSON.stringify(probe);
  const found = known.get(key);
  if (found !== undefined) return found;
  const stream = { settled: settleProbe(world, probe), branches: ask(world, probe).journey.branches };
  known.set(key, stream);
  return stream;
}

/** Alike in their end, and in the machines on the way to it: where a policy stops packets to three pods, they stop in three places. */
const wayOf = (branch: Branch): string => `${endOf(branch)} ${branch.legs.map(({ trace }) => trace.hops.map(({ netns }) => netns).join(' ')).join(' / ')} ${branch.dnat?.ip ?? ''}`;

/** A pair under way: its question with its ends, or why it cannot be asked. */
type Pair = { readonly settled: Settled; readonly ends: Ends } | { readonly problem: string };

function pairOf(world: World, probe: Probe): Pair {
  try {
    const { settled, branches } = streamOf(world, probe);
    return { settled, ends: endsOfAnswer(branches, wayOf) };
  } catch (thrown) {
    if (thrown instanceof ApiFailure) return { problem: thrown.message };
    throw thrown;
  }
}

function toEnd({ branch, branches, odds }: Ends['bins'][number]): TrafficEnd {
  const { verdict, code, sentence, endpoint } = branch;
  const who = endpoint === null ? null : endpoint.pod === undefined ? endpoint.ip : `pod/${endpoint.pod}`;
  return { verdict, code, sentence, who, branches, odds: toFractionJson(odds) };
}

/** Sends a stretch of traffic: see TrafficMethods. A pair that cannot be asked says so and stops no other. */
export function traffic(world: World, { probes, departures, memory = nothingRemembered, seed = world.cluster.settings.seed }: Input<'traffic'>): Traffic {
  const pairs = probes.map((probe) => pairOf(world, probe));
  let state: NetState = { ...memory, now: 0, conntrack: {} };
  const order = departures.map(({ pair, nth, at }) => {
    const one = pairs[pair];
    if (one === undefined || 'problem' in one) return -1;
    const sent = sampleOnce(world, one.settled, { ...state, now: at }, seed + pair * seedStep, nth);
    state = sent.state;
    return findEnd(one.ends, sent.branch);
  });
  const { recent, dynamicSets, counters } = state;
  return {
    revision: world.revision,
    pairs: pairs.map((pair) => ('problem' in pair ? { ends: [], problem: pair.problem } : { ends: pair.ends.bins.map(toEnd), problem: null })),
    order,
    memory: { recent, dynamicSets, counters },
  };
}
