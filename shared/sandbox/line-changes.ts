import { lineEdits } from '../base/line-edits.ts';

export interface LineChanges { readonly removed: readonly string[]; readonly added: readonly string[]; readonly kept: number }

/** The fewest lines to take out and put in that turn one text into the other, in order. */
export function lineChanges(before: readonly string[], after: readonly string[]): LineChanges {
  const [removed, added]: [string[], string[]] = [[], []];
  let kept = 0;
  for (const { kind, line } of lineEdits(before, after)) {
    if (kind === 'kept') kept++;
    else (kind === 'removed' ? removed : added).push(line);
  }
  return { removed, added, kept };
}
