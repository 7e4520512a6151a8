import type { Answer } from '../../shared/api/shapes.ts';
import type { ProbeVerdict } from '../../shared/trace/types.ts';
import { pointAlong, type Curve, type Point } from '../scene/geometry.ts';

/** One request of traffic on the map: the branch it takes of its pair's answer, and when (virtual ms) it left. */
export interface Flight { readonly pair: string; readonly answer: Answer; readonly branch: number; readonly verdict: ProbeVerdict; readonly left: number }

/** px of the map in a virtual ms: across a usual picture in two seconds. */
const pace = 0.42;
/** How long (virtual ms) one that got stuck stays to be seen, the last part of it fading. */
const stays = 900;
const fades = 350;

/** After so many virtual ms no flight is left on any map. */
export const longestFlight = 15_000;

const stuck = new Set<ProbeVerdict>(['dropped', 'timeout', 'unreachable', 'dns-timeout', 'nxdomain']);

export interface FlightState { readonly at: Point; readonly heading: -1 | 1; readonly spent: boolean; readonly opacity: number }

const headingAt = (curve: Curve, along: number, back: boolean): -1 | 1 => {
  const right = pointAlong(curve, along + 3).x - pointAlong(curve, along - 3).x > 0.01;
  return right === back ? -1 : 1;
};

/** Where a flight is at a virtual time: on its way, stuck where it ended, or (refused) its answer running back at double speed. Null before it left and when it is over. */
export function flightAt(curve: Curve, { verdict, left }: Flight, now: number): FlightState | null {
  const gone = now - left;
  if (gone < 0 || curve.length === 0) return null;
  const there = curve.length / pace;
  if (gone < there) return { at: pointAlong(curve, gone * pace), heading: headingAt(curve, gone * pace, false), spent: false, opacity: 1 };
  const since = gone - there;
  if (stuck.has(verdict)) return since > stays ? null : { at: pointAlong(curve, curve.length), heading: headingAt(curve, curve.length, false), spent: true, opacity: Math.min(1, (stays - since) / fades) };
  if (verdict !== 'refused') return null;
  const along = curve.length - since * pace * 2;
  return along <= 0 ? null : { at: pointAlong(curve, along), heading: headingAt(curve, along, true), spent: false, opacity: 0.75 };
}
