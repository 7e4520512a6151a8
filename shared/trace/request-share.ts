import type { RequestShare } from './types.ts';

/** How a share reads: `all 99`, `33 or 34 of 100`, `about 20 of 100`. */
export function printRequestShare({ of, here, how }: RequestShare): string {
  const mean = Number(here.num) / Number(here.den);
  if (how === 'all') return `all ${of}`;
  if (how === 'about') return `about ${Math.round(mean)} of ${of}`;
  return Number.isInteger(mean) ? `${mean} of ${of}` : `${Math.floor(mean)} or ${Math.ceil(mean)} of ${of}`;
}
