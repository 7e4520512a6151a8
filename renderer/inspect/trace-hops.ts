import type { NetnsId } from '../../shared/dataplane/ids.ts';
import type { Moment, MomentKind, Timeline } from '../scene/types.ts';

/** The moments of one stay in one network namespace. */
export interface TraceHop {
  readonly key: string;
  readonly netns: NetnsId;
  readonly direction: 'forward' | 'reply';
  readonly lookup: boolean;
  readonly moments: readonly [Moment, ...Moment[]];
}

const sameHop = (a: Moment, b: Moment): boolean => a.leg === b.leg && a.direction === b.direction && a.hop === b.hop && (a.kind === 'lookup') === (b.kind === 'lookup');

/** The timeline's moments, hop by hop. */
export function hopsOf(timeline: Timeline): readonly TraceHop[] {
  const hops: { moments: [Moment, ...Moment[]] }[] = [];
  for (const moment of timeline.moments) {
    const last = hops.at(-1);
    if (last !== undefined && sameHop(last.moments[0], moment)) last.moments.push(moment);
    else hops.push({ moments: [moment] });
  }
  return hops.map(({ moments }) => {
    const [first] = moments;
    return { key: `${first.index}`, netns: first.netns, direction: first.direction, lookup: first.kind === 'lookup', moments };
  });
}

const worthSeeing: ReadonlySet<MomentKind> = new Set(['rule', 'rewrite', 'choice', 'encap', 'decap', 'fate', 'deliver', 'originate', 'lookup']);
/** A trace of up to this many steps is read as a whole. */
const readWhole = 20;

/** Of a hop that has been passed: what a person would want to see again at a glance. The hop's first moment always stays; one line is not worth folding. */
export function foldPassed(moments: readonly Moment[], steps: number): { readonly shown: readonly Moment[]; readonly folded: number } {
  if (steps <= readWhole) return { shown: moments, folded: 0 };
  const shown = moments.filter((moment, i) => i === 0 || (worthSeeing.has(moment.kind) && moment.title !== 'Forward: no rule stops it'));
  const folded = moments.length - shown.length;
  return folded < 2 ? { shown: moments, folded: 0 } : { shown, folded };
}
