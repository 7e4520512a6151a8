import { addFractions, fromFractionJson, toFractionJson, zero, type FractionJson } from '../../shared/base/fraction.ts';
import type { TrafficEnd, TrafficPair } from '../../shared/api/traffic-contract.ts';
import type { ProbeVerdict } from '../../shared/trace/types.ts';
import { shortName } from '../state/places.ts';
import { fateOf } from '../theme/fate.ts';

/** One band of the picture: who answered, or the fate of what nobody answered, with its exact share. */
export interface Group { readonly key: string; readonly name: string; readonly verdict: ProbeVerdict; readonly odds: FractionJson }

/** Requests counted by group up to a virtual time (ms), from the epoch's start. */
export interface Point { readonly at: number; readonly counts: readonly number[] }

/** The time between two changes of the cluster: shares are counted anew in each, because its odds are its own. */
export interface Epoch { readonly revision: number; readonly since: number; readonly groups: readonly Group[]; readonly points: readonly Point[] }

/** What became of a pair's requests. */
export interface Tally { readonly sent: number; readonly fates: Readonly<Partial<Record<ProbeVerdict, number>>>; readonly epochs: readonly Epoch[]; readonly problem: string | null }

export const nothingSent: Tally = { sent: 0, fates: {}, epochs: [], problem: null };

/** Virtual ms that a chart looks back. */
export const lookBack = 60_000;

const groupKey = ({ who, verdict }: TrafficEnd): string => (who === null ? verdict : `${who} ${verdict}`);

function nameOf({ who, verdict }: TrafficEnd): string {
  const { word } = fateOf(verdict);
  return who === null ? word : verdict === 'delivered' ? shortName(who) : `${shortName(who)}, ${word.toLowerCase()}`;
}

/** The groups of a pair's ends, those that answer first, and which group each end belongs to. */
export function groupsOf({ ends }: TrafficPair): { readonly groups: readonly Group[]; readonly of: readonly number[] } {
  const keys = [...new Set(ends.toSorted((a, b) => Number(a.who === null) - Number(b.who === null)).map(groupKey))];
  const groups = keys.map((key): Group => {
    const mine = ends.filter((end) => groupKey(end) === key);
    const odds = mine.reduce((sum, end) => addFractions(sum, fromFractionJson(end.odds)), zero);
    return { key, name: nameOf(mine[0]!), verdict: mine[0]!.verdict, odds: toFractionJson(odds) };
  });
  return { groups, of: ends.map((end) => keys.indexOf(groupKey(end))) };
}

/** The counts so far of an epoch; all 0 before the first request. */
export const countsOf = ({ groups, points }: Epoch): readonly number[] => groups.map((_, i) => points.at(-1)?.counts[i] ?? 0);

/** Counts of one list of groups, told in the order of another. */
const retold = (counts: readonly number[], before: readonly Group[], now: readonly Group[]): readonly number[] => now.map(({ key }) => counts[before.findIndex((group) => group.key === key)] ?? 0);

/** The epoch that a stretch belongs to: the last one, or a new one where the cluster is another; an end that shows up late finds its place in all points. */
function epochFor(epochs: readonly Epoch[], revision: number, groups: readonly Group[], since: number): Epoch {
  const last = epochs.at(-1);
  if (last === undefined || last.revision !== revision) return { revision, since, groups, points: [] };
  return last.groups.length === groups.length ? last : { ...last, groups, points: last.points.map(({ at, counts }) => ({ at, counts: retold(counts, last.groups, groups) })) };
}

/** What a chart can still show: older points and epochs are let go, but for one point before the window. */
function recent(epochs: readonly Epoch[], now: number): readonly Epoch[] {
  const from = now - lookBack;
  return epochs.filter((epoch, i) => i === epochs.length - 1 || epochs[i + 1]!.since > from).map((epoch) => {
    const first = epoch.points.findLastIndex(({ at }) => at <= from);
    return first <= 0 ? epoch : { ...epoch, points: epoch.points.slice(first) };
  });
}

export interface Stretch { readonly pair: TrafficPair; /** Ends of this pair's requests, as the engine numbers them. */ readonly order: readonly number[]; readonly revision: number; /** Virtual ms. */ readonly from: number; readonly until: number }

/** The tally with one more stretch of traffic in it. */
export function addStretch(tally: Tally, { pair, order, revision, from, until }: Stretch): Tally {
  const met = order.filter((end) => end >= 0);
  const fates: Partial<Record<ProbeVerdict, number>> = { ...tally.fates };
  for (const end of met) {
    const { verdict } = pair.ends[end]!;
    fates[verdict] = (fates[verdict] ?? 0) + 1;
  }
  const { groups, of } = groupsOf(pair);
  const epoch = epochFor(tally.epochs, revision, groups, from);
  const counts = [...countsOf(epoch)];
  for (const end of met) counts[of[end]!]! += 1;
  const next: Epoch = { ...epoch, points: [...epoch.points, { at: until, counts }] };
  const before = tally.epochs.at(-1)?.revision === revision ? tally.epochs.slice(0, -1) : tally.epochs;
  return { sent: tally.sent + met.length, fates, epochs: recent([...before, next], until), problem: pair.problem };
}

/** Shares of counts, 0 to 1; all 0 where nothing was counted. */
export function sharesOf(counts: readonly number[]): readonly number[] {
  const sum = counts.reduce((a, b) => a + b, 0);
  return counts.map((count) => (sum === 0 ? 0 : count / sum));
}
