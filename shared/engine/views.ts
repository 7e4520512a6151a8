import type { Ip } from '../base/ip.ts';
import type { IfName, NetnsId } from '../dataplane/ids.ts';
import type { Dataplane, Link, Netns } from '../dataplane/netns.ts';
import type { Step } from '../trace/types.ts';
import { rulesOf, type RuleBook } from './rule-book.ts';
import { buildFib, type Fib } from './route.ts';

/** Who a frame for a neighbour is addressed to, and the step that says so; no target where the frame travels inside another packet, or where nobody has a permanent entry's MAC. */
export interface Neighbouring { readonly target: LinkView | null; readonly mac: string; readonly step: Step }

/** A link as the walk needs it: its steps, cable and bridge looked up once. */
export interface LinkView {
  readonly ns: NsView;
  readonly link: Link;
  readonly name: IfName;
  readonly enter: Step;
  readonly leave: Step;
  readonly neighbours: Map<Ip, Neighbouring | null>;
  /** For a bridge: which port leads to that link (its forwarding table). */
  readonly towards: Map<LinkView, LinkView | null>;
}

/** A namespace prepared for the walk. */
export interface NsView {
  readonly plane: PlaneView;
  readonly id: NetnsId;
  readonly netns: Netns;
  readonly links: ReadonlyMap<IfName, LinkView>;
  readonly lo: LinkView;
  readonly rules: RuleBook;
  readonly fib: Fib;
  /** It, or the machine it stands on, is stopped. */
  readonly down: boolean;
}

export interface PlaneView {
  readonly dataplane: Dataplane;
  readonly naive: boolean;
  readonly views: Map<NetnsId, NsView | null>;
}

const planes = new WeakMap<Dataplane, PlaneView>();
const naivePlanes = new WeakMap<Dataplane, PlaneView>();

/** The prepared form of a dataplane, made once; `naive` evaluates chains rule by rule without an index (for proof and benchmarks). */
export function planeOf(dataplane: Dataplane, naive = false): PlaneView {
  const known = naive ? naivePlanes : planes;
  let plane = known.get(dataplane);
  if (!plane) known.set(dataplane, (plane = { dataplane, naive, views: new Map() }));
  return plane;
}

const implicitLoopback: Link = { kind: 'loopback', name: 'lo', mac: '00:00:00:00:00:00', mtu: 65536, up: true, addresses: [], origin: { by: 'kernel', why: 'Every namespace has a loopback.' } };

function viewLink(ns: NsView, link: Link): LinkView {
  return { ns, link, name: link.name, enter: { kind: 'enter', link: link.name }, leave: { kind: 'leave', link: link.name }, neighbours: new Map(), towards: new Map() };
}

/** A namespace of the plane, prepared on first use; null if there is none of that name. */
export function viewOf(plane: PlaneView, id: NetnsId): NsView | null {
  const known = plane.views.get(id);
  if (known !== undefined) return known;
  const netns = plane.dataplane.netns(id);
  if (!netns) {
    plane.views.set(id, null);
    return null;
  }
  const links = new Map<IfName, LinkView>();
  const view = { plane, id, netns, links, rules: rulesOf(netns, plane.naive) } as unknown as { -readonly [K in keyof NsView]: NsView[K] };
  for (const link of netns.links) links.set(link.name, viewLink(view, link));
  const loopback = netns.links.find((link) => link.kind === 'loopback');
  view.lo = (loopback && links.get(loopback.name)) ?? viewLink(view, implicitLoopback);
  view.fib = buildFib(view);
  view.down = netns.down === true || (netns.host !== id && plane.dataplane.netns(netns.host)?.down === true);
  plane.views.set(id, view);
  return view;
}

/** The other end of a cable; null where nothing is plugged in. */
export function peerOf(port: LinkView): LinkView | null {
  if (port.link.kind !== 'veth') return null;
  return viewOf(port.ns.plane, port.link.peer.netns)?.links.get(port.link.peer.link) ?? null;
}

/** The bridge a port belongs to. */
export const masterOf = (port: LinkView): LinkView | null => (port.link.master === undefined ? null : port.ns.links.get(port.link.master) ?? null);

/** A bridge's ports. */
export function portsOf(bridge: LinkView): readonly LinkView[] {
  return [...bridge.ns.links.values()].filter((port) => port.link.master === bridge.name);
}
