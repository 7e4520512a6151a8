import { useSyncExternalStore } from 'react';
import type { Answer } from '../../shared/api/shapes.ts';
import type { Timeline } from '../scene/types.ts';
import type { PlaybackStatus } from './machine.ts';

/** A packet that was under way when the next was sent: it goes on beside it, in a lane of its own. */
export interface Companion {
  /** Which packet of the session. */
  readonly id: number;
  readonly answer: Answer;
  readonly branch: number;
  readonly timeline: Timeline;
  /** ms of its own timeline at which the packet on stage began: it is always this much further than the cursor. */
  readonly base: number;
}

/** So many packets at once beside the newest; of more the oldest leave the stage. */
export const mostCompanions = 8;

const nobody: readonly Companion[] = [];
let kept: { readonly of: Timeline | null; readonly all: readonly Companion[] } = { of: null, all: nobody };
const hearers = new Set<() => void>();

/** What goes on beside this timeline; nothing once another one is loaded. */
export const companionsOf = (timeline: Timeline | null): readonly Companion[] => (timeline !== null && kept.of === timeline ? kept.all : nobody);

/** Puts these beside a timeline that begins now. */
export function keepCompanions(of: Timeline, all: readonly Companion[]): void {
  kept = { of, all };
  for (const hear of hearers) hear();
}

const watch = (hear: () => void): (() => void) => {
  hearers.add(hear);
  return () => hearers.delete(hear);
};

/** The same in a component. */
export const useCompanions = (timeline: Timeline | null): readonly Companion[] => useSyncExternalStore(watch, () => companionsOf(timeline));

/** How long (ms) after this timeline's end the last of them arrives. */
export const tailOf = ({ totalMs }: Timeline, all: readonly Companion[]): number => Math.max(0, ...all.map(({ timeline, base }) => timeline.totalMs - base - totalMs));

/** Who is still under way when the next packet is sent: those beside the one on stage, and that one, oldest first. One that has ended stays behind. */
export function stillTravelling(current: Omit<Companion, 'base'>, status: PlaybackStatus, cursor: number): readonly Companion[] {
  const before = companionsOf(current.timeline).map((one): Companion => ({ ...one, base: one.base + cursor })).filter(({ base, timeline }) => base < timeline.totalMs);
  const own: readonly Companion[] = status === 'playing' || (status === 'paused' && cursor > 0) ? [{ ...current, base: cursor }] : [];
  return [...before, ...own].slice(-mostCompanions);
}
