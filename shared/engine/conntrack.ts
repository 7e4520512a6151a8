import type { Ip } from '../base/ip.ts';
import type { Packet, Protocol } from '../dataplane/packet.ts';
import type { Step } from '../trace/types.ts';
import { maxConntrack } from './limits.ts';
import type { CtEntry, NetState, Tuple5 } from './types.ts';
import type { Run, Walk } from './walk-state.ts';
import type { NsView } from './views.ts';

/** A connection while packets are on their way (nf_conn); becomes a CtEntry when its first packet gets through. */
export interface Conn {
  readonly original: Tuple5;
  reply: Tuple5;
  mark: number;
  confirmed: boolean;
  replied: boolean;
  /** IPS_SRC_NAT_DONE, IPS_DST_NAT_DONE: the decision is made, even if it was to change nothing. */
  srcDone: boolean;
  dstDone: boolean;
  /** IPS_SRC_NAT, IPS_DST_NAT. */
  snat: boolean;
  dnat: boolean;
  /** IPVS chose the destination (an ip_vs_conn beside the nf_conn). */
  ipvs: boolean;
  readonly base: CtEntry | null;
}
export interface ConnTable { readonly ns: NsView; readonly conns: Conn[] }

const steps = {
  created: { kind: 'conntrack', event: 'created' }, matched: { kind: 'conntrack', event: 'matched' }, reversed: { kind: 'conntrack', event: 'reversed' },
  untracked: { kind: 'conntrack', event: 'untracked' }, invalid: { kind: 'conntrack', event: 'invalid' },
} as const satisfies Record<string, Step>;

/** The 5-tuple of a packet's own headers; ICMP echo has its id on both sides. */
export function tupleOf({ src, dst, l4 }: Packet): Tuple5 {
  return l4.proto === 'icmp' ? { protocol: 'icmp', src, dst, sport: l4.id, dport: l4.id } : { protocol: l4.proto, src, dst, sport: l4.sport, dport: l4.dport };
}

/** The tuple that an answer has (nf_ct_invert_tuple). */
export const invert = (t: Tuple5): Tuple5 => ({ protocol: t.protocol, src: t.dst, dst: t.src, sport: t.dport, dport: t.sport });

export const sameTuple = (a: Tuple5, b: Tuple5): boolean =>
  a.sport === b.sport && a.dport === b.dport && a.src === b.src && a.dst === b.dst && a.protocol === b.protocol;

const isPacketOf = (t: Tuple5, protocol: Protocol, src: Ip, dst: Ip, sport: number, dport: number): boolean =>
  t.sport === sport && t.dport === dport && t.src === src && t.dst === dst && t.protocol === protocol;

// Milliseconds after the last packet (nf_conntrack_proto_*: SYN_SENT 120 s, ESTABLISHED 5 days; UDP 30 s, stream 120 s; SCTP 10 s/210 s; ICMP 30 s).
const lifetimes: Readonly<Record<Protocol, readonly [fresh: number, replied: number]>> = { tcp: [120_000, 432_000_000], udp: [30_000, 120_000], sctp: [10_000, 210_000], icmp: [30_000, 30_000] };

const alive = (entry: CtEntry, now: number): boolean => now - entry.seen < lifetimes[entry.original.protocol][entry.replied ? 1 : 0];

const adopt = (base: CtEntry): Conn => ({
  original: base.original, reply: base.reply, mark: base.mark, confirmed: true, replied: base.replied, srcDone: true, dstDone: true,
  dnat: base.ipvs !== true && (base.original.dst !== base.reply.src || base.original.dport !== base.reply.sport), ipvs: base.ipvs === true,
  snat: base.original.src !== base.reply.dst || base.original.sport !== base.reply.dport, base,
});

/** This namespace's connections in this run. */
export function connsOf(run: Run, ns: NsView): Conn[] {
  for (const table of run.conns) if (table.ns === ns) return table.conns;
  const conns: Conn[] = [];
  run.conns.push({ ns, conns });
  return conns;
}

/** The connection that this tuple belongs to, in either direction; null if none is remembered. */
export function findConn(run: Run, ns: NsView, protocol: Protocol, src: Ip, dst: Ip, sport: number, dport: number): Conn | null {
  const conns = connsOf(run, ns);
  for (const conn of conns) {
    if (conn.confirmed && (isPacketOf(conn.original, protocol, src, dst, sport, dport) || isPacketOf(conn.reply, protocol, src, dst, sport, dport))) return conn;
  }
  for (const entry of run.state.conntrack[ns.id] ?? []) {
    if (!isPacketOf(entry.original, protocol, src, dst, sport, dport) && !isPacketOf(entry.reply, protocol, src, dst, sport, dport)) continue;
    if (!alive(entry, run.state.now) || conns.some((conn) => conn.base === entry)) continue;
    const conn = adopt(entry);
    conns.push(conn);
    return conn;
  }
  return null;
}

/** Whether another connection already uses this tuple (nf_conntrack_tuple_taken). */
export function tupleTaken(run: Run, ns: NsView, tuple: Tuple5, except: Conn): boolean {
  for (const conn of connsOf(run, ns)) if (conn !== except && conn.confirmed && (sameTuple(conn.reply, tuple) || sameTuple(conn.original, tuple))) return true;
  return (run.state.conntrack[ns.id] ?? []).some((entry) => entry !== except.base && alive(entry, run.state.now) && (sameTuple(entry.reply, tuple) || sameTuple(entry.original, tuple)));
}

/** Whether a connection may begin with this packet; without one, SYN-ACK and RST are INVALID (tcp_conntracks), as are ICMP answers. */
function mayBegin({ l4 }: Packet): boolean {
  switch (l4.proto) {
    case 'tcp': return l4.flags === 'syn' || l4.flags === 'ack';
    case 'sctp': return l4.chunk === 'init';
    case 'udp': return true;
    case 'icmp': return l4.type === 8 || l4.type === 128;
  }
}

function enterConn(w: Walk, conn: Conn, original: boolean): void {
  w.conn = conn;
  w.reply = !original;
  if (!original) conn.replied = true;
  w.ct = conn.replied ? 'established' : 'new';
  w.steps.push(original ? steps.matched : steps.reversed);
}

/** An ICMP error belongs to the connection of the packet it quotes (nf_conntrack_inet_error). */
function trackError(w: Walk, quoted: Packet): void {
  const t = invert(tupleOf(quoted));
  const conn = findConn(w.run, w.ns, t.protocol, t.src, t.dst, t.sport, t.dport);
  const original = conn !== null && sameTuple(conn.original, t);
  if (conn === null || (original ? conn.original : conn.reply).dst !== w.packet.dst) {
    w.ct = 'invalid';
    w.steps.push(steps.invalid);
    return;
  }
  w.conn = conn;
  w.reply = !original;
  w.ct = 'related';
  w.steps.push(original ? steps.matched : steps.reversed);
}

/** The conntrack hook (nf_conntrack_in): finds or begins the packet's connection. */
export function track(w: Walk): void {
  // Loopback and the kernel's own answers carry their connection already.
  if (w.conn !== null) return;
  if (w.ct === 'untracked') {
    w.steps.push(steps.untracked);
    return;
  }
  const { packet } = w;
  if (w.proto === 4) {
    w.ct = 'new';
    return;
  }
  const { l4 } = packet;
  if (l4.proto === 'icmp' && l4.quoted) return trackError(w, l4.quoted);
  const sport = l4.proto === 'icmp' ? l4.id : l4.sport;
  const dport = l4.proto === 'icmp' ? l4.id : l4.dport;
  const known = findConn(w.run, w.ns, l4.proto, packet.src, packet.dst, sport, dport);
  // With equal ids both ways, ICMP tells its direction by the type.
  if (known) return enterConn(w, known, isPacketOf(known.original, l4.proto, packet.src, packet.dst, sport, dport) && !(l4.proto === 'icmp' && !mayBegin(packet)));
  if (!mayBegin(packet)) {
    w.ct = 'invalid';
    w.steps.push(steps.invalid);
    return;
  }
  begin(w, packet, sport, dport);
}

function begin(w: Walk, { src, dst, l4 }: Packet, sport: number, dport: number): void {
  const conn: Conn = {
    original: { protocol: l4.proto, src, dst, sport, dport }, reply: { protocol: l4.proto, src: dst, dst: src, sport: dport, dport: sport },
    mark: 0, confirmed: false, replied: false, srcDone: false, dstDone: false, snat: false, dnat: false, ipvs: false, base: null,
  };
  w.conn = conn;
  w.reply = false;
  w.ct = 'new';
  w.steps.push(steps.created);
  connsOf(w.run, w.ns).push(conn);
}

/** A connection is remembered once its first packet got through (nf_confirm); what is dropped before leaves no trace. */
export function confirm(w: Walk): void {
  if (w.conn !== null && !w.reply) w.conn.confirmed = true;
}

/** The state after this run: touched connections with their new time, expired ones forgotten. */
export function nextConntrack(run: Run): NetState['conntrack'] {
  const next: Record<string, readonly CtEntry[]> = { ...run.state.conntrack };
  const { now } = run.state;
  for (const { ns, conns } of run.conns) {
    const touched = conns.filter((conn) => conn.confirmed);
    if (touched.length === 0) continue;
    const old = (run.state.conntrack[ns.id] ?? []).filter((entry) => alive(entry, now) && !touched.some((conn) => conn.base === entry));
    const fresh = touched.map((c): CtEntry => ({ original: c.original, reply: c.reply, mark: c.mark, status: 'confirmed', seen: now, replied: c.replied, ...(c.ipvs ? { ipvs: true } : {}) }));
    next[ns.id] = [...old, ...fresh].slice(-maxConntrack);
  }
  return next;
}
