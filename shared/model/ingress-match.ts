import type { ObjectRef } from '../base/object-ref.ts';
import { groupBy } from './index-cluster.ts';
import type { Ingress, IngressRule, IngressTarget } from './types.ts';

/** One rule of one Ingress, as its controller reads it. */
export interface Route { readonly ingress: Ingress; readonly rule: IngressRule; /** In the order in which it wins over equals: older Ingress, then name, then document order. */ readonly order: number }

/** What a controller makes of all the Ingresses it claims; looking a request up costs by the length of its path, not by the number of rules. */
export interface RouteTable {
  readonly hosts: ReadonlyMap<string, HostRoutes>;
  readonly defaults: readonly { readonly ingress: Ingress; readonly target: IngressTarget }[];
  readonly all: readonly Route[];
  /** Canaries by the host and path that they stand beside. */
  readonly canaries: ReadonlyMap<string, readonly Canary[]>;
}
interface HostRoutes { readonly all: readonly Route[]; readonly exact: ReadonlyMap<string, readonly Route[]>; /** By path without its trailing slash; the longest spelling first. */ readonly prefix: ReadonlyMap<string, readonly Route[]> }

/** An Ingress that takes a share of another's requests. */
export interface Canary { readonly ingress: Ingress; readonly target: IngressTarget | null }

/** What a request meets: a rule, the default backend, or nothing. */
export type RouteAnswer =
  | { readonly kind: 'rule'; readonly route: Route; readonly host: string }
  | { readonly kind: 'default'; readonly ingress: Ingress; readonly target: IngressTarget; readonly host: string | null }
  | { readonly kind: 'none'; readonly host: string | null };

/** An Ingress as origins and answers name it. */
export const refOfIngress = (ingress: Ingress): ObjectRef => ({ kind: 'Ingress', namespace: ingress.namespace, name: ingress.name });

/** ingress-nginx's order of precedence: the older one, then the first name; without times the names decide. */
export function byAge(a: Ingress, b: Ingress): number {
  const [one, other] = [a.created ?? '', b.created ?? ''];
  if (one !== other && one !== '' && other !== '') return one < other ? -1 : 1;
  return a.namespace === b.namespace ? (a.name < b.name ? -1 : 1) : a.namespace < b.namespace ? -1 : 1;
}

/** A canary stands beside another rule and never alone (ingress-nginx, `canary`). */
export const isCanary = (ingress: Ingress): boolean => ingress.annotations?.['nginx.ingress.kubernetes.io/canary'] === 'true';

const withoutSlash = (path: string): string => (path.endsWith('/') ? path.slice(0, -1) : path);
const pathOf = ({ rule }: Pick<Route, 'rule'>): string => (rule.path === '' ? '/' : decoded(rule.path));
const placeOf = (rule: IngressRule): string => `${rule.host} ${pathOf({ rule })}`;

/** The table of the Ingresses that one controller claims. */
export function buildRouteTable(ingresses: readonly Ingress[]): RouteTable {
  const ordered = ingresses.filter((ingress) => !isCanary(ingress)).toSorted(byAge);
  const all = ordered.flatMap((ingress) => (ingress.rules ?? []).map((rule) => ({ ingress, rule }))).map((route, order): Route => ({ ...route, order }));
  const hosts = new Map([...groupByHost(all)].map(([host, routes]): [string, HostRoutes] => [host, {
    all: routes,
    exact: groupBy(routes.filter(({ rule }) => rule.pathType === 'Exact'), pathOf),
    prefix: new Map([...groupBy(routes.filter(({ rule }) => rule.pathType !== 'Exact'), (route) => `^${withoutSlash(pathOf(route))}`)].map(([path, list]) => [path.slice(1), list.toSorted((a, b) => pathOf(b).length - pathOf(a).length || a.order - b.order)])),
  }]));
  const beside = ingresses.filter(isCanary).toSorted(byAge).flatMap((ingress) => (ingress.rules ?? []).map((rule) => ({ ingress, rule, target: rule.target })));
  return { hosts, all, canaries: groupBy(beside, ({ rule }) => placeOf(rule)), defaults: ordered.flatMap((ingress) => (ingress.defaultBackend ? [{ ingress, target: ingress.defaultBackend }] : [])) };
}

function groupByHost(routes: readonly Route[]): ReadonlyMap<string, readonly Route[]> {
  const groups = new Map<string, Route[]>();
  for (const route of routes) {
    const known = groups.get(route.rule.host);
    if (known) known.push(route);
    else groups.set(route.rule.host, [route]);
  }
  return groups;
}

/** The host entry that a request's Host falls under: exact, then a wildcard of exactly one label, then the rules for every host; null where none does. */
export function hostFor(table: Pick<RouteTable, 'hosts'>, host: string): string | null {
  if (host !== '' && table.hosts.has(host)) return host;
  const dot = host.indexOf('.');
  const wildcard = dot > 0 ? `*${host.slice(dot)}` : '';
  if (wildcard !== '' && table.hosts.has(wildcard)) return wildcard;
  return table.hosts.has('') ? '' : null;
}

/** A path with its percent-encoded bytes read, `%2F` apart: that one is data and no slash (RFC 3986 §2.2, §6.2.2.2). Text that is no UTF-8 stays as it is. */
function decoded(path: string): string {
  if (!path.includes('%')) return path;
  try {
    return path.split(/%2f/i).map(decodeURIComponent).join('%2F');
  } catch {
    return path;
  }
}

/** The path of a request target: decoded, without query, at least `/`. */
export const pathOnly = (target: string): string => decoded(target.split('?')[0] || '/');

/** The canaries beside a rule. */
export const canariesOf = ({ canaries }: RouteTable, { rule }: Route): readonly Canary[] => canaries.get(placeOf(rule)) ?? [];

/** The rules of one host entry, in order; empty where it has none. */
export const routesOf = ({ hosts }: RouteTable, entry: string | null): readonly Route[] => (entry === null ? [] : hosts.get(entry)?.all ?? []);

/** The rule that takes a request (types.go `PathType`): the longest path, on equal length Exact before Prefix. A host with rules never falls through to another host's rules. */
export function findRoute(table: RouteTable, host: string, target: string): RouteAnswer {
  const path = pathOnly(target);
  const entry = hostFor(table, host);
  const routes = entry === null ? undefined : table.hosts.get(entry);
  const route = routes && bestOf(routes, path);
  if (route && entry !== null) return { kind: 'rule', route, host: entry };
  const fallback = table.defaults[0];
  return fallback ? { kind: 'default', ...fallback, host: entry } : { kind: 'none', host: entry };
}

function bestOf({ exact, prefix }: HostRoutes, path: string): Route | undefined {
  const equal = exact.get(path)?.[0];
  const longest = longestPrefix(prefix, path);
  if (!equal || !longest) return equal ?? longest;
  return pathOf(longest).length > pathOf(equal).length ? longest : equal;
}

/** Prefixes compare whole elements between slashes; a trailing slash on either side counts for nothing. */
function longestPrefix(prefix: HostRoutes['prefix'], path: string): Route | undefined {
  for (let rest = withoutSlash(path); ; rest = rest.slice(0, rest.lastIndexOf('/'))) {
    const found = prefix.get(rest)?.[0];
    if (found || rest === '' || !rest.includes('/')) return found ?? (rest === '' ? undefined : prefix.get('')?.[0]);
  }
}

/** Why a rule did not take the request, as one clause; null for the one that did. */
export function whyNot(answer: RouteAnswer, { ingress, rule, order }: Route, host: string, target: string): string | null {
  const path = pathOnly(target);
  if (answer.kind === 'rule' && answer.route.order === order) return null;
  if (rule.host !== answer.host) return hostReason(rule.host, answer.host, host);
  const own = pathOf({ rule });
  if (rule.pathType === 'Exact' && own !== path) return `Exact ${own} is not ${path}`;
  const stem = withoutSlash(own);
  if (rule.pathType !== 'Exact' && withoutSlash(path) !== stem && !path.startsWith(`${stem}/`)) return path.startsWith(stem) ? `${own} is no whole element of ${path}` : `${path} does not begin with ${own}`;
  if (answer.kind !== 'rule') return null;
  const winner = answer.route;
  const length = pathOf(winner).length - own.length;
  if (length > 0) return `${winner.rule.path} is longer`;
  if (winner.rule.pathType === 'Exact' && rule.pathType !== 'Exact') return 'on equal length Exact comes first';
  return winner.ingress === ingress ? 'the same path stands before it' : `${winner.ingress.namespace}/${winner.ingress.name} claims the same path and ${winner.ingress.created && ingress.created && winner.ingress.created !== ingress.created ? 'is older' : 'comes first by name'}`;
}

function hostReason(own: string, taken: string | null, host: string): string {
  if (own === '') return `host ${taken ?? host} has rules of its own`;
  const fits = own === host || (own.startsWith('*.') && host.includes('.') && host.slice(host.indexOf('.')) === own.slice(1));
  if (fits) return `host ${taken ?? ''} is named in full`;
  return own.startsWith('*.') && host.endsWith(own.slice(1)) ? `${own} stands for exactly one label, ${host} has more` : `${host === '' ? 'no Host' : host} is not ${own}`;
}
