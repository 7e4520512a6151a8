import type { Hop, Step } from '../trace/types.ts';
import { maxHops } from './limits.ts';
import { endAt, type Stage, type Walk } from './walk-state.ts';
import { masterOf, peerOf, type LinkView } from './views.ts';

/** What a fault does to a frame on this cable; null = it gets through. */
function fault(w: Walk, { link }: LinkView): 'link-down' | 'link-cut' | 'fabric-blocked' | null {
  if (!link.up) return 'link-down';
  if (link.kind !== 'veth') return null;
  if (link.cut === true) return 'link-cut';
  const blocks = link.blocked?.some((b) => protocolIs(w, b.protocol) && (b.port === undefined || b.port === w.dport)) ?? false;
  return blocks ? 'fabric-blocked' : null;
}

const protocolIs = (w: Walk, protocol: 'tcp' | 'udp' | 'sctp' | 'icmp'): boolean => w.proto !== 4 && w.packet.l4.proto === protocol;

/** Carries the frame over a cable into the namespace at its other end; notes stay behind (skb_scrub_packet). */
export function cross(w: Walk, port: LinkView): Stage {
  w.steps.push(port.leave);
  const broken = fault(w, port);
  if (broken !== null) return endAt(w, broken, port.name);
  const peer = peerOf(port);
  if (peer === null) return endAt(w, 'no-neighbour', `nothing is plugged into ${port.name}`);
  if (w.hops.length >= maxHops) return endAt(w, 'looped', `after ${maxHops} namespaces`);
  enterNamespace(w, port, peer);
  if (peer.ns.down) return endAt(w, 'host-down', peer.ns.netns.host);
  if (!peer.link.up || (peer.link.kind === 'veth' && peer.link.cut === true)) return endAt(w, peer.link.up ? 'link-cut' : 'link-down', peer.name);
  return arrive(w, peer);
}

function enterNamespace(w: Walk, from: LinkView, to: LinkView): void {
  if (to.ns !== from.ns) w.mark = 0;
  w.ns = to.ns;
  const steps: Step[] = [to.enter];
  w.steps = steps;
  w.hops.push({ netns: to.ns.id, steps: steps as unknown as Hop['steps'] });
  w.conn = null;
  w.ct = 'invalid';
  w.reply = false;
  w.physin = null;
  w.physout = null;
  w.sabotaged = false;
  w.local = false;
  w.balanced = false;
}

/** A frame comes in on a link: into the bridge that the link belongs to, up to IP if the frame is for us, else ignored (PACKET_OTHERHOST). */
export function arrive(w: Walk, link: LinkView): Stage {
  w.iif = link;
  w.oif = null;
  if (masterOf(link) !== null) return 'bridge-in';
  return w.target === link ? 'receive' : endAt(w, 'not-for-us', `the frame on ${link.name} is for another machine`);
}
