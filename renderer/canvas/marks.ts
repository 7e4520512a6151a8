import type { Touched } from '../scene/touched.ts';

/** How a thing stands towards the request on stage. */
export interface Mark {
  /** No branch touches it, or a filter leaves it out: it steps back. */
  readonly off: boolean;
  /** Some branch touches it. */
  readonly lit: boolean;
  /** Where the chosen branch starts or ends. */
  readonly end: boolean;
  readonly chosen: 'source' | 'destination' | null;
  readonly hovered: boolean;
  readonly selected: boolean;
  /** What a gesture in progress makes of it: where it would land now, where it could, or neither. */
  readonly target: 'over' | 'possible' | 'no' | null;
}

export interface Marking { /** What a filter left; null without one. */ readonly shown: ReadonlySet<string> | null; readonly touched: Touched; readonly onStage: boolean; readonly ends: readonly string[]; readonly from: string; readonly to: string; readonly hovered: string | null; readonly selected: string | null; readonly target: (id: string) => Mark['target'] }

/** The mark of one thing. */
export function markOf(id: string, { shown, touched, onStage, ends, from, to, hovered, selected, target }: Marking): Mark {
  const lit = onStage && touched.places.has(id);
  return { off: (onStage && !lit) || shown?.has(id) === false, lit, end: onStage && ends.includes(id), chosen: from === id ? 'source' : to === id ? 'destination' : null, hovered: hovered === id, selected: selected === id, target: target(id) };
}

/** The mark as data attributes, for the style sheet. */
export const markData = ({ off, lit, end, chosen, hovered, selected, target }: Mark): Readonly<Record<string, string | undefined>> => ({
  'data-off': off ? '' : undefined,
  'data-lit': lit ? '' : undefined,
  'data-end': end ? '' : undefined,
  'data-chosen': chosen ?? undefined,
  'data-hovered': hovered ? '' : undefined,
  'data-selected': selected ? '' : undefined,
  'data-target': target ?? undefined,
});
