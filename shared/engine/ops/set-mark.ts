import type { Action } from '../../dataplane/rules.ts';
import { next } from '../codes.ts';
import type { Op } from '../compile-chain.ts';

/** MARK (xt_mark): `--set-xmark` clears the mask's bits and XORs the value; `--set-mark` ORs it, which is the same where the value lies inside the mask. */
export function setMark(action: Extract<Action, { kind: 'set-mark' }>): Op {
  const { value, mask, form } = action;
  return form === 'xmark'
    ? (w) => {
      w.mark = ((w.mark & ~mask) ^ value) >>> 0;
      return next;
    }
    : (w) => {
      w.mark = ((w.mark & ~mask) | value) >>> 0;
      return next;
    };
}
