import { broke, next, stopped, type Code } from './codes.ts';
import type { CompiledRule } from './compile-chain.ts';
import type { Walk } from './walk-state.ts';

/** Whether all conditions hold; a condition that we cannot judge ends the walk. */
function holds(w: Walk, rule: CompiledRule): boolean {
  const { matches } = rule;
  for (let i = 0; i < matches.length; i++) if (!matches[i]!(w, rule)) return false;
  return true;
}

/** Tests one rule and does what it says. */
export function applyRule(w: Walk, rule: CompiledRule, hook: number): Code {
  if (!holds(w, rule)) return w.outcome === null ? next : stopped;
  w.run.work++;
  w.rule = rule.rule.id;
  if (!rule.recordsItself) w.steps.push(rule.steps[hook] ?? (rule.steps[hook] = rule.makeStep(hook)));
  for (const op of rule.ops) {
    const code = op(w, rule, hook);
    if (code !== next) return code === broke ? next : code;
  }
  return next;
}
