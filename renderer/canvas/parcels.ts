import { at, pointAlong, type Point } from '../scene/geometry.ts';
import { packetAt, type PacketState } from '../scene/segments.ts';
import type { Parcel } from './draw-parcel.ts';
import type { Act } from './use-stage.ts';

/** React Flow's transform: x, y, zoom. */
export type View = readonly [number, number, number];
const toScreen = ({ x, y }: Point, [dx, dy, zoom]: View): Point => at(x * zoom + dx, y * zoom + dy);

/** A parcel keeps about its size under zoom. */
const parcelScale = (zoom: number): number => Math.max(0.8, Math.min(1.4, zoom));

/** At a choice ghosts of the other branches leave with the packet for their first 40 px, sized by their odds. */
function ghosts(act: Act, state: PacketState, view: View): readonly Parcel[] {
  if (state.phase === 'travel') return [];
  return act.routes.others.map(({ branch, curve }) => {
    const odds = act.answer.journey.branches[branch]?.odds;
    const share = odds === undefined ? 0.3 : Number(odds.num) / Number(odds.den);
    return { at: toScreen(pointAlong(curve, 40 * state.progress), view), scale: parcelScale(view[2]) * (0.5 + share * 0.5), heading: -1, rewritten: false, wrapped: false, spent: false, opacity: (1 - state.progress) * 0.7 };
  });
}

/** ms in which one that is stopped tips over; then it lies still. */
const tipping = 280;

/** A refusal's answer is smaller than what it answers. */
const answerScale = 0.7;

const stops = new Set(['dropped', 'timeout', 'unreachable', 'refused']);

/** The parcels to draw at a cursor (ms). */
export function parcelsAt(act: Act, ms: number, view: View): readonly Parcel[] {
  const state = packetAt(act.segments, ms);
  if (state === null) return [];
  const { moments, verdict } = act.timeline;
  const moment = moments[state.moment];
  const ended = state.phase === 'end';
  // what came back has arrived; only a packet that got stuck stays where it is
  if (ended && (verdict === 'delivered' || verdict === 'unmodelled' || state.direction === 'reply')) return [];
  const last = moments.findLast((m) => m.kind === 'rewrite' && m.leg === moment?.leg && m.direction === state.direction && m.index <= state.moment);
  const rewritten = last !== undefined && (last.index < state.moment || state.phase !== 'travel');
  const wrapped = moment?.packet.outer !== undefined && !(moment.kind === 'encap' && state.phase === 'travel');
  const main: Parcel = {
    at: toScreen(state.at, view), scale: parcelScale(view[2]) * (verdict === 'refused' && state.direction === 'reply' ? answerScale : 1), heading: state.heading === 0 ? (state.direction === 'forward' ? -1 : 1) : state.heading, rewritten, wrapped,
    spent: ended && stops.has(verdict), tip: Math.min(1, (state.progress * (moment?.duration ?? tipping)) / tipping), opacity: 1, ...(act.mark === undefined ? {} : { mark: act.mark }),
  };
  return moment?.kind === 'choice' ? [...ghosts(act, state, view), main] : [main];
}
