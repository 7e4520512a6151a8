import type { Problem, SourceSpan } from '../base/problem.ts';
import { MAX_DOCUMENTS, MAX_OBJECTS, MAX_PROBLEMS, MAX_YAML_BYTES } from '../kube/limits.ts';
import { readManifests } from '../kube/read-manifests.ts';
import type { KubeObject, Manifests, SourceDocument } from '../kube/types.ts';
import { splitDocuments } from '../kube/yaml/split-documents.ts';

/** What a stretch of a file was read as before, by the file's name and the stretch's text. */
export type Reads = ReadonlyMap<string, Manifests>;
interface Reading { readonly known: Reads; readonly reads: Map<string, Manifests> }

function read(reading: Reading, document: SourceDocument): Manifests {
  const key = `${document.name}\0${document.text}`;
  const manifests = reading.known.get(key) ?? reading.reads.get(key) ?? readManifests([document]);
  reading.reads.set(key, manifests);
  return manifests;
}

const isEmpty = ({ objects, problems }: Manifests): boolean => objects.length === 0 && problems.length === 1 && problems[0]!.code === 'no-objects';
// Where a sentence itself speaks of a line, or of the document's number, only the whole file tells it right.
const speaksOfPlaces = ({ what, fix }: Problem): boolean => /\blines? \d|:\d+:\d+|\bdocument \d/.test(`${what} ${fix}`);
const isWhole = ({ objects, problems, problemsOmitted }: Manifests): boolean => objects.length > 0 && problemsOmitted === 0 && !problems.some(speaksOfPlaces);

const lower = (span: SourceSpan, lines: number): SourceSpan => ({ ...span, line: span.line + lines, ...(span.endLine === undefined ? {} : { endLine: span.endLine + lines }) });
const lowerObject = (object: KubeObject, lines: number): KubeObject => ({ ...object, at: lower(object.at, lines), placeOf: (path) => lower(object.placeOf(path), lines) });
const lowerProblem = (problem: Problem, lines: number): Problem => ({
  ...problem, at: problem.at && lower(problem.at, lines), ...(problem.related ? { related: problem.related.map(({ what, at }) => ({ what, at: lower(at, lines) })) } : {}),
});

/** One file, YAML document by YAML document, so that only those with another text are read again. */
function readFile(reading: Reading, document: SourceDocument): Pick<Manifests, 'objects' | 'problems' | 'problemsOmitted'> {
  const { name, text } = document;
  const plain = !/\r(?!\n)/.test(text) && !text.startsWith('\ufeff') && !text.includes('{{') && text.length <= MAX_YAML_BYTES;
  const slices = plain ? splitDocuments(text) : [];
  if (slices.length < 2 || slices.length > MAX_DOCUMENTS) return read(reading, document);
  const [objects, problems]: [KubeObject[], Problem[]] = [[], []];
  let lines = 0;
  let counted = 0;
  for (const { start, end } of slices) {
    for (let i = text.indexOf('\n', counted); i >= 0 && i < start; i = text.indexOf('\n', i + 1)) lines++;
    counted = start;
    const part = read(reading, { name, text: text.slice(start, end) });
    if (isEmpty(part)) continue;
    if (!isWhole(part)) return read(reading, document);
    for (const object of part.objects) objects.push(lines === 0 ? object : lowerObject(object, lines));
    for (const problem of part.problems) problems.push(lines === 0 ? problem : lowerProblem(problem, lines));
  }
  return objects.length === 0 ? read(reading, document) : { objects, problems, problemsOmitted: 0 };
}

/** Two objects of one identity, in whatever files: which one counts is for the whole reading to say. */
function hasTwins(objects: readonly KubeObject[]): boolean {
  const seen = new Set(objects.map(({ apiVersion, kind, namespace, name }) => JSON.stringify([apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '', kind, namespace, name])));
  return seen.size < objects.length;
}

/** What `readManifests` says of these documents, reading only what was not read before. */
export function readAgain(documents: readonly SourceDocument[], known: Reads): { readonly manifests: Manifests; readonly reads: Reads } {
  const reading: Reading = { known, reads: new Map() };
  const files = documents.map((document) => readFile(reading, document));
  const objects = files.flatMap((file) => file.objects);
  const problems = files.flatMap((file) => file.problems);
  const whole = files.some((file) => file.problemsOmitted > 0) || problems.length > MAX_PROBLEMS || objects.length > MAX_OBJECTS || hasTwins(objects);
  return { manifests: whole ? readManifests(documents) : { objects, problems, problemsOmitted: 0 }, reads: reading.reads };
}
