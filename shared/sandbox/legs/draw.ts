import { addFractions, fromFractionJson, zero } from '../../base/fraction.ts';
import type { Branch } from '../../trace/types.ts';

/** The branch that a draw (0 ≤ draw < 1) falls on, by the branches' odds, which sum to 1. */
export function drawn(branches: readonly Branch[], draw: number): Branch {
  let below = zero;
  for (const branch of branches) {
    below = addFractions(below, fromFractionJson(branch.odds));
    if (draw * Number(below.den) < Number(below.num)) return branch;
  }
  return branches.at(-1)!;
}
