import { useStore } from 'zustand';
import { createFrameClock } from '../playback/clock.ts';
import { usePlayback } from '../playback/playback.ts';
import { prefersCalm } from '../playback/prefers-calm.ts';
import { useLayout } from '../state/layout.ts';
import { currentHost, useWorld } from '../state/use-world.ts';
import { createTraffic, type TrafficState } from './create-traffic.ts';

const { store, controls, stage } = createTraffic({ engine: () => currentHost().engine, clock: createFrameClock(), calm: prefersCalm, speed: () => usePlayback.getState().speed });

/** Virtual time and what is on the map; changes every frame while traffic flows. */
export const trafficStage = stage;
export const trafficControls = controls;

/** The one traffic of the window. In a component it renders again when the chosen part changes; elsewhere `useTraffic.getState()`. */
export const useTraffic = Object.assign(<T>(choose: (state: TrafficState) => T): T => useStore(store, choose), { getState: store.getState, subscribe: store.subscribe });

/** What made each revision, in words, for the moments where a chart's shares begin anew. */
const changes = new Map<number, string>();
export const changeOf = (revision: number): string => changes.get(revision) ?? 'The cluster changed';

// another cluster has other pairs; an edit of this one is a moment of the traffic
useWorld.subscribe((now, before) => {
  if (now.opened === before.opened) return;
  if (now.opened === null || now.changed === 'opened') {
    changes.clear();
    if (store.getState().pairs.length > 0) controls.clear();
    // what was opened has something to say for itself first
    if (before.opened !== null) useLayout.getState().change({ trafficOpen: false });
  } else {
    const { notice } = now;
    changes.set(now.opened.revision, notice === null ? 'The cluster changed' : notice.how === 'undone' ? `Undone: ${notice.title}` : notice.title);
  }
});

/** Starts what is not flowing (with the question of the bar where there is no pair yet), pauses what is. */
export function toggleTraffic(): void {
  const { status, pairs } = store.getState();
  if (status === 'flowing') return controls.pause();
  if (pairs.length === 0) controls.add(useWorld.getState().request);
  controls.start();
}
