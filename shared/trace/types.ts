import type { FractionJson } from '../base/fraction.ts';
import type { Ip } from '../base/ip.ts';
import type { ObjectRef } from '../base/object-ref.ts';
import type { ChainId, IfName, NetnsId, RouteId, RuleId } from '../dataplane/ids.ts';
import type { Packet, Protocol } from '../dataplane/packet.ts';
import type { Action, Hook } from '../dataplane/rules.ts';
import type { SourceSpan } from '../base/problem.ts';

/** The user's question, in CLI.md's words. `from`/`to` as typed; `at` hands the packet to that node as if just arrived. */
export interface Probe {
  readonly name?: string;
  readonly from: string;
  readonly at?: string;
  readonly to: string;
  readonly port?: number;
  readonly protocol?: Protocol;
  readonly http?: { readonly url: string; readonly method?: string; readonly headers?: Readonly<Record<string, string>>; /** So many requests, one after the other, on the one connection (keep-alive); 1 without it. */ readonly requests?: number };
  /** Virtual milliseconds; affinity and conntrack age by it. */
  readonly now?: number;
  /** Connections made before, in this order, each going the way that the seed picks: the kernels remember them. */
  readonly after?: readonly Pick<Probe, 'from' | 'at' | 'to' | 'port' | 'protocol' | 'now'>[];
}

/** One packet's 5-tuple at the start. */
export interface Flow { readonly from: NetnsId; readonly packet: Packet; /** Handed in at this link as if it had just arrived (`--at`). */ readonly ingress?: IfName }

/** One thing that happened to the packet. Steps name rules by id and never embed them. */
export type Step =
  | { readonly kind: 'originate'; readonly packet: Packet }
  | { readonly kind: 'enter' | 'leave'; readonly link: IfName }
  /** The frame crossed a bridge from one port to another without being routed. */
  | { readonly kind: 'bridge'; readonly bridge: IfName; readonly from: IfName; readonly to: IfName }
  | { readonly kind: 'rule'; readonly hook: Hook; readonly chain: ChainId; readonly rule: RuleId; readonly did: Action }
  /** A base chain ended without a rule that decided. */
  | { readonly kind: 'policy'; readonly hook: Hook; readonly chain: ChainId; readonly verdict: 'accept' | 'drop' }
  | { readonly kind: 'rewrite'; readonly before: Packet; readonly after: Packet; readonly by: RuleId | 'conntrack' }
  | { readonly kind: 'route'; readonly table: string; readonly route: RouteId | null; readonly dev?: IfName; readonly via?: Ip; readonly local?: boolean }
  | { readonly kind: 'neighbour'; readonly ip: Ip; readonly dev: IfName; readonly mac: string | null }
  | { readonly kind: 'conntrack'; readonly event: 'created' | 'matched' | 'reversed' | 'untracked' | 'invalid' }
  | { readonly kind: 'ttl'; readonly ttl: number }
  | { readonly kind: 'encap' | 'decap'; readonly packet: Packet }
  /** A random choice was made here: which of how many, and its odds. */
  | { readonly kind: 'choice'; readonly by: RuleId | RouteId; readonly what: 'statistic' | 'numgen' | 'ecmp' | 'ipvs' | 'socket-lb' | 'affinity'; readonly odds: FractionJson; /** False where a `statistic` match let the packet pass by. */ readonly taken?: boolean }
  | { readonly kind: 'ipvs' | 'socket-lb' | 'proxy'; readonly by: string; readonly packet: Packet }
  /** An application took the packet. */
  | { readonly kind: 'deliver'; readonly app: string };

export interface Hop { readonly netns: NetnsId; readonly steps: readonly [Step, ...Step[]] }

/** A packet's fate; never an exception. */
export type Outcome =
  | { readonly kind: 'delivered'; readonly to: NetnsId; readonly as: Packet }
  /** A rule answered no (REJECT); `answer` is what it sent back. */
  | { readonly kind: 'rejected'; readonly at: NetnsId; readonly by: RuleId; readonly answer: Packet }
  | { readonly kind: 'dropped'; readonly at: NetnsId; readonly by: RuleId | ChainId }
  /** Nobody listens: the kernel answered RST or ICMP port unreachable. */
  | { readonly kind: 'refused'; readonly by: NetnsId; readonly answer: Packet }
  | { readonly kind: 'no-route' | 'unreachable-route' | 'blackhole' | 'martian' | 'ttl-exceeded' | 'no-neighbour' | 'looped' | 'link-cut' | 'link-down' | 'fabric-blocked' | 'host-down' | 'too-big' | 'not-for-us' | 'stray-reply' | 'no-hairpin'; readonly at: NetnsId; readonly detail?: string }
  | { readonly kind: 'left-cluster'; readonly via: NetnsId; /** The packet as the outside host receives it. */ readonly as?: Packet }
  | { readonly kind: 'unmodelled'; readonly what: string; readonly at?: NetnsId; readonly by?: RuleId };

/** One packet's way. `reply` is the answer's way back (SYN-ACK, RST, ICMP error), when there was an answer. */
export interface Trace { readonly flow: Flow; readonly hops: readonly [Hop, ...Hop[]]; readonly outcome: Outcome; readonly reply?: Trace }

/** One question of a lookup: `10.96.1.1`, `CNAME www.example.com, 192.0.2.80`, `0 100 80 api.shop.svc.cluster.local.`, `no such record`, `NXDOMAIN`. */
export interface LookupQuestion { readonly type: 'A' | 'AAAA' | 'SRV'; readonly answer: string }

export interface Leg {
  readonly kind: 'connection' | 'lookup' | 'onward';
  /** What this leg was for: `A api.shop.svc.cluster.local`, `10.96.0.1:443`. */
  readonly what: string;
  readonly trace: Trace;
  /** A lookup's result or that the name was resolved without packets. */
  readonly answer?: string;
  /** How many questions a lookup asks over this way (A and AAAA, or SRV). */
  readonly queries?: number;
  /** Each record type that was asked for, with its answer; of several records of one type each. */
  readonly questions?: readonly LookupQuestion[];
  /** The server that was asked, where resolv.conf names several. */
  readonly server?: Ip;
}

export type ProbeVerdict = 'delivered' | 'refused' | 'dropped' | 'timeout' | 'unreachable' | 'nxdomain' | 'dns-timeout' | 'http-error' | 'tls-mismatch' | 'unmodelled';

/** Who decided, down to the manifest's line. */
export interface DecidedBy {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly file?: string;
  readonly line?: number;
  /** The rule's text as its tool prints it, and where. */
  readonly rule?: string;
}

/** One rule of an Ingress as this request met it; `why` is null for the one that took it. */
export interface HttpRule { readonly ingress: ObjectRef; readonly host: string; readonly path: string; readonly pathType: string; readonly service: string; readonly why: string | null }
/** What an HTTP request was answered, and where a proxy stood between: by which rule. Further fields may come. */
export interface HttpAnswer {
  readonly status: number;
  /** `shop/api`: the Service behind it. */
  readonly service?: string;
  /** Of the requests that the client sends on this one connection, how many end as this branch does: the connection's whole number, or a proxy's share of it. */
  readonly requests?: RequestShare;
  /** The request as the client sent it. */
  readonly request?: { readonly method: string; readonly scheme: 'http' | 'https'; readonly host: string; readonly path: string };
  /** Where a redirect sends the client. */
  readonly location?: string;
  /** Headers that the proxy added for the backend. */
  readonly forwarded?: Readonly<Record<string, string>>;
  /** The proxy's rules, the winning one first, and how many more there are. */
  readonly rules?: readonly HttpRule[];
  readonly rulesOmitted?: number;
}

/** `all`: the connection decides for each of them; `turns`: a proxy takes its backends in turn, so `here` is met to within one; `about`: it chooses by chance, so `here` is the mean. */
export interface RequestShare { readonly of: number; readonly here: FractionJson; readonly how: 'all' | 'turns' | 'about' }

export interface Branch {
  readonly odds: FractionJson;
  readonly verdict: ProbeVerdict;
  /** Stable, machine-readable reason; '' for a plain delivery. */
  readonly code: string;
  /** One sentence for a person. */
  readonly sentence: string;
  readonly dnat: { readonly ip: Ip; readonly port: number } | null;
  readonly snat: { readonly ip: Ip } | null;
  readonly endpoint: { readonly ip: Ip; readonly port: number; readonly pod?: string; readonly node?: string; readonly netns?: NetnsId } | null;
  readonly sourceSeen: { readonly ip: Ip } | null;
  readonly http: HttpAnswer | null;
  readonly decidedBy: readonly DecidedBy[];
  readonly legs: readonly Leg[];
}

/** A name turned into an address without a packet, and said so (DESIGN §8.6). */
export interface Resolution { readonly name: string; readonly ip: Ip; readonly how: 'literal' | 'object' | 'without-packets' | 'lookup'; readonly via?: string }

export interface Journey {
  readonly probe: Probe;
  /** The source in full, in CLI.md's words: `pod/shop/web-0`. */
  readonly from: string;
  /** The target in full, `service/shop/api`, or the address or name as typed. */
  readonly target: string;
  /** The resolved object, when `to` named or resolved to one: `service/shop/api`. */
  readonly to: ObjectRef | null;
  readonly protocol: Protocol;
  readonly port: number | null;
  readonly resolution: Resolution | null;
  /** Of all branches, or `ambiguous` where they differ. */
  readonly verdict: ProbeVerdict | 'ambiguous';
  /** Exact odds, summing to 1; most likely first, then in rule order. Empty only for a probe that could not be asked. */
  readonly branches: readonly Branch[];
}

/** What a click on a step shows: the rule's text as its tool prints it and why it exists. Keyed `NETNS RULEID` or `NETNS ROUTEID`. */
export interface Explained { readonly text: string; readonly why: string; readonly by: string; readonly for?: ObjectRef; readonly at?: SourceSpan }
export type Glossary = Readonly<Record<string, Explained>>;
