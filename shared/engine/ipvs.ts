import { answerWith, lowerTtl, timeExceededFor } from './icmp.ts';
import { localOut } from './output.ts';
import { endAt, type Stage, type Walk } from './walk-state.ts';

/** A balanced packet goes out as if this machine sent it, one hop further on its way (ip_vs_nat_xmit, decrement_ttl). */
export function balancedOut(w: Walk): Stage {
  w.detour = null;
  if (w.packet.ttl <= 1) {
    endAt(w, 'ttl-exceeded');
    answerWith(w, timeExceededFor(w));
    return null;
  }
  if (w.packet.src.startsWith('127.')) return endAt(w, 'martian', `IPVS sends no packet with the loopback source ${w.packet.src} off this machine`);
  lowerTtl(w);
  w.local = false;
  return localOut(w);
}
