import { addFractions, compareFractions, equalFractions, fromFractionJson, multiplyFractions, one, printFraction, zero, type Fraction } from '../base/fraction.ts';
import type { Trace } from './types.ts';

const oddsOf = (trace: Trace): Fraction =>
  [trace, ...(trace.reply ? [trace.reply] : [])].flatMap((t) => t.hops).flatMap((hop) => hop.steps).reduce((odds, step) => (step.kind === 'choice' ? multiplyFractions(odds, fromFractionJson(step.odds)) : odds), one);

/** What is wrong with the odds of all branches of one question: they sum to exactly 1, none is 0, and each is the product of the choices on its way. Empty = nothing. */
export function checkOdds(branches: readonly { readonly odds: Fraction; readonly trace: Trace }[]): readonly string[] {
  const sum = branches.reduce((total, { odds }) => addFractions(total, odds), zero);
  const complaints = equalFractions(sum, one) ? [] : [`the odds sum to ${printFraction(sum)}`];
  for (const [i, { odds, trace }] of branches.entries()) {
    if (compareFractions(odds, zero) === 0) complaints.push(`branch ${i + 1} is impossible`);
    if (trace.outcome.kind !== 'unmodelled' && !equalFractions(odds, oddsOf(trace))) complaints.push(`branch ${i + 1} has odds ${printFraction(odds)}, its choices ${printFraction(oddsOf(trace))}`);
  }
  return complaints;
}
