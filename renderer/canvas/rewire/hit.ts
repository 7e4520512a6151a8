import type { Point, Rect } from '../../scene/geometry.ts';
import type { Scene } from '../../scene/scene.ts';

const within = ({ x, y }: Point, r: Rect, room = 0): boolean => x >= r.x - room && x <= r.x + r.width + room && y >= r.y - room && y <= r.y + r.height + room;

/** Half of an outside thing's box around its icon and name. */
const outsideHalf = { x: 52, top: 20, bottom: 46 };

/** The smallest thing first: Ingress paths, Services, pods, what is outside, then the nodes that hold them. Points are the scene's own. */
export function thingsAt(scene: Scene, p: Point): readonly string[] {
  return [
    ...[...scene.paths, ...scene.capsules].filter(({ rect }) => within(p, rect, 4)).map(({ id }) => id),
    ...scene.rows.flatMap((row) => [...[...row.doors, ...row.bundles].filter(({ rect }) => within(p, rect, 2)).map(({ id }) => id), ...row.groups.flatMap((g) => g.cells.filter((c) => within(p, { x: c.x, y: c.y, width: 10, height: 10 }, 1)).map(({ id }) => id))]),
    ...scene.outside.filter(({ centre: c }) => Math.abs(p.x - c.x) <= outsideHalf.x && p.y >= c.y - outsideHalf.top && p.y <= c.y + outsideHalf.bottom).map(({ id }) => id),
    ...scene.rows.filter((row) => row.id !== 'unscheduled' && within(p, row.rect)).map(({ id }) => id),
  ];
}

/** Where a thing stands on the scene; null for what this scene does not show. */
export function rectOf(scene: Scene, id: string): Rect | null {
  const outside = scene.outside.find((o) => o.id === id);
  if (outside !== undefined) return { x: outside.centre.x - 40, y: outside.centre.y - 18, width: 80, height: 62 };
  const boxes = [...scene.paths, ...scene.capsules, ...scene.rows, ...scene.rows.flatMap((r) => [...r.doors, ...r.bundles])];
  return boxes.find((box) => box.id === id)?.rect ?? null;
}
