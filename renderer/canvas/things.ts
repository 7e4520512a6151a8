import { centreOf, type Rect } from '../scene/geometry.ts';
import type { Scene } from '../scene/scene.ts';

/** Anything on the canvas that can be focused, with its place and its words. */
export interface Thing { readonly id: string; readonly rect: Rect; readonly label: string }

/** Whether a request can begin or end at a thing: a group of pods and an Ingress's path have no address. */
export const isEnd = (id: string): boolean => !/^(group|ingress)\//.test(id);

const outsideRect = { width: 104, height: 64 };

/** Every thing of a scene in reading order: Ingress paths, Services, what is outside, then each node and its pods. */
export function thingsOf(scene: Scene): readonly Thing[] {
  return [
    ...scene.paths.map(({ id, rect, label }) => ({ id, rect, label })),
    ...scene.capsules.map(({ id, rect, label }) => ({ id, rect, label })),
    ...scene.outside.map(({ id, centre, label }) => ({ id, label, rect: { x: centre.x - outsideRect.width / 2, y: centre.y - 18, ...outsideRect } })),
    ...scene.rows.flatMap((row) => [
      ...(row.id === 'unscheduled' ? [] : [{ id: row.id, rect: { ...row.rect, width: 190, height: 40 }, label: row.label }]),
      ...[...row.doors, ...row.bundles].map(({ id, rect, label }) => ({ id, rect, label })).toSorted((a, b) => a.rect.y - b.rect.y),
    ]),
  ];
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/** How far a thing lies in a direction, sideways distance counting double; null for what is not that way. */
function cost(from: Rect, to: Rect, direction: Direction): number | null {
  const [a, b] = [centreOf(from), centreOf(to)];
  const ahead = direction === 'left' ? a.x - b.x : direction === 'right' ? b.x - a.x : direction === 'up' ? a.y - b.y : b.y - a.y;
  const aside = Math.abs(direction === 'left' || direction === 'right' ? a.y - b.y : a.x - b.x);
  return ahead < 6 ? null : ahead + aside * 2;
}

/** The nearest thing in a direction, the one itself where there is none. */
export function neighbourOf(things: readonly Thing[], id: string, direction: Direction): string {
  const from = things.find((t) => t.id === id);
  if (from === undefined) return things[0]?.id ?? id;
  let best = id;
  let least = Number.POSITIVE_INFINITY;
  for (const thing of things) {
    const far = thing.id === id ? null : cost(from.rect, thing.rect, direction);
    if (far !== null && far < least) [best, least] = [thing.id, far];
  }
  return best;
}
