import type { Matcher } from '../compile-chain.ts';
import { endUnmodelled } from '../walk-state.ts';

/** A condition that ends the walk at its rule, because nobody here knows the answer. */
export const unknownMatch = (text: string): Matcher => (w, rule) => {
  endUnmodelled(w, text, rule.rule.id);
  return false;
};
