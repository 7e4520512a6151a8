import { parseIp } from '../base/ip.ts';
import { parseUrl } from './parse-url.ts';

/** An HTTP request as a client writes it. */
export interface HttpRequest {
  readonly scheme: 'http' | 'https';
  readonly method: string;
  /** The Host header without its port, in lower case. */
  readonly host: string;
  /** The name that a TLS greeting asks for: the URL's own host, whatever the Host header says. */
  readonly serverName: string;
  readonly port: number;
  /** Whether the URL itself says the port. */
  readonly portStated: boolean;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** `SHOP.example.:8080` as `shop.example`, `[fd00::1]:80` as `fd00::1`. */
function plainHost(text: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d*)?$/.exec(text)?.[1];
  if (bracketed !== undefined || parseIp(text) !== null) return (bracketed ?? text).toLowerCase();
  return text.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '');
}

/** The request of a URL, or of a bare path; a `Host` header wins over the URL's host, as curl -H does. Null for text that is neither. */
export function requestOf(text: string, method = 'GET', headers: Readonly<Record<string, string>> = {}): HttpRequest | null {
  const url = parseUrl(text.startsWith('/') ? `http://-${text}` : text);
  if (url === null) return null;
  const header = Object.entries(headers).find(([name]) => name.toLowerCase() === 'host')?.[1];
  const own = text.startsWith('/') ? '' : plainHost(url.host);
  const host = header === undefined ? own : plainHost(header);
  const portStated = /^https?:\/\/(\[[^\]]*\]|[^/?#:]+):\d/i.test(text);
  return { scheme: url.scheme, method, host, serverName: text.startsWith('/') ? host : own, port: url.port, portStated, path: url.path, headers };
}
