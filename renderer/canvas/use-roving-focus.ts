import { createContext, useEffect, useState, type FocusEvent, type KeyboardEvent, type RefObject } from 'react';
import { canvasView, mountGoTo } from './canvas-view.ts';
import { neighbourOf, type Direction, type Thing } from './things.ts';

/** The id of the one thing that Tab reaches. */
export const TabStop = createContext('');

const directions: Readonly<Record<string, Direction>> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' };

const zooms: Readonly<Record<string, () => void>> = { '+': canvasView.zoomIn, '=': canvasView.zoomIn, '-': canvasView.zoomOut, '0': canvasView.fit };

interface Actions { readonly source: (id: string) => void; readonly destination: (id: string) => void; readonly leave: () => void; readonly hover: (id: string | null) => void; readonly reveal: (thing: Thing) => void; /** Any other key on a thing; answers whether it meant something. */ readonly other: (event: KeyboardEvent, id: string) => boolean }
interface Roving { readonly stop: string; readonly onKeyDown: (event: KeyboardEvent) => void; readonly onFocus: (event: FocusEvent) => void }

const thingOf = (target: EventTarget): string | null => (target instanceof Element ? (target.closest<HTMLElement>('[data-thing]')?.dataset['thing'] ?? null) : null);

/** One tab stop for all things: arrows move by geometry, Home and End to the ends; S and D name source and destination; +, − and 0 zoom. */
export function useRovingFocus(frame: RefObject<HTMLDivElement | null>, things: readonly Thing[], { source, destination, leave, hover, reveal, other }: Actions): Roving {
  const [current, setCurrent] = useState('');
  const stop = things.some((t) => t.id === current) ? current : (things[0]?.id ?? '');
  const go = (id: string): void => {
    setCurrent(id);
    const found = [...(frame.current?.querySelectorAll<HTMLElement>('[data-thing]') ?? [])].find((e) => e.dataset['thing'] === id);
    found?.focus({ preventScroll: true });
    const thing = things.find((t) => t.id === id);
    if (thing !== undefined) reveal(thing);
  };
  useEffect(() => mountGoTo(go));
  const onKeyDown = (event: KeyboardEvent): void => {
    const id = thingOf(event.target);
    if (id === null || event.ctrlKey || event.metaKey) return;
    if (event.altKey && !other(event, id)) return;
    const direction = directions[event.key];
    const key = event.key.toLowerCase();
    if (event.altKey || other(event, id)) {
      // done
    } else if (direction !== undefined) go(neighbourOf(things, id, direction));
    else if (event.key === 'Home') go(things[0]?.id ?? id);
    else if (event.key === 'End') go(things.at(-1)?.id ?? id);
    else if (event.key === 'Escape') leave();
    else if (zooms[event.key] !== undefined) zooms[event.key]?.();
    else if (key === 's') source(id);
    else if (key === 'd') destination(id);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onFocus = (event: FocusEvent): void => {
    const id = thingOf(event.target);
    if (id === null) return;
    setCurrent(id);
    hover(id);
  };
  return { stop, onKeyDown, onFocus };
}
