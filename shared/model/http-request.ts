import { parseUrl } from './parse-url.ts';

/** An HTTP request as a client writes it. */
export interface HttpRequest {
  readonly scheme: 'http' | 'https';
  readonly method: string;
  /** The Host header without its port, in lower case; the server name of TLS too. */
  readonly host: string;
  readonly port: number;
  /** Whether the URL itself says the port. */
  readonly portStated: boolean;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The request of a URL, or of a bare path; a `Host` header wins over the URL's host, as curl -H does. Null for text that is neither. */
export function requestOf(text: string, method = 'GET', headers: Readonly<Record<string, string>> = {}): HttpRequest | null {
  const url = parseUrl(text.startsWith('/') ? `http://-${text}` : text);
  if (url === null) return null;
  const header = Object.entries(headers).find(([name]) => name.toLowerCase() === 'host')?.[1];
  const host = (header ?? (text.startsWith('/') ? '' : url.host)).toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '');
  const portStated = /^https?:\/\/(\[[^\]]*\]|[^/?#:]+):\d/i.test(text);
  return { scheme: url.scheme, method, host, port: url.port, portStated, path: url.path, headers };
}
