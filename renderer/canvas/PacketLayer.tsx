import { useStoreApi } from '@xyflow/react';
import { useEffect, useRef, type ReactNode } from 'react';
import type { ProbeVerdict } from '../../shared/trace/types.ts';
import { playbackCursor } from '../playback/playback.ts';
import { prefersCalm } from '../playback/prefers-calm.ts';
import { calmCursor } from './calm-cursor.ts';
import { drawParcel, type Parcel, type ParcelColours } from './draw-parcel.ts';
import { keepPainted } from './keep-painted.ts';
import { blockSize, createBlocks } from './parcel-blocks.ts';
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

/** How much of the screen's fineness a canvas has: that of its pixels, or of blocks for a large crowd. */
const finenessOf = (count: number): number => (window.devicePixelRatio || 1) / (count > largeCrowd ? blockSize : 1);

/** Gives the canvas as many pixels as its place on the screen has, at a fineness of `ratio` for each CSS px. Reads the layout: not for every frame. */
function fitCanvas(canvas: HTMLCanvasElement, ratio: number): Room {
  const { clientWidth, clientHeight } = canvas;
  const [width, height] = [Math.round(clientWidth * ratio), Math.round(clientHeight * ratio)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  return { width: clientWidth, height: clientHeight, ratio };
}

/** More packets at once than this are stamped, not drawn one by one. */
const crowd = 24;
/** More than this are blocks on a coarser canvas: the frame's cost is that of its pixels (bench/canvas.ts). */
const largeCrowd = 400;
const isVisible = ({ at: { x, y } }: Parcel, width: number, height: number): boolean => x > -30 && y > -30 && x < width + 30 && y < height + 30;

interface Brush {
  readonly draw: (parcel: Parcel, verdict: ProbeVerdict) => void;
  /** To call when every parcel of a frame was given. */
  readonly done: () => void;
}

/** A few parcels are drawn in full, many are stamped, a large crowd is blocks. Reads the colours of the theme. */
function createBrush(element: Element, g: CanvasRenderingContext2D, acts: readonly Act[]): Brush {
  const colours = coloursFor(element, acts);
  const plain = coloursOf(element, acts.at(-1) ?? null);
  const of = (verdict: ProbeVerdict): ParcelColours => colours.get(verdict) ?? plain;
  if (acts.length > largeCrowd) {
    const blocks = createBlocks(finenessOf(acts.length));
    return {
      draw: (parcel, verdict) => blocks.add(parcel, of(verdict)),
      done: () => {
        g.resetTransform();
        blocks.draw(g);
      },
    };
  }
  const stamp = createStamps(plain, window.devicePixelRatio || 1);
  return { draw: acts.length > crowd ? (parcel) => stamp(g, parcel) : (parcel, verdict) => drawParcel(g, parcel, of(verdict)), done: () => undefined };
}

/** The one canvas for packets, the last act's on top: drawn in screen space when the cursor or the view moves, never otherwise (STACK.md §2.3). */
export function PacketLayer({ acts }: { readonly acts: readonly Act[] }): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const flow = useStoreApi();
  useEffect(() => {
    const element = canvas.current;
    const g = element?.getContext('2d') ?? null;
    if (element === null || g === null) return undefined;
    const fineness = finenessOf(acts.length);
    let brush = createBrush(element, g, acts);
    let room = fitCanvas(element, fineness);
    const paint = (): void => {
      g.setTransform(room.ratio, 0, 0, room.ratio, 0, 0);
      g.clearRect(0, 0, room.width, room.height);
      if (acts.length === 0) return;
      // stamps lie on whole pixels: nothing is to be smoothed
      g.imageSmoothingEnabled = acts.length <= crowd;
      const [ms, view, calm] = [playbackCursor.ms(), flow.getState().transform, prefersCalm()];
      for (const one of acts) {
        for (const parcel of parcelsAt(one, calmCursor(one.segments, ms, calm), view)) {
          if (isVisible(parcel, room.width, room.height)) brush.draw(parcel, one.timeline.verdict);
        }
      }
      brush.done();
    };
    return keepPainted(element, flow, {
      paint,
      dress: () => { brush = createBrush(element, g, acts); },
      fit: () => { room = fitCanvas(element, fineness); },
      watch: (hear) => playbackCursor.watch(hear),
    });
  }, [acts, flow]);
  return <canvas ref={canvas} className="packets" data-blocks={acts.length > largeCrowd ? '' : undefined} aria-hidden="true" />;
}
