import { isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import type { Problem } from '../base/problem.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Probe } from '../trace/types.ts';
import { probeSchema } from './schema.ts';

// A probe file is read leniently where CLI.md's JSON is: an http probe may leave `to` out, then the URL says it; a protocol may stand in capitals, as in manifests.
const entry = z.preprocess((value) => {
  if (typeof value !== 'object' || value === null) return value;
  const { to, http, protocol } = value as { to?: unknown; http?: { url?: unknown }; protocol?: unknown };
  return {
    ...value,
    ...(to === undefined && http?.url !== undefined ? { to: http.url } : {}),
    ...(typeof protocol === 'string' ? { protocol: protocol.toLowerCase() } : {}),
  };
}, probeSchema);
const list = z.array(entry);

const FIX = 'write a list of {from, to, port?, protocol?}';
type Issue = z.core.$ZodIssue;

/** The fault in words: which question, which field, what stands there. */
function sentence({ path, message, ...issue }: Issue, value: unknown): { readonly what: string; readonly fix: string } {
  const [n, ...field] = path;
  const found = value === undefined || value === null ? 'nothing' : typeof value === 'object' ? (Array.isArray(value) ? 'a list' : 'a map') : JSON.stringify(value);
  if (n === undefined) return { what: `expected a list of questions; found ${found}`, fix: FIX };
  const where = `question ${Number(n) + 1}${field.length > 0 ? `: ${field.join('.')}` : ''}`;
  if (issue.code === 'unrecognized_keys') return { what: `${where} has no field ${issue.keys.join(', ')}`, fix: 'its fields are name, from, at, to, port, protocol and http' };
  if (field.length > 0 && value === undefined) return { what: `${where} is missing`, fix: FIX };
  return { what: `${where}: ${message.replace(/^Invalid (input|option): /, '').replace(/^Too big: expected .* <=/, 'at most ').replace(/^Too small: expected .* >=/, 'at least ')}; found ${found}`, fix: field[0] === 'port' && /^"\d+"$/.test(found) ? 'remove the quotes' : FIX };
}

const valueAt = (value: unknown, keys: readonly PropertyKey[]): unknown => keys.reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[key] : undefined), value);

/** Reads a JSON or YAML list of probes (CLI.md `--probes`); what is wrong stands at its own place. */
export function readProbes(text: string, file: string): Result<readonly Probe[], readonly Problem[]> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, stringKeys: true, prettyErrors: false });
  const problem = (what: string, fix: string, offset: number): Problem => ({ code: 'bad-probes', severity: 'error', what, fix, at: { file, ...lines.linePos(offset) } });
  const [first] = document.errors;
  if (first) return err([problem(first.message.split('\n')[0]!, FIX, first.pos[0])]);
  const parsed = list.safeParse(document.toJS());
  if (parsed.success) return ok(parsed.data as readonly Probe[]);
  /** Where the longest part of this path that is there begins. */
  const placeOf = (path: readonly PropertyKey[]): number => {
    const node = path.length === 0 ? document.contents : document.getIn(path, true);
    return isNode(node) ? node.range?.[0] ?? 0 : path.length === 0 ? 0 : placeOf(path.slice(0, -1));
  };
  return err(parsed.error.issues.map((issue) => {
    const { what, fix } = sentence(issue, valueAt(document.toJS(), issue.path));
    return problem(what, fix, placeOf(issue.path));
  }));
}
