import { useStore } from 'zustand';
import type { Timeline } from '../scene/types.ts';
import { createFrameClock } from './clock.ts';
import { createPlayback, type Playback } from './create-playback.ts';
import { prefersCalm } from './prefers-calm.ts';

const { store, cursor } = createPlayback(createFrameClock(), prefersCalm);

/** Where the packet is, in ms; changes every frame while something moves. */
export const playbackCursor = cursor;

const whole = (state: Playback): Playback => state;

function usePlaybackState(): Playback;
function usePlaybackState<T>(choose: (state: Playback) => T): T;
function usePlaybackState(choose: (state: Playback) => unknown = whole): unknown {
  return useStore(store, choose);
}

/** The one player of the window. In a component it renders again when the chosen part changes, at most once a moment; elsewhere `usePlayback.getState().play()`. */
export const usePlayback = Object.assign(usePlaybackState, { getState: store.getState, subscribe: store.subscribe });

/** The moment at which this timeline stands, as an index; one that is no longer on stage stands at its end. */
export const useMomentOf = (timeline: Timeline): number => usePlaybackState((p) => (p.timeline === timeline ? p.moment : timeline.moments.length - 1));
