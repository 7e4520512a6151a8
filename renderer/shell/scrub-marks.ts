import type { Timeline } from '../scene/types.ts';
import { shortenGenerated } from '../state/places.ts';

export interface ScrubMark { readonly moment: number; /** 0…1 along the bar. */ readonly at: number; /** '' where it would run into another label. */ readonly label: string; readonly align: 'start' | 'middle' | 'end' }

/** Pixels that a label of 12 px takes, on the safe side. */
const widthOf = (label: string): number => label.length * 6.8 + 10;

/** Where a moment stands on a bar of equal steps, 0…1. */
export const placeOnBar = (moment: number, count: number): number => (count < 2 ? 0 : moment / (count - 1));

/** The hop marks of the bar; of labels that would touch, the earlier stays, but the last always does. */
export function scrubMarks({ marks, moments }: Timeline, width: number): readonly ScrubMark[] {
  const count = moments.length;
  const placed = marks.map((mark, i): ScrubMark => {
    const at = placeOnBar(mark.moment, count);
    const label = shortenGenerated(mark.label);
    return { moment: mark.moment, at, label, align: i === 0 ? 'start' : at * width + widthOf(label) / 2 > width ? 'end' : 'middle' };
  });
  const spanOf = ({ at, label, align }: ScrubMark): readonly [number, number] => {
    const wide = widthOf(label);
    const from = at * width - (align === 'start' ? 0 : align === 'end' ? wide : wide / 2);
    return [from, from + wide];
  };
  const last = placed.at(-1);
  const limit = last === undefined ? width : spanOf(last)[0];
  let free = Number.NEGATIVE_INFINITY;
  return placed.map((mark, i) => {
    const [from, to] = spanOf(mark);
    const fits = i === placed.length - 1 || (from >= free && to <= limit && to <= width);
    if (!fits) return { ...mark, label: '' };
    free = to;
    return mark;
  });
}
