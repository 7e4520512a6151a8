import { useLayoutEffect, useRef, type ReactNode } from 'react';
import { playbackCursor } from '../playback/playback.ts';
import { sliceOf, toPathData, type Curve } from '../scene/geometry.ts';
import { closedAt, travelledAt, travelledOn } from '../scene/segments.ts';
import type { Scene } from '../scene/scene.ts';
import { colourOf, fateOf } from '../theme/fate.ts';
import { layers } from './build-boxes.ts';
import { calmCursor } from './calm-cursor.ts';
import type { Act } from './use-stage.ts';

/** A line that nobody decided about thins out over its last 48 px, in this many pieces. */
const fading = { length: 48, pieces: 6 };

/** How far the fate's colour has run back along the line, 0 to 1. */
function fatedShare({ segments, timeline }: Act, ms: number): number {
  const last = segments.at(-1);
  if (last === undefined || last.kind !== 'fate' || timeline.verdict === 'unmodelled') return 0;
  return Math.max(0, Math.min(1, (ms - last.start) / 280));
}

/** A worn sleeve grows from both its ends and meets in the middle. */
function drawSleeves(root: SVGGElement, { routes, segments }: Act, ms: number): void {
  routes.sleeves.forEach(({ curve, worn }, i) => {
    const half = (closedAt(segments, worn, ms) * curve.length) / 2;
    const d = `${toPathData(sliceOf(curve, 0, half))}${toPathData(sliceOf(curve, curve.length - half, curve.length))}`;
    for (const path of root.querySelectorAll(`[data-sleeve="${i}"]`)) path.setAttribute('d', d);
  });
}

function drawLines(root: SVGGElement, act: Act, ms: number, fate: string): void {
  const { forward, reply } = act.routes;
  const gone = travelledAt(act.segments, ms);
  const share = fatedShare(act, ms);
  const fated = gone.forward * (1 - share);
  const { fades } = fateOf(act.timeline.verdict);
  const set = (name: string, curve: Curve | undefined, from: number, to: number): void => {
    root.querySelector(`[data-line="${name}"]`)?.setAttribute('d', curve === undefined ? '' : toPathData(sliceOf(curve, from, to)));
  };
  drawSleeves(root, act, ms);
  set('gone', forward.curve, 0, share > 0 ? fated : gone.forward);
  const solid = fades ? Math.max(fated, gone.forward - fading.length) : gone.forward;
  set('fated', forward.curve, fated, share > 0 ? solid : fated);
  for (let i = 0; i < fading.pieces; i++) {
    const [from, to] = [i, i + 1].map((n) => gone.forward - fading.length + (fading.length * n) / fading.pieces) as [number, number];
    set(`fade${i}`, forward.curve, Math.max(fated, from), fades && share > 0 ? to : Math.max(fated, from));
  }
  for (const { leg, forward: there } of act.routes.earlier) set(`leg${leg}`, there.curve, 0, travelledOn(act.segments, there, ms));
  set('ahead', forward.curve, gone.forward, forward.curve.length);
  root.querySelector<SVGPathElement>('.back')?.style.setProperty('stroke', share > 0 ? fate : 'var(--path)');
  set('back', reply?.curve, 0, act.routes.returnsSameWay ? 0 : gone.reply);
}

/** A branch that is likelier is wider: 1.25 px for the least, 3 px for one that is nearly certain. */
function widthOf({ answer }: Act, branch: number): number {
  const odds = answer.journey.branches[branch]?.odds;
  return 1.25 + 1.75 * (odds === undefined ? 0 : Number(odds.num) / Number(odds.den));
}

/** The lines of the request: other branches, the chosen way ahead and travelled, sleeves, and the fate that colours it from its end. */
export function PathLines({ act, scene }: { readonly act: Act; readonly scene: Scene }): ReactNode {
  const root = useRef<SVGGElement>(null);
  const { hue, dash } = fateOf(act.timeline.verdict);
  const { line } = colourOf(hue);
  // the frame that shows the act shows its lines
  useLayoutEffect(() => {
    const paint = (ms: number): void => {
      if (root.current !== null) drawLines(root.current, act, calmCursor(act.segments, ms), line);
    };
    paint(playbackCursor.ms());
    return playbackCursor.watch(paint);
  }, [act, line]);
  const { routes } = act;
  return (
    <svg className="path-lines" width={scene.width} height={scene.height} style={{ zIndex: layers.lines }} aria-hidden="true">
      {routes.others.map(({ branch, curve }) => <path key={branch} className="branch" style={{ strokeWidth: widthOf(act, branch) }} d={toPathData(curve.points)} />)}
      {routes.sleeves.map(({ curve }, i) => <g key={i} className="sleeve"><path d={toPathData(curve.points)} /><path d={toPathData(curve.points)} /></g>)}
      <g ref={root}>
        {routes.sleeves.map(({ kind }, i) => <g key={i} className="sleeve worn" data-kind={kind}><path data-sleeve={i} /><path data-sleeve={i} /></g>)}
        {routes.earlier.map(({ leg, kind, forward }) => (
          <g key={leg} className="earlier-leg" data-kind={kind}><path className="way" d={toPathData(forward.curve.points)} /><path className="gone-way" data-line={`leg${leg}`} /></g>
        ))}
        <path className="ahead" data-line="ahead" />
        <path className="gone back" data-line="back" />
        <path className="gone" data-line="gone" />
        <path className="fated" data-line="fated" style={{ stroke: line }} strokeDasharray={dash.join(' ')} />
        {Array.from({ length: fading.pieces }, (_, i) => <path key={i} className="fated" data-line={`fade${i}`} style={{ stroke: line, opacity: 1 - (i + 0.5) / fading.pieces }} strokeDasharray={dash.join(' ')} />)}
      </g>
    </svg>
  );
}
