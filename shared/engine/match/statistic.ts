import { complement, toNumber } from '../../base/fraction.ts';
import type { Match } from '../../dataplane/rules.ts';
import { prepareOptions } from '../choose.ts';
import type { Matcher, RuleContext } from '../compile-chain.ts';
import type { Walk } from '../walk-state.ts';

/** `-m statistic --mode random`: matches with probability p; both ways are branches, matching first. */
export function matchStatistic(match: Extract<Match, { kind: 'statistic' }>, { rule }: RuleContext): Matcher {
  const p = match.not === true ? complement(match.probability) : match.probability;
  if (toNumber(p) >= 1) return () => true;
  const options = prepareOptions([p, complement(p)], { by: rule.id, what: 'statistic' }, [1]);
  return (w) => {
    const index = w.run.chooser.pick(options);
    w.steps.push(options.steps[index]!);
    return index === 0;
  };
}

/** How often this rule was asked before; counts this time too. */
export function count(w: Walk, rule: string): number {
  const key = `${w.ns.id} ${rule}`;
  const n = w.run.counters?.get(key) ?? w.run.state.counters[key] ?? 0;
  w.run.counters ??= new Map();
  w.run.counters.set(key, n + 1);
  return n;
}

/** `-m statistic --mode nth`: every n-th packet, beginning with the one numbered `packet` (libxt_statistic). */
export function matchNth(match: Extract<Match, { kind: 'statistic-nth' }>, { rule }: RuleContext): Matcher {
  const not = match.not === true;
  return (w) => (count(w, rule.id) % match.every === match.packet) !== not;
}
