import { accepted, gone, jumped, returned, stopped } from '../codes.ts';
import type { Op } from '../compile-chain.ts';
import type { Verdict } from '../../dataplane/rules.ts';
import { reject } from './reject.ts';

/** ACCEPT ends this base chain, DROP the packet's way, RETURN goes back to the caller, jump and goto into another chain of the table. */
export function verdict(v: Verdict): Op {
  switch (v.kind) {
    case 'accept': return () => accepted;
    case 'return': return () => returned;
    case 'drop': return (w, rule) => {
      w.outcome = { kind: 'dropped', at: w.ns.id, by: rule.rule.id };
      return stopped;
    };
    case 'reject': return reject(v.with);
    case 'jump': case 'goto': {
      const code = v.kind === 'jump' ? jumped : gone;
      return (w) => {
        w.jump = v.chain;
        return code;
      };
    }
  }
}
