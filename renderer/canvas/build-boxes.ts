import type { FateName } from '../theme/fate.ts';
import { at, type Rect } from '../scene/geometry.ts';
import { nameOf } from '../scene/header-card.ts';
import type { Row, Scene } from '../scene/scene.ts';
import type { Box } from './boxes.tsx';
import { markOf, type Marking } from './marks.ts';

/** Heights above the ground, so that wires lie between nodes and pods. */
export const layers = { rows: 0, wires: 5, lines: 6, stations: 7, boxes: 10, marks: 20, card: 30 } as const;

/** A door this wide has room for its status beside name and address. */
const roomyDoor = 190;

const fixed = (id: string, { x, y, width, height }: Rect, zIndex: number) => ({ id, position: at(x, y), width, height, zIndex, selectable: false, draggable: false, focusable: false, connectable: false, deletable: false });

/** How far a name may reach that says what is out of order: to the doors. */
const roomForName = ({ rect, doors, more, groups }: Row): number => Math.min(...[...doors, ...(more === null ? [] : [more])].map((door) => door.rect.x), groups[0]?.x ?? Number.POSITIVE_INFINITY, rect.x + rect.width) - rect.x - 16;

function rowBoxes(row: Row, marking: Marking, fateAt: (id: string) => FateName | null): readonly Box[] {
  const inside = { x: -row.rect.x, y: -row.rect.y };
  const within = (rect: Rect): Rect => ({ ...rect, x: rect.x + inside.x, y: rect.y + inside.y });
  return [
    { ...fixed(`row/${row.id}`, row.rect, layers.rows), type: 'row', data: { row, target: marking.target(row.id) } },
    { ...fixed(row.id, { ...within(nameOf(row)), width: row.trouble === '' ? 230 : Math.max(230, roomForName(row)) }, layers.boxes), parentId: `row/${row.id}`, type: 'name', data: { row, mark: markOf(row.id, marking) } },
    ...row.doors.map((door): Box => ({ ...fixed(door.id, within(door.rect), layers.boxes), parentId: `row/${row.id}`, type: 'door', data: { door, mark: markOf(door.id, marking), fate: fateAt(door.id), wide: door.rect.width >= roomyDoor } })),
    ...row.bundles.map((bundle): Box => ({ ...fixed(bundle.id, within(bundle.rect), layers.boxes), parentId: `row/${row.id}`, type: 'bundle', data: { bundle, mark: markOf(bundle.id, marking) } })),
    ...(row.more === null ? [] : [{ ...fixed(`more/${row.id}`, within(row.more.rect), layers.boxes), parentId: `row/${row.id}`, type: 'more', data: { more: row.more, unfold: row.more.node, what: 'pods' } } satisfies Box]),
  ];
}

/** The scene as React Flow's nodes: rows with their doors inside, capsules on top, what is outside. */
export function buildBoxes(scene: Scene, marking: Marking, fateAt: (id: string) => FateName | null): Box[] {
  const { moreServices, morePaths } = scene;
  return [
    ...scene.capsules.map((capsule): Box => ({ ...fixed(capsule.id, capsule.rect, layers.boxes), type: 'capsule', data: { capsule, mark: markOf(capsule.id, marking) } })),
    ...(moreServices === null ? [] : [{ ...fixed('more/services', moreServices.rect, layers.boxes), type: 'more', data: { more: moreServices, unfold: 'services', what: 'Services' } } satisfies Box]),
    ...scene.paths.map((path): Box => ({ ...fixed(path.id, path.rect, layers.boxes), type: 'path', data: { path, mark: markOf(path.id, marking) } })),
    ...(morePaths === null ? [] : [{ ...fixed('more/ingresses', morePaths.rect, layers.boxes), type: 'more', data: { more: morePaths, unfold: 'ingresses', what: 'Ingress paths' } } satisfies Box]),
    ...scene.outside.map((outside): Box => ({ ...fixed(outside.id, { x: outside.centre.x - 56, y: outside.centre.y - 18, width: 112, height: 72 }, layers.boxes), type: 'outside', data: { outside, mark: markOf(outside.id, marking), fate: fateAt(outside.id) } })),
    ...scene.rows.flatMap((row) => rowBoxes(row, marking, fateAt)),
  ];
}
