import type { Match } from '../../dataplane/rules.ts';
import type { Matcher } from '../compile-chain.ts';
import type { LinkView } from '../views.ts';

/** Compares an interface's name with a pattern; a trailing `+` (iptables) or `*` (nft) stands for any rest. */
export function nameMatches(pattern: string, name: string): boolean {
  return pattern.endsWith('+') || pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
}

const nameOf = (link: LinkView | null): string => link?.name ?? '';

/** `-i`, `-o`. A packet without such an interface has the empty name. */
export function matchInterface(match: Extract<Match, { kind: 'iif' | 'oif' }>): Matcher {
  const not = match.not === true;
  return match.kind === 'iif' ? (w) => nameMatches(match.name, nameOf(w.iif)) !== not : (w) => nameMatches(match.name, nameOf(w.oif)) !== not;
}

/** `-m physdev`: the port a frame came in by, also while it is routed; the port it goes out by, only while it is bridged. */
export function matchPhysdev(match: Extract<Match, { kind: 'physdev' }>): Matcher {
  const not = match.not === true;
  return (w) => {
    const holds = (match.in === undefined || (w.physin !== null && nameMatches(match.in, w.physin.name)))
      && (match.out === undefined || (w.physout !== null && nameMatches(match.out, w.physout.name)))
      && (match.isIn === undefined || (w.physin !== null) === match.isIn)
      && (match.isOut === undefined || (w.physout !== null) === match.isOut)
      && (match.isBridged === undefined || (w.physout !== null) === match.isBridged);
    return holds !== not;
  };
}
