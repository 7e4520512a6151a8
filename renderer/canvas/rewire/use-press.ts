import { useStoreApi } from '@xyflow/react';
import { useEffect, useRef, type MouseEvent, type PointerEvent, type RefObject } from 'react';
import type { Cluster } from '../../../shared/model/types.ts';
import { at, type Point } from '../../scene/geometry.ts';
import type { Scene } from '../../scene/scene.ts';
import { mountCarrier } from '../canvas-view.ts';
import { dragKind, isTarget } from './gesture.ts';
import { useGesture } from './gesture-store.ts';
import { thingsAt } from './hit.ts';

/** A press that moves less than this is a click, in px. */
const slack = 6;

interface Place { readonly inFrame: Point; readonly things: readonly string[] }
/** Reads a pointer's place: px in the frame, and what of the scene lies under it. */
export type Locate = (event: { readonly clientX: number; readonly clientY: number }) => Place;

/** How a pointer's place on the window reads on the scene. */
export function useLocate(frame: RefObject<HTMLElement | null>, scene: Scene | null): Locate {
  const flow = useStoreApi();
  return ({ clientX, clientY }) => {
    const box = frame.current?.getBoundingClientRect();
    const inFrame = at(clientX - (box?.left ?? 0), clientY - (box?.top ?? 0));
    const [x, y, zoom] = flow.getState().transform;
    return { inFrame, things: scene === null ? [] : thingsAt(scene, at((inFrame.x - x) / zoom, (inFrame.y - y) / zoom)) };
  };
}

/** The click that ends a drag is no click. */
function swallowClick(): void {
  const stop = (event: Event): void => event.stopPropagation();
  window.addEventListener('click', stop, { capture: true, once: true });
  setTimeout(() => window.removeEventListener('click', stop, { capture: true }), 0);
}

function follow(start: Point, from: string, locate: Locate, cluster: Cluster): void {
  let dragging = false;
  const { begin, aim, finish, cancel } = useGesture.getState();
  const aimAt = (event: globalThis.PointerEvent): string | undefined => {
    const { inFrame, things } = locate(event);
    const { gesture } = useGesture.getState();
    const target = gesture === null ? undefined : things.find((id) => isTarget(gesture, id, cluster));
    aim(target ?? null, inFrame, cluster);
    return target;
  };
  const onMove = (event: globalThis.PointerEvent): void => {
    if (!dragging && Math.hypot(event.clientX - start.x, event.clientY - start.y) < slack) return;
    const now = useGesture.getState().gesture;
    const kind = now?.kind === 'wire' ? 'wire' : dragKind(from);
    if (!dragging && kind !== null) begin({ kind, from, how: 'drag' });
    if (!dragging && kind === null) return leave();
    dragging = true;
    if (useGesture.getState().gesture === null) return leave();
    aimAt(event);
  };
  const onUp = (event: globalThis.PointerEvent): void => {
    leave();
    if (!dragging) return;
    swallowClick();
    const target = aimAt(event);
    if (target === undefined) cancel();
    else finish(target, locate(event).inFrame, cluster);
  };
  const leave = (): void => {
    window.removeEventListener('pointermove', onMove);
    window.removeEventListener('pointerup', onUp);
    window.removeEventListener('pointercancel', onAway);
  };
  const onAway = (): void => {
    leave();
    cancel();
  };
  window.addEventListener('pointermove', onMove);
  window.addEventListener('pointerup', onUp);
  window.addEventListener('pointercancel', onAway);
}

interface Press { readonly onPointerDown: (event: PointerEvent) => void; readonly onMouseMove: (event: MouseEvent) => void }

/** Lets what is dragged from elsewhere in the window be let go here. */
function useCarrier(locate: Locate, cluster: Cluster | null): void {
  const latest = useRef({ locate, cluster });
  useEffect(() => { latest.current = { locate, cluster }; });
  useEffect(() => mountCarrier((thing, { clientX, clientY }) => {
    const now = latest.current;
    // it has moved far enough to be a drag already
    if (now.cluster !== null) follow(at(clientX - slack, clientY - slack), thing, now.locate, now.cluster);
  }), []);
}

/** Presses on things that become drags, and the aim of a gesture that goes on by clicks. */
export function usePress(locate: Locate, cluster: Cluster | null): Press {
  const choosing = useGesture((g) => g.gesture?.how === 'choose');
  useCarrier(locate, cluster);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const { gesture, menu, cancel } = useGesture.getState();
      if (event.key !== 'Escape' || gesture === null || menu !== null) return;
      event.preventDefault();
      event.stopPropagation();
      cancel();
    };
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, []);
  return {
    onPointerDown: (event) => {
      const id = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-thing]')?.dataset['thing'] : undefined;
      if (cluster === null || id === undefined || event.button !== 0) return;
      follow(at(event.clientX, event.clientY), id, locate, cluster);
    },
    onMouseMove: (event) => {
      if (!choosing || cluster === null) return;
      const { inFrame, things } = locate(event);
      const { gesture, aim } = useGesture.getState();
      aim(gesture === null ? null : (things.find((id) => isTarget(gesture, id, cluster)) ?? null), inFrame, cluster);
    },
  };
}
