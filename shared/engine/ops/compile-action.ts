import { assertNever } from '../../base/assert-never.ts';
import type { Action } from '../../dataplane/rules.ts';
import { next } from '../codes.ts';
import type { Op, RuleContext } from '../compile-chain.ts';
import { connmark } from './connmark.ts';
import { dnat, dnatMap, snat } from './nat.ts';
import { masquerade } from './masquerade.ts';
import { notrack } from './notrack.ts';
import { redirect } from './redirect.ts';
import { setMark } from './set-mark.ts';
import { unmodelled } from './unmodelled.ts';
import { updateSet } from './update-set.ts';
import { verdict } from './verdict.ts';
import { vmap } from './vmap.ts';

/** Turns one action into what it does to a packet; every kind has its own file. */
export function compileAction(action: Action, context: RuleContext): Op {
  switch (action.kind) {
    case 'verdict': return verdict(action.verdict);
    case 'vmap': return vmap(action, context);
    case 'dnat': return dnat(action.to);
    case 'snat': return snat(action.to, action.random === true);
    case 'dnat-map': return dnatMap(action, context);
    case 'masquerade': return masquerade(action);
    case 'redirect': return redirect(action);
    case 'set-mark': return setMark(action);
    case 'connmark': return connmark(action);
    case 'notrack': return notrack;
    case 'update-set': return updateSet(action, context);
    // What they change, no packet of ours carries.
    case 'counter': case 'log': case 'tcpmss': return () => next;
    case 'unmodelled': return unmodelled(action.text);
    default: return assertNever(action, 'action');
  }
}
