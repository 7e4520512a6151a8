import { familyOf, toU32, type Ip } from '../base/ip.ts';
import type { RuleId } from '../dataplane/ids.ts';
import type { CtState, Packet } from '../dataplane/packet.ts';
import type { Flow, Hop, Outcome, Step } from '../trace/types.ts';
import type { Conn, ConnTable } from './conntrack.ts';
import type { Chooser } from './choose.ts';
import type { NextHopView } from './route.ts';
import type { NetState } from './types.ts';
import type { LinkView, NsView, PlaneView } from './views.ts';

/** What one branch of one send shares between the packet and its answer. */
export interface Run {
  readonly plane: PlaneView;
  readonly state: NetState;
  readonly flow: Flow;
  readonly chooser: Chooser;
  readonly conns: ConnTable[];
  /** Written by `recent`, dynamic sets and counters; null until something is. */
  recent: Map<string, number | null> | null;
  dynamicSets: Map<string, number> | null;
  counters: Map<string, number> | null;
  work: number;
  /** What the client's socket is really connected to, where `connect()` was translated; answers must come from there. */
  sent: Packet | null;
}

/** A packet that the kernel sends back because of another one; it inherits that one's connection (nf_ct_attach). */
export interface Answer {
  readonly ns: NsView;
  readonly packet: Packet;
  readonly conn: Conn | null;
  readonly reply: boolean;
  /** Put on the wire at this port as it is, past every hook and route. */
  readonly straightTo?: LinkView;
}

/** The one mutable thing: a packet on its way, with the kernel's notes. `packet` is what rules see; `inner` waits inside an outer header. */
export interface Walk {
  readonly run: Run;
  readonly answers: boolean;
  ns: NsView;
  readonly hops: Hop[];
  steps: Step[];
  packet: Packet;
  inner: Packet | null;
  v6: boolean;
  srcN: number;
  dstN: number;
  proto: number;
  sport: number;
  dport: number;
  mark: number;
  ct: CtState;
  conn: Conn | null;
  reply: boolean;
  iif: LinkView | null;
  oif: LinkView | null;
  physin: LinkView | null;
  physout: LinkView | null;
  hop: NextHopView | null;
  via: Ip | null;
  /** Who the frame is addressed to. */
  target: LinkView | null;
  /** Delivered here (RTCF_LOCAL): answers come from the address that was asked. */
  local: boolean;
  /** The MAC that the frame inside a tunnel is for. */
  innerMac: string | null;
  /** PREROUTING already ran for this frame on a bridge (ip_sabotage_in). */
  sabotaged: boolean;
  /** A hook took the packet out of its way: what comes next instead (NF_STOLEN). */
  detour: Stage;
  /** IPVS has seen this packet (skb->ipvs_property). */
  balanced: boolean;
  /** The chain a jump or goto leads to. */
  jump: string;
  /** The rule being evaluated, for those who must name it. */
  rule: RuleId;
  outcome: Outcome | null;
  answer: Answer | null;
}

const protoNumbers = { tcp: 6, udp: 17, sctp: 132, icmp: 1 } as const;

/** What the kernel does next with the packet; null = its way ended, `outcome` says how. */
export type Stage = 'local-out' | 'egress' | 'encapsulate' | 'bridge-in' | 'receive' | 'route' | 'forward' | 'local-in' | 'deliver' | 'balanced-out' | null;

/** Puts a packet under the walk's eyes, with the numbers that matches compare. */
export function setPacket(w: Walk, packet: Packet): void {
  w.packet = packet;
  w.v6 = familyOf(packet.src) === 6;
  if (!w.v6) {
    w.srcN = toU32(packet.src);
    w.dstN = toU32(packet.dst);
  }
  const { l4 } = packet;
  if (l4.proto === 'icmp') {
    w.proto = w.v6 ? 58 : 1;
    w.sport = w.dport = -1;
    return;
  }
  w.proto = packet.outer?.kind === 'ipip' && w.inner !== null ? 4 : protoNumbers[l4.proto];
  w.sport = w.proto === 4 ? -1 : l4.sport;
  w.dport = w.proto === 4 ? -1 : l4.dport;
}

/** What a wire tap shows of this packet: with an outer header, the inner packet inside it. */
export function onWire(w: Walk): Packet {
  if (w.inner === null) return w.packet;
  const { outer } = w.packet;
  return outer ? { ...w.inner, outer: { ...outer, src: w.packet.src, dst: w.packet.dst, ttl: w.packet.ttl } } : w.inner;
}

/** A walk that starts in this namespace. */
export function createWalk(run: Run, ns: NsView, packet: Packet, answers: boolean): Walk {
  const steps: Step[] = [];
  const w: Walk = {
    run, answers, ns, hops: [{ netns: ns.id, steps: steps as unknown as Hop['steps'] }], steps, packet, inner: null, v6: false, srcN: 0, dstN: 0, proto: 0, sport: 0, dport: 0,
    mark: 0, ct: 'invalid', conn: null, reply: false, iif: null, oif: null, physin: null, physout: null, hop: null, via: null, target: null,
    local: false, innerMac: null, sabotaged: false, detour: null, balanced: false, jump: '', rule: '', outcome: null, answer: null,
  };
  setPacket(w, packet);
  return w;
}

type PlainFate = Exclude<Extract<Outcome, { at: string; detail?: string }>['kind'], 'rejected' | 'dropped' | 'unmodelled'>;

/** Ends the walk with a fate that only needs its place; returns null, the stage after the last. */
export function endAt(w: Walk, kind: PlainFate, detail?: string): null {
  w.outcome = detail === undefined ? { kind, at: w.ns.id } : { kind, at: w.ns.id, detail };
  return null;
}

/** Ends the walk where our knowledge ends. */
export function endUnmodelled(w: Walk, what: string, by?: RuleId): null {
  w.outcome = by === undefined ? { kind: 'unmodelled', what, at: w.ns.id } : { kind: 'unmodelled', what, at: w.ns.id, by };
  return null;
}
