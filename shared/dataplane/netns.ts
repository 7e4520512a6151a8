import type { Cidr, IfAddress } from '../base/cidr.ts';
import type { Ip } from '../base/ip.ts';
import type { IfName, NetnsId, Origin, RouteId } from './ids.ts';
import type { Protocol } from './packet.ts';
import type { Chain, NamedSet, Table } from './rules.ts';

interface LinkBase {
  readonly name: IfName;
  readonly mac: string;
  readonly mtu: number;
  readonly up: boolean;
  /** Primary address first; MASQUERADE takes the first of the family with fitting scope (inet_select_addr). */
  readonly addresses: readonly IfAddress[];
  /** The bridge this port belongs to. */
  readonly master?: IfName;
  /** bridge port flag `hairpin on`: may send a frame back out where it came in. */
  readonly hairpin?: boolean;
  /** `net.ipv4.conf.IF.proxy_arp`. */
  readonly proxyArp?: boolean;
  readonly origin: Origin;
}
export type Link = LinkBase & (
  | { readonly kind: 'loopback' }
  | { readonly kind: 'dummy' }
  /** One end of a cable; `cut` says that a fault separates the ends. `blocked` lists what the fabric between them eats. */
  | { readonly kind: 'veth'; readonly peer: { readonly netns: NetnsId; readonly link: IfName }; readonly cut?: boolean; readonly blocked?: readonly { readonly protocol: Protocol; readonly port?: number }[] }
  | { readonly kind: 'bridge' }
  | { readonly kind: 'vxlan'; readonly vni: number; readonly port: number; readonly local: Ip; readonly underlay: IfName; readonly fdb: readonly { readonly mac: string; readonly dst: Ip }[] }
  | { readonly kind: 'ipip'; readonly local: Ip; readonly underlay: IfName });

export interface NextHop { readonly via?: Ip; readonly dev: IfName; readonly weight: number; readonly onlink?: boolean }
export interface Route {
  readonly id: RouteId;
  readonly table: 'main' | 'local' | string;
  readonly dst: Cidr;
  /** `local` delivers here; the other three end the packet. */
  readonly type: 'unicast' | 'local' | 'blackhole' | 'unreachable' | 'prohibit';
  readonly via?: Ip;
  readonly dev?: IfName;
  /** Preferred source (`src`). */
  readonly src?: Ip;
  readonly metric?: number;
  readonly scope?: 'global' | 'link' | 'host';
  readonly onlink?: boolean;
  /** `kernel` for what an interface address brings along; absent = added by hand, which `ip route` does not print. */
  readonly proto?: 'kernel';
  /** Several = ECMP: one is chosen per flow, by weight. */
  readonly nexthops?: readonly NextHop[];
  readonly origin: Origin;
}

/** A permanent neighbour entry (`ip neigh … nud permanent`). */
export interface Neighbour { readonly ip: Ip; readonly dev: IfName; readonly mac: string; readonly origin: Origin }

/** What answers on a socket of this namespace. `address` absent = any local address; `port` null = any port. */
export interface Socket {
  readonly protocol: Exclude<Protocol, 'icmp'>;
  readonly address?: Ip;
  readonly port: number | null;
  /** `echo` completes the connection and answers. Further apps come with layer 7. */
  readonly app: 'echo' | 'proxy' | 'dns' | 'http' | 'health';
  /** App-specific, JSON-safe; the health app's answer, a proxy's table. */
  readonly config?: { readonly [key: string]: string | number | boolean };
  readonly origin: Origin;
}

/** Per-namespace switches the walk reads; absent = Linux default, but a node of ours always says. */
export interface Sysctls {
  /** net.ipv4.ip_forward */ readonly ipForward: boolean;
  /** net.bridge.bridge-nf-call-iptables; false also where br_netfilter is not loaded. */ readonly bridgeNf: boolean;
  /** net.ipv4.conf.all.route_localnet */ readonly routeLocalnet: boolean;
  /** net.ipv4.conf.all.rp_filter */ readonly rpFilter: 0 | 1 | 2;
  /** net.ipv4.icmp_echo_ignore_all */ readonly ignorePing?: boolean;
}

/** A virtual server of IPVS, as `ipvsadm -Sn` lists it. */
export interface VirtualServer {
  readonly protocol: 'tcp' | 'udp' | 'sctp';
  readonly ip: Ip;
  readonly port: number;
  readonly scheduler: string;
  /** `-b` flags of the scheduler, as ipvsadm names them (`mh-port`). */
  readonly schedulerFlags?: readonly string[];
  readonly persistentSeconds?: number;
  readonly real: readonly { readonly ip: Ip; readonly port: number; readonly weight: number; readonly origin: Origin }[];
  readonly origin: Origin;
}

/** What `connect()` in this namespace turns a Service address into, before there is any packet (eBPF on the cgroup's connect and sendmsg hooks). */
export interface SocketService {
  readonly protocol: 'tcp' | 'udp' | 'sctp';
  readonly ip: Ip;
  readonly port: number;
  readonly affinitySeconds?: number;
  /** None: `connect()` fails at once. */
  readonly backends: readonly { readonly ip: Ip; readonly port: number; readonly origin: Origin }[];
  readonly origin: Origin;
}

/** Everything one network namespace's kernel holds. */
export interface Netns {
  readonly id: NetnsId;
  readonly kind: 'node' | 'pod' | 'client' | 'host' | 'router' | 'switch' | 'load-balancer' | 'world' | 'container';
  /** Whose machine it stands on: `node/a` for a pod of node a; itself for the rest. */
  readonly host: NetnsId;
  readonly links: readonly Link[];
  readonly routes: readonly Route[];
  readonly neighbours: readonly Neighbour[];
  readonly tables: readonly Table[];
  readonly ipsets: readonly NamedSet[];
  readonly virtualServers: readonly VirtualServer[];
  readonly sockets: readonly Socket[];
  /** Absent = none. */
  readonly socketServices?: readonly SocketService[];
  readonly sysctls: Sysctls;
  /** A stopped machine takes nothing off its links. */
  readonly down?: boolean;
  readonly origin: Origin;
}

/** What one datapath contributes to one namespace; merging is ordered by `rank`, low first (DESIGN §8.4). */
export interface Fragment {
  readonly rank: number;
  readonly parts: readonly NetnsPart[];
}
/** `netns` names it; whoever creates the namespace also gives kind, host and origin. Chains of the same table and name are concatenated in rank order. */
export type NetnsPart = { readonly netns: NetnsId } & Partial<Omit<Netns, 'id' | 'sysctls' | 'tables'>> & { readonly sysctls?: Partial<Sysctls>; readonly tables?: readonly TablePart[] };
/** What one datapath puts into a table; `own` are chains that it alone writes to. */
export interface TablePart extends Table { readonly own?: OwnChains }
/** Chains of one table that no other datapath writes to, however many: merging puts them behind all others and asks for a few names, but never walks through them. */
export interface OwnChains { readonly list: readonly Chain[]; find(name: string): Chain | undefined }

/** All the namespaces there are. `netns` compiles on first use and remembers; the same id always gives the same object. */
export interface Dataplane {
  readonly ids: readonly NetnsId[];
  netns(id: NetnsId): Netns | null;
  /** Where an address may live, known without compiling anybody: lets ARP on a big wire ask few. Absent or empty = ask everybody. */
  holdersOf?(address: Ip): readonly NetnsId[];
}
