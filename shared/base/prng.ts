/** A stream of pseudo-random numbers; the same seed gives the same stream for ever. */
export interface Prng {
  /** The next unsigned 32-bit number. */
  readonly next: () => number;
}

/** Creates the stream of a seed (any safe integer): splitmix32, whose state is one counter, so that neighbouring seeds give unrelated streams. */
export function createPrng(seed: number): Prng {
  // Both halves of a large seed count; the multiplier keeps seeds 2³² apart from being equal.
  let state = (Math.trunc(seed) ^ Math.imul(Math.trunc(seed / 0x1_0000_0000), 0x85eb_ca6b)) >>> 0;
  const next = (): number => {
    state = (state + 0x9e37_79b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0_aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a_2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  return { next };
}
