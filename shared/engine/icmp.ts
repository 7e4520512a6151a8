import type { Ip } from '../base/ip.ts';
import type { Icmp, Packet } from '../dataplane/packet.ts';
import { sourceFor } from './route.ts';
import type { Walk } from './walk-state.ts';

/** Hops that a packet of this machine may take (net.ipv4.ip_default_ttl). */
export const defaultTtl = 64;

export type Unreachable = 'net' | 'host' | 'protocol' | 'port' | 'net-prohibited' | 'host-prohibited' | 'admin';
// RFC 792 and RFC 1812 codes of type 3; RFC 4443 codes of type 1 (nf_reject_ipv6 and ip6t_REJECT name the same ones).
const codes4: Readonly<Record<Unreachable, number>> = { 'net': 0, 'host': 1, 'protocol': 2, 'port': 3, 'net-prohibited': 9, 'host-prohibited': 10, 'admin': 13 };
const codes6: Readonly<Record<Unreachable, number>> = { 'net': 0, 'host': 3, 'protocol': 4, 'port': 4, 'net-prohibited': 1, 'host-prohibited': 1, 'admin': 1 };

/** Whether a packet is an ICMP error, which never causes another one (RFC 1122 3.2.2). */
export const isIcmpError = ({ l4 }: Packet): boolean => l4.proto === 'icmp' && l4.quoted !== undefined;

/** The address an ICMP error comes from: the one that was asked if it is ours, else the one that the way back to the source has (icmp_send). */
function errorSource(w: Walk): Ip {
  if (w.local) return w.packet.dst;
  return sourceFor(w.ns, w.packet.src) ?? w.ns.fib.own.values().next().value ?? w.packet.dst;
}

const error = (w: Walk, icmp: Omit<Icmp, 'proto' | 'id' | 'quoted'>): Packet =>
  ({ src: errorSource(w), dst: w.packet.src, ttl: defaultTtl, l4: { proto: 'icmp', ...icmp, id: 0, quoted: w.packet } });

/** Destination unreachable, for the packet under way. */
export const unreachableFor = (w: Walk, why: Unreachable): Packet => error(w, w.v6 ? { type: 1, code: codes6[why] } : { type: 3, code: codes4[why] });
/** TTL (hop limit) exceeded in transit. */
export const timeExceededFor = (w: Walk): Packet => error(w, w.v6 ? { type: 3, code: 0 } : { type: 11, code: 0 });
/** Fragmentation needed (RFC 1191), packet too big (RFC 4443). */
export const tooBigFor = (w: Walk): Packet => error(w, w.v6 ? { type: 2, code: 0 } : { type: 3, code: 4 });

/** The reset that a closed TCP port answers with (RFC 9293 3.10.7.1). */
export const resetFor = ({ src, dst, l4 }: Packet): Packet =>
  ({ src: dst, dst: src, ttl: defaultTtl, l4: l4.proto === 'tcp' ? { proto: 'tcp', sport: l4.dport, dport: l4.sport, flags: 'rst' } : l4 });

/** Notes that the kernel sends this back, on the same connection (nf_ct_attach). */
export function answerWith(w: Walk, packet: Packet): void {
  w.answer = { ns: w.ns, packet, conn: w.conn, reply: !w.reply };
}

/** Lowers the TTL by one and records it. */
export function lowerTtl(w: Walk): void {
  const { packet } = w;
  const ttl = packet.ttl - 1;
  w.packet = packet.size === undefined && packet.outer === undefined ? { src: packet.src, dst: packet.dst, ttl, l4: packet.l4 } : { ...packet, ttl };
  w.steps.push(ttlSteps[ttl] ?? { kind: 'ttl', ttl });
}
const ttlSteps = Array.from({ length: 256 }, (_, ttl) => ({ kind: 'ttl', ttl }) as const);
