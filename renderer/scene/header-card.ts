import type { Packet } from '../../shared/dataplane/packet.ts';
import { bottomOf, rightOf, type Point, type Rect } from './geometry.ts';
import { describeL4, destinationOf, sourceOf } from './labels.ts';
import type { Row, Scene } from './scene.ts';
import type { LegWords, Moment, Timeline } from './types.ts';

/** One end of the header, as it is, and as it was before where it has just changed; or what the packet asks, or a proxy adds to that. */
export interface HeaderLine { readonly key: 'src' | 'dst' | LegWords['key']; readonly now: string; readonly was: string | null }

/** What the card beside the packet says at a moment. */
export interface HeaderCard {
  /** The moment that last changed the header. */
  readonly changed: number;
  readonly kind: 'new' | 'rewritten' | 'wrapped';
  readonly title: string;
  readonly about: string;
  readonly lines: readonly HeaderLine[];
  readonly outer: { readonly kind: string; readonly src: string; readonly dst: string } | null;
}

const line = (key: 'src' | 'dst', packet: Packet, before: Packet | undefined): HeaderLine => {
  const read = key === 'src' ? sourceOf : destinationOf;
  const was = before === undefined ? null : read(before);
  return { key, now: read(packet), was: was === null || was === read(packet) ? null : was };
};

const changes = (m: Moment): boolean => m.kind === 'originate' || m.kind === 'rewrite' || m.kind === 'encap' || m.kind === 'decap';

/** The header at a moment, with what last changed it; null before there is one. */
export function headerAt({ moments, said }: Timeline, moment: number): HeaderCard | null {
  const changer = moments.slice(0, moment + 1).findLast(changes);
  if (changer === undefined) return null;
  const { packet, before, kind } = changer;
  const { outer } = packet;
  const words = changer.direction === 'forward' ? said[changer.leg] ?? null : null;
  return {
    changed: changer.index,
    kind: kind === 'rewrite' ? 'rewritten' : kind === 'encap' ? 'wrapped' : 'new',
    title: kind === 'originate' ? (changer.direction === 'reply' ? 'The answer' : 'The packet') : changer.title,
    about: describeL4(packet.l4),
    lines: [line('src', packet, kind === 'rewrite' ? before : undefined), line('dst', packet, kind === 'rewrite' ? before : undefined), ...(words === null ? [] : [{ key: words.key, now: words.text, was: null }])],
    outer: outer === undefined ? null : { kind: outer.kind.toUpperCase(), src: outer.src, dst: outer.dst },
  };
}

/** The node row beside whose track the card belongs: where the header last changed, else the first node of the trip. */
function rowFor({ rows }: Scene, { moments }: Timeline, changed: number): Row | undefined {
  const find = (netns: string): Row | undefined => rows.find((row) => row.id === netns);
  const direct = find(moments[changed]?.netns ?? '');
  if (direct !== undefined) return direct;
  const next = moments.slice(changed).find((m) => find(m.netns) !== undefined) ?? moments.find((m) => find(m.netns) !== undefined);
  return next === undefined ? undefined : find(next.netns);
}

/** Where the card stands and where its leader starts; `leader` is null where the change was not made at a kernel's rules, or the card had to go elsewhere. */
export interface CardPlace { readonly at: Point; readonly above: boolean; readonly leader: readonly [Point, Point] | null }

/** Where a row's name stands in it: on a card of a crowd, higher. */
export const nameOf = ({ rect, groups, doors }: Row): Rect => ({ x: rect.x + 8, y: rect.y + (doors.length + groups.length > 0 && rect.height < 100 ? 5 : 10), width: 230, height: 26 });

/** What the card may not lie on: names of nodes and Services, and pods, which with their ticket begin at the bridge. */
function namesOf({ rows, capsules }: Scene, tickets: ReadonlySet<string>): readonly Rect[] {
  return [
    ...capsules.map(({ rect }) => rect),
    ...rows.flatMap((row) => [
      nameOf(row), ...row.bundles.map(({ rect }) => rect), ...(row.more === null ? [] : [row.more.rect]),
      ...row.doors.map(({ id, rect }) => (tickets.has(id) ? { ...rect, x: row.bridge.x + 6, width: rightOf(rect) - row.bridge.x - 6 } : rect)),
    ]),
  ];
}

const apart = (a: Rect, b: Rect): boolean => rightOf(a) <= b.x || rightOf(b) <= a.x || bottomOf(a) <= b.y || bottomOf(b) <= a.y;

/** How far below a track the card hangs, and how near it may come. */
const drops = { usual: 27, tight: 19, least: 9 } as const;

/** The width the card takes at least: up to the bridge, but on a wide stage no more than its words need. */
export const cardWidth = ({ rows }: Scene): number => Math.max(230, Math.min(300, ...rows.slice(0, 1).map((row) => row.bridge.x - row.rect.x - 54)));

/**
 * Puts the card under the station that last changed the header, above it near the bottom, else under the nearest node's track that has room; never over the
 * name of a node, a Service or a pod. Null where every place would: then the panel alone says it (LOOKS.md "Wires and labels", 4). `tickets` are the pods that wear odds.
 */
export function placeCard(scene: Scene, timeline: Timeline, card: HeaderCard, { width, height }: { readonly width: number; readonly height: number }, tickets: ReadonlySet<string>): CardPlace | null {
  const row = rowFor(scene, timeline, card.changed);
  if (row === undefined) return null;
  const names = namesOf(scene, tickets);
  const usual = scene.low || scene.large ? drops.tight : drops.usual;
  const fits = ({ rect }: Row, y: number): boolean => y >= 0 && y + height <= scene.height && names.every((name) => apart({ x: rect.x + 20, y, width, height }, name));
  const near = scene.rows.filter(({ id }) => id !== 'unscheduled').toSorted((a, b) => Math.abs(a.track - row.track) - Math.abs(b.track - row.track));
  const places = near.flatMap((one) => [one.track + usual, one.track + drops.least, one.track - usual - height].map((y) => ({ one, y })));
  const found = places.find(({ one, y }) => fits(one, y));
  if (found === undefined) return null;
  const { one, y } = found;
  const above = y < one.track;
  const atKernel = one === row && timeline.moments[card.changed]?.kind === 'rewrite' && timeline.moments[card.changed]?.netns === row.id;
  return { at: { x: one.rect.x + 20, y }, above, leader: atKernel ? [{ x: row.kernel.x, y: row.track + (above ? -10 : 10) }, { x: row.kernel.x, y: above ? y + height : y }] : null };
}
