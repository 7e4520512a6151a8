import { readSyntax } from './syntax.mjs';

/** @typedef {{ readonly path: string, readonly line: number, readonly id: string, readonly what: string }} Finding */

const row = /^\| ([A-Z]+\d+) \|/;
/** Ids at the start of a title: `[HK1, HK9] …`, `KPI7 …`, `MSQ4, MSQ5 …`, `NP11 ${mode}, …`. */
const start = /^\[?((?:[A-Z]+\d+)(?:, ?[A-Z]+\d+)*)(?=[\] :])/;

/** The numbered statements of SPEC.md with their lines. @param {string} text @returns {ReadonlyMap<string, number>} */
const statements = (text) => new Map(text.split('\n').flatMap((line, i) => (row.test(line) ? [/** @type {[string, number]} */ ([row.exec(line)?.[1] ?? '', i + 1])] : [])));

/**
 * The ids that a test file's titles begin with; rows of tables count, since they become titles.
 * @param {string} path @param {string} text @returns {readonly { readonly id: string, readonly line: number }[]}
 */
export function titleIds(path, text) {
  const lineAt = (/** @type {number} */ offset) => text.slice(0, offset).split('\n').length;
  return readSyntax(path, text).nodes.flatMap((node) => {
    const quasi = node.type === 'TemplateElement' ? /** @type {{ cooked?: unknown }} */ (node.value).cooked : node.type === 'Literal' ? node.value : undefined;
    const ids = typeof quasi === 'string' ? start.exec(quasi)?.[1] : undefined;
    return ids === undefined ? [] : ids.split(/, ?/).map((id) => ({ id, line: lineAt(node.start) }));
  });
}

/**
 * Statements of SPEC.md that no test title carries, numbers given twice, and ids in titles that SPEC.md does not have. Only prefixes
 * that SPEC.md uses count as ids.
 * @param {string} spec @param {readonly { readonly path: string, readonly text: string }[]} tests @returns {readonly Finding[]}
 */
export function checkSpec(spec, tests) {
  const path = 'shared/SPEC.md';
  const known = statements(spec);
  const prefixes = new Set([...known.keys()].map((id) => id.replace(/\d+$/, '')));
  const used = tests.flatMap((test) => titleIds(test.path, test.text).map((hit) => ({ ...hit, path: test.path }))).filter(({ id }) => prefixes.has(id.replace(/\d+$/, '')));
  const carried = new Set(used.map(({ id }) => id));
  const twice = spec.split('\n').flatMap((line, i) => {
    const id = row.exec(line)?.[1];
    return id !== undefined && known.get(id) !== i + 1 ? [{ path, line: i + 1, id: 'spec-twice', what: `${id} is numbered twice` }] : [];
  });
  const untested = [...known].filter(([id]) => !carried.has(id)).map(([id, line]) => ({ path, line, id: 'spec-untested', what: `no test's title begins with ${id}` }));
  const unknown = used.filter(({ id }) => !known.has(id)).map(({ id, path: where, line }) => ({ path: where, line, id: 'spec-unknown', what: `SPEC.md has no ${id}` }));
  return [...twice, ...untested, ...unknown];
}
