import type { Match } from '../../dataplane/rules.ts';
import type { Matcher } from '../compile-chain.ts';

/** `-m mark`, `-m connmark`: value under a mask. */
export function matchMark(match: Extract<Match, { kind: 'mark' | 'connmark' }>): Matcher {
  const not = match.not === true;
  const mask = match.mask >>> 0;
  const value = match.value >>> 0;
  return match.kind === 'mark' ? (w) => (((w.mark & mask) >>> 0) === value) !== not : (w) => w.conn !== null && (((w.conn.mark & mask) >>> 0) === value) !== not;
}
