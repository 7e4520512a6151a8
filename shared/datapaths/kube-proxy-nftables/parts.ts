import { hostCidr } from '../../base/cidr.ts';
import type { Ip } from '../../base/ip.ts';
import type { Origin } from '../../dataplane/ids.ts';
import type { Action, Field, Match, Rule, VmapElement } from '../../dataplane/rules.ts';

export const by = 'kube-proxy-nftables';
export const tableName = 'kube-proxy';
/** The bit that mark-for-masquerade sets: masqueradeBit's default, 14. */
export const masqueradeMark = 0x4000;
export const markMasqChain = 'mark-for-masquerade';
export const rejectChain = 'reject-chain';

export type Family = 'ip' | 'ip6';
/** A rule that does not know yet where in its chain it stands. */
export type Draft = Omit<Rule, 'id'>;

export const jump = (chain: string): readonly Action[] => [{ kind: 'verdict', verdict: { kind: 'jump', chain } }];
export const goTo = (chain: string): readonly Action[] => [{ kind: 'verdict', verdict: { kind: 'goto', chain } }];
export const toMarkMasq = jump(markMasqChain);
export const drop: readonly Action[] = [{ kind: 'verdict', verdict: { kind: 'drop' } }];
/** `reject` in a table of one family: ICMP port unreachable. */
export const reject: readonly Action[] = [{ kind: 'verdict', verdict: { kind: 'reject', with: 'icmp-port-unreachable' } }];

export const comment = (text: string): Match => ({ kind: 'comment', text });
export const to = (address: Ip): Match => ({ kind: 'dst', net: hostCidr(address) });
export const from = (address: Ip): Match => ({ kind: 'src', net: hostCidr(address) });
export const isNew: Match = { kind: 'ct-state', states: ['new'], module: 'conntrack' };
const protocols = { tcp: { kind: 'protocol', protocol: 'tcp' }, udp: { kind: 'protocol', protocol: 'udp' }, sctp: { kind: 'protocol', protocol: 'sctp' } } as const;
export const protocolIs = (protocol: keyof typeof protocols): Match => protocols[protocol];

export const saddr: Field = { field: 'saddr' };
const daddr: Field = { field: 'daddr' };
const protocol: Field = { field: 'protocol' };
const dport: Field = { field: 'dport' };
export const localSource: Match = { kind: 'compare', left: [{ field: 'fib-type', of: 'saddr' }], op: '==', right: [['local']] };
export const localDestination: Match = { kind: 'compare', left: [{ field: 'fib-type', of: 'daddr' }], op: '==', right: [['local']] };
export const inSet = (side: 'saddr' | 'daddr', set: string): Match => ({ kind: 'lookup', key: [side === 'saddr' ? saddr : daddr], set });

/** `ip daddr . meta l4proto . th dport vmap @MAP`. */
export const byDestination = (map: string): readonly Action[] => [{ kind: 'vmap', key: [daddr, protocol, dport], map }];
/** `meta l4proto . th dport vmap @MAP`. */
export const byPort = (map: string): readonly Action[] => [{ kind: 'vmap', key: [protocol, dport], map }];
/** `numgen random mod N vmap { 0 : …, … }`. */
export const spread = (elements: readonly VmapElement[]): readonly Action[] => [{ kind: 'vmap', key: [{ field: 'numgen', mode: 'random', mod: elements.length, offset: 0 }], map: elements }];

export const draft = (match: readonly Match[], action: readonly Action[], origin: Origin): Draft => ({ match, do: action, origin });

/** Numbers the drafts of one chain from 1. */
export function numbered(family: Family, chain: string, drafts: readonly Draft[]): readonly Rule[] {
  const prefix = `${family}/${tableName}/${chain}/`;
  return drafts.map((d, i) => ({ id: prefix + (i + 1), match: d.match, do: d.do, origin: d.origin }));
}
