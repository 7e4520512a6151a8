import type { Packet } from '../../shared/dataplane/packet.ts';
import type { Point } from './geometry.ts';
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

/** Where the card stands and where its leader starts; `leader` is null where the change was not made at a kernel's rules. Null where no node is on stage. */
export interface CardPlace { readonly at: Point; readonly width: number; readonly above: boolean; readonly leader: readonly [Point, Point] | null }

/** Puts the card under the station that last changed the header, above it near the bottom; never over the row's name. */
export function placeCard(scene: Scene, timeline: Timeline, card: HeaderCard, height: number): CardPlace | null {
  const row = rowFor(scene, timeline, card.changed);
  if (row === undefined) return null;
  const drop = scene.low || scene.large ? 19 : 27;
  const left = row.rect.x + 20;
  const top = row.track + drop;
  const above = top + height > scene.height + 40;
  const y = above ? row.track - drop - height : top;
  const width = Math.max(230, row.bridge.x - left - 34);
  const atKernel = timeline.moments[card.changed]?.kind === 'rewrite' && timeline.moments[card.changed]?.netns === row.id;
  return { at: { x: left, y }, width, above, leader: atKernel ? [{ x: row.kernel.x, y: row.track + (above ? -10 : 10) }, { x: row.kernel.x, y: above ? y + height : y }] : null };
}
