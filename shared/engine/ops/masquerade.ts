import type { Action } from '../../dataplane/rules.ts';
import { accepted, stopped } from '../codes.ts';
import type { Op } from '../compile-chain.ts';
import { setupNat } from '../nat.ts';
import { selectAddress, selectsBy } from '../route.ts';

/** MASQUERADE: the source becomes the outgoing interface's primary address towards the next hop (nf_nat_masquerade_ipv4; in IPv6 towards the destination, nf_nat_masquerade_ipv6), not "the node's address". */
export function masquerade(action: Extract<Action, { kind: 'masquerade' }>): Op {
  const wishPorts = action.ports ?? null;
  const random = action.randomFully === true;
  return (w, rule) => {
    if (w.conn === null || w.oif === null) return accepted;
    const ip = selectAddress(w.ns, w.oif, selectsBy(w.packet.dst, w.via));
    if (ip === null) {
      w.outcome = { kind: 'dropped', at: w.ns.id, by: rule.rule.id };
      return stopped;
    }
    setupNat(w, w.conn, 'src', { ip, ports: wishPorts, random });
    return accepted;
  };
}
