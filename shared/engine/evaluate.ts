import type { Chain } from '../dataplane/rules.ts';
import type { Step } from '../trace/types.ts';
import type { CompiledChain } from './compile-chain.ts';
import { applyRule } from './apply-rule.ts';
import { accepted, gone, jumped, next, returned, stopped, type Code } from './codes.ts';
import { candidates } from './chain-index.ts';
import { maxChainDepth } from './limits.ts';
import { naiveEvaluate } from './naive-evaluate.ts';
import { endUnmodelled, type Walk } from './walk-state.ts';

/** Evaluates a chain: only rules that could match are looked at, in the rules' order. */
export function evaluateChain(w: Walk, chain: CompiledChain, hook: number, depth: number): Code {
  if (depth > maxChainDepth) {
    endUnmodelled(w, `chains nested deeper than ${maxChainDepth}`, w.rule);
    return stopped;
  }
  const cursor = chain.index === null ? null : candidates(chain.index, w);
  const { rules } = chain;
  const count = rules.length;
  for (let i = cursor === null ? 0 : cursor.next(); i < count; i = cursor === null ? i + 1 : cursor.next()) {
    const code = applyRule(w, rules[i]!, hook);
    if (code === next) continue;
    if (code === returned) return next;
    if (code !== jumped && code !== gone) return code;
    const target = chain.table.get(w.jump);
    if (!target) {
      endUnmodelled(w, `chain ${w.jump} does not exist`, w.rule);
      return stopped;
    }
    const after = evaluateChain(w, target, hook, depth + 1);
    if (after !== next || code === gone) return after;
  }
  return next;
}

const policySteps = new WeakMap<Chain, Step>();
function policyStep(chain: Chain & { kind: 'base' }): Step {
  let step = policySteps.get(chain);
  if (!step) policySteps.set(chain, (step = { kind: 'policy', hook: chain.hook, chain: chain.id, verdict: chain.policy }));
  return step;
}

const walkChain = (w: Walk, chain: CompiledChain, hook: number): Code => (chain.naive ? naiveEvaluate : evaluateChain)(w, chain, hook, 0);

/** Runs a filter chain on its hook; a chain that decides nothing ends with its policy. */
export function runBaseChain(w: Walk, compiled: CompiledChain, hook: number): boolean {
  const { chain } = compiled;
  const code = walkChain(w, compiled, hook);
  if (code === accepted) return true;
  if (code === stopped || chain.kind !== 'base') return false;
  w.steps.push(policyStep(chain));
  if (chain.policy === 'accept') return true;
  w.outcome = { kind: 'dropped', at: w.ns.id, by: chain.id };
  return false;
}

/** Runs a nat chain; its policy says nothing that a reader would want to know. */
export function runNatChain(w: Walk, compiled: CompiledChain, hook: number): boolean {
  const code = walkChain(w, compiled, hook);
  if (code === stopped) return false;
  if (code === accepted || compiled.chain.kind !== 'base' || compiled.chain.policy === 'accept') return true;
  w.outcome = { kind: 'dropped', at: w.ns.id, by: compiled.chain.id };
  return false;
}
