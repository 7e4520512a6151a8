import type { HttpRequest } from './http-request.ts';
import type { Ingress } from './types.ts';

const prefix = 'nginx.ingress.kubernetes.io/';
const annotation = ({ annotations }: Ingress, name: string): string | undefined => annotations?.[`${prefix}${name}`];
const valueOf = (headers: HttpRequest['headers'], name: string): string | undefined => Object.entries(headers).find(([own]) => own.toLowerCase() === name.toLowerCase())?.[1];
const cookieOf = (headers: HttpRequest['headers'], name: string): string | undefined => (valueOf(headers, 'cookie') ?? '').split(';').map((pair) => pair.trim().split('=')).find(([own]) => own === name)?.[1];

/** What a header or cookie says to a canary: all of the requests, none, or nothing. */
function stated(value: string | undefined, wanted: string | undefined): boolean | null {
  if (value === undefined) return null;
  if (wanted !== undefined) return value === wanted ? true : null;
  return value === 'always' ? true : value === 'never' ? false : null;
}

/** The share of requests that a canary takes: by header, then by cookie, then by weight (ingress-nginx annotations, "Canary"; `canary-by-header-pattern` is not read). */
export function canaryShare(ingress: Ingress, headers: HttpRequest['headers']): { readonly weight: number; readonly of: number } {
  const header = annotation(ingress, 'canary-by-header');
  const cookie = annotation(ingress, 'canary-by-cookie');
  const said = (header === undefined ? null : stated(valueOf(headers, header), annotation(ingress, 'canary-by-header-value'))) ?? (cookie === undefined ? null : stated(cookieOf(headers, cookie), undefined));
  const of = Math.max(1, Math.trunc(Number(annotation(ingress, 'canary-weight-total') ?? 100)) || 100);
  if (said !== null) return { weight: said ? of : 0, of };
  return { weight: Math.min(of, Math.max(0, Math.trunc(Number(annotation(ingress, 'canary-weight') ?? 0)) || 0)), of };
}

/**
 * Whether plain HTTP is answered 308 to https: with `force-ssl-redirect`, or with `ssl-redirect` where the host has a TLS entry. ingress-nginx takes
 * `ssl-redirect` as set; the lab's controller, like the API, knows of no redirect until an Ingress asks for one.
 */
export function redirectsToHttps(ingress: Ingress, { nginx, tls }: { readonly nginx: boolean; readonly tls: boolean }): boolean {
  if (annotation(ingress, 'force-ssl-redirect') === 'true') return true;
  return tls && (annotation(ingress, 'ssl-redirect') ?? String(nginx)) === 'true';
}
