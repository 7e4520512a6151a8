import type { Origin } from '../ids.ts';

/** Why something that was read from a real node's own text is there: the file and the line that say so. */
export const originInText = (file: string, line: number): Origin => ({ by: 'file', for: { kind: 'File', name: file }, at: { file, line, col: 1 }, why: `Read from line ${line} of ${file}.` });
