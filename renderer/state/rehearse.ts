import type { Answer } from '../../shared/api/shapes.ts';
import type { Cluster } from '../../shared/model/types.ts';
import { bareOptions } from '../scene/layout-options.ts';
import { layoutCluster } from '../scene/layout.ts';
import { buildRoutes } from '../scene/paths.ts';
import { buildAtlas } from '../scene/routing.ts';
import { buildSegments } from '../scene/segments.ts';
import { buildTimeline } from '../scene/timeline.ts';
import { touchedBy } from '../scene/touched.ts';

let rehearsed = false;

/** Goes once through what a packet's way is made of, and keeps nothing: browsers compile a function when it is first called, which for all of these together takes longer than a frame and would else be waited for at the first Send. */
export function rehearse(answer: Answer, cluster: Cluster): void {
  const { journey, glossary } = answer;
  if (rehearsed || journey.branches.length === 0) return;
  rehearsed = true;
  const timeline = buildTimeline(journey, 0, glossary);
  const { places, service } = touchedBy(answer, cluster);
  const atlas = buildAtlas(layoutCluster(cluster, { ...bareOptions, path: places, service }));
  if (timeline.moments.length > 0) buildSegments(timeline, buildRoutes(atlas, journey, 0, glossary, timeline));
}
