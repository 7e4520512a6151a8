import { fraction } from '../../base/fraction.ts';
import { hostCidr } from '../../base/cidr.ts';
import { ip, type Ip, type IpFamily } from '../../base/ip.ts';
import type { Origin } from '../../dataplane/ids.ts';
import type { Action, CtMatchState, Match, Rule } from '../../dataplane/rules.ts';

/** A rule that does not know yet where in its chain it stands. */
export type Draft = Omit<Rule, 'id'>;

/** The bit that KUBE-MARK-MASQ sets: masqueradeBit's default, 14. */
export const masqueradeMark = 0x4000;

export const markMasqChain = 'KUBE-MARK-MASQ';

export const jump = (chain: string): readonly Action[] => [{ kind: 'verdict', verdict: { kind: 'jump', chain } }];
export const toMarkMasq = jump(markMasqChain);
export const accept: readonly Action[] = [{ kind: 'verdict', verdict: { kind: 'accept' } }];
export const drop: readonly Action[] = [{ kind: 'verdict', verdict: { kind: 'drop' } }];
/** REJECT without options answers ICMP port unreachable, for TCP too (xt REJECT's default). */
export const reject: readonly Action[] = [{ kind: 'verdict', verdict: { kind: 'reject', with: 'icmp-port-unreachable' } }];
export const returns: readonly Action[] = [{ kind: 'verdict', verdict: { kind: 'return' } }];

export const comment = (text: string): Match => ({ kind: 'comment', text });
export const to = (address: Ip): Match => ({ kind: 'dst', net: hostCidr(address) });
export const from = (address: Ip): Match => ({ kind: 'src', net: hostCidr(address) });
export const ctState = (...states: readonly CtMatchState[]): Match => ({ kind: 'ct-state', states, module: 'conntrack' });
export const localDestination: Match = { kind: 'addrtype', side: 'dst', type: 'LOCAL' };
export const localSource: Match = { kind: 'addrtype', side: 'src', type: 'LOCAL' };

const protocols = { tcp: { kind: 'protocol', protocol: 'tcp' }, udp: { kind: 'protocol', protocol: 'udp' }, sctp: { kind: 'protocol', protocol: 'sctp' } } as const;
export const protocolIs = (protocol: keyof typeof protocols): Match => protocols[protocol];
export const dport = (port: number): Match => ({ kind: 'dport', ports: [{ from: port, to: port }] });
/** `-m tcp` without options: the kernel holds the full range, 0 to 65535 (struct xt_tcp). */
export const anyPort: Match = { kind: 'dport', ports: [{ from: 0, to: 65535 }] };

const odds: (readonly [Match])[] = [];
/** `-m statistic` with probability 1/n, exact, as the only match of a rule; the text carries the kernel's rounding. The same n gives the same list. */
export function oneIn(n: number): readonly [Match] {
  return (odds[n] ??= [{ kind: 'statistic', mode: 'random', probability: fraction(1, n) }]);
}

const fullMask = { 4: ip('255.255.255.255'), 6: ip('ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff') } as const;
export const recentSet = (name: string, family: IpFamily): Match => ({ kind: 'recent', op: 'set', name, side: 'source', mask: fullMask[family] });
export const recentCheck = (name: string, family: IpFamily, seconds: number): Match =>
  ({ kind: 'recent', op: 'rcheck', name, seconds, reap: true, side: 'source', mask: fullMask[family] });

export const draft = (match: readonly Match[], action: readonly Action[], origin: Origin): Draft => ({ match, do: action, origin });

/** Numbers the drafts of one chain from 1. */
export function numbered(family: 'ip' | 'ip6', table: string, chain: string, drafts: readonly Draft[]): readonly Rule[] {
  const prefix = `${family}/${table}/${chain}/`;
  return drafts.map((d, i) => ({ id: prefix + (i + 1), match: d.match, do: d.do, origin: d.origin }));
}
