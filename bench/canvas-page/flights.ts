import { curveOf, reverseOf, type Curve, type Point } from '../../renderer/scene/geometry.ts';
import { layoutCluster } from '../../renderer/scene/layout.ts';
import { bareOptions } from '../../renderer/scene/layout-options.ts';
import type { Way } from '../../renderer/scene/paths.ts';
import type { Segment } from '../../renderer/scene/segments.ts';
import type { Row } from '../../renderer/scene/scene.ts';
import type { Moment, Timeline } from '../../renderer/scene/types.ts';
import { recordedAnswer } from '../../renderer/testing/fixture.ts';
import { buildTimeline } from '../../renderer/scene/timeline.ts';
import type { Cluster } from '../../shared/model/types.ts';

const lap = 3000;
const laps = 40;
const recorded = recordedAnswer();
const pattern = buildTimeline(recorded.journey, 1, recorded.glossary);
const first = pattern.moments.find((m) => m.kind === 'enter') as Moment;

/** One moment, two minutes long: the clock runs and nothing else changes. */
export const longTimeline: Timeline = { ...pattern, moments: [{ ...first, index: 0, start: 0, duration: lap * laps }], totalMs: lap * laps, marks: [] };

const placeIn = (row: Row, i: number): Point => {
  const cells = row.groups.flatMap((g) => g.cells);
  const cell = cells[i % Math.max(1, cells.length)];
  return cell ?? row.doors[i % Math.max(1, row.doors.length)]?.rect ?? row.bridge;
};

function between(from: Row, a: Point, to: Row, b: Point): Curve {
  const points = [a, { x: from.bridge.x, y: a.y }, from.bridge, from.uplink, { x: from.spine, y: from.track }, { x: from.spine, y: to.track }, to.uplink, to.bridge, { x: to.bridge.x, y: b.y }, b];
  return curveOf(points);
}

/** So many packets, each going to and fro on wires between two pods, one after the other. */
export function flights(cluster: Cluster, count: number): readonly (readonly Segment[])[] {
  const scene = layoutCluster(cluster, { ...bareOptions, width: 1600, height: 900 });
  const { rows } = scene;
  return Array.from({ length: count }, (_, i) => {
    const [from, to] = [rows[i % rows.length]!, rows[(i * 7 + 1) % rows.length]!];
    const there: Way = { curve: between(from, placeIn(from, i), to, placeIn(to, i * 3)), moments: [] };
    const back: Way = { curve: reverseOf(there.curve), moments: [] };
    const shift = (i * 37) % lap;
    return Array.from({ length: laps }, (_lap, n): Segment => ({ moment: 0, kind: 'enter', direction: n % 2 === 0 ? 'forward' : 'reply', way: n % 2 === 0 ? there : back, from: 0, to: there.curve.length, start: n * lap - shift, duration: lap, travel: lap }));
  });
}
