import { baseOf, cidrContains, cidrFamily, prefixLength } from '../../base/cidr.ts';
import { compareIps, familyOf, toU32 } from '../../base/ip.ts';
import type { Match } from '../../dataplane/rules.ts';
import type { Matcher } from '../compile-chain.ts';

/** `-s`, `-d`: an address against a prefix; never true across families, even negated, because such a rule stands in the other family's table. */
export function matchAddress(match: Extract<Match, { kind: 'src' | 'dst' }>): Matcher {
  const not = match.not === true;
  const { net } = match;
  const ofSrc = match.kind === 'src';
  if (cidrFamily(net) === 6) return (w) => w.v6 && cidrContains(net, ofSrc ? w.packet.src : w.packet.dst) !== not;
  const bits = prefixLength(net);
  const mask = bits === 0 ? 0 : (0xffff_ffff << (32 - bits)) >>> 0;
  const base = toU32(baseOf(net));
  return ofSrc ? (w) => !w.v6 && (((w.srcN & mask) >>> 0) === base) !== not : (w) => !w.v6 && (((w.dstN & mask) >>> 0) === base) !== not;
}

/** `-m iprange`: an address between two others, both included. */
export function matchRange(match: Extract<Match, { kind: 'iprange' }>): Matcher {
  const not = match.not === true;
  const { from, to } = match.range;
  const v6 = familyOf(from) === 6;
  return (w) => {
    const address = match.side === 'src' ? w.packet.src : w.packet.dst;
    return w.v6 === v6 && (compareIps(from, address) <= 0 && compareIps(address, to) <= 0) !== not;
  };
}
