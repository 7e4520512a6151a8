import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import type { Problem } from '../base/problem.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Probe } from '../trace/types.ts';
import { probeSchema } from './schema.ts';

// A probe file is read leniently where CLI.md's JSON is: an http probe may leave `to` out, then the URL says it.
const entry = z.preprocess((value) => {
  if (typeof value !== 'object' || value === null) return value;
  const { to, http } = value as { to?: unknown; http?: { url?: unknown } };
  return to === undefined && http?.url !== undefined ? { ...value, to: http.url } : value;
}, probeSchema);
const list = z.array(entry);

/** Reads a JSON or YAML list of probes (CLI.md `--probes`). */
export function readProbes(text: string, file: string): Result<readonly Probe[], readonly Problem[]> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, stringKeys: true });
  const problem = (what: string, line: number, col: number): Problem => ({ code: 'bad-probes', severity: 'error', what, fix: 'give a list of {from, to, port?, protocol?}', at: { file, line, col } });
  const first = document.errors[0];
  if (first) return err([problem(first.message.split('\n')[0]!, lines.linePos(first.pos[0]).line, lines.linePos(first.pos[0]).col)]);
  const parsed = list.safeParse(document.toJS());
  if (parsed.success) return ok(parsed.data as readonly Probe[]);
  return err(parsed.error.issues.map((issue) => {
    const node = document.getIn(issue.path.slice(0, 1), true) as { range?: readonly number[] } | undefined;
    const { line, col } = lines.linePos(node?.range?.[0] ?? 0);
    return problem(`${issue.path.join('.')}: ${issue.message}`, line, col);
  }));
}
