import type { Match } from '../../dataplane/rules.ts';
import type { Matcher } from '../compile-chain.ts';

/** `-m ipvs --vproto --vaddr --vport`: a packet that IPVS has had in its hands, on its way from the client of a connection to that virtual server. Answers never match: the connection is looked up by the packet turned round (ipvs_mt, ip_vs_fill_iph_skb with inverse). */
export function matchIpvs({ protocol, vaddr, vport }: Extract<Match, { kind: 'ipvs' }>): Matcher {
  return ({ balanced, conn, reply }) => balanced && !reply && conn !== null && conn.ipvs && conn.original.protocol === protocol && conn.original.dst === vaddr && conn.original.dport === vport;
}
