import type { Match } from '../../dataplane/rules.ts';
import type { Matcher } from '../compile-chain.ts';
import { addrTypeOf } from '../route.ts';

/** `-m addrtype`: what the local routing table calls an address (xt_addrtype), or one device's part of it. */
export function matchAddrtype(match: Extract<Match, { kind: 'addrtype' }>): Matcher {
  const not = match.not === true;
  return (w) => {
    const address = match.side === 'src' ? w.packet.src : w.packet.dst;
    const type = match.limitIface === undefined ? addrTypeOf(w.ns, address) : addrTypeOf(w.ns, address, match.limitIface === 'in' ? w.iif : w.oif);
    return (type === match.type) !== not;
  };
}
