import type { FractionJson } from '../../shared/base/fraction.ts';
import { addFractions, fromFractionJson, toFractionJson } from '../../shared/base/fraction.ts';
import type { Branch, Glossary, Journey, Leg } from '../../shared/trace/types.ts';
import { collinear, curveOf, reverseOf, roundCorners, same, sliceOf, type Curve, type Point } from './geometry.ts';
import { separate, type Piece } from './lanes.ts';
import { pointOf, wayBetween, type Atlas, type Stop } from './routing.ts';
import { sameStop, stopsOf } from './stops.ts';
import { buildTimeline } from './timeline.ts';
import type { Timeline } from './types.ts';

export const cornerRadius = 9;

/** One direction of the chosen branch as drawn: its curve, and for each of its moments how far along it happens. */
export interface Way { readonly curve: Curve; readonly moments: readonly { readonly moment: number; readonly along: number }[] }

/** From which moment a sleeve is worn to the one that takes it off; null = to the end. */
export type Worn = readonly [number, number | null];

/** Where on a way the packet wears an outer header, and when: on its way there, and on the way back where that is the same line. */
export interface Sleeve { readonly curve: Curve; readonly kind: string; readonly worn: readonly Worn[] }

/** The odds beside the place where branches end. */
export interface Ticket { readonly netns: string; readonly odds: FractionJson }

/** A leg that came before the one that is drawn as the request's own: the question to DNS, the connection to a proxy. */
export interface EarlierLeg { readonly leg: number; readonly kind: Leg['kind']; readonly forward: Way; readonly reply: Way | null }

/** Every line that a request puts on the stage. */
export interface Routes {
  readonly forward: Way;
  /** Null where nothing came back. */
  readonly reply: Way | null;
  /** The reply takes the forward line. */
  readonly returnsSameWay: boolean;
  readonly earlier: readonly EarlierLeg[];
  readonly others: readonly { readonly branch: number; readonly curve: Curve }[];
  readonly sleeves: readonly Sleeve[];
  readonly tickets: readonly Ticket[];
}

interface Line { readonly points: readonly Point[]; readonly marks: readonly number[] }

/** One polyline through all the stops that this scene shows; `marks[i]` is the index of stop i's point. */
function lineThrough(atlas: Atlas, stops: readonly Stop[]): Line {
  const points: Point[] = [];
  const marks: number[] = [];
  let before: Stop | null = null;
  for (const stop of stops) {
    const here = pointOf(atlas, stop);
    if (here !== null) {
      if (before === null) points.push(here);
      else if (!sameStop(before, stop)) points.push(...wayBetween(atlas, before, stop).slice(1));
      before = stop;
    }
    marks.push(Math.max(0, points.length - 1));
  }
  return { points, marks };
}

/** A line in its lanes; `vertices[i]` is how far along the curve point i of the line came to lie. */
interface Drawn { readonly curve: Curve; readonly vertices: readonly number[]; readonly alongs: readonly number[]; readonly pieces: readonly Piece[] }

function drawLine(line: Line, taken: readonly Piece[]): Drawn {
  const lanes = separate(line.points, taken);
  const { curve, marks } = roundCorners(lanes.points, cornerRadius);
  const vertices = lanes.marks.map((m) => marks[m] ?? 0);
  return { curve, vertices, pieces: lanes.pieces, alongs: line.marks.map((m) => vertices[m] ?? 0) };
}

const samePoints = (a: readonly Point[], b: readonly Point[]): boolean => a.length === b.length && a.every((p, i) => same(p, b[i] as Point));

/** Repeats and points on straight runs left out, turns on the spot kept: two lines along the same wires compare equal. */
function bareLine(points: readonly Point[]): readonly Point[] {
  const apart = points.filter((p, i) => i === 0 || !same(p, points[i - 1] as Point));
  return apart.filter((p, i) => {
    const [before, after] = [apart[i - 1], apart[i + 1]];
    return before === undefined || after === undefined || !collinear(before, p, after) || (p.x - before.x) * (after.x - p.x) + (p.y - before.y) * (after.y - p.y) < 0;
  });
}

function wayOf(drawn: Drawn, indices: readonly number[]): Way {
  return { curve: drawn.curve, moments: indices.map((moment, i) => ({ moment, along: drawn.alongs[i] ?? 0 })) };
}

function sleevesOf(timeline: Timeline, way: Way): readonly Sleeve[] {
  return way.moments.flatMap(({ moment, along }, i) => {
    const here = timeline.moments[moment];
    if (here?.kind !== 'encap') return [];
    const end = way.moments.slice(i + 1).find((m) => timeline.moments[m.moment]?.kind === 'decap');
    return [{ curve: curveOf(sliceOf(way.curve, along, end?.along ?? way.curve.length)), kind: here.packet.outer?.kind.toUpperCase() ?? '', worn: [[moment, end?.moment ?? null]] }];
  });
}

/** The sleeves of a leg: those of an answer that comes back on the same line are the same sleeves, met in reverse. */
function legSleeves(timeline: Timeline, { forward, reply, returnsSameWay }: Pick<LegWays, 'forward' | 'reply' | 'returnsSameWay'>): readonly Sleeve[] {
  const there = sleevesOf(timeline, forward);
  const back = reply === null ? [] : sleevesOf(timeline, reply).toReversed();
  return returnsSameWay && there.length === back.length ? there.map((sleeve, i) => ({ ...sleeve, worn: [...sleeve.worn, ...back[i]!.worn] })) : [...there, ...back];
}

/** The place where a branch's packet ended on its way there. */
function endOf(branch: Branch): string {
  const trace = (branch.legs.find((leg) => leg.kind === 'connection') ?? branch.legs.at(-1))?.trace;
  return branch.endpoint?.netns ?? trace?.hops.at(-1)?.netns ?? '';
}

function ticketsOf({ branches }: Journey): readonly Ticket[] {
  if (branches.length < 2) return [];
  const byEnd = new Map<string, FractionJson>();
  for (const branch of branches) {
    const end = endOf(branch);
    const before = byEnd.get(end);
    byEnd.set(end, before === undefined ? branch.odds : toFractionJson(addFractions(fromFractionJson(before), fromFractionJson(branch.odds))));
  }
  return byEnd.size < 2 ? [] : [...byEnd].map(([netns, odds]) => ({ netns, odds }));
}

const lastLeg = ({ moments }: Timeline): number => moments.at(-1)?.leg ?? 0;

/** Which moments of a leg go there and which come back, by index. A lookup that took no packet has no place. */
function directions({ moments }: Timeline, leg: number): { readonly there: readonly number[]; readonly back: readonly number[] } {
  const moving = moments.filter((m) => m.leg === leg && m.kind !== 'lookup');
  return { there: moving.filter((m) => m.direction === 'forward').map((m) => m.index), back: moving.filter((m) => m.direction === 'reply').map((m) => m.index) };
}

/** Other branches are drawn only from where they part from the chosen one. */
function otherLine(atlas: Atlas, journey: Journey, branch: number, glossary: Glossary, chosen: readonly Stop[]): Line | null {
  const timeline = buildTimeline(journey, branch, glossary);
  const moments = directions(timeline, lastLeg(timeline)).there.flatMap((i) => timeline.moments[i] ?? []);
  const stops = stopsOf(moments);
  let parted = 0;
  while (parted < stops.length && parted < chosen.length && sameStop(stops[parted] as Stop, chosen[parted] as Stop)) parted += 1;
  const choice = moments.findIndex((m) => m.kind === 'choice');
  const line = lineThrough(atlas, stops.slice(Math.max(0, choice < 0 ? parted - 1 : Math.min(choice, parted - 1))));
  return line.points.length < 2 ? null : line;
}

/** At most this many other branches are drawn one by one; more would be a thicket. */
const mostOthers = 24;

interface LegWays { readonly forward: Way; readonly reply: Way | null; readonly returnsSameWay: boolean; readonly pieces: readonly Piece[]; readonly stops: readonly Stop[] }

/** One leg's way there and back, beside the pieces that are taken. */
function legWays(atlas: Atlas, timeline: Timeline, leg: number, taken: readonly Piece[]): LegWays {
  const { there, back } = directions(timeline, leg);
  const pick = (indices: readonly number[]): readonly Stop[] => stopsOf(indices.flatMap((i) => timeline.moments[i] ?? []));
  const stops = pick(there);
  const line = lineThrough(atlas, stops);
  const drawn = drawLine(line, taken);
  const backLine = back.length === 0 ? null : lineThrough(atlas, pick(back));
  const returnsSameWay = backLine !== null && samePoints(bareLine(backLine.points), bareLine(line.points).toReversed());
  const reply = backLine === null ? null : returnsSameWay ? retrace(drawn, line, backLine, back) : wayOf(drawLine(backLine, [...taken, ...drawn.pieces]), back);
  return { forward: wayOf(drawn, there), reply, returnsSameWay, pieces: drawn.pieces, stops };
}

/** One branch's own way there and the pieces it lies on, beside those that are taken; for what travels on it without being the chosen one. */
export function branchWay(atlas: Atlas, timeline: Timeline, taken: readonly Piece[]): { readonly curve: Curve; readonly pieces: readonly Piece[] } {
  const { forward, pieces } = legWays(atlas, timeline, lastLeg(timeline), taken);
  return { curve: forward.curve, pieces };
}

/** The legs before the last, each beside the lines that are already there; those that ask along the same way again (a search list) share one line. */
function earlierLegs(atlas: Atlas, timeline: Timeline, legs: readonly Leg[], taken: readonly Piece[]): readonly EarlierLeg[] {
  const lanes = [...taken];
  const before = new Map<string, readonly Piece[]>();
  return legs.slice(0, lastLeg(timeline)).flatMap(({ kind, trace }, leg) => {
    const along = trace.hops.map((hop) => hop.netns).join(' ');
    const beside = before.get(along) ?? [...lanes];
    const { forward, reply, pieces } = legWays(atlas, timeline, leg, beside);
    if (!before.has(along)) lanes.push(...pieces);
    before.set(along, beside);
    return forward.curve.points.length < 2 ? [] : [{ leg, kind, forward, reply }];
  });
}

/** Lays the lines of an answer over a scene, beside the pieces that are taken. */
export function buildRoutes(atlas: Atlas, journey: Journey, branch: number, glossary: Glossary, timeline: Timeline, taken: readonly Piece[] = []): Routes {
  const { forward, reply, returnsSameWay, pieces, stops } = legWays(atlas, timeline, lastLeg(timeline), taken);
  const lanes = [...taken, ...pieces];
  const others = journey.branches.slice(0, mostOthers).flatMap((_, i) => {
    if (i === branch) return [];
    const other = otherLine(atlas, journey, i, glossary, stops);
    return other === null ? [] : [{ branch: i, curve: drawLine(other, lanes).curve }];
  });
  const earlier = earlierLegs(atlas, timeline, journey.branches[branch]?.legs ?? [], lanes);
  return { forward, reply, returnsSameWay, earlier, others, sleeves: legSleeves(timeline, { forward, reply, returnsSameWay }), tickets: ticketsOf(journey) };
}

/** The answer runs back on the line that is already there: a distance on the bare wires is found again on the drawn curve. */
function retrace(drawn: Drawn, line: Line, backLine: Line, back: readonly number[]): Way {
  const there = curveOf(line.points);
  const away = curveOf(backLine.points);
  const alongOf = (bare: number): number => {
    const next = there.lengths.findIndex((l) => l >= bare);
    if (next <= 0) return next === 0 ? 0 : drawn.curve.length;
    const [a, b] = [there.lengths[next - 1] ?? 0, there.lengths[next] ?? 0];
    const [from, to] = [drawn.vertices[next - 1] ?? 0, drawn.vertices[next] ?? 0];
    return b === a ? to : from + ((bare - a) / (b - a)) * (to - from);
  };
  const { length } = drawn.curve;
  const moments = back.map((moment, i) => ({ moment, along: length - alongOf(there.length - (away.lengths[backLine.marks[i] ?? 0] ?? 0)) }));
  return { curve: reverseOf(drawn.curve), moments };
}
