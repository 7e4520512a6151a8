import { useReactFlow, useStoreApi } from '@xyflow/react';
import { useCallback, useEffect, useRef, type RefObject } from 'react';
import { bottomOf, rightOf, type Rect } from '../scene/geometry.ts';
import type { Scene } from '../scene/scene.ts';
import { mountCanvasView } from './canvas-view.ts';
import type { Size } from './use-stage.ts';

export const zoomRange = { min: 0.1, max: 4 } as const;

/** The view that shows the whole scene, centred, no larger than it was drawn for. */
export function fittingView(scene: Pick<Scene, 'width' | 'height'>, size: Size, scale: number): { readonly x: number; readonly y: number; readonly zoom: number } {
  const zoom = Math.max(zoomRange.min, Math.min(scale, size.width / scene.width, size.height / scene.height));
  return { x: (size.width - scene.width * zoom) / 2, y: Math.max(0, (size.height - scene.height * zoom) / 2), zoom };
}

/** How much larger words are drawn than written: never seen smaller than `least` times their size, nor larger than the stage's scale; what has no room then is left out. */
export function textFactor(zoom: number, least: number, scale: number): number {
  const most = Math.max(1.34, least, scale);
  return zoom < least ? least / zoom : zoom > most ? most / zoom : 1;
}

/** The factor while a zoom moves: each new one styles and lays out every box again (15 ms at 3,000), so the shown one stays as long as no word is too small and none more than a tenth too large. */
export const movingFactor = (shown: number, exact: number): number => (shown >= exact && shown <= exact * 1.1 ? shown : exact * 1.05);
export const nearness = (zoom: number): 'near' | 'mid' | 'far' => (zoom >= 0.78 ? 'near' : zoom >= 0.5 ? 'mid' : 'far');

interface View { readonly holdView: () => void; readonly reveal: (rect: Rect) => void }

/** How far the view must move along one axis to show what lies between low and high of a stage this long. */
export function nudge(low: number, high: number, length: number): number {
  const room = 24;
  if (high - low > length - room * 2 || low < room) return room - low;
  return high > length - room ? length - room - high : 0;
}

/** ms without a change of zoom after which words have exactly their size. */
const settled = 150;

/** Gives words their factor: exactly for a single change and once a zoom has settled, in steps while it moves. */
function wordSizer(frame: RefObject<HTMLElement | null>): { readonly follow: (exact: number) => void; readonly stop: () => void } {
  let [shown, wanted] = [0, 0];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const show = (factor: number): void => {
    if (factor !== shown) frame.current?.style.setProperty('--f', factor.toFixed(4));
    shown = factor;
  };
  const settle = (): void => {
    timer = undefined;
    show(wanted);
  };
  return {
    follow: (exact) => {
      if (exact === wanted) return;
      wanted = exact;
      show(timer === undefined ? exact : movingFactor(shown, exact));
      clearTimeout(timer);
      timer = setTimeout(settle, settled);
    },
    stop: () => clearTimeout(timer),
  };
}

/** Lets the rest of the window move this view. */
function useMountedView(frame: RefObject<HTMLDivElement | null>, held: RefObject<boolean>, fit: () => void): void {
  const { zoomIn, zoomOut, zoomTo } = useReactFlow();
  useEffect(() => mountCanvasView({
    zoomIn: () => { held.current = true; void zoomIn({ duration: 160 }); },
    zoomOut: () => { held.current = true; void zoomOut({ duration: 160 }); },
    actualSize: () => { held.current = true; void zoomTo(1, { duration: 160 }); },
    fit,
    focus: () => frame.current?.querySelector<HTMLElement>('[data-thing][tabindex="0"]')?.focus(),
  }), [fit, frame, held, zoomIn, zoomOut, zoomTo]);
}

/** Fits the scene whenever it changes shape, until the person takes the view into their own hands; `fit` gives it back. */
export function useView(frame: RefObject<HTMLDivElement | null>, scene: Scene | null, size: Size, { scale, least }: { readonly scale: number; readonly least: number }, occasion: unknown): View {
  const { setViewport } = useReactFlow();
  const flow = useStoreApi();
  const held = useRef(false);
  const seen = useRef(occasion);
  const fitNow = useCallback(() => {
    if (scene !== null && size.width > 0) void setViewport(fittingView(scene, size, scale));
  }, [scene, size, scale, setViewport]);
  useEffect(() => {
    if (seen.current !== occasion) held.current = false;
    seen.current = occasion;
    if (!held.current) fitNow();
  }, [fitNow, occasion]);
  useEffect(() => {
    const words = wordSizer(frame);
    const tell = ([, , zoom]: readonly [number, number, number]): void => {
      words.follow(textFactor(zoom, least, scale));
      frame.current?.setAttribute('data-near', nearness(zoom));
    };
    tell(flow.getState().transform);
    const leave = flow.subscribe((now, before) => { if (now.transform !== before.transform) tell(now.transform); });
    return () => {
      leave();
      words.stop();
    };
  }, [flow, frame, least, scale]);
  const fit = useCallback(() => {
    held.current = false;
    fitNow();
  }, [fitNow]);
  const holdView = useCallback(() => { held.current = true; }, []);
  useMountedView(frame, held, fit);
  const reveal = useCallback((rect: Rect) => {
    const [x, y, zoom] = flow.getState().transform;
    const dx = nudge(rect.x * zoom + x, rightOf(rect) * zoom + x, size.width);
    const dy = nudge(rect.y * zoom + y, bottomOf(rect) * zoom + y, size.height);
    // what a fitted view shows stays where it is
    if (held.current && (dx !== 0 || dy !== 0)) void setViewport({ x: x + dx, y: y + dy, zoom });
  }, [flow, size, setViewport]);
  return { holdView, reveal };
}
