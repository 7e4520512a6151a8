import type { TextDocument } from '../../shared/api/shapes.ts';

/** The open documents with the new ones added; a file of the same name takes the place of the old one. */
export function mergeDocuments(open: readonly TextDocument[], added: readonly TextDocument[]): readonly TextDocument[] {
  const names = new Map(added.map((document) => [document.name, document]));
  const kept = open.map((document) => names.get(document.name) ?? document);
  const known = new Set(open.map(({ name }) => name));
  return [...kept, ...[...names.values()].filter(({ name }) => !known.has(name))];
}
