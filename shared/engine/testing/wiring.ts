import { cidr, ifAddress } from '../../base/cidr.ts';
import { ip } from '../../base/ip.ts';
import type { Dataplane, Link, Netns, Neighbour, Route, Socket, Sysctls, VirtualServer } from '../../dataplane/netns.ts';
import type { NamedSet, Table } from '../../dataplane/rules.ts';

export const origin = { by: 'test', why: 'a test wired it' } as const;

let macs = 0;
const nextMac = (): string => `02:00:00:00:${(++macs >> 8).toString(16).padStart(2, '0')}:${(macs & 255).toString(16).padStart(2, '0')}`;

type LinkExtras = { readonly addresses?: readonly string[]; readonly master?: string; readonly hairpin?: boolean; readonly proxyArp?: boolean; readonly up?: boolean; readonly mtu?: number; readonly mac?: string };
const base = (name: string, e: LinkExtras): Omit<Link, 'kind'> & Record<never, never> => ({
  name, mac: e.mac ?? nextMac(), mtu: e.mtu ?? 1500, up: e.up ?? true, addresses: (e.addresses ?? []).map(ifAddress),
  ...(e.master === undefined ? {} : { master: e.master }), ...(e.hairpin === undefined ? {} : { hairpin: e.hairpin }), ...(e.proxyArp === undefined ? {} : { proxyArp: e.proxyArp }), origin,
}) as never;

export const veth = (name: string, peer: readonly [netns: string, link: string], e: LinkExtras & { readonly cut?: boolean; readonly blocked?: readonly { protocol: 'tcp' | 'udp'; port?: number }[] } = {}): Link =>
  ({ ...base(name, e), kind: 'veth', peer: { netns: peer[0], link: peer[1] }, ...(e.cut === undefined ? {} : { cut: e.cut }), ...(e.blocked === undefined ? {} : { blocked: e.blocked }) }) as Link;
export const bridge = (name: string, e: LinkExtras = {}): Link => ({ ...base(name, e), kind: 'bridge' }) as Link;
export const loopback = (up = true): Link => ({ ...base('lo', { addresses: ['127.0.0.1/8'], up }), kind: 'loopback' }) as Link;
export const vxlan = (name: string, local: string, fdb: readonly (readonly [mac: string, dst: string])[], e: LinkExtras = {}): Link =>
  ({ ...base(name, e), kind: 'vxlan', vni: 1, port: 8472, local: ip(local), underlay: 'eth0', fdb: fdb.map(([mac, dst]) => ({ mac, dst: ip(dst) })) }) as Link;
export const ipip = (name: string, local: string, e: LinkExtras = {}): Link => ({ ...base(name, e), kind: 'ipip', local: ip(local), underlay: 'eth0' }) as Link;

/** `10.0.0.0/8 via 1.2.3.4 dev eth0`; `default` is 0.0.0.0/0; a first word `blackhole`, `unreachable`, `prohibit` or `local` is the type; `src`, `metric`, `onlink` as ip-route(8) has them. */
export function route(text: string, table = 'main'): Route {
  const words = text.split(' ');
  const types = ['blackhole', 'unreachable', 'prohibit', 'local'] as const;
  const type = types.find((t) => t === words[0]) ?? 'unicast';
  if (type !== 'unicast') words.shift();
  const option = (name: string): string | undefined => (words.includes(name) ? words[words.indexOf(name) + 1] : undefined);
  const [via, dev, src, metric] = ['via', 'dev', 'src', 'metric'].map(option);
  const dst = words[0]!;
  return {
    id: text, table, dst: cidr(dst === 'default' ? '0.0.0.0/0' : dst.includes('/') ? dst : `${dst}/${dst.includes(':') ? 128 : 32}`), type,
    ...(via === undefined ? {} : { via: ip(via) }), ...(dev === undefined ? {} : { dev }), ...(src === undefined ? {} : { src: ip(src) }), ...(metric === undefined ? {} : { metric: Number(metric) }), origin,
  };
}

/** A multipath route over these next hops. */
export const multipath = (dst: string, hops: readonly { via: string; dev: string; weight?: number }[]): Route =>
  ({ id: `${dst} ${hops.map((h) => `nexthop via ${h.via} dev ${h.dev} weight ${h.weight ?? 1}`).join(' ')}`, table: 'main', dst: cidr(dst), type: 'unicast', nexthops: hops.map((h) => ({ via: ip(h.via), dev: h.dev, weight: h.weight ?? 1 })), origin });

export const listens = (protocol: Socket['protocol'], port: number | null, address?: string): Socket =>
  ({ protocol, port, app: 'echo', ...(address === undefined ? {} : { address: ip(address) }), origin });
export const neighbour = (address: string, dev: string, mac: string): Neighbour => ({ ip: ip(address), dev, mac, origin });

export interface NetnsParts {
  readonly links: readonly Link[];
  readonly routes?: readonly Route[];
  readonly neighbours?: readonly Neighbour[];
  readonly tables?: readonly Table[];
  readonly ipsets?: readonly NamedSet[];
  readonly virtualServers?: readonly VirtualServer[];
  readonly sockets?: readonly Socket[];
  readonly sysctls?: Partial<Sysctls>;
  readonly host?: string;
  readonly down?: boolean;
}

/** A namespace; its kind is what stands before the slash of its id. */
export function netns(id: string, parts: NetnsParts): Netns {
  const kind = id.split('/')[0] as Netns['kind'];
  return {
    id, kind, host: parts.host ?? id, links: parts.links.some((link) => link.kind === 'loopback') ? parts.links : [loopback(), ...parts.links], routes: parts.routes ?? [], neighbours: parts.neighbours ?? [],
    tables: parts.tables ?? [], ipsets: parts.ipsets ?? [], virtualServers: parts.virtualServers ?? [], sockets: parts.sockets ?? [],
    sysctls: { ipForward: kind === 'node' || kind === 'router', bridgeNf: kind === 'node', routeLocalnet: kind === 'node', rpFilter: 0, ...parts.sysctls }, ...(parts.down === undefined ? {} : { down: parts.down }), origin,
  };
}

/** These namespaces as a dataplane. */
export function plane(all: readonly Netns[]): Dataplane {
  const byId = new Map(all.map((n) => [n.id, n]));
  return { ids: [...byId.keys()], netns: (id) => byId.get(id) ?? null };
}
