import { useStoreApi } from '@xyflow/react';
import { useEffect, useRef, type ReactNode } from 'react';
import type { ProbeVerdict } from '../../shared/trace/types.ts';
import { playbackCursor } from '../playback/playback.ts';
import { prefersCalm } from '../playback/prefers-calm.ts';
import { calmCursor } from './calm-cursor.ts';
import { drawParcel, type Parcel, type ParcelColours } from './draw-parcel.ts';
import { createStamps } from './parcel-stamps.ts';
import { parcelsAt } from './parcels.ts';
import { colourOf, fateOf } from '../theme/fate.ts';
import type { Act } from './use-stage.ts';

function coloursOf(element: Element, act: Act | null): ParcelColours {
  const style = getComputedStyle(element);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return { ink: read('--path'), surface: read('--surface'), header: read('--nat'), fate: read(act === null ? '--path' : fateVariable(act.timeline.verdict)) };
}

/** The custom property of a fate's line colour: `var(--drop)` without its wrapping. */
const fateVariable = (verdict: ProbeVerdict): string => colourOf(fateOf(verdict).hue).line.slice(4, -1);

/** Packets of several fates at once each wear their own. */
function coloursFor(element: Element, acts: readonly Act[]): ReadonlyMap<ProbeVerdict, ParcelColours> {
  const byVerdict = new Map(acts.map((act) => [act.timeline.verdict, act]));
  return new Map([...byVerdict].map(([verdict, act]) => [verdict, coloursOf(element, act)]));
}

interface Room { readonly width: number; readonly height: number; readonly ratio: number }

/** Gives the canvas as many pixels as its place on the screen has. Reads the layout: not for every frame. */
function fitCanvas(canvas: HTMLCanvasElement): Room {
  const ratio = window.devicePixelRatio || 1;
  const { clientWidth, clientHeight } = canvas;
  const [width, height] = [Math.round(clientWidth * ratio), Math.round(clientHeight * ratio)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  return { width: clientWidth, height: clientHeight, ratio };
}

/** More packets at once than this are stamped, not drawn one by one. */
const crowd = 24;
const isVisible = ({ at: { x, y } }: Parcel, width: number, height: number): boolean => x > -30 && y > -30 && x < width + 30 && y < height + 30;

/** The one canvas for packets, the last act's on top: drawn in screen space when the cursor or the view moves, never otherwise (STACK.md §2.3). */
export function PacketLayer({ acts }: { readonly acts: readonly Act[] }): ReactNode {
  const act = acts.at(-1) ?? null;
  const canvas = useRef<HTMLCanvasElement>(null);
  const flow = useStoreApi();
  useEffect(() => {
    const element = canvas.current;
    const g = element?.getContext('2d') ?? null;
    if (element === null || g === null) return undefined;
    let colours = coloursFor(element, acts);
    let stamp = createStamps(coloursOf(element, act), window.devicePixelRatio || 1);
    let room = fitCanvas(element);
    const paint = (): void => {
      g.setTransform(room.ratio, 0, 0, room.ratio, 0, 0);
      g.clearRect(0, 0, room.width, room.height);
      if (acts.length === 0) return;
      // stamps lie on whole pixels: nothing is to be smoothed
      g.imageSmoothingEnabled = acts.length <= crowd;
      const [ms, view, calm] = [playbackCursor.ms(), flow.getState().transform, prefersCalm()];
      for (const one of acts) {
        for (const parcel of parcelsAt(one, calmCursor(one.segments, ms, calm), view)) {
          if (!isVisible(parcel, room.width, room.height)) continue;
          if (acts.length > crowd) stamp(g, parcel);
          else drawParcel(g, parcel, colours.get(one.timeline.verdict) ?? coloursOf(element, one));
        }
      }
    };
    const themed = new MutationObserver(() => {
      colours = coloursFor(element, acts);
      stamp = createStamps(coloursOf(element, act), window.devicePixelRatio || 1);
      paint();
    });
    themed.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'data-motion'] });
    const sized = new ResizeObserver(() => {
      room = fitCanvas(element);
      paint();
    });
    sized.observe(element);
    paint();
    const leave = [playbackCursor.watch(paint), flow.subscribe((now, before) => { if (now.transform !== before.transform) paint(); })];
    return () => {
      themed.disconnect();
      sized.disconnect();
      for (const stop of leave) stop();
    };
  }, [acts, act, flow]);
  return <canvas ref={canvas} className="packets" aria-hidden="true" />;
}
