import { useStore } from 'zustand';
import { createFrameClock } from './clock.ts';
import { createPlayback, type Playback } from './create-playback.ts';
import { prefersCalm } from './prefers-calm.ts';

const { store, cursor } = createPlayback(createFrameClock(), prefersCalm);

/** The one player of the window: `playback.getState()`, `.subscribe()`; its actions are in the state. */
export const playback = store;

/** Where the packet is, in ms; changes every frame while something moves. */
export const playbackCursor = cursor;

const whole = (state: Playback): Playback => state;

/** The player's state in a component; it renders again when the chosen part changes, at most once a moment. */
export function usePlayback(): Playback;
export function usePlayback<T>(choose: (state: Playback) => T): T;
export function usePlayback(choose: (state: Playback) => unknown = whole): unknown {
  return useStore(store, choose);
}
