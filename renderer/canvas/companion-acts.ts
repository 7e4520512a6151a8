import type { Companion } from '../playback/companions.ts';
import type { Piece } from '../scene/lanes.ts';
import { branchWay, buildRoutes } from '../scene/paths.ts';
import type { Atlas } from '../scene/routing.ts';
import { buildSegments } from '../scene/segments.ts';
import type { Act } from './use-stage.ts';

/** The lines and parcels of packets that go on beside the one on stage: each in the next free lanes, with its number, and on the stage's cursor (its moments come that much earlier). Newest first takes the nearer lane. */
export function companionActs(atlas: Atlas, act: Act, companions: readonly Companion[]): readonly Act[] {
  const taken: Piece[] = [...branchWay(atlas, act.timeline, []).pieces];
  const placed = companions.toReversed().flatMap(({ id, answer, branch, timeline, base }): readonly Act[] => {
    if (timeline.moments.length === 0) return [];
    const routes = buildRoutes(atlas, answer.journey, branch, answer.glossary, timeline, taken);
    if (routes.forward.curve.points.length === 0) return [];
    taken.push(...branchWay(atlas, timeline, taken).pieces);
    const segments = buildSegments(timeline, routes).map((segment) => ({ ...segment, start: segment.start - base }));
    return [{ answer, branch, timeline, routes: { ...routes, others: [], tickets: [] }, segments, mark: String(id) }];
  });
  return placed.toReversed();
}
