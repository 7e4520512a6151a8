import type { Ip } from '../base/ip.ts';

export type Protocol = 'tcp' | 'udp' | 'sctp' | 'icmp';

/** What of TCP's flags tells a connection's first packet from its answers. */
export type TcpFlags = 'syn' | 'syn-ack' | 'ack' | 'rst';
export interface Tcp { readonly proto: 'tcp'; readonly sport: number; readonly dport: number; readonly flags: TcpFlags }
export interface Udp { readonly proto: 'udp'; readonly sport: number; readonly dport: number }
export interface Sctp { readonly proto: 'sctp'; readonly sport: number; readonly dport: number; readonly chunk: 'init' | 'init-ack' | 'abort' }
/** ICMP or ICMPv6 by the addresses' family. An error carries the packet that caused it (RFC 792, RFC 4443). */
export interface Icmp { readonly proto: 'icmp'; readonly type: number; readonly code: number; readonly id: number; readonly quoted?: Packet }
export type L4 = Tcp | Udp | Sctp | Icmp;

/** An outer header around the packet: what the underlay sees. */
export interface Encap { readonly kind: 'vxlan' | 'ipip'; readonly src: Ip; readonly dst: Ip; readonly sport?: number; readonly dport?: number; readonly vni?: number; readonly ttl: number }

/** What a wire tap would show. `size` is the IP packet's length in bytes where MTU matters (default 60). */
export interface Packet { readonly src: Ip; readonly dst: Ip; readonly ttl: number; readonly l4: L4; readonly outer?: Encap; readonly size?: number }

export type CtState = 'new' | 'established' | 'related' | 'invalid' | 'untracked';

/** A range of L4 ports, both ends included. */
export interface PortRange { readonly from: number; readonly to: number }
/** A range of addresses, both ends included. */
export interface IpRange { readonly from: Ip; readonly to: Ip }

/** The two ports of a segment; an ICMP message has none (0). */
export const portsOf = (l4: L4): { readonly sport: number; readonly dport: number } => (l4.proto === 'icmp' ? { sport: 0, dport: 0 } : l4);
