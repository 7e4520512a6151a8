import { stopped } from '../codes.ts';
import type { Op } from '../compile-chain.ts';
import { endUnmodelled } from '../walk-state.ts';

/** A target that nobody here knows ends the walk at its rule. */
export const unmodelled = (text: string): Op => (w, rule) => {
  endUnmodelled(w, text, rule.rule.id);
  return stopped;
};
