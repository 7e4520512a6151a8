import type { Match } from '../../dataplane/rules.ts';
import type { Matcher } from '../compile-chain.ts';

/** `-m ipvs --vproto --vaddr --vport`: a packet that IPVS has had in its hands, of a connection to that virtual server (ipvs_mt). */
export function matchIpvs({ protocol, vaddr, vport }: Extract<Match, { kind: 'ipvs' }>): Matcher {
  return ({ balanced, conn }) => balanced && conn !== null && conn.ipvs && conn.original.protocol === protocol && conn.original.dst === vaddr && conn.original.dport === vport;
}
