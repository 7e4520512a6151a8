import type { Encap, Packet } from '../dataplane/packet.ts';
import { familyOf } from '../base/ip.ts';
import { fnv1a32 } from '../base/stable-id.ts';
import { defaultTtl } from './icmp.ts';
import { resolveNeighbour } from './neighbour.ts';
import { deliver } from './sockets.ts';
import type { LinkView } from './views.ts';
import { endAt, onWire, setPacket, type Stage, type Walk } from './walk-state.ts';

/** Bytes that an outer header adds: IPv4 + UDP + VXLAN + inner Ethernet, or IPv4 alone (RFC 7348, RFC 2003). */
const overhead = { vxlan: 50, ipip: 20 } as const;

// The kernel hashes the inner flow into the ephemeral range (udp_flow_src_port).
const sourcePort = ({ src, dst, l4 }: Packet): number => 32_768 + (fnv1a32(`${src} ${dst} ${l4.proto === 'icmp' ? l4.id : `${l4.sport} ${l4.dport}`}`) % 28_232);

function wrap(w: Walk, dev: LinkView, outer: Encap): Stage {
  const inner = w.packet;
  w.steps.push(dev.leave);
  w.inner = inner;
  const l4 = outer.kind === 'vxlan' ? { proto: 'udp', sport: outer.sport!, dport: outer.dport! } as const : inner.l4;
  setPacket(w, { src: outer.src, dst: outer.dst, ttl: outer.ttl, l4, outer, ...(inner.size === undefined ? {} : { size: inner.size + overhead[outer.kind] }) });
  w.steps.push({ kind: 'encap', packet: onWire(w) });
  // A new packet of this machine: its connection is another one, but the mark stays (skb_scrub_packet within one namespace).
  w.conn = null;
  w.ct = 'invalid';
  w.reply = false;
  w.local = false;
  return 'local-out';
}

/** Puts the packet into another one and sends that: to the VTEP that the forwarding table has for the neighbour's MAC, or (ipip) to the next hop. */
export function encapsulate(w: Walk): Stage {
  const dev = w.oif!;
  const { link } = dev;
  const ip = w.via ?? w.packet.dst;
  if (link.kind === 'ipip') return wrap(w, dev, { kind: 'ipip', src: link.local, dst: ip, ttl: defaultTtl });
  if (link.kind !== 'vxlan') return endAt(w, 'no-neighbour', `${dev.name} is no tunnel`);
  const mac = resolveNeighbour(dev, ip)?.mac ?? null;
  w.steps.push({ kind: 'neighbour', ip, dev: dev.name, mac });
  const remote = link.fdb.find((entry) => entry.mac === mac)?.dst;
  if (mac === null || remote === undefined) return endAt(w, 'no-neighbour', `${dev.name} knows no machine behind ${ip}`);
  w.innerMac = mac;
  return wrap(w, dev, { kind: 'vxlan', src: link.local, dst: remote, sport: sourcePort(w.packet), dport: link.port, vni: link.vni, ttl: defaultTtl });
}

// A VXLAN socket hears one family (vxlan_sock_add): dual-stack nodes have a device of the same VNI and port for each.
function tunnelFor(w: Walk): LinkView | null {
  const outer = w.packet.outer!;
  for (const view of w.ns.links.values()) {
    const { link } = view;
    if (link.kind === 'vxlan' && outer.kind === 'vxlan' && link.vni === outer.vni && link.port === w.dport && familyOf(link.local) === familyOf(outer.dst) && link.up) return view;
    if (link.kind === 'ipip' && outer.kind === 'ipip' && link.up) return view;
  }
  return null;
}

/** For this machine: out of its outer header and in again by the tunnel's device, or to whoever listens. */
export function unwrapOrDeliver(w: Walk): Stage {
  const { inner } = w;
  if (inner === null) return deliver(w);
  const dev = tunnelFor(w);
  if (dev === null) return endAt(w, 'not-for-us', `no tunnel device here takes ${w.packet.outer?.kind ?? 'it'}`);
  w.inner = null;
  setPacket(w, inner);
  w.steps.push({ kind: 'decap', packet: inner });
  w.steps.push(dev.enter);
  w.conn = null;
  w.ct = 'invalid';
  w.reply = false;
  w.local = false;
  if (dev.link.kind === 'vxlan' && w.innerMac !== dev.link.mac) return endAt(w, 'not-for-us', `the frame inside is for another machine than ${dev.name}`);
  w.iif = dev;
  w.oif = null;
  return 'receive';
}
