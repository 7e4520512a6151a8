import type { Answer } from '../../shared/api/shapes.ts';
import { keepCompanions, tailOf, type Companion } from '../playback/companions.ts';
import { usePlayback } from '../playback/playback.ts';
import { buildTimeline } from '../scene/timeline.ts';
import type { Timeline } from '../scene/types.ts';

/** Unrolls a branch and starts to play it, with what is still under way beside it. */
export function loadBranch(answer: Answer, branch: number, beside: readonly Companion[] = []): Timeline {
  const timeline = buildTimeline(answer.journey, branch, answer.glossary);
  keepCompanions(timeline, beside);
  usePlayback.getState().load(timeline, true, tailOf(timeline, beside));
  return timeline;
}

/** Unrolls a branch and shows it at its end: where the packet leads now, without the journey again. */
export function showAgain(answer: Answer, branch: number): Timeline {
  const timeline = buildTimeline(answer.journey, branch, answer.glossary);
  const { load, last } = usePlayback.getState();
  load(timeline, false);
  last();
  return timeline;
}

/** Takes whatever is on stage away. */
export const clearPlayback = (): void => usePlayback.getState().load(null, false);
