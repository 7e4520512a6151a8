import { fraction } from '../base/fraction.ts';
import type { Netns, SocketService } from '../dataplane/netns.ts';
import { prepareOptions, type Options } from './choose.ts';
import { lookupRoute, sourceFor } from './route.ts';
import { endAt, setPacket, type Walk } from './walk-state.ts';

type Backend = SocketService['backends'][number];
interface Service { readonly id: string; readonly service: SocketService; options: Options | null }

// One list serves all pods of a node.
const services = new WeakMap<NonNullable<Netns['socketServices']>, ReadonlyMap<string, Service>>();
const keyOf = (protocol: string, ip: string, port: number): string => `${protocol}/${ip.includes(':') ? `[${ip}]` : ip}:${port}`;

function indexOf(list: NonNullable<Netns['socketServices']>): ReadonlyMap<string, Service> {
  let index = services.get(list);
  if (index) return index;
  const made = new Map<string, Service>();
  for (const service of list) {
    const key = keyOf(service.protocol, service.ip, service.port);
    if (!made.has(key)) made.set(key, { id: `socket-lb/${key}`, service, options: null });
  }
  services.set(list, (index = made));
  return index;
}

/** The equal odds of a Service's backends, prepared when somebody first dials it; null where there is nothing to choose. */
function optionsOf(of: Service): Options | null {
  const n = of.service.backends.length;
  return n < 2 ? null : (of.options ??= prepareOptions(of.service.backends.map(() => fraction(1, n)), { by: of.id, what: 'socket-lb' }));
}

/** The backend of this client's last connection, while affinity lasts; kept per node, for whoever has this address. */
function choose(w: Walk, found: Service): Backend {
  const { id, service } = found;
  const options = optionsOf(found);
  const { affinitySeconds, backends } = service;
  const remembered = (backend: Backend): string => `${w.ns.netns.host} ${id} ${w.packet.src} ${backend.ip}:${backend.port}`;
  const known = affinitySeconds === undefined ? undefined : backends.find((backend) => {
    const seen = w.run.recent?.get(remembered(backend)) ?? w.run.state.recent[remembered(backend)];
    return seen !== undefined && w.run.state.now - seen <= affinitySeconds * 1000;
  });
  const index = known || options === null ? -1 : w.run.chooser.pick(options);
  if (index >= 0) w.steps.push(options!.steps[index]!);
  const backend = known ?? backends[Math.max(0, index)]!;
  if (affinitySeconds !== undefined) (w.run.recent ??= new Map()).set(remembered(backend), w.run.state.now);
  return backend;
}

/** Translates what a process connects to, before there is a packet: the Service address never reaches the wire. False when `connect()` fails instead. */
export function connectSocket(w: Walk): boolean {
  const { packet, ns } = w;
  const { l4 } = packet;
  if (!ns.netns.socketServices || l4.proto === 'icmp') return true;
  const found = indexOf(ns.netns.socketServices).get(keyOf(l4.proto, packet.dst, l4.dport));
  if (!found) return true;
  if (found.service.backends.length === 0) {
    endAt(w, 'unreachable-route', found.id);
    return false;
  }
  const { ip, port } = choose(w, found);
  // The kernel picks the source after the destination is known, unless the process bound one.
  const chosen = packet.src === sourceFor(ns, packet.dst) || lookupRoute(ns, packet.dst).hops.length === 0 ? sourceFor(ns, ip) ?? packet.src : packet.src;
  setPacket(w, { ...packet, src: chosen, dst: ip, l4: { ...l4, dport: port } });
  w.run.sent = w.packet;
  w.steps.push({ kind: 'socket-lb', by: found.id, packet: w.packet });
  return true;
}
