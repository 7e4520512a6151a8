import type { MouseEvent } from 'react';
import { useInside } from '../node-inside/inside-store.ts';
import type { Point } from '../scene/geometry.ts';
import { labelOf } from '../scene/labels.ts';
import { useWorld } from '../state/use-world.ts';
import { isTarget } from './rewire/gesture.ts';
import { useGesture } from './rewire/gesture-store.ts';
import { isEnd } from './things.ts';
import type { Locate } from './rewire/use-press.ts';

const thingUnder = ({ target }: MouseEvent): HTMLElement | null => (target instanceof Element ? target.closest<HTMLElement>('[data-thing], [data-unfold]') : null);

/** Just below an element, px in the frame. */
export function placeUnder(target: EventTarget, locate: Locate): Point {
  const box = target instanceof Element ? target.getBoundingClientRect() : { left: 0, bottom: 0 };
  return locate({ clientX: box.left, clientY: box.bottom + 4 }).inFrame;
}

/** A click while a gesture asks for its target; answers whether there was one. Enter on a focused thing is a click without a place. */
function finishGesture(event: MouseEvent, thing: string | undefined, locate: Locate): boolean {
  const { gesture, finish } = useGesture.getState();
  const cluster = useWorld.getState().opened?.cluster;
  if (gesture === null || cluster === undefined) return false;
  const { inFrame, things } = locate(event);
  const byKey = event.detail === 0;
  const chosen = byKey || gesture.from === '' ? thing : things.find((id) => isTarget(gesture, id, cluster));
  if (chosen !== undefined) finish(chosen, byKey ? placeUnder(event.target, locate) : inFrame, cluster);
  return true;
}

interface PointerHandlers {
  readonly onClick: (event: MouseEvent) => void;
  readonly onMouseOver: (event: MouseEvent) => void;
  readonly onMouseLeave: () => void;
  readonly onContextMenu: (event: MouseEvent) => void;
  readonly onDoubleClick: (event: MouseEvent) => void;
}

/** Clicks choose, select or unfold; the right button opens a thing's menu; a double click on a node goes inside; the pointer lifts what it is over. */
export function usePointer(toggle: (id: string) => void, locate: Locate): PointerHandlers {
  const { pick, chooseDestination, hover } = useWorld((w) => w.actions);
  const thingOf = (event: MouseEvent): string | undefined => thingUnder(event)?.dataset['thing'] ?? locate(event).things[0];
  return {
    onClick: (event) => {
      const { thing, unfold } = thingUnder(event)?.dataset ?? {};
      // a count unfolds also while a gesture asks for its target, which may be behind it
      if (unfold !== undefined && (thing === undefined || useGesture.getState().gesture === null)) return toggle(unfold);
      if (finishGesture(event, thing, locate)) return;
      if (thing === undefined) return;
      if (!isEnd(thing)) useWorld.getState().actions.select({ kind: 'thing', id: thing });
      else if (event.shiftKey) chooseDestination(thing);
      else pick(thing);
    },
    onMouseOver: (event) => {
      const id = thingUnder(event)?.dataset['thing'] ?? null;
      if (id !== useWorld.getState().hovered) hover(id);
    },
    onMouseLeave: () => hover(null),
    onContextMenu: (event) => {
      const id = thingOf(event);
      if (id === undefined || id.startsWith('group/')) return;
      event.preventDefault();
      useGesture.getState().openMenu({ kind: 'commands', at: locate(event).inFrame, about: id, label: labelOf(id), choices: [] });
    },
    onDoubleClick: (event) => {
      const id = thingOf(event);
      if (id?.startsWith('node/') !== true) return;
      // the first click of the two selected it; with a packet on stage its trace is what goes with the inside
      if (useWorld.getState().answer !== null) useWorld.getState().actions.select(null);
      useInside.getState().enter(id);
    },
  };
}
