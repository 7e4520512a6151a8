import { fraction, fromFractionJson, multiplyFractions, toFractionJson } from '../base/fraction.ts';
import { familyOf, ip, type Ip } from '../base/ip.ts';
import type { NetnsId } from '../dataplane/ids.ts';
import type { Socket } from '../dataplane/netns.ts';
import { portsOf, type L4 } from '../dataplane/packet.ts';
import { selectSource } from '../engine/select-source.ts';
import { emptyState, send } from '../engine/send.ts';
import type { Branch, Leg, Trace } from '../trace/types.ts';
import { verdictOf } from '../trace/verdict.ts';
import { endpointOf } from './branch.ts';
import { locate } from './locate.ts';
import type { World } from './world.ts';

/** How often a proxy dials before it gives up (endpointDialTimeouts, pkg/proxy/userspace/proxysocket.go). */
const MAX_DIALS = 4;
// The proxy's own connection has a source port of its own.
const PROXY_PORT = 51870;

interface Backend { readonly ip: Ip; readonly port: number }

function takerOf(world: World, trace: Trace): { readonly netns: NetnsId; readonly socket: Socket } | null {
  const { outcome } = trace;
  if (outcome.kind !== 'delivered' || trace.reply?.outcome.kind !== 'delivered') return null;
  const { l4 } = outcome.as;
  const socket = world.dataplane.netns(outcome.to)?.sockets.find((one) => one.app === 'proxy' && one.config?.['endpoints'] !== undefined && one.protocol === l4.proto && one.port === portsOf(l4).dport);
  return socket ? { netns: outcome.to, socket } : null;
}

const backendsOf = ({ config }: Socket): readonly Backend[] => `${config!['endpoints']}`.split(',').filter((text) => text !== '').map((text) => {
  const colon = text.lastIndexOf(':');
  return { ip: ip(text.slice(0, colon).replace(/^\[|\]$/g, '')), port: Number(text.slice(colon + 1)) };
});

function l4Of(protocol: Socket['protocol'], dport: number): L4 {
  if (protocol === 'udp') return { proto: 'udp', sport: PROXY_PORT, dport };
  return protocol === 'tcp' ? { proto: 'tcp', sport: PROXY_PORT, dport, flags: 'syn' } : { proto: 'sctp', sport: PROXY_PORT, dport, chunk: 'init' };
}

function dial(world: World, from: NetnsId, protocol: Socket['protocol'], to: Backend, now: number): Leg {
  const src = selectSource(world.dataplane, from, to.ip) ?? world.cluster.nodes.find((node) => `node/${node.name}` === from)?.addresses.find((a) => familyOf(a) === familyOf(to.ip)) ?? to.ip;
  const [first] = send(world.dataplane, { from, packet: { src, dst: to.ip, ttl: 64, l4: l4Of(protocol, to.port) } }, emptyState(now), { mode: 'all' }).branches;
  return { kind: 'onward', what: `${to.ip}:${to.port}`, trace: first.trace };
}

/** A userspace kube-proxy took this connection: its own connections onwards, one branch per endpoint it may begin with; a failed one is tried again on the next. Branches that no such proxy took are returned as they are. */
export function behindProxy(world: World, trace: Trace, branch: Branch, now: number): readonly Branch[] {
  const taker = takerOf(world, trace);
  if (taker === null) return [branch];
  const { netns, socket } = taker;
  const backends = backendsOf(socket);
  const service = socket.origin.for;
  const at = service ? locate(world.objects, service, socket.origin.field) : null;
  const decidedBy: Branch['decidedBy'] = service ? [{ kind: service.kind, ...(service.namespace === undefined ? {} : { namespace: service.namespace }), name: service.name, ...(at ? { file: at.file, line: at.line } : {}) }] : [];
  const ended = (code: string, sentence: string, legs: readonly Leg[]): Branch => ({ ...branch, verdict: 'refused', code, sentence, endpoint: null, sourceSeen: null, decidedBy, legs: [...branch.legs, ...legs] });
  if (backends.length === 0) return [ended('no-endpoints', `The proxy on ${netns} took the connection and closed it at once: Service ${socket.config!['service']} has no ready endpoint.`, [])];
  return backends.map((_, first): Branch => {
    const odds = toFractionJson(multiplyFractions(fromFractionJson(branch.odds), fraction(1, backends.length)));
    const legs: Leg[] = [];
    for (let i = 0; i < Math.min(MAX_DIALS, backends.length); i++) {
      const leg = dial(world, netns, socket.protocol, backends[(first + i) % backends.length]!, now);
      legs.push(leg);
      const { outcome } = leg.trace;
      const said = verdictOf(leg.trace);
      if (said.verdict !== 'delivered') continue;
      const arrived = outcome.kind === 'delivered' ? { to: outcome.to, as: outcome.as } : outcome.kind === 'left-cluster' ? { to: null, as: outcome.as } : null;
      return {
        ...branch, odds, sentence: `The proxy on ${netns} took the connection and opened its own: ${said.sentence}`, endpoint: arrived?.to ? endpointOf(world, arrived.to, arrived.as!) : null,
        sourceSeen: arrived?.as ? { ip: arrived.as.src } : null, legs: [...branch.legs, ...legs], decidedBy,
      };
    }
    return { ...ended('proxy-gave-up', `The proxy on ${netns} took the connection, reached none of the endpoints it tried, and closed it.`, legs), odds };
  });
}
