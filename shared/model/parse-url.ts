/** A URL of a question. */
export interface AskedUrl {
  readonly scheme: 'http' | 'https';
  /** As typed; an IPv6 address without its brackets. */
  readonly host: string;
  readonly port: number;
  /** With the query, without the fragment; at least `/`. */
  readonly path: string;
  readonly text: string;
}

/** Reads `http://HOST[:PORT][/PATH]`; null for anything else. User names and passwords are not read (RFC 3986 §3.2.1). */
export function parseUrl(text: string): AskedUrl | null {
  const m = /^(https?):\/\/(?:\[([0-9a-f:.]+)\]|([^/?#:@\s[\]]+))(?::(\d{1,5}))?([/?][^#\s]*)?(?:#\S*)?$/i.exec(text.trim());
  if (!m) return null;
  const scheme = m[1]!.toLowerCase() === 'https' ? 'https' : 'http';
  const port = m[4] === undefined ? (scheme === 'https' ? 443 : 80) : Number(m[4]);
  if (port < 1 || port > 65_535) return null;
  const path = m[5] ?? '/';
  return { scheme, host: m[2] ?? m[3]!, port, path: path.startsWith('?') ? `/${path}` : path, text: text.trim() };
}
