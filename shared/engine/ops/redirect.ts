import { addressOf } from '../../base/cidr.ts';
import { familyOf, type Ip } from '../../base/ip.ts';
import type { Action } from '../../dataplane/rules.ts';
import { accepted, stopped } from '../codes.ts';
import type { Op } from '../compile-chain.ts';
import { setupNat } from '../nat.ts';
import type { Walk } from '../walk-state.ts';

function ownAddress(w: Walk): Ip | null {
  if (w.iif === null || w.iif === w.ns.lo) return (w.v6 ? '::1' : '127.0.0.1') as Ip;
  return w.iif.link.addresses.map(addressOf).find((address) => (familyOf(address) === 6) === w.v6) ?? null;
}

/** REDIRECT: to this machine: 127.0.0.1 for its own packets, the incoming interface's primary address for others (nf_nat_redirect). */
export function redirect(action: Extract<Action, { kind: 'redirect' }>): Op {
  return (w, rule) => {
    if (w.conn === null) return accepted;
    const ip = ownAddress(w);
    if (ip === null) {
      w.outcome = { kind: 'dropped', at: w.ns.id, by: rule.rule.id };
      return stopped;
    }
    setupNat(w, w.conn, 'dst', { ip, ports: action.ports ?? null, random: false });
    return accepted;
  };
}
