import { describe, expect, test } from 'vitest';
import type { Act } from '../canvas/use-stage.ts';
import { laneWidth } from '../scene/lanes.ts';
import { layoutCluster } from '../scene/layout.ts';
import { bareOptions } from '../scene/layout-options.ts';
import { buildRoutes } from '../scene/paths.ts';
import { buildAtlas } from '../scene/routing.ts';
import { buildSegments } from '../scene/segments.ts';
import { buildTimeline } from '../scene/timeline.ts';
import { recordedAnswer } from '../testing/fixture.ts';
import { pictureCluster } from '../testing/fixture-cluster.ts';
import { layTraffic } from './traffic-ways.ts';

const atlas = buildAtlas(layoutCluster(pictureCluster(), bareOptions));
const [first, second] = [recordedAnswer(), recordedAnswer()];
const other = { ...second, journey: { ...second.journey, probe: { ...second.journey.probe, from: 'pod/shop/web-2' } } };
const track = atlas.rows.get('node/a')!.track;
/** How far below node a's track a way runs there. */
const lane = (points: readonly { readonly x: number; readonly y: number }[]): number => Math.min(...points.map(({ y }) => Math.abs(y - track)));

describe('lines of traffic', () => {
  test('every branch has its line, as wide as it is likely', () => {
    const { lines } = layTraffic(atlas, [first], null);
    expect(lines.map(({ width }) => width)).toEqual([1, 2, 3].map(() => 1 + 2 / 3));
  });
  test('a second pair keeps to lanes of its own', () => {
    const ways = layTraffic(atlas, [first, other], null);
    expect([lane(ways.wayOf(first, 1).points), lane(ways.wayOf(other, 1).points) >= laneWidth]).toEqual([0, true]);
  });
  test('the question on stage flows on its own lines and draws none over them', () => {
    const timeline = buildTimeline(first.journey, 1, first.glossary);
    const routes = buildRoutes(atlas, first.journey, 1, first.glossary, timeline);
    const act: Act = { answer: first, branch: 1, timeline, routes, segments: buildSegments(timeline, routes) };
    const ways = layTraffic(atlas, [second, other], act);
    expect([ways.lines.length, ways.wayOf(second, 1), lane(ways.wayOf(other, 1).points) >= laneWidth]).toEqual([3, routes.forward.curve, true]);
  });
  test('what flew before an edit still has its line', () => expect(layTraffic(atlas, [null], null).wayOf(first, 0).length).toBeGreaterThan(100));
});
