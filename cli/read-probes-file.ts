import { readFileSync } from 'node:fs';
import { formatProblem } from '../shared/base/problem.ts';
import { readProbes } from '../shared/scenario/read-probes.ts';
import type { Probe } from '../shared/trace/types.ts';
import { UsageError } from './args.ts';

/** The questions in a file, or on standard input for `-`; UsageError where there are none to read. */
export function probesFrom(file: string): readonly Probe[] {
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch {
    throw new UsageError(`cannot read the probes in ${file}`);
  }
  const probes = readProbes(text, file);
  if (!probes.ok) throw new UsageError(probes.error.map(formatProblem).join('\n'));
  return probes.value;
}
