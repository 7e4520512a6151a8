import { maxLines, nodeRules, unfinished } from './source-rules.mjs';
import { readSyntax } from './syntax.mjs';

/** @typedef {{ readonly path: string, readonly line: number, readonly id: string, readonly what: string }} Finding */

/** @param {string} text @param {number} offset */
const lineAt = (text, offset) => text.slice(0, offset).split('\n').length;

/**
 * What one source file does that this project forbids; `path` is relative to the repository's root, with slashes.
 * @param {string} path @param {string} text @returns {readonly Finding[]}
 */
export function checkSource(path, text) {
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  const tooLong = lines > maxLines ? [{ path, line: maxLines + 1, id: 'too-long', what: `${lines} lines; a file has at most ${maxLines}` }] : [];
  const rules = nodeRules.filter((rule) => rule.in.test(path) && rule.notIn?.test(path) !== true);
  const { nodes, comments } = readSyntax(path, text);
  const marked = comments.filter((comment) => unfinished.test(comment.value)).map((comment) => ({ path, line: lineAt(text, comment.start), id: 'unfinished', what: 'finish it or file an issue' }));
  const hits = nodes.flatMap((node) => rules.filter((rule) => rule.hit(node)).map((rule) => ({ path, line: lineAt(text, node.start), id: rule.id, what: rule.what })));
  return [...tooLong, ...marked, ...hits].toSorted((a, b) => a.line - b.line);
}
