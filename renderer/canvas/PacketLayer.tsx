import { useStoreApi } from '@xyflow/react';
import { useEffect, useRef, type ReactNode } from 'react';
import type { ProbeVerdict } from '../../shared/trace/types.ts';
import { playbackCursor } from '../playback/playback.ts';
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

function fitCanvas(canvas: HTMLCanvasElement): number {
  const ratio = window.devicePixelRatio || 1;
  const [width, height] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  return ratio;
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
    let colours = coloursOf(element, act);
    let stamp = createStamps(colours, window.devicePixelRatio || 1);
    const paint = (): void => {
      const ratio = fitCanvas(element);
      g.setTransform(ratio, 0, 0, ratio, 0, 0);
      g.clearRect(0, 0, element.clientWidth, element.clientHeight);
      const [ms, view] = [playbackCursor.ms(), flow.getState().transform];
      for (const one of acts) {
        for (const parcel of parcelsAt(one, calmCursor(one.segments, ms), view)) {
          if (!isVisible(parcel, element.clientWidth, element.clientHeight)) continue;
          if (acts.length > crowd) stamp(g, parcel);
          else drawParcel(g, parcel, colours);
        }
      }
    };
    const themed = new MutationObserver(() => {
      colours = coloursOf(element, act);
      stamp = createStamps(colours, window.devicePixelRatio || 1);
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
  }, [acts, act, flow]);
  return <canvas ref={canvas} className="packets" aria-hidden="true" />;
}
