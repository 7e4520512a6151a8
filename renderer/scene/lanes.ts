import { at, collinear, same, type Point } from './geometry.ts';

/** Distance between parallel lines (LOOKS.md "Wires and labels" 2). */
export const laneWidth = 9;

/** A straight piece of a drawn line, in the place where it would lie alone, with the lane it was given. */
export interface Piece { readonly vertical: boolean; readonly line: number; readonly from: number; readonly to: number; readonly lane: number }

const range = (a: number, b: number): readonly [number, number] => (a < b ? [a, b] : [b, a]);

/** Points without repeats; the indices of the given points in the result. */
function tidy(points: readonly Point[]): { readonly kept: readonly Point[]; readonly index: readonly number[] } {
  const kept: Point[] = [];
  const index = points.map((p) => {
    const last = kept.at(-1);
    if (last === undefined || !same(last, p)) kept.push(p);
    return kept.length - 1;
  });
  return { kept, index };
}

/** Where runs of straight pieces begin and end: the first point, each turn (also a turn on the spot), the last. */
function turnsOf(points: readonly Point[]): readonly number[] {
  return points.flatMap((p, i) => {
    const before = points[i - 1];
    const after = points[i + 1];
    if (before === undefined || after === undefined) return [i];
    const back = collinear(before, p, after) && (after.x - p.x) * (p.x - before.x) + (after.y - p.y) * (p.y - before.y) < 0;
    return back || !collinear(before, p, after) ? [i] : [];
  });
}

function freeLane(piece: Omit<Piece, 'lane'>, taken: readonly Piece[]): number {
  const used = new Set(taken.filter((other) => other.vertical === piece.vertical && Math.abs(other.line - piece.line) < 0.01 && Math.min(other.to, piece.to) - Math.max(other.from, piece.from) > 1).map((other) => other.lane));
  let lane = 0;
  while (used.has(lane)) lane += 1;
  return lane;
}

const shift = (p: Point, piece: Piece): Point => (piece.vertical ? at(p.x - piece.lane * laneWidth, p.y) : at(p.x, p.y + piece.lane * laneWidth));

/**
 * Moves every straight piece that would lie on a taken one into the next free lane, below a track or left of a spine.
 * `marks[i]` is the index in `points` at which the line reaches the given point i.
 */
export function separate(given: readonly Point[], taken: readonly Piece[]): { readonly points: readonly Point[]; readonly pieces: readonly Piece[]; readonly marks: readonly number[] } {
  const { kept, index } = tidy(given);
  const turns = turnsOf(kept);
  const pieces: Piece[] = [];
  const points: Point[] = [];
  const reached = new Map<number, number>();
  for (let t = 0; t + 1 < turns.length; t++) {
    const [i, j] = [turns[t] ?? 0, turns[t + 1] ?? 0];
    const [a, b] = [kept[i] ?? at(0, 0), kept[j] ?? at(0, 0)];
    const vertical = Math.abs(a.x - b.x) < 0.01;
    const [from, to] = vertical ? range(a.y, b.y) : range(a.x, b.x);
    const bare = { vertical, line: vertical ? a.x : a.y, from, to };
    const piece: Piece = { ...bare, lane: freeLane(bare, [...taken, ...pieces]) };
    const before = pieces.at(-1);
    pieces.push(piece);
    for (let n = i; n <= j; n++) {
      const p = kept[n] ?? a;
      // at a right-angled turn both pieces' shifts apply; at a turn on the spot the line steps across to its new lane
      const turned = n === i && before !== undefined && before.vertical !== vertical;
      const placed = turned ? shift(shift(p, before), piece) : shift(p, piece);
      if (turned) points.pop();
      points.push(placed);
      if (!reached.has(n)) reached.set(n, points.length - 1);
    }
  }
  if (points.length === 0 && kept[0] !== undefined) points.push(kept[0]);
  return { points, pieces, marks: index.map((n) => Math.min(reached.get(n) ?? 0, points.length - 1)) };
}
