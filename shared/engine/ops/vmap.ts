import type { Action, Verdict } from '../../dataplane/rules.ts';
import type { Step } from '../../trace/types.ts';
import { broke } from '../codes.ts';
import type { Op, RuleContext } from '../compile-chain.ts';
import { keyReader } from '../match/fields.ts';
import { compileElements, type SetElement } from '../sets.ts';
import { unmodelled } from './unmodelled.ts';
import { verdict } from './verdict.ts';

interface Ready { readonly op: Op; readonly steps: (Step | undefined)[]; readonly verdict: Verdict }

/** `vmap`: the verdict that the map has for the packet's key; without one the rule did not apply (NFT_BREAK). The step shows the verdict found. */
export function vmap(action: Extract<Action, { kind: 'vmap' }>, { rule, sets }: RuleContext): Op {
  const set = typeof action.map === 'string' ? sets.named(action.map) : compileElements(action.map);
  if (!set) return unmodelled(`map ${JSON.stringify(action.map)} does not exist`);
  const read = keyReader(action.key, rule.id);
  const prepared = new Map<SetElement, Ready>();
  return (w, compiled, hook) => {
    const key = read(w);
    const element = key === null ? null : set.find(key);
    if (!element?.verdict) return broke;
    let ready = prepared.get(element);
    if (!ready) prepared.set(element, (ready = { op: verdict(element.verdict), steps: [], verdict: element.verdict }));
    w.steps.push(ready.steps[hook] ?? (ready.steps[hook] = compiled.makeStep(hook, { kind: 'verdict', verdict: ready.verdict })));
    return ready.op(w, compiled, hook);
  };
}
