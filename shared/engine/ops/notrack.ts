import { next } from '../codes.ts';
import type { Op } from '../compile-chain.ts';

/** `CT --notrack`: conntrack leaves this packet alone; a packet that has a connection already keeps it (xt_ct_target). */
export const notrack: Op = (w) => {
  if (w.conn === null) w.ct = 'untracked';
  return next;
};
