import { fraction } from '../base/fraction.ts';
import { fnv1a32 } from '../base/stable-id.ts';
import type { VirtualServer } from '../dataplane/netns.ts';
import { prepareOptions, type Options } from './choose.ts';
import type { Conn } from './conntrack.ts';
import { answerWith, unreachableFor } from './icmp.ts';
import { count } from './match/statistic.ts';
import { lookupRoute } from './route.ts';
import { endUnmodelled, setPacket, type Walk } from './walk-state.ts';

type Real = VirtualServer['real'][number];
interface Server { readonly id: string; readonly server: VirtualServer; readonly alive: readonly Real[]; readonly options: Options | null }
export type ServerIndex = ReadonlyMap<string, Server>;

const keyOf = (protocol: string, ip: string, port: number): string => `${protocol} ${ip} ${port}`;

/** How steps and outcomes name a virtual server. */
const idOf = ({ protocol, ip, port }: { readonly protocol: string; readonly ip: string; readonly port: number }): string => `ipvs/${protocol}/${ip.includes(':') ? `[${ip}]` : ip}:${port}`;

/** Prepares the virtual servers of a namespace; a real server of weight 0 takes no new connections. */
export function indexServers(servers: readonly VirtualServer[]): ServerIndex {
  return new Map(servers.map((server) => {
    const id = idOf(server);
    const alive = server.real.filter((real) => real.weight > 0);
    const weighted = server.scheduler !== 'rr' && server.scheduler !== 'lc';
    const weights = alive.map((real) => (weighted ? real.weight : 1));
    const total = weights.reduce((a, b) => a + b, 0);
    return [keyOf(server.protocol, server.ip, server.port), { id, server, alive, options: alive.length > 1 ? prepareOptions(weights.map((weight) => fraction(weight, total)), { by: id, what: 'ipvs' }) : null }];
  }));
}

const persistenceKey = (w: Walk, id: string, real: Real): string => `${w.ns.id} ${id} ${w.packet.src} ${real.ip}:${real.port}`;

/** The real server that persistence remembers for this client, if it still takes connections. */
function remembered(w: Walk, { id, server, alive }: Server): Real | undefined {
  const { persistentSeconds } = server;
  if (persistentSeconds === undefined) return undefined;
  return alive.find((real) => {
    const key = persistenceKey(w, id, real);
    const seen = w.run.recent?.get(key) ?? w.run.state.recent[key];
    return seen !== undefined && w.run.state.now - seen <= persistentSeconds * 1000;
  });
}

// Schedulers whose choice we know: in turn, by weight, by load (of which there is none yet), or by the client's address.
const inTurn = new Set(['rr', 'wrr', 'lc', 'wlc', 'sed', 'nq']);
const bySource = new Set(['sh', 'dh', 'mh']);

/** Picks the real server for a new connection; null after ending the walk for a scheduler that nobody here knows. */
function schedule(w: Walk, s: Server): Real | null {
  const known = remembered(w, s);
  if (known) return known;
  const { scheduler } = s.server;
  if (!inTurn.has(scheduler) && !bySource.has(scheduler)) return endUnmodelled(w, `ipvs scheduler ${scheduler}`, s.id);
  if (s.options === null) return s.alive[0]!;
  // Round robin goes on where it stood: from the state in a sample, from anywhere (all equally likely) otherwise.
  const turn = count(w, s.id);
  const index = scheduler === 'rr' && w.run.chooser.samples ? turn % s.alive.length : w.run.chooser.pick(s.options, bySource.has(scheduler) ? fnv1a32(w.packet.src) : undefined);
  w.steps.push(s.options.steps[index]!);
  return s.alive[index]!;
}

function aim(w: Walk, id: string, { ip, port }: { ip: Real['ip']; port: number }): void {
  const { l4 } = w.packet;
  if (l4.proto === 'icmp') return;
  setPacket(w, { ...w.packet, dst: ip, l4: { ...l4, dport: port } });
  w.balanced = true;
  w.steps.push({ kind: 'ipvs', by: id, packet: w.packet });
}

/** Sends the packet on to its real server: through OUTPUT again, unless that is this machine (ip_vs_nat_send_or_cont). */
function forwardTo(w: Walk, id: string, to: { ip: Real['ip']; port: number }): boolean {
  aim(w, id, to);
  if (lookupRoute(w.ns, to.ip).kind === 'local') return true;
  w.detour = 'balanced-out';
  return false;
}

function refuse(w: Walk, id: string): false {
  // Whatever the protocol, the answer is ICMP (ip_vs_leave).
  const answer = unreachableFor(w, 'port');
  w.outcome = { kind: 'rejected', at: w.ns.id, by: id, answer };
  answerWith(w, answer);
  return false;
}

/** New connections to a virtual server get a real one; packets of a known connection follow it (ip_vs_in). False when the packet's way changed or ended. */
export function balanceIn(w: Walk, servers: ServerIndex): boolean {
  const { conn, packet: { l4, dst } } = w;
  if (w.balanced || l4.proto === 'icmp' || conn === null || w.reply) return true;
  const server = servers.get(keyOf(l4.proto, dst, l4.dport));
  if (!server) return true;
  if (conn.ipvs) return forwardTo(w, server.id, { ip: conn.reply.src, port: conn.reply.sport });
  if (w.ct !== 'new' || conn.dnat) return true;
  if (server.alive.length === 0) return refuse(w, server.id);
  const real = schedule(w, server);
  if (real === null) return false;
  if (server.server.persistentSeconds !== undefined) {
    w.run.recent ??= new Map();
    w.run.recent.set(persistenceKey(w, server.id, real), w.run.state.now);
  }
  balance(conn, real);
  return forwardTo(w, server.id, real);
}

/** The connection's answers will come from the real server (ip_vs_update_conntrack). */
function balance(conn: Conn, { ip, port }: Real): void {
  conn.ipvs = true;
  conn.reply = { ...conn.reply, src: ip, sport: port };
}

/** An answer of a balanced connection gets the virtual server's address back (ip_vs_out). */
export function balanceOut(w: Walk): void {
  const { conn, packet } = w;
  const { l4 } = packet;
  if (conn?.ipvs !== true || !w.reply || w.balanced) return;
  const { dst, dport } = conn.original;
  w.balanced = true;
  if (l4.proto === 'icmp') {
    if (!l4.quoted || l4.quoted.l4.proto === 'icmp') return;
    const src = packet.src === conn.reply.src ? dst : packet.src;
    setPacket(w, { ...packet, src, l4: { ...l4, quoted: { ...l4.quoted, dst, l4: { ...l4.quoted.l4, dport } } } });
  } else setPacket(w, { ...packet, src: dst, l4: { ...l4, sport: dport } });
  w.steps.push({ kind: 'ipvs', by: idOf({ protocol: conn.original.protocol, ip: dst, port: dport }), packet: w.packet });
}
