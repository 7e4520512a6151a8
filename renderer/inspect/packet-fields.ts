import type { L4, Packet } from '../../shared/dataplane/packet.ts';
import type { Probe } from '../../shared/trace/types.ts';
import { describeL4, labelOf } from '../scene/labels.ts';
import type { Moment, Timeline } from '../scene/types.ts';

export interface PacketField { readonly layer: 'Link' | 'Tunnel' | 'Network' | 'Transport' | 'Application'; readonly name: string; readonly value: string; /** Who gave it this value, and the moment when. */ readonly by: string; readonly moment: number }

type Read = (packet: Packet) => string | null;
const port = (l4: L4, which: 'sport' | 'dport'): string | null => (l4.proto === 'icmp' ? null : String(l4[which]));

const fields: readonly (readonly [PacketField['layer'], string, Read])[] = [
  ['Tunnel', 'Kind', ({ outer }) => (outer === undefined ? null : outer.vni === undefined ? outer.kind : `${outer.kind}, network ${outer.vni}`)],
  ['Tunnel', 'Source', ({ outer }) => outer?.src ?? null],
  ['Tunnel', 'Destination', ({ outer }) => outer?.dst ?? null],
  ['Network', 'Source', ({ src }) => src],
  ['Network', 'Destination', ({ dst }) => dst],
  ['Network', 'TTL', ({ ttl }) => String(ttl)],
  ['Network', 'Length', ({ size }) => (size === undefined ? null : `${size} bytes`)],
  ['Transport', 'Kind', ({ l4 }) => describeL4(l4)],
  ['Transport', 'Source port', ({ l4 }) => port(l4, 'sport')],
  ['Transport', 'Destination port', ({ l4 }) => port(l4, 'dport')],
];

/** The moments of one packet up to this one: the same leg, the same way. */
const lifeOf = ({ moments }: Timeline, at: number): readonly Moment[] => {
  const now = moments[at];
  return now === undefined ? [] : moments.slice(0, at + 1).filter(({ leg, direction }) => leg === now.leg && direction === now.direction);
};

/** Who last gave a field the value that it has at the end of these moments. */
function setterOf(life: readonly Moment[], read: Read): { readonly by: string; readonly moment: number } {
  const [first] = life;
  let setter = { by: first === undefined ? '' : `${labelOf(first.netns)}, at the start`, moment: first?.index ?? 0 };
  let last = first === undefined ? null : read(first.before ?? first.packet);
  for (const moment of life) {
    const value = read(moment.packet);
    if (value !== last) setter = { by: `${labelOf(moment.netns)}: ${moment.title}`, moment: moment.index };
    last = value;
  }
  return setter;
}

/** The header at a moment, field by field, layer by layer, each with who set it. */
export function packetFields(timeline: Timeline, at: number, probe: Probe): readonly PacketField[] {
  const now = timeline.moments[at];
  if (now === undefined) return [];
  const life = lifeOf(timeline, at);
  const link = life.findLast((moment) => moment.link !== undefined && moment.netns === now.netns);
  const below: readonly PacketField[] = link === undefined ? [] : [{ layer: 'Link', name: 'Interface', value: link.link!, by: `${labelOf(link.netns)}: ${link.title}`, moment: link.index }];
  const known = fields.flatMap(([layer, name, read]): readonly PacketField[] => {
    const value = read(now.packet);
    return value === null ? [] : [{ layer, name, value, ...setterOf(life, read) }];
  });
  const { http } = probe;
  const first = life[0];
  const above: readonly PacketField[] = http === undefined || now.direction === 'reply' || first === undefined ? [] : [
    { layer: 'Application', name: 'Request', value: `${http.method ?? 'GET'} ${http.url}`, by: `${labelOf(first.netns)}, at the start`, moment: first.index },
  ];
  return [...below, ...known, ...above];
}
