import { writeSync } from 'node:fs';
import { formatProblem, type Problem } from '../shared/base/problem.ts';

// Everything the CLI prints passes here: no byte below 0x20 but \n and \t, none of 0x7f–0x9f, no bidi (reliability E4).
const raw = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
const escape = (text: string): string => text.replace(raw, (c) => `U+${c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`);
const escapeJson = (text: string): string => text.replace(raw, (c) => `\\u${c.codePointAt(0)!.toString(16).padStart(4, '0')}`);

function write(fd: 1 | 2, text: string): void {
  const bytes = Buffer.from(text.endsWith('\n') || text === '' ? text : `${text}\n`);
  let at = 0;
  while (at < bytes.length) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (thrown) {
      const { code } = thrown as NodeJS.ErrnoException;
      if (code === 'EPIPE') return;
      if (code !== 'EAGAIN') throw thrown;
    }
  }
}

/** Text to standard output, control characters escaped. */
export const print = (text: string): void => write(1, escape(text));
/** A value as JSON to standard output. */
export const printJson = (value: unknown): void => write(1, escapeJson(JSON.stringify(value, null, 2)));
/** Text to standard error. */
export const complain = (text: string): void => write(2, escape(text));

/** Problems to standard error, one a line. */
export function complainOf(problems: readonly Problem[], omitted: number): void {
  if (problems.length > 0) complain(problems.map(formatProblem).join('\n'));
  if (omitted > 0) complain(`… and ${omitted} more problems`);
}
