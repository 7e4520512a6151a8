/** Plane geometry of the drawing: y grows downwards, units are px at zoom 1. Pure. */
export interface Point { readonly x: number; readonly y: number }
export interface Rect extends Point { readonly width: number; readonly height: number }

/** A drawn way: points close enough together to be its curve, with the length from the start to each. */
export interface Curve { readonly points: readonly Point[]; readonly lengths: readonly number[]; readonly length: number }

export const at = (x: number, y: number): Point => ({ x, y });
export const same = (a: Point, b: Point): boolean => Math.abs(a.x - b.x) < 0.01 && Math.abs(a.y - b.y) < 0.01;
export const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);
export const mix = (a: Point, b: Point, t: number): Point => ({ x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t });
export const rightOf = (r: Rect): number => r.x + r.width;
export const bottomOf = (r: Rect): number => r.y + r.height;
export const centreOf = (r: Rect): Point => at(r.x + r.width / 2, r.y + r.height / 2);

/** Whether a point between two others lies on the straight line that joins them. */
export const collinear = (a: Point, b: Point, c: Point): boolean => (Math.abs(a.x - b.x) < 0.01 && Math.abs(b.x - c.x) < 0.01) || (Math.abs(a.y - b.y) < 0.01 && Math.abs(b.y - c.y) < 0.01);

/** The points as a curve with straight pieces. */
export function curveOf(points: readonly Point[]): Curve {
  const lengths: number[] = [];
  let length = 0;
  points.forEach((p, i) => {
    const before = points[i - 1];
    if (before !== undefined) length += distance(before, p);
    lengths.push(length);
  });
  return { points, lengths, length };
}

const cornerSteps = 6;

/** An orthogonal polyline with rounded corners; `marks[i]` is how far along the curve point i of the polyline came to lie. */
export function roundCorners(polyline: readonly Point[], radius: number): { readonly curve: Curve; readonly marks: readonly number[] } {
  const points: Point[] = [];
  const markAt: number[] = [];
  polyline.forEach((p, i) => {
    const before = polyline[i - 1];
    const after = polyline[i + 1];
    if (before === undefined || after === undefined || collinear(before, p, after) || same(before, p) || same(p, after)) {
      markAt.push(points.length);
      points.push(p);
      return;
    }
    const q = Math.min(radius, distance(before, p) / 2, distance(p, after) / 2);
    const from = mix(p, before, q / distance(before, p));
    const to = mix(p, after, q / distance(p, after));
    markAt.push(points.length + cornerSteps / 2);
    for (let s = 0; s <= cornerSteps; s++) points.push(mix(mix(from, p, s / cornerSteps), mix(p, to, s / cornerSteps), s / cornerSteps));
  });
  const curve = curveOf(points);
  return { curve, marks: markAt.map((i) => curve.lengths[i] ?? 0) };
}

/** Index of the last point that lies no farther along than `along`. */
function indexBefore({ lengths }: Curve, along: number): number {
  let low = 0;
  let high = lengths.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lengths[middle] ?? 0) <= along) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The point at a distance along the curve; ends beyond its ends. An empty curve answers the origin. */
export function pointAlong(curve: Curve, along: number): Point {
  const i = indexBefore(curve, along);
  const a = curve.points[i] ?? at(0, 0);
  const b = curve.points[i + 1];
  if (b === undefined || along <= 0) return a;
  const step = (curve.lengths[i + 1] ?? 0) - (curve.lengths[i] ?? 0);
  return step === 0 ? a : mix(a, b, (along - (curve.lengths[i] ?? 0)) / step);
}

/** Which way a curve runs within 2 px of a distance along it: −1 left, 1 right, 0 up or down. */
export function headingAlong(curve: Curve, along: number): -1 | 0 | 1 {
  const i = indexBefore(curve, along);
  const straight = along - (curve.lengths[i] ?? 0) >= 2 && (curve.lengths[i + 1] ?? 0) - along >= 2;
  const behind = straight ? (curve.points[i] ?? at(0, 0)) : pointAlong(curve, Math.max(0, along - 2));
  const ahead = straight ? (curve.points[i + 1] ?? behind) : pointAlong(curve, Math.min(curve.length, along + 2));
  const dx = ahead.x - behind.x;
  return Math.abs(dx) < Math.abs(ahead.y - behind.y) ? 0 : dx < 0 ? -1 : 1;
}

/** The part of a curve between two distances, as points; empty when there is nothing between them. */
export function sliceOf(curve: Curve, from: number, to: number): readonly Point[] {
  if (to <= from) return [];
  const inner: Point[] = [];
  for (let i = indexBefore(curve, from) + 1; i < curve.points.length && (curve.lengths[i] ?? 0) < to; i++) {
    const p = curve.points[i];
    if (p !== undefined && (curve.lengths[i] ?? 0) > from) inner.push(p);
  }
  return [pointAlong(curve, from), ...inner, pointAlong(curve, to)];
}

/** The curve the other way round. */
export const reverseOf = (curve: Curve): Curve => ({ points: curve.points.toReversed(), lengths: curve.lengths.map((l) => curve.length - l).toReversed(), length: curve.length });

const short = (n: number): string => String(Math.round(n * 100) / 100);

/** SVG path data through the points. */
export const toPathData = (points: readonly Point[]): string => points.map((p, i) => `${i === 0 ? 'M' : 'L'}${short(p.x)} ${short(p.y)}`).join('');
