import type { Problem } from '../../base/problem.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { SourceDocument } from '../../kube/types.ts';
import { addDocument, removeField, setField } from '../../kube/write-manifests.ts';
import { deleteObject } from './delete-object.ts';
import { inSlice } from './in-slice.ts';
import type { TextChange } from './types.ts';

type Within = Extract<TextChange, { kind: 'set' | 'remove' | 'delete' }>;
const isWithin = (change: TextChange): change is Within => change.kind === 'set' || change.kind === 'remove' || change.kind === 'delete';

function applyWithin(text: string, change: Within): Result<string, Problem> {
  return inSlice(text, change.object.at, (slice, at) => {
    switch (change.kind) {
      case 'set': return setField(slice, at, change.path, change.value);
      case 'remove': return removeField(slice, at, change.path);
      case 'delete': return deleteObject(slice, at);
    }
  });
}

/** From the last object of a file to its first, so that no edit moves the place of the next; each object's own in their order. */
function inOrder(changes: readonly Within[]): readonly Within[] {
  return changes.toSorted((a, b) => b.object.at.line - a.object.at.line || b.object.at.col - a.object.at.col);
}

const hasContent = (text: string): boolean => text.split('\n').some((line) => !/^\s*(?:---\s*|\.\.\.\s*)?$/.test(line));

/** A change of a file by its name; of two files of one name, the first in which the change is possible. */
function changeFile(files: SourceDocument[], name: string, change: (text: string) => Result<string, Problem>): Problem | null {
  let refusal: Problem | null = null;
  for (const [i, file] of files.entries()) {
    if (file.name !== name) continue;
    const changed = change(file.text);
    if (!changed.ok) {
      refusal ??= changed.error;
      continue;
    }
    files[i] = { name, text: changed.value };
    return null;
  }
  return refusal ?? { code: 'no-such-document', severity: 'error', what: `there is no document ${name}`, fix: 'open it again', at: null };
}

/**
 * Carries changes out on the documents' text: every byte that no change speaks of stays. A file left without anything is taken away;
 * an object is added to the file it should stand beside, else to a file of its own. Fails as a whole.
 */
export function applyChanges(documents: readonly SourceDocument[], changes: readonly TextChange[]): Result<readonly SourceDocument[], Problem> {
  let files = [...documents];
  for (const change of inOrder(changes.filter(isWithin))) {
    const problem = changeFile(files, change.object.at.file, (text) => applyWithin(text, change));
    if (problem) return err(problem);
  }
  const deletedFrom = new Set(changes.filter((change) => change.kind === 'delete').map((change) => change.object.at.file));
  for (const change of changes) {
    if (change.kind === 'add') {
      const name = change.beside?.file ?? change.file;
      const known = files.some((file) => file.name === name);
      if (known) changeFile(files, name, (text) => ok(addDocument(text, change.object)));
      else files.push({ name, text: addDocument('', change.object) });
    } else if (change.kind === 'text') {
      const i = files.findIndex((file) => file.name === change.file);
      if (change.text === null) files = files.filter((_, at) => at !== i);
      else if (i >= 0) files[i] = { name: change.file, text: change.text };
      else files.push({ name: change.file, text: change.text });
    }
  }
  return ok(files.filter((file) => !deletedFrom.has(file.name) || hasContent(file.text)));
}
