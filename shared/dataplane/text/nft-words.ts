import type { Hook } from '../rules.ts';

/** Standard priorities by name (nft's std_prios); dstnat and srcnat are names only in their own hooks. */
export const standardPriorities: readonly (readonly [name: string, priority: number, hook: Hook | null])[] = [
  ['raw', -300, null], ['mangle', -150, null], ['dstnat', -100, 'prerouting'], ['filter', 0, null], ['security', 50, null], ['srcnat', 100, 'postrouting'],
];

/** `filter`, `dstnat - 10`, or the number: a standard priority is named where the chain's hook may have it and no further than ten steps away (prio2str). */
export function priorityText(priority: number, hook: Hook): string {
  const near = standardPriorities.find(([, standard]) => Math.abs(priority - standard) <= 10);
  if (!near || (near[2] !== null && near[2] !== hook)) return `${priority}`;
  const [name, standard] = near;
  return priority === standard ? name : `${name} ${priority > standard ? '+' : '-'} ${Math.abs(priority - standard)}`;
}

const units: readonly (readonly [unit: string, seconds: number])[] = [['d', 86_400], ['h', 3600], ['m', 60], ['s', 1]];

/** `3h`, `1m30s`: seconds as nft lists a timeout. */
export function timeText(seconds: number): string {
  let rest = seconds;
  let out = '';
  for (const [unit, size] of units) {
    const n = Math.floor(rest / size);
    if (n > 0) out += `${n}${unit}`;
    rest -= n * size;
  }
  return out === '' ? '0s' : out;
}

/** The seconds of `3h` or `10800s`; null where it is no time. */
export function parseTime(text: string): number | null {
  if (!/^(\d+[dhms])+$/.test(text)) return /^\d+$/.test(text) ? Number(text) : null;
  let seconds = 0;
  for (const [, n, unit] of text.matchAll(/(\d+)([dhms])/g)) seconds += Number(n) * units.find(([u]) => u === unit)![1];
  return seconds;
}

/** A mark or mask as nft lists it: `0x00004000`. */
export const markText = (value: number): string => `0x${(value >>> 0).toString(16).padStart(8, '0')}`;

/** Text in quotes, as comments, log prefixes and interface names stand in a ruleset. */
export const inQuotes = (text: string): string => `"${text}"`;
