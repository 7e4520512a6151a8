import type { Cidr } from '../base/cidr.ts';
import type { Fraction } from '../base/fraction.ts';
import type { Ip } from '../base/ip.ts';
import type { ChainId, Origin, RuleId } from './ids.ts';
import type { CtState, IpRange, PortRange, Protocol } from './packet.ts';

export type Hook = 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting';
export type TableFamily = 'ip' | 'ip6' | 'inet';
export type RejectCode = 'icmp-net-unreachable' | 'icmp-host-unreachable' | 'icmp-port-unreachable' | 'icmp-proto-unreachable'
  | 'icmp-net-prohibited' | 'icmp-host-prohibited' | 'icmp-admin-prohibited' | 'tcp-reset';

/** Where a rule sends the packet next. Chain names are those of the rule's own table. */
export type Verdict = { readonly kind: 'accept' | 'drop' | 'return' } | { readonly kind: 'reject'; readonly with: RejectCode }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string };

export type AddrType = 'LOCAL' | 'UNICAST' | 'BROADCAST' | 'MULTICAST' | 'ANYCAST' | 'BLACKHOLE' | 'UNREACHABLE' | 'PROHIBIT' | 'UNSPEC';

/** `-m conntrack --ctstate` names; DNAT and SNAT are virtual states (xt_conntrack). */
export type CtMatchState = CtState | 'dnat' | 'snat';

/** A fact about a packet that nftables can put left of a comparison or into a map's key. */
export type Field =
  | { readonly field: 'saddr' | 'daddr' | 'sport' | 'dport' | 'protocol' | 'iifname' | 'oifname' | 'mark' | 'ct-state' | 'ct-status' | 'icmp-type' | 'tcp-flags' | 'nfproto' | 'ct-mark' | 'ct-direction' }
  | { readonly field: 'fib-type'; readonly of: 'saddr' | 'daddr'; readonly iif?: boolean }
  | { readonly field: 'numgen'; readonly mode: 'random' | 'inc'; readonly mod: number; readonly offset: number };
/** One atom of a set element or a comparison; a wildcard interface ends in `*`. */
export type Atom = string | number | Cidr | IpRange | PortRange;
/** A concatenation, as in `ip daddr . meta l4proto . th dport`. */
export type Tuple = readonly Atom[];

/** One condition; all of a rule's conditions must hold, tested in order. Names follow iptables-extensions(8), then nft(8). */
export type Match =
  | { readonly kind: 'src' | 'dst'; readonly net: Cidr; readonly not?: boolean }
  | { readonly kind: 'iprange'; readonly side: 'src' | 'dst'; readonly range: IpRange; readonly not?: boolean }
  | { readonly kind: 'protocol'; readonly protocol: Protocol | number; readonly not?: boolean }
  | { readonly kind: 'sport' | 'dport'; readonly ports: readonly PortRange[]; readonly not?: boolean; readonly multiport?: boolean }
  | { readonly kind: 'ports'; readonly ports: readonly PortRange[]; readonly not?: boolean }
  | { readonly kind: 'iif' | 'oif'; readonly name: string; readonly not?: boolean }
  | { readonly kind: 'physdev'; readonly in?: string; readonly out?: string; readonly isIn?: boolean; readonly isOut?: boolean; readonly isBridged?: boolean; readonly not?: boolean }
  | { readonly kind: 'mark' | 'connmark'; readonly value: number; readonly mask: number; readonly not?: boolean }
  | { readonly kind: 'ct-state'; readonly states: readonly CtMatchState[]; readonly not?: boolean; readonly module: 'conntrack' | 'state' }
  | { readonly kind: 'conntrack'; readonly test: string; readonly value: string; readonly not?: boolean }
  | { readonly kind: 'addrtype'; readonly side: 'src' | 'dst'; readonly type: AddrType; readonly not?: boolean; readonly limitIface?: 'in' | 'out' }
  | { readonly kind: 'statistic'; readonly mode: 'random'; readonly probability: Fraction; readonly not?: boolean }
  | { readonly kind: 'statistic-nth'; readonly every: number; readonly packet: number; readonly not?: boolean }
  | { readonly kind: 'recent'; readonly op: 'set' | 'rcheck' | 'update' | 'remove'; readonly name: string; readonly seconds?: number; readonly reap?: boolean; readonly hitcount?: number; readonly side: 'source' | 'dest'; readonly mask: Ip; readonly not?: boolean }
  | { readonly kind: 'set'; readonly set: string; readonly dims: readonly ('src' | 'dst')[]; readonly not?: boolean }
  /** A packet of a connection that IPVS balances, by the virtual server it dialled. */
  | { readonly kind: 'ipvs'; readonly protocol: 'tcp' | 'udp' | 'sctp'; readonly vaddr: Ip; readonly vport: number }
  | { readonly kind: 'icmp-type'; readonly type: number; readonly code?: number; readonly not?: boolean }
  | { readonly kind: 'tcp-flags'; readonly mask: readonly string[]; readonly comp: readonly string[]; readonly not?: boolean }
  | { readonly kind: 'limit'; readonly rate: string; readonly burst: number }
  | { readonly kind: 'comment'; readonly text: string }
  | { readonly kind: 'compare'; readonly left: readonly Field[]; readonly op: '==' | '!='; readonly right: readonly Tuple[] }
  | { readonly kind: 'lookup'; readonly key: readonly Field[]; readonly set: string; readonly not?: boolean }
  | { readonly kind: 'bit-test'; readonly field: 'mark' | 'ct-mark'; readonly mask: number; readonly equals: number; readonly not?: boolean }
  | { readonly kind: 'unmodelled-match'; readonly text: string };

/** What the rule does once it matched. An iptables rule has at most one that ends it; nft statements run left to right. */
export type Action =
  | { readonly kind: 'verdict'; readonly verdict: Verdict }
  | { readonly kind: 'vmap'; readonly key: readonly Field[]; readonly map: string | readonly VmapElement[] }
  | { readonly kind: 'dnat' | 'snat'; readonly to: NatTo; readonly random?: boolean; readonly persistent?: boolean }
  | { readonly kind: 'dnat-map'; readonly key: readonly Field[]; readonly map: string | readonly { readonly key: Tuple; readonly to: NatTo }[] }
  | { readonly kind: 'masquerade'; readonly randomFully?: boolean; readonly ports?: PortRange }
  | { readonly kind: 'redirect'; readonly ports?: PortRange }
  | { readonly kind: 'set-mark'; readonly value: number; readonly mask: number; readonly form: 'xmark' | 'mark' }
  | { readonly kind: 'connmark'; readonly op: 'save' | 'restore' | 'set'; readonly value: number; readonly mask: number; readonly nfmask: number }
  | { readonly kind: 'notrack' }
  | { readonly kind: 'update-set'; readonly op: 'add' | 'update'; readonly set: string; readonly key: readonly Field[]; readonly timeoutSeconds?: number }
  | { readonly kind: 'counter' }
  | { readonly kind: 'log'; readonly text: string }
  | { readonly kind: 'tcpmss'; readonly text: string }
  | { readonly kind: 'unmodelled'; readonly text: string };

export interface NatTo { readonly ip?: Ip; readonly maxIp?: Ip; readonly ports?: PortRange }
export interface VmapElement { readonly key: Tuple; readonly verdict: Verdict; readonly comment?: string; readonly origin?: Origin }

export interface Rule {
  readonly id: RuleId;
  readonly match: readonly Match[];
  readonly do: readonly Action[];
  readonly origin: Origin;
  /** The line as read, for rules that came from a real node's text. */
  readonly text?: string;
}

/** `comment` is what nft keeps with a chain. */
interface ChainBase { readonly id: ChainId; readonly name: string; readonly rules: readonly Rule[]; readonly origin: Origin; readonly comment?: string }
/** `priority` as nft writes it: raw −300, conntrack −200, mangle −150, dstnat −100, filter 0, srcnat 100. */
export type Chain =
  | (ChainBase & { readonly kind: 'base'; readonly type: 'filter' | 'nat' | 'route'; readonly hook: Hook; readonly priority: number; readonly policy: 'accept' | 'drop' })
  | (ChainBase & { readonly kind: 'regular' });

/** An ipset, or an nft set or verdict map. `type` is the set's own type text (`hash:ip,port`, `ipv4_addr . inet_proto . inet_service`). */
export interface NamedSet {
  readonly name: string;
  readonly kind: 'ipset' | 'nft-set' | 'nft-vmap' | 'nft-map';
  readonly type: string;
  readonly flags?: readonly string[];
  readonly timeoutSeconds?: number;
  /** How many elements it may hold (`size`); a set that rules update has 65535. */
  readonly size?: number;
  readonly elements: readonly { readonly key: Tuple; readonly verdict?: Verdict; readonly to?: NatTo; readonly nomatch?: boolean; readonly comment?: string; readonly origin?: Origin }[];
  readonly comment?: string;
  readonly origin: Origin;
}

/** One table as one tool owns it; `program` is what no rule tool prints: eBPF at the network card, a virtual switch's policies. iptables tables are `nat`, `filter`, `mangle`, `raw` of family ip or ip6; ipsets live beside them in Netns.ipsets. */
export interface Table {
  readonly family: TableFamily;
  readonly name: string;
  readonly tool: 'iptables' | 'nft' | 'program';
  readonly chains: readonly Chain[];
  readonly sets: readonly NamedSet[];
  readonly comment?: string;
}
