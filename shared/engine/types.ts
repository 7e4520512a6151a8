import type { Fraction } from '../base/fraction.ts';
import type { Ip } from '../base/ip.ts';
import type { NetnsId } from '../dataplane/ids.ts';
import type { Protocol } from '../dataplane/packet.ts';
import type { Trace } from '../trace/types.ts';

/** One direction of a tracked connection; for ICMP echo sport = dport = id. */
export interface Tuple5 { readonly protocol: Protocol; readonly src: Ip; readonly dst: Ip; readonly sport: number; readonly dport: number }

/** A conntrack entry of one namespace (nf_conn): the tuple as first seen and the one that replies must have. */
export interface CtEntry {
  readonly original: Tuple5;
  readonly reply: Tuple5;
  readonly mark: number;
  readonly status: 'new' | 'confirmed';
  /** Virtual ms of the last packet. */
  readonly seen: number;
  /** Set once a packet came back (IPS_SEEN_REPLY). */
  readonly replied: boolean;
  /** Its destination is IPVS's doing, not a NAT rule's. */
  readonly ipvs?: boolean;
}

/** What kernels remember between packets, JSON-safe: conntrack entries, `recent` lists, dynamic nft sets, round-robin counters. */
export interface NetState {
  readonly now: number;
  readonly conntrack: Readonly<Record<NetnsId, readonly CtEntry[]>>;
  /** `NETNS LIST ADDRESS` → virtual ms of the last sight. */
  readonly recent: Readonly<Record<string, number>>;
  /** `NETNS SET KEY` → virtual ms when it expires. */
  readonly dynamicSets: Readonly<Record<string, number>>;
  readonly counters: Readonly<Record<string, number>>;
}

export type SendMode = { readonly mode: 'all' } | { readonly mode: 'sample'; readonly seed: number };

/** One way the packet could have gone. The odds of all results sum to 1. */
export interface SendBranch { readonly odds: Fraction; readonly trace: Trace; readonly state: NetState }
export interface SendResult {
  readonly branches: readonly [SendBranch, ...SendBranch[]];
  /** Named when a work budget ended the exploration early; the remaining odds are then `unmodelled` branches. */
  readonly limited?: string;
}
