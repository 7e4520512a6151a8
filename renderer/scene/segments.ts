import { headingAlong, pointAlong, type Point } from './geometry.ts';
import type { Routes, Way, Worn } from './paths.ts';
import type { MomentKind, Timeline } from './types.ts';

/** What one moment is on the drawing: which piece of which way, when, for how long, and how much of that time is travel. */
export interface Segment {
  readonly moment: number;
  readonly kind: MomentKind;
  readonly direction: 'forward' | 'reply';
  readonly way: Way;
  /** On a leg before the one that is drawn as the request's own. */
  readonly earlier?: boolean;
  /** Distances along the way's curve. */
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly duration: number;
  /** ms of travel; the rest of the moment the packet stands still and something is done to it. */
  readonly travel: number;
}

/** Longest travel of a moment that is not a hop: getting from the bridge to the kernel's rules. */
const shortTravel = 260;

/** Gives every moment of the timeline its place on the lines; moments without a place (lookups) rest where the first one starts. */
export function buildSegments(timeline: Timeline, { forward, reply, earlier }: Routes): readonly Segment[] {
  const placed = new Map<number, { readonly way: Way; readonly along: number }>();
  const before = new Set(earlier.flatMap((leg) => [leg.forward, ...(leg.reply === null ? [] : [leg.reply])]));
  for (const way of [...before, forward, reply]) if (way !== null) for (const { moment, along } of way.moments) placed.set(moment, { way, along });
  const first = timeline.moments.map((m) => placed.get(m.index)).find((p) => p !== undefined);
  let way = first?.way ?? forward;
  let along = first?.along ?? 0;
  return timeline.moments.map((m): Segment => {
    const here = placed.get(m.index);
    const turned = here !== undefined && here.way !== way;
    const from = turned ? here.along : along;
    const to = here?.along ?? along;
    way = here?.way ?? way;
    along = to;
    const whole = m.kind === 'enter' || m.kind === 'deliver';
    const travel = from === to ? 0 : whole ? m.duration * 0.92 : Math.min(shortTravel, m.duration * 0.7);
    return { moment: m.index, kind: m.kind, direction: m.direction, way, from, to, start: m.start, duration: m.duration, travel, ...(before.has(way) ? { earlier: true } : {}) };
  });
}

/** How the packet looks: under way, resting, being rewritten, wrapped, or at its end. */
export type PacketPhase = 'travel' | 'rest' | 'rewrite' | 'wrap' | 'end';
export interface PacketState {
  readonly at: Point;
  readonly direction: 'forward' | 'reply';
  readonly moment: number;
  readonly phase: PacketPhase;
  /** 0 to 1 through the phase's action. */
  readonly progress: number;
  /** Distance travelled along the way's curve. */
  readonly along: number;
  /** Unit direction it is facing: −1 left, 1 right, 0 up or down. */
  readonly heading: -1 | 0 | 1;
}

/** cubic-bezier(.45,.05,.25,1) closely enough for the eye: slow start, long end. */
const ease = (t: number): number => (t < 0.4 ? 2.2 * t * t : 1 - ((1 - t) ** 2.6) * 2.44);

const clamp = (t: number): number => Math.max(0, Math.min(1, t));

function segmentAt(segments: readonly Segment[], ms: number): Segment | undefined {
  let low = 0;
  let high = segments.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((segments[middle]?.start ?? 0) < ms) low = middle;
    else high = middle - 1;
  }
  return segments[low];
}

function phaseOf({ kind }: Segment, moving: boolean): PacketPhase {
  if (moving) return 'travel';
  if (kind === 'fate') return 'end';
  if (kind === 'rewrite') return 'rewrite';
  return kind === 'encap' || kind === 'decap' ? 'wrap' : 'rest';
}

/** Where the packet is at a cursor (ms), and what it is doing; null for an empty timeline. The same cursor always gives the same answer, so everything scrubs backwards. */
export function packetAt(segments: readonly Segment[], ms: number): PacketState | null {
  const segment = segmentAt(segments, ms);
  if (segment === undefined) return null;
  const { from, to, travel, start, duration, way, direction, moment } = segment;
  const elapsed = Math.max(0, ms - start);
  const moving = elapsed < travel;
  const along = travel === 0 ? to : from + (to - from) * clamp(ease(clamp(elapsed / travel)));
  const here = pointAlong(way.curve, along);
  const heading = headingAlong(way.curve, along);
  const progress = moving ? clamp(elapsed / travel) : clamp((elapsed - travel) / Math.max(1, duration - travel));
  return { at: here, direction, moment, phase: phaseOf(segment, moving), progress, along, heading };
}

/** How much of a moment's own action is done at a cursor (ms), after the packet has come to its place: 0 to 1. */
function doneOf(segments: readonly Segment[], moment: number, ms: number): number {
  const segment = segments.find((one) => one.moment === moment);
  return segment === undefined ? 0 : clamp((ms - segment.start - segment.travel) / Math.max(1, segment.duration - segment.travel));
}

/** How far a sleeve is closed at a cursor (ms): 0 open, 1 worn. It closes while the packet is wrapped and opens while it is unwrapped. */
export function closedAt(segments: readonly Segment[], worn: readonly Worn[], ms: number): number {
  return Math.max(0, ...worn.map(([on, off]) => doneOf(segments, on, ms) * (off === null ? 1 : 1 - doneOf(segments, off, ms))));
}

/** How much of the forward line and of the way back is behind the packet at a cursor (ms). */
export function travelledAt(segments: readonly Segment[], ms: number): { readonly forward: number; readonly reply: number } {
  const state = packetAt(segments, ms);
  if (state === null || segmentAt(segments, ms)?.earlier === true) return { forward: 0, reply: 0 };
  if (state.direction === 'forward') return { forward: state.along, reply: 0 };
  const last = segments.findLast((s) => s.direction === 'forward' && s.earlier !== true);
  return { forward: last?.to ?? 0, reply: state.along };
}

/** How much of one way is behind the packet at a cursor (ms). */
export function travelledOn(segments: readonly Segment[], way: Way, ms: number): number {
  const now = segmentAt(segments, ms);
  if (now?.way === way) return packetAt(segments, ms)?.along ?? 0;
  return segments.some((s) => s.way === way && s.start < ms) ? way.curve.length : 0;
}
