import { describe, expect, test } from 'vitest';
import type { Answer } from '../../shared/api/shapes.ts';
import { layoutCluster } from '../scene/layout.ts';
import { bareOptions } from '../scene/layout-options.ts';
import { buildRoutes } from '../scene/paths.ts';
import { buildAtlas } from '../scene/routing.ts';
import { buildSegments } from '../scene/segments.ts';
import { buildTimeline } from '../scene/timeline.ts';
import type { MomentKind } from '../scene/types.ts';
import { droppedBranch, recordedAnswer } from '../testing/fixture.ts';
import { pictureCluster } from '../testing/fixture-cluster.ts';
import { parcelsAt } from './parcels.ts';
import type { Act } from './use-stage.ts';

const recorded = recordedAnswer();

function actOf(answer: Answer, branch: number): Act {
  const atlas = buildAtlas(layoutCluster(pictureCluster(), bareOptions));
  const timeline = buildTimeline(answer.journey, branch, answer.glossary);
  const routes = buildRoutes(atlas, answer.journey, branch, answer.glossary, timeline);
  return { answer, branch, timeline, routes, segments: buildSegments(timeline, routes) };
}

const act = actOf(recorded, 1);
const during = (kind: MomentKind, part: number): number => {
  const m = act.timeline.moments.find((one) => one.kind === kind)!;
  return m.start + m.duration * part;
};
const view = [0, 0, 1] as const;

describe('parcels', () => {
  test('one packet is under way, its header plain until it is rewritten', () => {
    expect(parcelsAt(act, during('route', 0.5), view).map((p) => p.rewritten)).toEqual([false]);
    expect(parcelsAt(act, during('rewrite', 0.9), view).map((p) => p.rewritten)).toEqual([true]);
  });
  test('it wears an outline while it is wrapped', () => {
    expect(parcelsAt(act, during('encap', 0.95), view)[0]!.wrapped).toBe(true);
    expect(parcelsAt(act, during('decap', 0.95), view)[0]!.wrapped).toBe(false);
  });
  test('at a choice the others leave as ghosts, sized by their odds, and fade', () => {
    const ghosts = (part: number) => parcelsAt(act, during('choice', part), view).slice(0, -1);
    expect(ghosts(0.5).length).toBe(2);
    expect(ghosts(0.9)[0]!.opacity).toBeLessThan(ghosts(0.5)[0]!.opacity);
  });
  test('nothing is left lying about once the answer is back', () => expect(parcelsAt(act, act.timeline.totalMs, view)).toEqual([]));
  test('a dropped packet stays where it was dropped, spent', () => {
    const dropped = actOf({ ...recorded, journey: { ...recorded.journey, branches: [droppedBranch()] } }, 0);
    expect(parcelsAt(dropped, dropped.timeline.totalMs, view).map((p) => p.spent)).toEqual([true]);
  });
  test('zooming moves the packet with the picture but keeps its size within bounds', () => {
    const ms = during('rewrite', 0.9);
    const [near, far] = [parcelsAt(act, ms, [10, 20, 1])[0]!, parcelsAt(act, ms, [10, 20, 0.1])[0]!];
    expect([near.scale, far.scale]).toEqual([1, 0.8]);
    expect(far.at.x).toBeCloseTo((near.at.x - 10) * 0.1 + 10, 6);
  });
});
