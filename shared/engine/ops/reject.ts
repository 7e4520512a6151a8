import type { RejectCode } from '../../dataplane/rules.ts';
import { stopped } from '../codes.ts';
import type { Op } from '../compile-chain.ts';
import { answerWith, isIcmpError, resetFor, unreachableFor, type Unreachable } from '../icmp.ts';

const codes: Readonly<Record<Exclude<RejectCode, 'tcp-reset'>, Unreachable>> = {
  'icmp-net-unreachable': 'net', 'icmp-host-unreachable': 'host', 'icmp-proto-unreachable': 'protocol', 'icmp-port-unreachable': 'port',
  'icmp-net-prohibited': 'net-prohibited', 'icmp-host-prohibited': 'host-prohibited', 'icmp-admin-prohibited': 'admin',
};

/** REJECT: an ICMP error (port unreachable unless told otherwise, for TCP too), or a reset. Errors and resets are not answered (nf_send_unreach, nf_send_reset). */
export const reject = (how: RejectCode): Op => (w, rule) => {
  const { l4 } = w.packet;
  const silent = isIcmpError(w.packet) || (how === 'tcp-reset' && (l4.proto !== 'tcp' || l4.flags === 'rst'));
  if (silent) {
    w.outcome = { kind: 'dropped', at: w.ns.id, by: rule.rule.id };
    return stopped;
  }
  const answer = how === 'tcp-reset' ? resetFor(w.packet) : unreachableFor(w, codes[how]);
  w.outcome = { kind: 'rejected', at: w.ns.id, by: rule.rule.id, answer };
  answerWith(w, answer);
  // A reset for a packet that came in by a bridge's port goes back out of that port past OUTPUT and POSTROUTING (nf_send_reset, nf_bridge_info_exists).
  if (how === 'tcp-reset' && w.physin !== null && w.answer) w.answer = { ...w.answer, straightTo: w.physin };
  return stopped;
};
