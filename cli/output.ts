import { writeSync } from 'node:fs';
import { escapeControls, formatProblem, replaceHidden, type Problem } from '../shared/base/problem.ts';

const isLayout = (c: string): boolean => c === '\n' || c === '\t';
const toUnits = (c: string): string => Array.from({ length: c.length }, (_, i) => `\\u${c.charCodeAt(i).toString(16).padStart(4, '0')}`).join('');

/** Text as the command line prints it: nothing that hides or steers but line ends and tabs (reliability E4). */
export const plainText = (text: string): string => replaceHidden(text, (c) => (isLayout(c) ? c : escapeControls(c)));
/** A value as indented JSON in which the same characters are `\u` escapes. */
export const jsonText = (value: unknown): string => replaceHidden(JSON.stringify(value, null, 2), (c) => (isLayout(c) ? c : toUnits(c)));

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
export const print = (text: string): void => write(1, plainText(text));
/** A value as JSON to standard output. */
export const printJson = (value: unknown): void => write(1, jsonText(value));
/** Text to standard error. */
export const complain = (text: string): void => write(2, plainText(text));

/** Problems to standard error, one a line. */
export function complainOf(problems: readonly Problem[], omitted: number): void {
  if (problems.length > 0) complain(problems.map(formatProblem).join('\n'));
  if (omitted > 0) complain(`… and ${omitted} more problems`);
}
