import { useStoreApi } from '@xyflow/react';
import { useEffect, useRef, type ReactNode } from 'react';
import type { ProbeVerdict } from '../../shared/trace/types.ts';
import { playbackCursor } from '../playback/playback.ts';
import { at, pointAlong, type Point } from '../scene/geometry.ts';
import { packetAt, type PacketState } from '../scene/segments.ts';
import type { Moment } from '../scene/types.ts';
import { drawParcel, type Parcel, type ParcelColours } from './draw-parcel.ts';
import { calmCursor } from './PathLines.tsx';
import { colourOf, fateOf } from '../theme/fate.ts';
import type { Act } from './use-stage.ts';

type View = readonly [number, number, number];
const toScreen = ({ x, y }: Point, [dx, dy, zoom]: View): Point => at(x * zoom + dx, y * zoom + dy);

/** A parcel keeps about its size under zoom. */
const parcelScale = (zoom: number): number => Math.max(0.8, Math.min(1.4, zoom));

/** Ghosts of the other branches leave with the packet for their first 40 px, sized by their odds. */
function ghosts(act: Act, state: PacketState, moment: Moment | undefined, view: View): readonly Parcel[] {
  if (moment?.kind !== 'choice' || state.phase === 'travel') return [];
  return act.routes.others.map(({ branch, curve }) => {
    const odds = act.answer.journey.branches[branch]?.odds;
    const share = odds === undefined ? 0.3 : Number(odds.num) / Number(odds.den);
    return { at: toScreen(pointAlong(curve, 40 * state.progress), view), scale: parcelScale(view[2]) * (0.5 + share * 0.5), heading: -1, rewritten: false, wrapped: false, spent: false, opacity: (1 - state.progress) * 0.7 };
  });
}

const stops = new Set(['dropped', 'timeout', 'unreachable', 'refused']);

/** The parcels to draw at a cursor (ms). */
export function parcelsAt(act: Act, ms: number, view: View): readonly Parcel[] {
  const state = packetAt(act.segments, ms);
  if (state === null) return [];
  const { moments, verdict } = act.timeline;
  const moment = moments[state.moment];
  const ended = state.phase === 'end';
  // what came back has arrived; only a packet that got stuck stays where it is
  if (ended && (verdict === 'delivered' || state.direction === 'reply')) return [];
  const rewrites = moments.filter((m) => m.kind === 'rewrite' && m.direction === state.direction && m.index <= state.moment);
  const last = rewrites.at(-1);
  const rewritten = last !== undefined && (last.index < state.moment || state.phase !== 'travel');
  const wrapped = moment?.packet.outer !== undefined && !(moment.kind === 'encap' && state.phase === 'travel');
  const main: Parcel = {
    at: toScreen(state.at, view), scale: parcelScale(view[2]), heading: state.heading === 0 ? (state.direction === 'forward' ? -1 : 1) : state.heading, rewritten, wrapped,
    spent: ended && stops.has(verdict), opacity: 1,
  };
  return [...ghosts(act, state, moment, view), main];
}

function coloursOf(element: Element, act: Act | null): ParcelColours {
  const style = getComputedStyle(element);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return { ink: read('--path'), surface: read('--surface'), header: read('--nat'), fate: read(act === null ? '--path' : fateVariable(act.timeline.verdict)) };
}

/** The custom property of a fate's line colour: `var(--drop)` without its wrapping. */
const fateVariable = (verdict: ProbeVerdict): string => colourOf(fateOf(verdict).hue).line.slice(4, -1);

function fitCanvas(canvas: HTMLCanvasElement): number {
  const ratio = window.devicePixelRatio || 1;
  const [width, height] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  return ratio;
}

/** The one canvas for packets: drawn in screen space when the cursor or the view moves, never otherwise (STACK.md §2.3). */
export function PacketLayer({ act }: { readonly act: Act | null }): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const flow = useStoreApi();
  useEffect(() => {
    const element = canvas.current;
    const g = element?.getContext('2d') ?? null;
    if (element === null || g === null) return undefined;
    let colours = coloursOf(element, act);
    const paint = (): void => {
      const ratio = fitCanvas(element);
      g.setTransform(ratio, 0, 0, ratio, 0, 0);
      g.clearRect(0, 0, element.clientWidth, element.clientHeight);
      if (act === null) return;
      for (const parcel of parcelsAt(act, calmCursor(act.segments, playbackCursor.ms()), flow.getState().transform)) drawParcel(g, parcel, colours);
    };
    const themed = new MutationObserver(() => {
      colours = coloursOf(element, act);
      paint();
    });
    themed.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'data-motion'] });
    const sized = new ResizeObserver(paint);
    sized.observe(element);
    paint();
    const leave = [playbackCursor.watch(paint), flow.subscribe((now, before) => { if (now.transform !== before.transform) paint(); })];
    return () => {
      themed.disconnect();
      sized.disconnect();
      for (const stop of leave) stop();
    };
  }, [act, flow]);
  return <canvas ref={canvas} className="packets" aria-hidden="true" />;
}
