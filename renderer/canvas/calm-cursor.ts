import { prefersCalm } from '../playback/prefers-calm.ts';
import type { Segment } from '../scene/segments.ts';

/** A cursor that stands still within a moment shows its end when motion is not wanted; give `calm` where many are asked for in one frame. */
export function calmCursor(segments: readonly Segment[], ms: number, calm = prefersCalm()): number {
  if (!calm) return ms;
  const here = segments.findLast((s) => s.start < ms) ?? segments[0];
  return here === undefined ? ms : here.start + here.duration;
}
