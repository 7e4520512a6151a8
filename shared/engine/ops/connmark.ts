import type { Action } from '../../dataplane/rules.ts';
import { next } from '../codes.ts';
import type { Op } from '../compile-chain.ts';

/** CONNMARK (xt_connmark): set the connection's mark, save the packet's into it, or restore it to the packet. */
export function connmark({ op, value, mask, nfmask }: Extract<Action, { kind: 'connmark' }>): Op {
  return (w) => {
    const { conn } = w;
    if (conn === null) return next;
    if (op === 'set') conn.mark = ((conn.mark & ~mask) ^ value) >>> 0;
    else if (op === 'save') conn.mark = ((conn.mark & ~mask) ^ (w.mark & nfmask)) >>> 0;
    else w.mark = ((w.mark & ~nfmask) ^ (conn.mark & mask)) >>> 0;
    return next;
  };
}
