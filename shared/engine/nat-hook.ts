import type { CompiledChain } from './compile-chain.ts';
import { runNatChain } from './evaluate.ts';
import { applyNat, setupNullBinding, type Manip } from './nat.ts';
import type { Walk } from './walk-state.ts';

/** The NAT hook (nf_nat_inet_fn): rules see only a connection's first packet; conntrack repeats the decision for all others. */
export function natHook(w: Walk, manip: Manip, chains: readonly CompiledChain[], hook: number): boolean {
  const { conn } = w;
  if (conn === null) return true;
  let by = 'conntrack';
  const isError = w.packet.l4.proto === 'icmp' && w.packet.l4.quoted !== undefined;
  const decided = (): boolean => (manip === 'src' ? conn.srcDone : conn.dstDone);
  if (!isError && !w.reply && !decided()) {
    for (const chain of chains) {
      if (!runNatChain(w, chain, hook)) return false;
      if (decided()) {
        by = w.rule;
        break;
      }
    }
    if (!decided()) setupNullBinding(w, conn, manip);
  }
  applyNat(w, conn, manip, by);
  return true;
}
