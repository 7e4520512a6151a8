import type { Match } from '../../dataplane/rules.ts';
import type { PortRange } from '../../dataplane/packet.ts';
import type { Matcher } from '../compile-chain.ts';
import { protocolNumber } from '../sets.ts';

/** `-p`: by name or number; `icmp` means ICMPv6 for IPv6 packets. 0 = any. */
export function matchProtocol(match: Extract<Match, { kind: 'protocol' }>): Matcher {
  const not = match.not === true;
  if (match.protocol === 'icmp') return (w) => (w.proto === 1 || w.proto === 58) !== not;
  const wanted = protocolNumber(match.protocol);
  if (wanted === 0) return () => !not;
  return (w) => (w.proto === wanted) !== not;
}

const inRanges = (ranges: readonly PortRange[], port: number): boolean => {
  for (const { from, to } of ranges) if (port >= from && port <= to) return true;
  return false;
};

/** `--sport`, `--dport`, `-m multiport`: packets without ports never match. */
export function matchPorts(match: Extract<Match, { kind: 'sport' | 'dport' | 'ports' }>): Matcher {
  const not = match.not === true;
  const { ports } = match;
  if (match.kind === 'ports') return (w) => w.dport >= 0 && (inRanges(ports, w.sport) || inRanges(ports, w.dport)) !== not;
  if (match.kind === 'sport') return (w) => w.sport >= 0 && inRanges(ports, w.sport) !== not;
  const only = ports.length === 1 && ports[0]!.from === ports[0]!.to ? ports[0]!.from : -1;
  return only >= 0 ? (w) => w.dport >= 0 && (w.dport === only) !== not : (w) => w.dport >= 0 && inRanges(ports, w.dport) !== not;
}

/** `-m icmp --icmp-type`, type 255 = any. */
export function matchIcmpType(match: Extract<Match, { kind: 'icmp-type' }>): Matcher {
  const not = match.not === true;
  return ({ packet: { l4 } }) => l4.proto === 'icmp' && (match.type === 255 || (l4.type === match.type && (match.code === undefined || l4.code === match.code))) !== not;
}

/** The flags that each kind of TCP packet carries; the kernel's RST to a SYN has ACK too (tcp_v4_send_reset). */
export const tcpFlagsOf = { 'syn': ['SYN'], 'syn-ack': ['SYN', 'ACK'], 'ack': ['ACK'], 'rst': ['RST', 'ACK'] } as const;
const allFlags = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG'];
const spread = (names: readonly string[]): readonly string[] => names.flatMap((name) => (name === 'ALL' ? allFlags : name === 'NONE' ? [] : [name]));

/** `--tcp-flags MASK COMP`: of the flags in MASK exactly those in COMP are set. */
export function matchTcpFlags(match: Extract<Match, { kind: 'tcp-flags' }>): Matcher {
  const not = match.not === true;
  const mask = spread(match.mask.map((name) => name.toUpperCase()));
  const comp = new Set(spread(match.comp.map((name) => name.toUpperCase())));
  return ({ packet: { l4 } }) => {
    if (l4.proto !== 'tcp') return false;
    const set: readonly string[] = tcpFlagsOf[l4.flags];
    return mask.every((flag) => set.includes(flag) === comp.has(flag)) !== not;
  };
}
