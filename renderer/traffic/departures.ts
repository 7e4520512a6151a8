import type { Departure } from '../../shared/api/traffic-contract.ts';

/** Requests a second that a pair may be given. */
export const rates: readonly number[] = [1, 2, 5, 10, 20, 50];

/** A pair's requests over virtual time: evenly spaced, each pair with its own phase, so that pairs of one rate do not leave together. */
export interface Stream {
  /** Requests a virtual second, above 0. */
  readonly rate: number;
  /** Virtual ms of the next one. */
  readonly next: number;
  readonly sent: number;
}

const spacing = (rate: number): number => 1000 / rate;

/** The golden ratio's fraction spreads any number of phases over a period. */
const phaseOf = (place: number): number => ((place + 1) * 0.618_033_988_75) % 1;

/** The stream of the pair that came as the `place`-th (from 0), beginning at a virtual time. */
export const startStream = (rate: number, now: number, place: number): Stream => ({ rate, next: now + spacing(rate) * phaseOf(place), sent: 0 });

/** The same stream at another rate: faster takes effect within one new period, slower after what was due. */
export const atRate = (stream: Stream, rate: number, now: number): Stream => ({ ...stream, rate, next: Math.min(stream.next, now + spacing(rate)) });

/** What leaves before `until`, oldest first (of two at one time the earlier pair's), and the streams after it. */
export function departuresUntil(streams: readonly Stream[], until: number): { readonly departures: readonly Departure[]; readonly streams: readonly Stream[] } {
  const departures: Departure[] = [];
  const after = streams.map((stream, pair): Stream => {
    let { next, sent } = stream;
    for (; next < until; next += spacing(stream.rate)) departures.push({ pair, nth: sent++, at: next });
    return { ...stream, next, sent };
  });
  return { departures: departures.toSorted((a, b) => a.at - b.at || a.pair - b.pair), streams: after };
}
