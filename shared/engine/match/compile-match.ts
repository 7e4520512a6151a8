import { assertNever } from '../../base/assert-never.ts';
import type { Match } from '../../dataplane/rules.ts';
import type { Matcher, RuleContext } from '../compile-chain.ts';
import { matchAddress, matchRange } from './address.ts';
import { matchAddrtype } from './addrtype.ts';
import { matchConntrack, matchCtState } from './conntrack.ts';
import { matchBitTest, matchCompare, matchLookup } from './fields.ts';
import { matchIcmpType, matchPorts, matchProtocol, matchTcpFlags } from './layer4.ts';
import { matchInterface, matchPhysdev } from './interface.ts';
import { matchMark } from './mark.ts';
import { matchRecent } from './recent.ts';
import { matchIpset } from './ipset.ts';
import { matchIpvs } from './ipvs.ts';
import { matchNth, matchStatistic } from './statistic.ts';
import { unknownMatch } from './unknown.ts';

/** Turns one condition into a function of the packet; every kind has its own maker. */
export function compileMatch(match: Match, context: RuleContext): Matcher {
  switch (match.kind) {
    case 'src': case 'dst': return matchAddress(match);
    case 'iprange': return matchRange(match);
    case 'protocol': return matchProtocol(match);
    case 'sport': case 'dport': case 'ports': return matchPorts(match);
    case 'iif': case 'oif': return matchInterface(match);
    case 'physdev': return matchPhysdev(match);
    case 'mark': case 'connmark': return matchMark(match);
    case 'ct-state': return matchCtState(match);
    case 'conntrack': return matchConntrack(match);
    case 'addrtype': return matchAddrtype(match);
    case 'statistic': return matchStatistic(match, context);
    case 'statistic-nth': return matchNth(match, context);
    case 'recent': return matchRecent(match);
    case 'set': return matchIpset(match, context);
    case 'ipvs': return matchIpvs(match);
    case 'icmp-type': return matchIcmpType(match);
    case 'tcp-flags': return matchTcpFlags(match);
    // A burst bucket is full for a single packet; only a flood would find it empty.
    case 'limit': case 'comment': return () => true;
    case 'compare': return matchCompare(match, context);
    case 'lookup': return matchLookup(match, context);
    case 'bit-test': return matchBitTest(match);
    case 'unmodelled-match': return unknownMatch(match.text);
    default: return assertNever(match, 'match');
  }
}
