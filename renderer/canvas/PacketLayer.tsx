import { useStoreApi } from '@xyflow/react';
import { useEffect, useRef, type ReactNode } from 'react';
import type { ProbeVerdict } from '../../shared/trace/types.ts';
import { playbackCursor } from '../playback/playback.ts';
import { calmCursor } from './calm-cursor.ts';
import { drawParcel, type ParcelColours } from './draw-parcel.ts';
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
