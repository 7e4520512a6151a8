import type { Ip } from '../base/ip.ts';
import type { RuleId } from '../dataplane/ids.ts';
import type { L4, Packet, PortRange } from '../dataplane/packet.ts';
import { invert, tupleTaken, type Conn } from './conntrack.ts';
import type { Tuple5 } from './types.ts';
import { onWire, setPacket, type Walk } from './walk-state.ts';

export type Manip = 'src' | 'dst';
/** What a NAT rule asks for; absent = keep. `random`: `--random-fully`, a new source port always. */
export interface NatWish { readonly ip: Ip | null; readonly ports: PortRange | null; readonly random: boolean }

const keep: NatWish = { ip: null, ports: null, random: false };

const withPorts = (l4: L4, manip: Manip, port: number): L4 => {
  if (l4.proto === 'icmp') return l4.id === port ? l4 : { ...l4, id: port };
  return manip === 'src' ? { ...l4, sport: port } : { ...l4, dport: port };
};

/** A packet with one side's address and port replaced (nf_nat_manip_pkt). */
const manipulated = (packet: Packet, manip: Manip, ip: Ip, port: number): Packet => {
  const l4 = withPorts(packet.l4, manip, port);
  return manip === 'src' ? { ...packet, src: ip, l4 } : { ...packet, dst: ip, l4 };
};

/** Where the search for a free source port begins and how far it goes: privileged ports stay privileged (nf_nat_l4proto_unique_tuple). */
function searchRange(port: number, ports: PortRange | null): PortRange {
  if (ports) return ports;
  if (port < 512) return { from: 1, to: 511 };
  return port < 1024 ? { from: 600, to: 1023 } : { from: 1024, to: 65_535 };
}

/** The tuple after a manipulation that no other connection uses (get_unique_tuple): a source port changes on a clash, when asked for, or when `random`. */
function uniqueTuple(w: Walk, conn: Conn, current: Tuple5, manip: Manip, wish: NatWish): Tuple5 {
  const side = manip === 'src' ? 'sport' : 'dport';
  const tuple = { ...current, [manip]: wish.ip ?? current[manip] };
  const taken = (): boolean => tupleTaken(w.run, w.ns, invert(tuple), conn);
  const inRange = wish.ports === null || (tuple[side] >= wish.ports.from && tuple[side] <= wish.ports.to);
  if (!wish.random && inRange && !taken()) return tuple;
  if (manip === 'dst' && wish.ports === null) return tuple;
  const { from, to } = searchRange(tuple[side], wish.ports);
  const size = to - from + 1;
  const start = size === 1 ? 0 : w.run.chooser.draw() % size;
  for (let i = 0; i < Math.min(size, 128); i++) {
    tuple[side] = from + ((start + i) % size);
    if (tuple.protocol === 'icmp') tuple.sport = tuple.dport = tuple[side];
    if (!taken()) break;
  }
  return tuple;
}

/** Decides a connection's translation once (nf_nat_setup_info). */
export function setupNat(w: Walk, conn: Conn, manip: Manip, wish: NatWish): void {
  const current = invert(conn.reply);
  const next = uniqueTuple(w, conn, current, manip, wish);
  const changed = next.src !== current.src || next.dst !== current.dst || next.sport !== current.sport || next.dport !== current.dport;
  if (changed) {
    conn.reply = invert(next);
    if (manip === 'src') conn.snat = true;
    else conn.dnat = true;
  }
  if (manip === 'src') conn.srcDone = true;
  else conn.dstDone = true;
}

/** No rule spoke: the binding to nothing still makes the tuple unique (nf_nat_alloc_null_binding). */
export const setupNullBinding = (w: Walk, conn: Conn, manip: Manip): void => setupNat(w, conn, manip, keep);

const port = (l4: L4, manip: Manip): number => (l4.proto === 'icmp' ? l4.id : manip === 'src' ? l4.sport : l4.dport);

/** Replaces the packet and records it, if anything changes. */
function rewrite(w: Walk, after: Packet, by: RuleId | 'conntrack'): void {
  const before = onWire(w);
  setPacket(w, after);
  w.steps.push({ kind: 'rewrite', before, after: onWire(w), by });
}

/** Applies what was decided to this packet: originals forwards, answers backwards (nf_nat_packet). */
export function applyNat(w: Walk, conn: Conn, manip: Manip, by: RuleId | 'conntrack'): void {
  // An answer's source is undone where originals lose their destination, and the other way round.
  const due = (manip === 'src') === w.reply ? conn.dnat : conn.snat;
  if (!due) return;
  const { packet } = w;
  if (packet.l4.proto === 'icmp' && packet.l4.quoted) return translateError(w, conn, manip, packet.l4.quoted);
  const other = w.reply ? conn.original : conn.reply;
  const ip = manip === 'src' ? other.dst : other.src;
  const newPort = manip === 'src' ? other.dport : other.sport;
  if (packet[manip] === ip && port(packet.l4, manip) === newPort) return;
  rewrite(w, manipulated(packet, manip, ip, newPort), by);
}

/** Translates an ICMP error and the header it quotes (nf_nat_icmp_reply_translation). */
function translateError(w: Walk, conn: Conn, manip: Manip, quoted: Packet): void {
  const other = w.reply ? conn.original : conn.reply;
  // The quoted packet went the other way, so its other side changes.
  const inner = manip === 'src' ? manipulated(quoted, 'dst', other.dst, other.dport) : manipulated(quoted, 'src', other.src, other.sport);
  const ip = manip === 'src' ? other.dst : other.src;
  const { packet } = w;
  if (packet.l4.proto !== 'icmp' || (packet[manip] === ip && quoted.src === inner.src && quoted.dst === inner.dst)) return;
  const outer = manip === 'src' ? { ...packet, src: ip } : { ...packet, dst: ip };
  rewrite(w, { ...outer, l4: { ...packet.l4, quoted: inner } }, 'conntrack');
}
