import { MAX_DOCUMENTS } from '../limits.ts';
import type { YamlFault, YamlRead } from './node.ts';
import { readBlock } from './read-block.ts';
import { readYaml } from './read-yaml.ts';
import type { SourceFile } from './source-file.ts';
import { splitDocuments } from './split-documents.ts';

/** Every document of a file; `faults` are the file's own, `omitted` how many documents were beyond the limit. */
export interface FileRead { readonly documents: readonly YamlRead[]; readonly faults: readonly YamlFault[]; readonly omitted: number }

/** Reads a file's documents, each for itself. */
export function readDocuments(file: SourceFile): FileRead {
  const slices = splitDocuments(file.text);
  const documents = slices.slice(0, MAX_DOCUMENTS).map((slice) => (slice.marked ? null : readBlock(file.text, slice.body, slice.end)) ?? readYaml(file.text, slice.start, slice.end));
  return { documents, faults: [], omitted: Math.max(0, slices.length - MAX_DOCUMENTS) };
}
