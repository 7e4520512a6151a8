import type { ProbeVerdict } from '../../shared/trace/types.ts';
import { fateOf } from '../theme/fate.ts';
import { sharesOf, countsOf, type Tally } from './tally.ts';
import { changeOf } from './traffic.ts';

/** The fates that a pair always tells, also when there are none of them. */
export const toldFates: readonly ProbeVerdict[] = ['delivered', 'dropped', 'refused', 'timeout'];

/** A pair's fates with their counts: the four that are always told, then the others that occurred. */
export function fatesOf({ fates }: Tally): readonly { readonly verdict: ProbeVerdict; readonly count: number }[] {
  const others = (Object.keys(fates) as ProbeVerdict[]).filter((verdict) => !toldFates.includes(verdict));
  return [...toldFates, ...others].map((verdict) => ({ verdict, count: fates[verdict] ?? 0 }));
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** A pair's traffic in one sentence for those who do not see the chart; '' before the first request. */
export function summaryOf(title: string, tally: Tally): string {
  if (tally.problem !== null) return `${title}: ${tally.problem}`;
  const epoch = tally.epochs.at(-1);
  if (tally.sent === 0 || epoch === undefined) return '';
  const fates = fatesOf(tally).filter(({ count }) => count > 0).map(({ verdict, count }) => `${count} ${fateOf(verdict).word.toLowerCase()}`);
  const shares = sharesOf(countsOf(epoch));
  const ends = epoch.groups.slice(0, 5).map(({ name }, i) => `${name} ${percent(shares[i] ?? 0)}`);
  const since = tally.epochs.length > 1 ? ` since “${changeOf(epoch.revision)}”` : '';
  return `${title}: ${tally.sent} sent, ${fates.join(', ')}. Shares${since}: ${ends.join(', ')}.`;
}
