import type { Socket } from '../dataplane/netns.ts';
import type { L4, Packet } from '../dataplane/packet.ts';
import { answerWith, defaultTtl, isIcmpError, resetFor, unreachableFor } from './icmp.ts';
import { endAt, onWire, type Stage, type Walk } from './walk-state.ts';

/** Whether two layer-4 headers are the two directions of one exchange. */
const answersL4 = (answer: L4, asked: L4): boolean =>
  answer.proto === asked.proto && (answer.proto === 'icmp' ? answer.id === (asked as typeof answer).id : answer.sport === (asked as typeof answer).dport && answer.dport === (asked as typeof answer).sport);
const sameL4 = (a: L4, b: L4): boolean => a.proto === b.proto && (a.proto === 'icmp' ? a.id === (b as typeof a).id : a.sport === (b as typeof a).sport && a.dport === (b as typeof a).dport);

/** Whether this is an answer to what the client sent, as its socket sees it: from the address and port it asked, or an error that quotes its packet. */
export function matchesClient({ packet, run: { flow, sent } }: Walk): boolean {
  const asked = sent ?? flow.packet;
  const { l4 } = packet;
  if (l4.proto === 'icmp' && l4.quoted) return packet.dst === asked.src && l4.quoted.src === asked.src && l4.quoted.dst === asked.dst && sameL4(l4.quoted.l4, asked.l4);
  return packet.src === asked.dst && packet.dst === asked.src && answersL4(l4, asked.l4);
}

/** An answer reaches a machine: done if its client waits there, else it belongs to nobody. */
function takeAnswer(w: Walk): Stage {
  const here = w.run.flow.ingress !== undefined || w.ns.id === w.run.flow.from;
  if (!here || !matchesClient(w)) return endAt(w, 'stray-reply', `no connection here from ${w.packet.dst} to ${w.packet.src}`);
  w.steps.push({ kind: 'deliver', app: 'client' });
  w.outcome = { kind: 'delivered', to: w.ns.id, as: w.packet };
  return null;
}

function findSocket(w: Walk, protocol: Socket['protocol'], port: number): Socket | null {
  let best: Socket | null = null;
  let rank = -1;
  for (const socket of w.ns.netns.sockets) {
    if (socket.protocol !== protocol || (socket.port !== null && socket.port !== port) || (socket.address !== undefined && socket.address !== w.packet.dst)) continue;
    const own = (socket.port === null ? 0 : 1) + (socket.address === undefined ? 0 : 2);
    if (own > rank) [best, rank] = [socket, own];
  }
  return best;
}

const back = ({ src, dst }: Packet, l4: L4): Packet => ({ src: dst, dst: src, ttl: defaultTtl, l4 });

/** What an application, or the kernel for ICMP, says to a first packet; null for what is no first packet. */
function replyTo({ l4 }: Packet): L4 | null {
  switch (l4.proto) {
    case 'tcp': return l4.flags === 'syn' ? { proto: 'tcp', sport: l4.dport, dport: l4.sport, flags: 'syn-ack' } : null;
    case 'udp': return { proto: 'udp', sport: l4.dport, dport: l4.sport };
    case 'sctp': return l4.chunk === 'init' ? { proto: 'sctp', sport: l4.dport, dport: l4.sport, chunk: 'init-ack' } : null;
    case 'icmp': return l4.type === 8 ? { ...l4, type: 0 } : l4.type === 128 ? { ...l4, type: 129 } : null;
  }
}

function taken(w: Walk, app: string, reply: L4): null {
  const as = onWire(w);
  w.steps.push({ kind: 'deliver', app });
  w.outcome = w.ns.netns.kind === 'world' ? { kind: 'left-cluster', via: w.ns.id, as } : { kind: 'delivered', to: w.ns.id, as };
  w.answer = { ns: w.ns, packet: back(w.packet, reply), conn: null, reply: false };
  return null;
}

/** Nobody listens: TCP answers with a reset, SCTP with ABORT, UDP with port unreachable. */
function refuse(w: Walk): null {
  const { packet } = w;
  const { l4 } = packet;
  if (l4.proto === 'udp') {
    const answer = unreachableFor(w, 'port');
    w.outcome = { kind: 'refused', by: w.ns.id, answer };
    answerWith(w, answer);
    return null;
  }
  const answer = l4.proto === 'sctp' ? back(packet, { proto: 'sctp', sport: l4.dport, dport: l4.sport, chunk: 'abort' }) : resetFor(packet);
  w.outcome = { kind: 'refused', by: w.ns.id, answer };
  w.answer = { ns: w.ns, packet: answer, conn: null, reply: false };
  return null;
}

/** The packet is for this machine: whoever listens gets it. */
export function deliver(w: Walk): Stage {
  const { packet } = w;
  const { l4 } = packet;
  if (w.answers) return takeAnswer(w);
  const reply = replyTo(packet);
  if (reply === null || isIcmpError(packet)) return endAt(w, 'stray-reply', `no connection here from ${packet.dst} to ${packet.src}`);
  if (l4.proto === 'icmp') return w.ns.netns.sysctls.ignorePing === true ? endAt(w, 'not-for-us', 'icmp_echo_ignore_all') : taken(w, 'icmp-echo', reply);
  const socket = findSocket(w, l4.proto, l4.dport);
  return socket === null ? refuse(w) : taken(w, socket.app, reply);
}
