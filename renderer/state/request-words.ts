import type { Probe } from '../../shared/trace/types.ts';
import { fullId, shortName } from './places.ts';
import type { Request } from './world.ts';

/** The engine's question for this request; a port only where the protocol has ports and one was named. */
export function toProbe(request: Request): Probe {
  const { from, to, port, protocol } = request;
  return protocol === 'icmp' || port === null ? { from, to, protocol } : { from, to, port, protocol };
}

/** The request as the bar would hold it. */
export const toRequest = (probe: Probe): Request => ({ from: fullId(probe.from), to: fullId(probe.to), port: probe.port ?? null, protocol: probe.protocol ?? 'tcp' });

/** `web-1 → api:80`, for titles and lists. */
export function titleOfRequest({ from, to, port, protocol }: Request): string {
  // a URL says its port itself
  const suffix = /^https?:/.test(to) ? '' : protocol === 'icmp' ? ' ping' : port === null ? '' : `:${port}`;
  const udp = protocol === 'udp' || protocol === 'sctp' ? ` ${protocol.toUpperCase()}` : '';
  return `${shortName(from)} → ${shortName(to)}${suffix}${udp}`;
}

/** Whether it can be sent: both ends named. */
export const isComplete = (request: Request): boolean => request.from.trim() !== '' && request.to.trim() !== '';

/** A port from what was typed: `80`, or `53/udp`; null when it is none. */
export function parsePort(typed: string): { readonly port: number | null; readonly protocol?: Request['protocol'] } | null {
  const match = /^\s*(\d{1,5})?\s*(?:[/ ]?\s*(tcp|udp|sctp|icmp|ping))?\s*$/i.exec(typed);
  if (match === null) return null;
  const port = match[1] === undefined ? null : Number(match[1]);
  if (port !== null && (port < 1 || port > 65535)) return null;
  const word = match[2]?.toLowerCase();
  if (word === undefined) return { port };
  return { port, protocol: word === 'ping' ? 'icmp' : (word as Request['protocol']) };
}
