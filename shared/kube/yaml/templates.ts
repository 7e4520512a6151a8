import type { YamlFault, YamlNode, YamlRead } from './node.ts';
import type { DocumentSlice } from './split-documents.ts';
import { fieldOf, textOf } from './tree.ts';

const OPEN = '{{';

/** Whether a document is a Helm (or other) template that nobody has rendered: braces where YAML breaks on them, or in the object's own name. */
export function isTemplated(text: string, slice: DocumentSlice, reads: readonly YamlRead[]): boolean {
  // Looks no further than this document: a search to the end of the file, once per document, is quadratic.
  if (!text.slice(slice.start, slice.end).includes(OPEN)) return false;
  return reads.some((read) => read.faults.some((fault) => fault.code.startsWith('yaml-') && fault.severity === 'error') || named(read.node));
}

function named(node: YamlNode | null): boolean {
  const metadata = node ? fieldOf(node, 'metadata') : undefined;
  return ['name', 'namespace'].some((key) => textOf(fieldOf(metadata, key))?.includes(OPEN));
}

/** One problem for the whole file, at the first braces of the document that shows it. */
export function templateFault(text: string, slice: DocumentSlice): YamlFault {
  const at = text.indexOf(OPEN, slice.start);
  return { code: 'unrendered-template', severity: 'error', start: at, end: at + 2, what: 'unrendered template', fix: 'run "helm template … > out.yaml" and open that' };
}
