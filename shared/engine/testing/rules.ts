import { cidr } from '../../base/cidr.ts';
import { fraction } from '../../base/fraction.ts';
import { ip } from '../../base/ip.ts';
import type { Action, AddrType, Chain, CtMatchState, Hook, Match, RejectCode, Rule, Table } from '../../dataplane/rules.ts';
import { origin } from './wiring.ts';

type Parts = { readonly match: readonly Match[]; readonly do: readonly Action[] };

export const rule = (match: readonly Match[], ...actions: readonly Action[]): Parts => ({ match, do: actions });
const host = (net: string): ReturnType<typeof cidr> => cidr(net.includes('/') ? net : `${net}/32`);
export const src = (net: string, not = false): Match => ({ kind: 'src', net: host(net), not });
export const dst = (net: string, not = false): Match => ({ kind: 'dst', net: host(net), not });
export const proto = (protocol: 'tcp' | 'udp' | 'sctp' | 'icmp'): Match => ({ kind: 'protocol', protocol });
export const dport = (port: number): Match => ({ kind: 'dport', ports: [{ from: port, to: port }] });
export const ctState = (...states: readonly CtMatchState[]): Match => ({ kind: 'ct-state', states, module: 'conntrack' });
export const mark = (value: number, mask = value): Match => ({ kind: 'mark', value, mask });
export const notMarked = (value: number): Match => ({ kind: 'mark', value, mask: value, not: true });
export const dstType = (type: AddrType): Match => ({ kind: 'addrtype', side: 'dst', type });
export const srcType = (type: AddrType): Match => ({ kind: 'addrtype', side: 'src', type });
export const chance = (num: number, den: number): Match => ({ kind: 'statistic', mode: 'random', probability: fraction(num, den) });

export const jump = (chain: string): Action => ({ kind: 'verdict', verdict: { kind: 'jump', chain } });
export const goto = (chain: string): Action => ({ kind: 'verdict', verdict: { kind: 'goto', chain } });
export const accept: Action = { kind: 'verdict', verdict: { kind: 'accept' } };
export const drop: Action = { kind: 'verdict', verdict: { kind: 'drop' } };
export const back: Action = { kind: 'verdict', verdict: { kind: 'return' } };
export const rejectWith = (code: RejectCode = 'icmp-port-unreachable'): Action => ({ kind: 'verdict', verdict: { kind: 'reject', with: code } });
export const orMark = (value: number): Action => ({ kind: 'set-mark', value, mask: value, form: 'xmark' });
export const xorMark = (value: number): Action => ({ kind: 'set-mark', value, mask: 0, form: 'xmark' });
export const masquerade = (randomFully = false): Action => ({ kind: 'masquerade', randomFully });
export const dnatTo = (address: string, port: number): Action => ({ kind: 'dnat', to: { ip: ip(address), ports: { from: port, to: port } } });
export const snatTo = (address: string): Action => ({ kind: 'snat', to: { ip: ip(address) } });

const builtIn: Readonly<Record<string, { readonly hook: Hook; readonly priorities: Readonly<Record<string, number>> }>> = {
  PREROUTING: { hook: 'prerouting', priorities: { raw: -300, mangle: -150, nat: -100 } }, INPUT: { hook: 'input', priorities: { mangle: -150, filter: 0, nat: 100 } }, FORWARD: { hook: 'forward', priorities: { mangle: -150, filter: 0 } },
  OUTPUT: { hook: 'output', priorities: { raw: -300, mangle: -150, nat: -100, filter: 0 } }, POSTROUTING: { hook: 'postrouting', priorities: { mangle: -150, nat: 100 } },
};

/** An iptables table: chains by name, the built-in ones on their hooks; `policies` for those that do not accept. */
export function iptables(name: 'raw' | 'mangle' | 'nat' | 'filter', chains: Readonly<Record<string, readonly Parts[]>>, policies: Readonly<Record<string, 'drop'>> = {}): Table {
  return { family: 'ip', name, tool: 'iptables', sets: [], chains: Object.entries(chains).map(([chain, rules]) => chainOf(`ip/${name}/${chain}`, chain, rules, name, policies[chain])) };
}

function chainOf(id: string, name: string, parts: readonly Parts[], table: string, policy: 'drop' | undefined): Chain {
  const rules = numbered(id, parts);
  const base = builtIn[name];
  const priority = base?.priorities[table];
  return base === undefined || priority === undefined ? { id, name, rules, origin, kind: 'regular' }
    : { id, name, rules, origin, kind: 'base', type: table === 'nat' ? 'nat' : 'filter', hook: base.hook, priority, policy: policy ?? 'accept' };
}

/** Rules with the ids that `iptables -L --line-numbers` would count. */
export const numbered = (chain: string, parts: readonly Parts[]): readonly Rule[] => parts.map((p, i) => ({ id: `${chain}/${i + 1}`, match: p.match, do: p.do, origin }));
