import type { Problem, SourceSpan } from '../../base/problem.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { FieldPath } from '../../kube/types.ts';
import { unfoldList } from '../../kube/unfold-list.ts';
import { applyEdit, removalFor, type TextEdit } from '../../kube/write/edit-text.ts';
import type { MapNode, YamlNode } from '../../kube/yaml/node.ts';
import { readDocuments } from '../../kube/yaml/read-documents.ts';
import { openSource, placeAt, type SourceFile } from '../../kube/yaml/source-file.ts';

interface Found { readonly root: MapNode; readonly path: FieldPath }

/** The object that begins at this place: its document's root, and the way to it where lists hold it. */
function search(file: SourceFile, root: MapNode, node: YamlNode, path: FieldPath, at: SourceSpan): Found | null {
  if (node.kind !== 'map') return null;
  const list = unfoldList(node);
  if (list === null) {
    const { line, col } = placeAt(file, node.start);
    return line === at.line && col === at.col ? { root, path } : null;
  }
  for (const [i, item] of list.items.entries()) {
    const found = search(file, root, item, [...path, 'items', i], at);
    if (found) return found;
  }
  return null;
}

/** A whole document goes with its marker and its comments; in JSON text after JSON text only its own bytes. */
function removalOf(text: string, { root, path }: Found, alone: boolean): TextEdit | null {
  if (path.length > 0) return removalFor(text, root, path);
  return alone ? { start: 0, end: text.length, text: '' } : { start: root.start, end: root.end, text: '' };
}

/** Takes the object that begins at this place out of the text of its YAML document; all other objects stay byte for byte. */
export function deleteObject(text: string, at: SourceSpan): Result<string, Problem> {
  const refusal = (code: string, what: string): Problem => ({ code, severity: 'error', what, fix: 'edit the text by hand', at });
  const file = openSource({ name: at.file, text });
  const nodes = readDocuments(file).documents.flatMap(({ node }) => (node?.kind === 'map' ? [node] : []));
  for (const node of nodes) {
    const found = search(file, node, node, [], at);
    if (!found) continue;
    const edit = removalOf(file.text, found, nodes.length === 1);
    return edit ? ok(applyEdit(text, edit)) : err(refusal('cannot-edit', 'this object cannot be taken out of its text'));
  }
  return err(refusal('no-such-object', 'no object begins here'));
}
