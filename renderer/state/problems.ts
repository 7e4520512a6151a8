import type { Problem } from '../../shared/base/problem.ts';
import type { WorldStore } from './world-store.ts';

const none: readonly Problem[] = [];

/** The problems to show now: the drafts' while they wait, else the opened revision's; what needs nothing done is left out. */
export function allProblems({ opened, draftProblems }: Pick<WorldStore, 'opened' | 'draftProblems'>): readonly Problem[] {
  return draftProblems ?? opened?.problems ?? none;
}
