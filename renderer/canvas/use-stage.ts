import { useMemo } from 'react';
import type { Answer } from '../../shared/api/shapes.ts';
import type { Cluster } from '../../shared/model/types.ts';
import { layoutCluster } from '../scene/layout.ts';
import { buildRoutes, type Routes } from '../scene/paths.ts';
import { buildAtlas, type Atlas } from '../scene/routing.ts';
import type { Scene } from '../scene/scene.ts';
import { buildSegments, type Segment } from '../scene/segments.ts';
import { nothingTouched, touchedBy, type Touched } from '../scene/touched.ts';
import type { Timeline } from '../scene/types.ts';
import type { Arrangement } from './use-arrangement.ts';

export interface Size { readonly width: number; readonly height: number }

/** What a request puts on the stage. */
export interface Act { readonly answer: Answer; readonly branch: number; readonly timeline: Timeline; readonly routes: Routes; readonly segments: readonly Segment[]; /** Written on its parcel where several packets travel at once. */ readonly mark?: string }

export interface Stage {
  readonly scene: Scene;
  readonly atlas: Atlas;
  readonly touched: Touched;
  readonly act: Act | null;
  /** The zoom at which the scene was laid out to fill the room. */
  readonly scale: number;
}

/** The size the picture is drawn for at scale 1, and the most it grows before it shows more (LOOKS.md "Sizes"). */
const drawnFor: Size = { width: 900, height: 650 };
const mostScale = 1.33;

/** How much larger than drawn the stage shows the picture. A projector's picture is larger still and leaves things out instead. */
export function scaleFor({ width, height }: Size, projector: boolean): number {
  const scale = Math.max(1, Math.min(mostScale, width / drawnFor.width, height / drawnFor.height));
  return projector ? Math.max(1.5, scale * 1.45) : scale;
}

interface Given { readonly cluster: Cluster | null; readonly answer: Answer | null; readonly branch: number; readonly timeline: Timeline | null; readonly size: Size; readonly unfolded: ReadonlySet<string>; readonly arrangement: Arrangement; readonly projector: boolean; /** Only what the request touches is drawn. */ readonly focused: boolean }

/** Lays out the cluster for this stage and the answer's lines over it; computed again only when one of these changes. */
export function useStage({ cluster, answer, branch, timeline, size, unfolded, arrangement, projector, focused }: Given): Stage | null {
  const { width, height } = size;
  const touched = useMemo(() => (answer === null || cluster === null ? nothingTouched : touchedBy(answer, cluster)), [answer, cluster]);
  const laid = useMemo(() => {
    if (cluster === null || width === 0 || height === 0) return null;
    const scale = scaleFor({ width, height }, projector);
    const options = { width: width / scale, height: height / scale, path: touched.places, service: touched.service, unfolded, ...arrangement, pathOnly: (projector || focused) && touched.places.size > 0, large: projector };
    const first = layoutCluster(cluster, options);
    // a picture taller than the stage will be seen from further away: then it may be as wide as it looks from there
    const far = Math.min(1.9, first.height / options.height);
    const scene = far > 1.02 && first.density === 'rows' ? layoutCluster(cluster, { ...options, width: options.width * far }) : first;
    return { scene, atlas: buildAtlas(scene), scale };
  }, [cluster, width, height, touched, unfolded, arrangement, projector, focused]);
  const act = useMemo((): Act | null => {
    if (laid === null || answer === null || timeline === null || timeline.moments.length === 0) return null;
    const routes = buildRoutes(laid.atlas, answer.journey, branch, answer.glossary, timeline);
    // a picture that shows none of the places has nowhere to put a packet
    if (routes.forward.curve.points.length === 0) return null;
    return { answer, branch, timeline, routes, segments: buildSegments(timeline, routes) };
  }, [laid, answer, branch, timeline]);
  return useMemo(() => (laid === null ? null : { ...laid, touched, act }), [laid, touched, act]);
}
