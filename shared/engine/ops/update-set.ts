import type { Action } from '../../dataplane/rules.ts';
import { next } from '../codes.ts';
import type { Op, RuleContext } from '../compile-chain.ts';
import { keyReader } from '../match/fields.ts';
import { putDynamic } from '../sets.ts';

/** `update @set { key timeout … }`: the packet's key goes into the set; without a time of its own the set's counts. */
export function updateSet(action: Extract<Action, { kind: 'update-set' }>, { rule, sets, netns }: RuleContext): Op {
  const read = keyReader(action.key, rule.id);
  const name = action.set.replace(/^@/, '');
  const seconds = action.timeoutSeconds ?? sets.named(name)?.set?.timeoutSeconds;
  return (w) => {
    const key = read(w);
    if (key) putDynamic(w.run, netns.id, name, key, seconds, action.op);
    return next;
  };
}
