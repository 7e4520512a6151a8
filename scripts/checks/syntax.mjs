// The little of a syntax tree that the source rules need.
import { parseSync } from 'vite';

/** @typedef {{ readonly type: string, readonly start: number, readonly [key: string]: unknown }} AstNode */

/** @param {unknown} value @returns {value is AstNode} */
export const isNode = (value) => typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string' && 'start' in value;

/**
 * Every node of a file's syntax tree, and its comments; throws if the file does not parse.
 * @param {string} path @param {string} text
 * @returns {{ nodes: readonly AstNode[], comments: readonly { value: string, start: number }[] }}
 */
export function readSyntax(path, text) {
  const { program, comments, errors } = parseSync(path, text, { sourceType: 'module' });
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors[0]?.message}`);
  /** @type {AstNode[]} */
  const nodes = [];
  /** @param {unknown} value */
  const visit = (value) => {
    if (Array.isArray(value)) return value.forEach(visit);
    if (!isNode(value)) return;
    nodes.push(value);
    for (const child of Object.values(value)) if (typeof child === 'object' && child !== null) visit(child);
  };
  visit(program);
  return { nodes, comments };
}

/** The name of an identifier, or the text of a string literal, or undefined. @param {unknown} node @returns {string | undefined} */
export function nameOf(node) {
  if (!isNode(node)) return undefined;
  if (typeof node.name === 'string') return node.name;
  return node.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined;
}

/** `a.b.c` or `a['b']` as dotted text; undefined where it is not a plain chain of names. @param {unknown} node @returns {string | undefined} */
export function dottedName(node) {
  if (!isNode(node)) return undefined;
  if (node.type !== 'MemberExpression') return node.type === 'Identifier' ? nameOf(node) : undefined;
  const object = dottedName(node.object) ?? '?';
  const property = nameOf(node.property);
  return property === undefined ? undefined : `${object}.${property}`;
}
