import type { Answer } from '../../shared/api/shapes.ts';
import type { Branch, Journey } from '../../shared/trace/types.ts';
import { hopsOf } from '../inspect/trace-hops.ts';
import { destinationOf, labelOf, sourceOf } from '../scene/labels.ts';
import { buildTimeline } from '../scene/timeline.ts';
import type { Moment } from '../scene/types.ts';

/** One thing that happened, as it is read: in words, by which rule, and what became of the header. */
export interface ComparedLine { readonly text: string; readonly rule: string; readonly change: string }
/** One stay in one network namespace. */
export interface ComparedHop { readonly place: string; readonly answer: boolean; readonly lines: readonly ComparedLine[] }
/** Both sides of one hop; null where one way did not come through here. `differs` = the first line that is not the same on both, −1 for none. */
export interface ComparedRow { readonly before: ComparedHop | null; readonly after: ComparedHop | null; readonly differs: number }

function lineOf(moment: Moment, { glossary }: Answer): ComparedLine {
  const change = moment.before === undefined ? '' : `${sourceOf(moment.before)} > ${destinationOf(moment.before)} ⇒ ${sourceOf(moment.packet)} > ${destinationOf(moment.packet)}`;
  return { text: moment.title, rule: moment.cause === undefined ? '' : (glossary[moment.cause]?.text ?? ''), change };
}

/** A branch of an answer, hop by hop in words. */
export const hopsToCompare = (answer: Answer, branch: number): readonly ComparedHop[] =>
  hopsOf(buildTimeline(answer.journey, branch, answer.glossary)).map((hop): ComparedHop => ({ place: hop.lookup ? 'Lookup' : labelOf(hop.netns), answer: hop.direction === 'reply', lines: hop.moments.map((moment) => lineOf(moment, answer)) }));

const keyOf = ({ place, answer }: ComparedHop): string => `${place} ${answer}`;
const textOf = ({ text, rule, change }: ComparedLine): string => `${text}\0${rule}\0${change}`;

function firstDifference(before: ComparedHop | null, after: ComparedHop | null): number {
  if (before === null || after === null) return 0;
  const longest = Math.max(before.lines.length, after.lines.length);
  for (let i = 0; i < longest; i++) {
    const [was, is] = [before.lines[i], after.lines[i]];
    if (was === undefined || is === undefined || textOf(was) !== textOf(is)) return i;
  }
  return -1;
}

/** The lengths of the longest common subsequences of all tails. */
function commonLengths(before: readonly ComparedHop[], after: readonly ComparedHop[]): readonly (readonly number[])[] {
  const table = Array.from({ length: before.length + 1 }, () => Array.from({ length: after.length + 1 }, () => 0));
  for (let i = before.length - 1; i >= 0; i--) for (let j = after.length - 1; j >= 0; j--) table[i]![j] = keyOf(before[i]!) === keyOf(after[j]!) ? table[i + 1]![j + 1]! + 1 : Math.max(table[i + 1]![j]!, table[i]![j + 1]!);
  return table;
}

/** Two ways side by side: the same place stands in the same row, whatever only one of them came through in a row of its own. */
export function alignHops(before: readonly ComparedHop[], after: readonly ComparedHop[]): readonly ComparedRow[] {
  const common = commonLengths(before, after);
  const rows: ComparedRow[] = [];
  const put = (was: ComparedHop | null, is: ComparedHop | null): void => void rows.push({ before: was, after: is, differs: firstDifference(was, is) });
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [was, is] = [before[i] ?? null, after[j] ?? null];
    if (was !== null && is !== null && keyOf(was) === keyOf(is)) {
      put(was, is);
      i++;
      j++;
    } else if (is === null || (was !== null && common[i + 1]![j]! >= common[i]![j + 1]!)) {
      put(was, null);
      i++;
    } else {
      put(null, is);
      j++;
    }
  }
  return rows;
}

const endOf = ({ verdict, code, endpoint }: Branch): string => JSON.stringify([verdict, code, endpoint?.pod ?? endpoint?.ip ?? null]);

/** The branches that tell most: each side's first that ends as none of the other's does; where there is none, those that end alike. */
export function tellingBranches(before: Journey, after: Journey): readonly [number, number] {
  const [was, is] = [before.branches.map(endOf), after.branches.map(endOf)];
  const [lost, won] = [was.findIndex((end) => !is.includes(end)), is.findIndex((end) => !was.includes(end))];
  if (lost >= 0 && won >= 0) return [lost, won];
  if (lost >= 0) return [lost, Math.max(0, is.indexOf(was[lost]!))];
  return won >= 0 ? [0, won] : [0, Math.max(0, is.indexOf(was[0]!))];
}
