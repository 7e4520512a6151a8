import { applyRule } from './apply-rule.ts';
import { accepted, gone, jumped, next, returned, stopped, type Code } from './codes.ts';
import type { CompiledChain } from './compile-chain.ts';
import { maxChainDepth } from './limits.ts';
import { endUnmodelled, type Walk } from './walk-state.ts';

/** Evaluates a chain as written: every rule, one after the other. The yardstick for `evaluateChain`, in tests and benchmarks. */
export function naiveEvaluate(w: Walk, chain: CompiledChain, hook: number, depth: number): Code {
  if (depth > maxChainDepth) {
    endUnmodelled(w, `chains nested deeper than ${maxChainDepth}`, w.rule);
    return stopped;
  }
  for (const rule of chain.rules) {
    const code = applyRule(w, rule, hook);
    if (code === accepted || code === stopped) return code;
    if (code === returned) return next;
    if (code !== jumped && code !== gone) continue;
    const target = chain.table.get(w.jump);
    if (!target) {
      endUnmodelled(w, `chain ${w.jump} does not exist`, w.rule);
      return stopped;
    }
    const after = naiveEvaluate(w, target, hook, depth + 1);
    if (after !== next || code === gone) return after;
  }
  return next;
}
