import type { NetnsId } from '../../shared/dataplane/ids.ts';
import { at, collinear, same, type Point } from './geometry.ts';
import { placeOf } from './labels.ts';
import type { Door, Row, Scene } from './scene.ts';

/** Where a packet can be: on which place, and at which of its stations. */
export type Station = 'door' | 'bridge' | 'kernel' | 'tunnel' | 'uplink' | 'outside' | 'router';
export interface Stop { readonly netns: NetnsId; readonly station: Station }

/** Finds places of a scene by id; build once per scene. */
export interface Atlas {
  readonly scene: Scene;
  readonly rows: ReadonlyMap<NetnsId, Row>;
  /** Pods with the door that stands for them: their own, or the one line that they are drawn as. */
  readonly doors: ReadonlyMap<NetnsId, { readonly door: Pick<Door, 'rect'>; readonly row: Row }>;
}

/** Every pod that a row stands for, behind whatever it is drawn as. */
function doorsOf(row: Row): readonly (readonly [NetnsId, { readonly door: Pick<Door, 'rect'>; readonly row: Row }])[] {
  const standing = [...row.bundles, ...(row.more === null ? [] : [row.more])];
  return [...standing.flatMap((door) => door.members.map((id) => [id, { door, row }] as const)), ...row.doors.map((door) => [door.id, { door, row }] as const)];
}

export function buildAtlas(scene: Scene): Atlas {
  return {
    scene,
    rows: new Map(scene.rows.map((row) => [row.id, row])),
    doors: new Map(scene.rows.flatMap(doorsOf)),
  };
}

/** Where an outside thing's wire begins, right of its centre. */
export const outsideEdge = 28;

export const doorPoint = ({ rect }: Pick<Door, 'rect'>): Point => at(rect.x, rect.y + rect.height / 2);

function rowStation(row: Row, station: Station): Point {
  if (station === 'uplink') return row.uplink;
  if (station === 'tunnel') return row.tunnel ?? row.uplink;
  return station === 'bridge' ? row.bridge : row.kernel;
}

/** The stop's point; null for a place that this scene does not show. */
export function pointOf({ rows, doors, scene }: Atlas, { netns, station }: Stop): Point | null {
  if (station === 'router') return scene.router?.at ?? null;
  if (station === 'outside') {
    const thing = scene.outside.find((o) => o.id === placeOf(netns));
    return thing === undefined ? null : at(thing.centre.x + outsideEdge, thing.centre.y);
  }
  if (station === 'door') {
    const found = doors.get(netns);
    return found === undefined ? null : doorPoint(found.door);
  }
  const row = rows.get(netns);
  return row === undefined ? null : rowStation(row, station);
}

const isBalancer = ({ netns, station }: Stop): boolean => station === 'outside' && netns.startsWith('lb/');
const isInside = ({ station }: Stop): boolean => station !== 'outside' && station !== 'router';

/** The way from a stop to the common root of all wires: the network is drawn as a tree, but for the balancer, which has a leg on either side. */
function wayOut(atlas: Atlas, stop: Stop, other: Stop): readonly Point[] {
  const { scene } = atlas;
  const first = scene.spines[0];
  const root = scene.router === null || first === undefined ? [] : [at(first.x, scene.router.at.y)];
  const start = pointOf(atlas, stop);
  if (start === null) return root;
  if (stop.station === 'router') return [start, ...root];
  if (isBalancer(stop) && isInside(other) && first !== undefined) return [start, at(first.x, start.y), ...root];
  if (stop.station === 'outside') return [start, at(scene.outsideLine, start.y), at(scene.outsideLine, scene.router?.at.y ?? start.y), ...(scene.router === null ? [] : [scene.router.at]), ...root];
  const row = stop.station === 'door' ? atlas.doors.get(stop.netns)?.row : atlas.rows.get(stop.netns);
  if (row === undefined) return root;
  const own: Point[] = stop.station === 'door' ? [start, at(row.bridge.x, start.y), row.bridge] : [start];
  const track = [row.kernel, ...(row.tunnel === null ? [] : [row.tunnel]), row.uplink].filter((p) => p.x < (own.at(-1)?.x ?? 0));
  const joined = scene.crossing === null || row.spine === first?.x ? [] : [at(row.spine, scene.crossing), at(first?.x ?? row.spine, scene.crossing)];
  return [...own, ...track, at(row.spine, row.track), ...joined, ...root];
}

/** The points of the way between two stops, ends included, along the wires that are drawn. */
export function wayBetween(atlas: Atlas, from: Stop, to: Stop): readonly Point[] {
  const up = [...wayOut(atlas, from, to)];
  const down = [...wayOut(atlas, to, from)];
  let meeting: Point | undefined;
  while (up.length > 0 && down.length > 0 && same(up.at(-1) as Point, down.at(-1) as Point)) {
    meeting = up.pop();
    down.pop();
  }
  const [a, b] = [up.at(-1), down.at(-1)];
  // on one line the meeting point may lie beyond both: go straight across
  const straight = a !== undefined && b !== undefined && (Math.abs(a.x - b.x) < 0.01 || Math.abs(a.y - b.y) < 0.01);
  return [...up, ...(meeting === undefined || straight ? [] : [meeting]), ...down.toReversed()].filter((p, i, all) => {
    const [before, after] = [all[i - 1], all[i + 1]];
    return before === undefined || after === undefined || !collinear(before, p, after);
  });
}
