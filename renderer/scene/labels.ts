import type { NetnsId } from '../../shared/dataplane/ids.ts';
import type { L4, Packet } from '../../shared/dataplane/packet.ts';

const kinds: Readonly<Record<string, string>> = { router: 'Router', switch: 'Node network', lb: 'Load balancer', world: 'Internet' };

/** The word a person reads for a namespace or an address string: `Node a`, `web-1`, `Client`, `Internet`. */
export function labelOf(id: NetnsId): string {
  const [kind = '', ...rest] = id.split('/');
  const name = rest.at(-1) ?? kind;
  if (kind === 'node') return `Node ${name}`;
  if (kind === 'client') return name === 'internet' ? 'Client' : name;
  if (kind === 'host') return name === 'internet' ? 'Internet' : name;
  if (kind === 'ingress') return rest[1] ?? name;
  if (kind === 'new') return `New ${name}`;
  return kinds[kind] ?? name;
}

/** Whether two ids are one place for the eye: the modelled internet host and the rest of the internet. */
export const placeOf = (id: NetnsId): string => (id === 'world/internet' ? 'host/internet' : id);

/** `10.244.2.21:8080`, or the bare address where there are no ports; IPv6 in brackets. */
export function printEnd(address: string, port: number | null): string {
  if (port === null) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

export const sourceOf = ({ src, l4 }: Packet): string => printEnd(src, l4.proto === 'icmp' ? null : l4.sport);
export const destinationOf = ({ dst, l4 }: Packet): string => printEnd(dst, l4.proto === 'icmp' ? null : l4.dport);

/** What the transport header says this packet is: `TCP SYN`, `UDP`, `ICMP echo request`. */
export function describeL4(l4: L4): string {
  if (l4.proto === 'tcp') return `TCP ${l4.flags.toUpperCase()}`;
  if (l4.proto === 'udp') return 'UDP';
  if (l4.proto === 'sctp') return `SCTP ${l4.chunk.toUpperCase()}`;
  return `ICMP ${icmpWord(l4.type)}`;
}

/** RFC 792 and RFC 4443 types, as far as they occur here. */
function icmpWord(type: number): string {
  if (type === 8 || type === 128) return 'echo request';
  if (type === 0 || type === 129) return 'echo reply';
  if (type === 11) return 'time exceeded';
  return 'unreachable';
}
