import { MAX_DOCUMENTS, MAX_JSON_BYTES, MAX_SCALAR, MAX_YAML_BYTES } from '../limits.ts';
import type { YamlFault, YamlNode, YamlRead } from './node.ts';
import { readBlock } from './read-block.ts';
import { readJson } from './read-json.ts';
import { readYaml } from './read-yaml.ts';
import { placeAt, type SourceFile } from './source-file.ts';
import { splitDocuments, type DocumentSlice } from './split-documents.ts';
import { isTemplated, templateFault } from './templates.ts';

/** Every document of a file, and the faults of the file as a whole. */
export interface FileRead { readonly documents: readonly YamlRead[]; readonly faults: readonly YamlFault[] }

const fileFault = (code: string, what: string, fix: string): FileRead => ({ documents: [], faults: [{ code, severity: 'error', start: 0, end: 0, what, fix }] });

/** Reads a file's documents, each for itself: as JSON where it begins like it, else as plain block YAML, else with the library. */
export function readDocuments(file: SourceFile): FileRead {
  const { text } = file;
  const limit = /^[\s\ufeff]{0,64}\{/.test(text) ? MAX_JSON_BYTES : MAX_YAML_BYTES;
  if (text.length > limit) return fileFault('limit-file', `this file of ${text.length} characters is larger than ${limit}`, 'split it');
  const slices = splitDocuments(text);
  if (slices.length > MAX_DOCUMENTS) return fileFault('limit-documents', `${slices.length} documents are more than ${MAX_DOCUMENTS}`, 'split the file');
  const control = nextControl(text, 0);
  const reads = slices.map((slice) => (control >= 0 ? controlFault(text, slice) : null) ?? readSlice(file, slice));
  const template = slices.findIndex((slice, i) => isTemplated(text, slice, reads[i]!));
  if (template < 0) return { documents: reads.flatMap((read, i) => read.map((r) => (slices.length > 1 && r.node === null ? numbered(file, r, i, slices[i]!) : r))), faults: [] };
  const plain = reads.filter((_, i) => !text.slice(slices[i]!.start, slices[i]!.end).includes('{{'));
  return { documents: plain.flat(), faults: [templateFault(text, slices[template]!)] };
}

function readSlice(file: SourceFile, slice: DocumentSlice): YamlRead[] {
  const { text } = file;
  const json = !slice.marked && /^\s*\{/.test(text.slice(slice.body, Math.min(slice.end, slice.body + 200))) ? readJson(text, slice.body, slice.end) : null;
  const reads = json ?? [(slice.marked ? null : readBlock(text, slice.body, slice.end)) ?? readYaml(text, slice.start, slice.end)];
  return slice.end - slice.start > MAX_SCALAR ? reads.map(withScalarLimit) : reads;
}

function withScalarLimit(read: YamlRead): YamlRead {
  const faults = [...read.faults];
  const visit = (node: YamlNode): void => {
    if (node.kind === 'map') for (const entry of node.entries) visit(entry.value);
    else if (node.kind === 'list') for (const item of node.items) visit(item);
    else if (typeof node.value === 'string' && node.value.length > MAX_SCALAR)
      faults.push({ code: 'limit-scalar', severity: 'error', start: node.start, end: node.start + 1, what: `a text of ${node.value.length} characters is longer than ${MAX_SCALAR}`, fix: 'shorten it; the API server takes no object above 3 MiB' });
  };
  if (read.node) visit(read.node);
  return { node: read.node, faults };
}

/** Says which document of several broke. */
function numbered(file: SourceFile, read: YamlRead, index: number, slice: DocumentSlice): YamlRead {
  const where = `in document ${index + 1} (starts line ${placeAt(file, slice.body).line})`;
  return { node: null, faults: read.faults.map((fault) => ({ ...fault, what: `${fault.what}, ${where}` })) };
}

// What YAML calls not printable (1.2.2 §5.1) but tab, line feed and carriage return; go-yaml refuses the stream.
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function nextControl(text: string, from: number): number {
  controls.lastIndex = from;
  return controls.exec(text)?.index ?? -1;
}

function controlFault(text: string, slice: DocumentSlice): YamlRead[] | null {
  const at = nextControl(text.slice(slice.start, slice.end), 0) + slice.start;
  if (at < slice.start) return null;
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const key = /^[ -]*["']?([\w./-]{1,100})["']?:/.exec(text.slice(lineStart, Math.min(at, lineStart + 200)))?.[1];
  const shown = `U+${text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0')}`;
  return [{ node: null, faults: [{ code: 'control-character', severity: 'error', start: at, end: at + 1, what: `control character ${shown}${key ? ` in "${key}"` : ''}`, fix: 'remove it, or write it as an escape in double quotes' }] }];
}
