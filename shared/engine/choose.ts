import { multiplyFractions, one, toFractionJson, type Fraction } from '../base/fraction.ts';
import { createPrng } from '../base/prng.ts';
import type { Step } from '../trace/types.ts';

/** The options of one random decision, prepared once: odds as fractions, as numbers for sampling, and the steps that record them. */
export interface Options {
  readonly odds: readonly Fraction[];
  readonly cumulative: readonly number[];
  readonly steps: readonly Step[];
}

type ChoiceStep = Extract<Step, { kind: 'choice' }>;

/** Prepares a decision. Odds must sum to 1; options without odds are never taken. */
export function prepareOptions(odds: readonly Fraction[], step: Pick<ChoiceStep, 'by' | 'what'>, passes: readonly number[] = []): Options {
  let sum = 0;
  return {
    odds,
    cumulative: odds.map((o) => (sum += Number(o.num) / Number(o.den))),
    steps: odds.map((o, i) => ({ kind: 'choice', by: step.by, what: step.what, odds: toFractionJson(o), ...(passes.includes(i) ? { taken: false } : {}) })),
  };
}

/** Who decides. `key` ties decisions to a flow (ECMP's hash); without it every decision draws anew. */
export interface Chooser {
  pick(options: Options, key?: number): number;
  /** One branch by seed, with a state to go on from, instead of all of them. */
  readonly samples: boolean;
  /** A number below 2³² that carries no odds, such as a random source port. */
  draw(): number;
}

/** Draws from the seed. */
export function samplingChooser(seed: number): Chooser {
  const prng = createPrng(seed);
  return {
    samples: true,
    draw: prng.next,
    pick(options, key) {
      const r = (key === undefined ? prng.next() : createPrng(seed + key).next()) / 0x1_0000_0000;
      const { cumulative } = options;
      let i = 0;
      while (i < cumulative.length - 1 && r >= cumulative[i]!) i++;
      while (options.odds[i]!.num === 0n) i = i === 0 ? cumulative.length - 1 : i - 1;
      return i;
    },
  };
}

export interface Explorer extends Chooser {
  /** The odds of the decisions since the last `next`. */
  odds(): Fraction;
  /** Moves to the next unexplored branch; false when there is none. */
  next(): boolean;
}

/** Replays a list of decisions and, branch after branch, takes the next one not yet taken: depth first, in the options' order. */
export function exploringChooser(): Explorer {
  // Each decision with the odds of all up to it.
  const script: { readonly index: number; readonly options: Options; readonly key: number | undefined; readonly odds: Fraction }[] = [];
  let at = 0;
  let prng = createPrng(0);
  const following = (options: Options, index: number): number => {
    do index++; while (index < options.odds.length && options.odds[index]!.num === 0n);
    return index;
  };
  const decide = (options: Options, index: number, key: number | undefined): void => {
    script.push({ index, options, key, odds: multiplyFractions(script.at(-1)?.odds ?? one, options.odds[index]!) });
  };
  // A flow that comes by again is hashed to the same way; without this a loop through two balancers would branch at every turn.
  const before = (options: Options, key: number): number | undefined => {
    for (let i = 0; i < at; i++) if (script[i]!.options === options && script[i]!.key === key) return script[i]!.index;
    return undefined;
  };
  return {
    samples: false,
    draw: () => prng.next(),
    pick(options, key) {
      const again = key === undefined ? undefined : before(options, key);
      if (again !== undefined) return again;
      if (at === script.length) decide(options, following(options, -1), key);
      return script[at++]!.index;
    },
    odds: () => script.at(-1)?.odds ?? one,
    next() {
      at = 0;
      prng = createPrng(0);
      for (let last = script.pop(); last; last = script.pop()) {
        const index = following(last.options, last.index);
        if (index < last.options.odds.length) {
          decide(last.options, index, last.key);
          return true;
        }
      }
      return false;
    },
  };
}
