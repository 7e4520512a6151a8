import type { Problem, Severity } from '../base/problem.ts';
import { MAX_PROBLEMS } from './limits.ts';

/** Collects problems in order; beyond the limit it only counts, and never lets a warning crowd out an error. */
export interface Report {
  /** `make` is called only if the problem is kept, so that describing ten thousand of them costs nothing. */
  readonly add: (severity: Severity, make: () => Problem) => void;
  readonly result: () => { readonly problems: readonly Problem[]; readonly problemsOmitted: number };
}

const severities: readonly Severity[] = ['error', 'warning', 'info'];

/** Creates an empty report. */
export function createReport(limit = MAX_PROBLEMS): Report {
  const kept = new Map<Severity, { readonly order: number; readonly problem: Problem }[]>(severities.map((s) => [s, []]));
  let count = 0;
  const add = (severity: Severity, make: () => Problem): void => {
    const order = count++;
    const bucket = kept.get(severity)!;
    if (bucket.length < limit) bucket.push({ order, problem: make() });
  };
  const result = (): { problems: readonly Problem[]; problemsOmitted: number } => {
    const chosen = severities.flatMap((s) => kept.get(s)!).slice(0, limit).toSorted((a, b) => a.order - b.order);
    return { problems: chosen.map((c) => c.problem), problemsOmitted: count - chosen.length };
  };
  return { add, result };
}
