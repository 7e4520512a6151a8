import { addressOf, cidrContains, networkOf, prefixLength, cidrFamily, baseOf, hostCidr, type Cidr } from '../base/cidr.ts';
import { fraction } from '../base/fraction.ts';
import { familyOf, ipFromU32, toU32, type Ip, type IpFamily } from '../base/ip.ts';
import type { AddrType } from '../dataplane/rules.ts';
import type { Route } from '../dataplane/netns.ts';
import type { Step } from '../trace/types.ts';
import { prepareOptions, type Options } from './choose.ts';
import type { LinkView, NsView } from './views.ts';

/** One way that a route can send a packet. */
export interface NextHopView { readonly link: LinkView; readonly via: Ip | null; readonly src: Ip | null; readonly step: Step }

/** What the routing tables say about an address. `none`: no route at all. */
export interface FibResult {
  readonly kind: Route['type'] | 'broadcast' | 'none';
  readonly route: Route | null;
  readonly step: Step;
  /** Empty unless unicast or local. */
  readonly hops: readonly NextHopView[];
  /** How one of several next hops is chosen. */
  readonly ecmp: Options | null;
}

interface Entry { readonly route: Route; readonly broadcast: boolean }
interface Level { readonly bits: number; readonly byBase: ReadonlyMap<Ip, readonly Entry[]> }
interface TableView { readonly name: string; readonly 4: readonly Level[]; readonly 6: readonly Level[] }

export interface Fib {
  readonly ns: NsView;
  readonly tables: readonly TableView[];
  readonly cache: Map<Ip, FibResult>;
  /** Addresses configured on links (inet_lookup_ifaddr). */
  readonly own: ReadonlySet<Ip>;
  /** The local table holds routes that no address made, so source checks look deeper (fib_has_custom_local_routes). */
  readonly customLocal: boolean;
}

const kernelOrigin = { by: 'kernel', why: 'The kernel adds this route with the address.' } as const;
const localRoute = (dst: Cidr, dev: string, src: Ip): Route =>
  ({ id: `local ${dst.replace(/\/(32|128)$/, '')} dev ${dev} table local proto kernel scope host src ${src}`, table: 'local', dst, type: 'local', dev, src, scope: 'host', origin: kernelOrigin });

/** Routes that the kernel adds to the local table with each address (fib_add_ifaddr), where the dataplane does not list them itself. */
function derivedLocal(ns: NsView): Entry[] {
  const given = new Set(ns.netns.routes.filter((r) => r.table === 'local').map((r) => r.dst));
  const entries: Entry[] = [];
  const add = (dst: Cidr, dev: string, src: Ip, broadcast = false): void => {
    if (!given.has(dst)) entries.push({ route: broadcast ? { ...localRoute(dst, dev, src), id: `broadcast ${baseOf(dst)} dev ${dev} table local proto kernel scope link src ${src}` } : localRoute(dst, dev, src), broadcast });
  };
  for (const { link } of ns.links.values()) {
    for (const address of link.addresses) {
      const own = addressOf(address);
      add(hostCidr(own), link.name, own);
      if (familyOf(own) === 6) continue;
      if (own.startsWith('127.')) add(networkOf(address), link.name, own);
      else if (prefixLength(address) <= 30) add(hostCidr(lastOf(networkOf(address))), link.name, own, true);
    }
  }
  add('127.0.0.0/8' as Cidr, ns.lo.name, '127.0.0.1' as Ip);
  add('::1/128' as Cidr, ns.lo.name, '::1' as Ip);
  return entries;
}

const lastOf = (network: Cidr): Ip => ipFromU32((toU32(baseOf(network)) | (2 ** (32 - prefixLength(network)) - 1)) >>> 0);

function levelsOf(entries: readonly Entry[], family: IpFamily): readonly Level[] {
  const levels = new Map<number, Map<Ip, Entry[]>>();
  for (const entry of entries) {
    if (cidrFamily(entry.route.dst) !== family) continue;
    const bits = prefixLength(entry.route.dst);
    let level = levels.get(bits);
    if (!level) levels.set(bits, (level = new Map()));
    const base = baseOf(entry.route.dst);
    const same = level.get(base);
    if (same) same.push(entry);
    else level.set(base, [entry]);
  }
  for (const level of levels.values()) for (const same of level.values()) same.sort((a, b) => (a.route.metric ?? 0) - (b.route.metric ?? 0));
  return [...levels].sort(([a], [b]) => b - a).map(([bits, byBase]) => ({ bits, byBase }));
}

/** Prepares a namespace's routing: tables local, main, default, in that order (ip-rule(8)). */
export function buildFib(ns: NsView): Fib {
  const byTable = new Map<string, Entry[]>([['local', derivedLocal(ns)], ['main', []], ['default', []]]);
  for (const route of ns.netns.routes) byTable.get(route.table)?.push({ route, broadcast: false });
  const own = new Set(ns.netns.links.flatMap((link) => link.addresses.map(addressOf)));
  const customLocal = ns.netns.routes.some((r) => r.type === 'local' && !(own.has(baseOf(r.dst)) || r.dst === '127.0.0.0/8'));
  const tables = [...byTable].map(([name, entries]) => ({ name, 4: levelsOf(entries, 4), 6: levelsOf(entries, 6) }));
  return { ns, tables, cache: new Map(), own, customLocal };
}

function hopsOf(ns: NsView, route: Route): { hops: NextHopView[]; weights: number[] } {
  const hops: NextHopView[] = [];
  const weights: number[] = [];
  const given = route.nexthops ?? [{ ...(route.via === undefined ? {} : { via: route.via }), dev: route.dev ?? ns.lo.name, weight: 1 }];
  for (const { via, dev, weight } of given) {
    const link = ns.links.get(dev) ?? (dev === ns.lo.name ? ns.lo : undefined);
    // A route whose device is down is dead (fib_sync_down_dev), except to the machine itself.
    if (!link || (!link.link.up && route.type !== 'local')) continue;
    const step: Step = { kind: 'route', table: route.table, route: route.id, dev, ...(via === undefined ? {} : { via }), ...(route.type === 'local' ? { local: true } : {}) };
    hops.push({ link: route.type === 'local' ? ns.lo : link, via: via ?? null, src: route.src ?? null, step });
    weights.push(Math.max(1, weight));
  }
  return { hops, weights };
}

function resultOf(ns: NsView, { route, broadcast }: Entry): FibResult | null {
  if (broadcast) return { kind: 'broadcast', route, step: { kind: 'route', table: route.table, route: route.id }, hops: [], ecmp: null };
  if (route.type !== 'unicast' && route.type !== 'local') return { kind: route.type, route, step: { kind: 'route', table: route.table, route: route.id }, hops: [], ecmp: null };
  const { hops, weights } = hopsOf(ns, route);
  if (hops.length === 0) return null;
  const total = weights.reduce((a, b) => a + b, 0);
  const ecmp = hops.length > 1 ? prepareOptions(weights.map((weight) => fraction(weight, total)), { by: route.id, what: 'ecmp' }) : null;
  return { kind: route.type, route, step: hops[0]!.step, hops, ecmp };
}

const noRoute: FibResult = { kind: 'none', route: null, step: { kind: 'route', table: 'main', route: null }, hops: [], ecmp: null };

function search(fib: Fib, dst: Ip): FibResult {
  const family = familyOf(dst);
  for (const table of fib.tables) {
    for (const { bits, byBase } of table[family]) {
      const same = byBase.get(baseOf(networkOf(`${dst}/${bits}` as Parameters<typeof networkOf>[0])));
      for (const entry of same ?? []) {
        const result = resultOf(fib.ns, entry);
        if (result) return result;
      }
    }
  }
  return noRoute;
}

/** Longest prefix, then lowest metric (fib_lookup); remembered per address. */
export function lookupRoute(ns: NsView, dst: Ip): FibResult {
  const { cache } = ns.fib;
  let result = cache.get(dst);
  if (result === undefined) {
    result = search(ns.fib, dst);
    if (cache.size >= 50_000) cache.clear();
    cache.set(dst, result);
  }
  return result;
}

/** What kind of address this is here (inet_addr_type asks only the local table); `on` limits it to one device's addresses. */
export function addrTypeOf(ns: NsView, address: Ip, on?: LinkView | null): AddrType {
  const v6 = familyOf(address) === 6;
  if (v6 ? address.startsWith('ff') : toU32(address) >>> 28 === 14) return 'MULTICAST';
  if (address === '0.0.0.0') return 'UNSPEC';
  if (address === '255.255.255.255') return 'BROADCAST';
  const result = lookupRoute(ns, address);
  if (result.route?.table !== 'local') return 'UNICAST';
  if (on !== undefined && result.route.dev !== on?.name) return 'UNICAST';
  return result.kind === 'broadcast' ? 'BROADCAST' : 'LOCAL';
}

const isLoopback = (address: Ip): boolean => address.startsWith('127.') || address === '::1';
const isLinkLocal6 = (address: Ip): boolean => /^fe[89ab]/.test(address);

/** An interface's primary address towards a next hop: the first whose subnet holds it, else the first of the scope; else any other link's (inet_select_addr). */
export function selectAddress(ns: NsView, on: LinkView, towards: Ip): Ip | null {
  const family = familyOf(towards);
  const fits = (address: Ip): boolean => familyOf(address) === family && !isLoopback(address) && (family === 4 || isLinkLocal6(address) === isLinkLocal6(towards));
  let first: Ip | null = null;
  for (const address of on.link.addresses) {
    const own = addressOf(address);
    if (!fits(own)) continue;
    if (cidrContains(address, towards)) return own;
    first ??= own;
  }
  if (first !== null) return first;
  for (const { link } of ns.links.values()) {
    for (const address of link.addresses) if (fits(addressOf(address))) return addressOf(address);
  }
  return null;
}

/** What a source address is chosen by: in IPv4 the next hop (inet_select_addr), in IPv6 the destination (ipv6_dev_get_saddr, RFC 6724), since next hops are link-local there. */
export const selectsBy = (dst: Ip, via: Ip | null): Ip => (familyOf(dst) === 6 ? dst : via ?? dst);

/** The source that the kernel gives a packet which this namespace sends to an address (fib_result_prefsrc); null without a route. */
export function sourceFor(ns: NsView, dst: Ip): Ip | null {
  const result = lookupRoute(ns, dst);
  const hop = result.hops[0];
  if (!hop) return null;
  if (result.kind === 'local') return result.route?.table === 'local' && !isLoopback(dst) ? dst : isLoopback(dst) ? dst : hop.src ?? dst;
  return hop.src ?? selectAddress(ns, hop.link, selectsBy(dst, hop.via));
}
