import { isMap, isNode, LineCounter, parseDocument, type Document } from 'yaml';
import type { Problem, SourceSpan } from '../base/problem.ts';
import { err, ok, type Result } from '../base/result.ts';
import { scenarioSchema } from './schema.ts';
import type { Scenario } from './types.ts';

const VERSION = 'podhop.dev/v1alpha1';

function spanAt(file: string, lines: LineCounter, offset: number): SourceSpan {
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(line, 1), col: Math.max(col, 1) };
}

/** The place of the value at this path, or of its nearest ancestor that is there. */
function placeOf(file: string, document: Document, lines: LineCounter, path: readonly PropertyKey[]): SourceSpan {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return spanAt(file, lines, node.range[0]);
  }
  return { file, line: 1, col: 1 };
}

const problem = (code: string, at: SourceSpan, what: string, fix: string): Problem => ({ code, severity: 'error', at, what, fix });

/** Reads a scenario.yaml; every problem has its place. It reads no other file: the manifests it names are for the caller to fetch. */
export function readScenario(text: string, file: string): Result<Scenario, readonly Problem[]> {
  const lines = new LineCounter();
  // A scenario is ours, small and without bombs: aliases are for repeated probes only.
  const document = parseDocument(text, { lineCounter: lines, maxAliasCount: 1000, stringKeys: true } as never);
  const syntax = document.errors.map((e) => problem('scenario-syntax', spanAt(file, lines, e.pos[0]), e.message.split('\n')[0]!, 'correct the YAML'));
  if (syntax.length > 0) return err(syntax);
  if (!isMap(document.contents) || document.get('kind') !== 'Scenario') {
    return err([problem('not-a-scenario', placeOf(file, document, lines, ['kind']), 'this is not a scenario', `give it apiVersion ${VERSION} and kind Scenario`)]);
  }
  const version = document.get('apiVersion');
  if (version !== VERSION) {
    return err([problem('scenario-version', placeOf(file, document, lines, ['apiVersion']), `this scenario is made for ${String(version)}; this app reads ${VERSION}`, 'open it with a newer Podhop')]);
  }
  const parsed = scenarioSchema.safeParse(document.toJS());
  if (!parsed.success) {
    return err(parsed.error.issues.map((issue) => problem('scenario-field', placeOf(file, document, lines, issue.path), `${issue.path.join('.')}: ${issue.message}`, 'see the README of scenarios/')));
  }
  const { metadata, spec } = parsed.data;
  return ok({ ...metadata, ...spec, broken: spec.broken ?? null } as unknown as Scenario);
}
