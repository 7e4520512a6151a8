import type { Json } from '../../base/json.ts';
import { resolvePlain } from '../yaml/resolve-plain.ts';

type JsonObject = { readonly [key: string]: Json };
const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
export const isObject = (value: Json): value is JsonObject => value !== null && typeof value === 'object' && !Array.isArray(value);

// JSON.stringify leaves DEL, C1 and the line separators as they are; YAML calls some of them unprintable.
const quoted = (text: string): string => JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** A string as the shortest YAML that reads back as this string, in block and in flow context. */
export const renderText = (text: string): string => (/^[A-Za-z0-9_/][A-Za-z0-9_./-]*$/.test(text) && resolvePlain(text) === text ? text : quoted(text));

/** A value on one line; collections as JSON, which is YAML too. */
export const renderInline = (value: Json): string =>
  typeof value === 'string' ? renderText(value) : isList(value) || isObject(value) ? renderJson(value) : String(value);

/** JSON with only printable characters. */
export const renderJson = (value: Json): string => JSON.stringify(value).replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** A value as block lines in column 0, without breaks; scalars and empty collections are one line. */
export function renderBlock(value: Json): string[] {
  if (isList(value) && value.length > 0) return value.flatMap((item) => renderBlock(item).map((line, i) => `${i === 0 ? '- ' : '  '}${line}`));
  if (isObject(value) && Object.keys(value).length > 0) return Object.keys(value).flatMap((key) => renderEntry(key, value[key]!));
  return [renderInline(value)];
}

/** `key: value` as block lines. */
export function renderEntry(key: string, value: Json): string[] {
  const lines = renderBlock(value);
  const nested = (isList(value) && value.length > 0) || (isObject(value) && Object.keys(value).length > 0);
  return nested ? [`${renderText(key)}:`, ...lines.map((line) => (isList(value) ? line : `  ${line}`))] : [`${renderText(key)}: ${lines[0]}`];
}
