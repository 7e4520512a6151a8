import type { Dataplane, Netns } from '../../shared/dataplane/netns.ts';
import type { Packet } from '../../shared/dataplane/packet.ts';
import { printIptablesSave } from '../../shared/dataplane/text/print-iptables-save.ts';
import { printNft } from '../../shared/dataplane/text/print-nft.ts';
import type { Step, Trace } from '../../shared/trace/types.ts';
import type { TappedPacket } from './lab-process.ts';

/** One sight of a packet on an interface: `node/a eth0 in 203.0.113.10 > 192.168.56.11:30080 ttl 63`; the port is the one that the question or its answer was about. */
export type Sight = string;

interface Seen { readonly src: string; readonly dst: string; readonly ttl: number; readonly sport?: number | undefined; readonly dport?: number | undefined }
// Ports that masquerading picks at random are left out: of the request its destination counts, of the answer its source.
const sight = (netns: string, dev: string, dir: 'in' | 'out', { src, dst, ttl, sport, dport }: Seen, answer: boolean, outer?: Seen): Sight => {
  const way = sport === undefined ? `icmp ${src} > ${dst}` : answer ? `${src}:${sport} > ${dst}` : `${src} > ${dst}:${dport}`;
  return `${netns} ${dev} ${dir} ${way} ttl ${ttl}${outer ? ` in ${outer.src} > ${outer.dst} ttl ${outer.ttl}` : ''}`;
};

const seen = ({ src, dst, ttl, l4 }: Packet): Seen => (l4.proto === 'icmp' ? { src, dst, ttl } : { src, dst, ttl, sport: l4.sport, dport: l4.dport });

// A bridge's own interface is no place on the way: a frame is seen on the ports, and whether on the bridge as well depends on who forwards it.
const counts = (dataplane: Dataplane, netns: string, dev: string): boolean => dataplane.netns(netns)?.links.find((link) => link.name === dev)?.kind !== 'bridge';

function packetAfter(step: Step, packet: Packet): Packet {
  if (step.kind === 'originate' || step.kind === 'encap' || step.kind === 'decap') return step.packet;
  if (step.kind === 'rewrite') return step.after;
  return step.kind === 'ttl' ? { ...packet, ttl: step.ttl } : packet;
}

/** Where the engine saw the packet, in order. */
export function engineSights(dataplane: Dataplane, trace: Trace, answer: boolean): readonly Sight[] {
  const sights: Sight[] = [];
  let packet = trace.flow.packet;
  for (const { netns, steps } of trace.hops) {
    for (const step of steps) {
      packet = packetAfter(step, packet);
      if ((step.kind !== 'enter' && step.kind !== 'leave') || !counts(dataplane, netns, step.link)) continue;
      const { outer } = packet;
      sights.push(sight(netns, step.link, step.kind === 'enter' ? 'in' : 'out', seen(packet), answer, outer && { src: outer.src, dst: outer.dst, ttl: outer.ttl }));
    }
  }
  return sights;
}

/** Whether this is the first packet of a TCP connection, its answer, or neither. */
function roleOf(packet: { readonly proto: string; readonly flags?: string }, answerFlags: 'SA' | 'RA' | 'icmp'): 'request' | 'answer' | null {
  if (packet.proto === 'icmp') return answerFlags === 'icmp' ? 'answer' : null;
  if (packet.flags === 'S') return 'request';
  return packet.flags === answerFlags ? 'answer' : null;
}

/** Where the kernel saw the first packet of a connection, and its answer. */
export function kernelSights(dataplane: Dataplane, tapped: readonly TappedPacket[], answerFlags: 'SA' | 'RA' | 'icmp'): { readonly request: readonly Sight[]; readonly answer: readonly Sight[] } {
  const all = tapped.filter(({ netns, dev }) => counts(dataplane, netns, dev)).map((packet) => {
    const shown = packet.inner ?? packet;
    const role = roleOf(shown, answerFlags);
    return { role, text: sight(packet.netns, packet.dev, packet.dir, shown, role === 'answer', packet.inner && packet) };
  });
  return { request: all.filter(({ role }) => role === 'request').map(({ text }) => text), answer: all.filter(({ role }) => role === 'answer').map(({ text }) => text) };
}

function textsOf(netns: Netns, nft: boolean): ReadonlyMap<string, string> {
  const lines = nft ? printNft(netns) : printIptablesSave(netns, 'ip');
  return new Map(lines.flatMap(({ text, rule }) => (rule === null ? [] : [[rule, text.trim()] as const])));
}

/** The rules that the engine took the packet through in one namespace, as their tool prints them, in order; each after its table (and, in nft, its chain). Those of an outer packet are left out: the trace follows the SYN, and the wrapped one is another packet to it. */
export function engineRules(netns: Netns, trace: Trace, nft: boolean): readonly string[] {
  const texts = textsOf(netns, nft);
  const met: string[] = [];
  let { packet } = trace.flow;
  for (const hop of trace.hops) {
    for (const step of hop.steps) {
      packet = packetAfter(step, packet);
      if (step.kind !== 'rule' || hop.netns !== netns.id || packet.outer) continue;
      const [, table = '', ...chain] = step.chain.split('/');
      met.push(nft ? `${table} ${chain.join('/')} ${texts.get(step.rule)}` : `${table} ${texts.get(step.rule)}`);
    }
  }
  return met;
}

/** The same from the lines of `xtables-monitor --trace` or `nft monitor trace`, without the rules that switch the trace on. */
export function kernelRules(lines: readonly string[], nft: boolean): readonly string[] {
  return lines.flatMap((line) => {
    const found = nft ? /^trace id \S+ (?:ip|inet) (\S+) (\S+) rule (.*) \(verdict [^()]*\)$/.exec(line) : /:rule:\S+ +-4 -t (\S+) (-A .*)$/.exec(line);
    if (!found || found[1] === 'podhop_trace' || /-j TRACE *$/.test(line)) return [];
    return [found.slice(1).join(' ').trim()];
  });
}
