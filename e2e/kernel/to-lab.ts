import { addressOf, cidrFamily, hostCidr, networkOf } from '../../shared/base/cidr.ts';
import { familyOf } from '../../shared/base/ip.ts';
import type { Dataplane, Link, Netns, Route, Socket } from '../../shared/dataplane/netns.ts';
import { printIpset } from '../../shared/dataplane/text/print-ipset.ts';
import { printIptablesSave } from '../../shared/dataplane/text/print-iptables-save.ts';
import { printNft } from '../../shared/dataplane/text/print-nft.ts';
import type { Backend } from './generate-cluster.ts';

/** Sockets of a machine that a real program holds in the lab. */
export type ServedElsewhere = (netns: Netns, socket: Socket) => boolean;

const MISSING_PORTS = { tcp: [80, 443, 8080], udp: [53] };

/** Ports that a socket answering on everything listens on in the lab: those the probes use. */
export type PortsInUse = Readonly<Record<'tcp' | 'udp', readonly number[]>>;

/** A stopped machine takes nothing from its cables. */
function link(one: Link, stopped: boolean): Record<string, unknown> {
  const { origin: _origin, ...rest } = one;
  return stopped && one.kind === 'veth' ? { ...rest, cut: true } : rest;
}

// The kernel adds connected and local routes by itself; the rest is given to `ip route replace` as `ip route` prints it.
const toAdd = (route: Route): boolean => route.proto !== 'kernel' && (route.table === 'main' || route.type === 'local');

/** Routes that the kernel adds by itself with an address, and that this namespace has lost. */
function lostRoutes(netns: Netns, v6: boolean): readonly string[] {
  const lost = netns.links.filter((one) => one.kind !== 'loopback' && one.up).flatMap((one) => one.addresses.filter((address) => v6 || cidrFamily(address) === 4).flatMap((address) => {
    const network = networkOf(address);
    const kept = network === hostCidr(addressOf(address)) || netns.routes.some((route) => route.dst === network && route.dev === one.name);
    return kept ? [] : [`${network} dev ${one.name}`];
  }));
  return [...new Set(lost)];
}

const routeLine = (route: Route): string => (route.table === 'local' ? `${route.id} table main` : route.id);

function sockets(netns: Netns, inUse: PortsInUse, v6: boolean, elsewhere: ServedElsewhere): Record<string, unknown>[] {
  const found = new Map<string, Record<string, unknown>>();
  const add = (socket: Socket, port: number, family: 4 | 6): void => {
    const { protocol, address } = socket;
    const key = `${protocol}|${port}|${address ?? ''}|${family}`;
    found.set(key, { protocol, port, family, ...(address === undefined ? {} : { address }) });
  };
  for (const socket of netns.sockets) {
    if (socket.protocol === 'sctp' || elsewhere(netns, socket)) continue;
    const ports = socket.port === null ? [...inUse[socket.protocol], ...MISSING_PORTS[socket.protocol]] : [socket.port];
    const families: (4 | 6)[] = socket.address ? [familyOf(socket.address)] : v6 ? [4, 6] : [4];
    for (const port of ports) for (const family of families) add(socket, port, family);
  }
  return [...found.values()];
}

const text = (lines: readonly { readonly text: string }[]): string => (lines.length === 0 ? '' : `${lines.map((line) => line.text).join('\n')}\n`);

/** The rules of one namespace as the texts our own printers print; the kernel's tools read them back. */
export function labRules(netns: Netns, backend: Backend, v6: boolean): Record<string, string> {
  const has = (tool: string, family: string): boolean => netns.tables.some((table) => table.tool === tool && table.family === family);
  return {
    backend: backend === 'iptables-legacy' ? 'legacy' : 'nft',
    ...(netns.ipsets.length > 0 ? { ipset: text(printIpset(netns)) } : {}),
    ...(has('iptables', 'ip') ? { iptables: text(printIptablesSave(netns, 'ip')) } : {}),
    ...(v6 && has('iptables', 'ip6') ? { ip6tables: text(printIptablesSave(netns, 'ip6')) } : {}),
    ...(netns.tables.some((table) => table.tool === 'nft') ? { nft: text(printNft(netns)) } : {}),
  };
}

/** A compiled Dataplane as lab.py builds it. What is served elsewhere gets no echo server: a real program listens there. */
export function toLab(dataplane: Dataplane, backend: Backend, inUse: PortsInUse, v6 = false, elsewhere: ServedElsewhere = () => false): Record<string, unknown> {
  const netns = dataplane.ids.map((id) => {
    const one = dataplane.netns(id)!;
    return {
      id,
      links: one.links.map((each) => link(each, one.down === true)),
      routes: one.routes.filter(toAdd).filter((route) => v6 || !route.dst.includes(':')).map(routeLine),
      lostRoutes: lostRoutes(one, v6),
      neighbours: one.neighbours.map(({ ip, dev, mac }) => ({ ip, dev, mac })),
      sysctls: one.sysctls,
      sockets: sockets(one, inUse, v6, elsewhere),
      rules: labRules(one, backend, v6),
    };
  });
  return { netns, ipv6: v6 };
}
