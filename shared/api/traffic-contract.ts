import type { FractionJson } from '../base/fraction.ts';
import type { Probe, ProbeVerdict } from '../trace/types.ts';

/** What the kernels still remember when every connection of before is closed: affinity lists and sets, round-robin counters. Handed back with the next stretch of traffic; conntrack is not in it, because no later connection has the same ports. */
export interface KernelMemory {
  readonly recent: Readonly<Record<string, number>>;
  readonly dynamicSets: Readonly<Record<string, number>>;
  readonly counters: Readonly<Record<string, number>>;
}

/** One request of traffic: which pair's question, the how-manieth of that pair (0 first), and when, in virtual milliseconds. */
export interface Departure { readonly pair: number; readonly nth: number; readonly at: number }

/** Where requests of a pair end: the branches of its answer that go and end alike with their odds together. An end that no branch of a first packet has is `branches: []` with odds 0. */
export interface TrafficEnd {
  readonly verdict: ProbeVerdict;
  readonly code: string;
  readonly sentence: string;
  /** Who answered: `pod/NS/NAME`, an address, or null where nobody did. */
  readonly who: string | null;
  readonly branches: readonly number[];
  readonly odds: FractionJson;
}

/** A pair's ends in the order of its branches; `problem` says why its question cannot be asked of this cluster, and then it has no ends. */
export interface TrafficPair { readonly ends: readonly TrafficEnd[]; readonly problem: string | null }

/** `order[i]` is the end of departure i among its pair's ends; −1 where the pair could not be asked. */
export interface Traffic { readonly revision: number; readonly pairs: readonly TrafficPair[]; readonly order: readonly number[]; readonly memory: KernelMemory }

/** Traffic: many requests of several pairs through the same kernels. None of it changes anything. */
export interface TrafficMethods {
  /** Sends these requests, in order, as the seed decides, each a connection of its own after everything that `memory` remembers. The same input gives the same answer. */
  traffic: { input: { probes: readonly Probe[]; departures: readonly Departure[]; memory?: KernelMemory; seed?: number }; output: Traffic };
}
