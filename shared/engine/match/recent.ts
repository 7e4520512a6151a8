import { familyOf, ipFromU128, ipFromU32, toU128, toU32, type Ip } from '../../base/ip.ts';
import type { Match } from '../../dataplane/rules.ts';
import type { Matcher } from '../compile-chain.ts';
import type { Walk } from '../walk-state.ts';
import { unknownMatch } from './unknown.ts';

const masked = (address: Ip, mask: Ip): Ip =>
  familyOf(address) !== familyOf(mask) ? address : familyOf(address) === 4 ? ipFromU32((toU32(address) & toU32(mask)) >>> 0) : ipFromU128(toU128(address) & toU128(mask));

/** When the list saw the key last; undefined if it never did or was told to forget. */
function lastSeen(w: Walk, key: string): number | undefined {
  const here = w.run.recent?.get(key);
  return here === undefined ? w.run.state.recent[key] : here ?? undefined;
}

function note(w: Walk, key: string, at: number | null): void {
  w.run.recent ??= new Map();
  w.run.recent.set(key, at);
}

/** `-m recent` (xt_recent): lists of addresses with the time of their last sight; `set` always matches, `update` moves the time when it matches. */
export function matchRecent(match: Extract<Match, { kind: 'recent' }>): Matcher {
  if ((match.hitcount ?? 1) > 1) return unknownMatch(`recent --hitcount ${match.hitcount}`);
  const not = match.not === true;
  return (w) => {
    const { now } = w.run.state;
    const key = `${w.ns.id} ${match.name} ${masked(match.side === 'source' ? w.packet.src : w.packet.dst, match.mask)}`;
    if (match.op === 'set') {
      note(w, key, now);
      return !not;
    }
    const seen = lastSeen(w, key);
    const young = seen !== undefined && (match.seconds === undefined || now - seen <= match.seconds * 1000);
    const matched = match.op === 'remove' ? seen !== undefined : young;
    if (match.op === 'remove') note(w, key, null);
    if (match.op === 'update' && matched) note(w, key, now);
    return matched !== not;
  };
}
