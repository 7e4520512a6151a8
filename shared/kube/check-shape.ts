import { describe, isBigNumber, refuse, warn, type Check } from './check.ts';
import { nearest } from './nearest.ts';
import { fieldsOf } from './shapes/index.ts';
import type { FieldType } from './shapes/shape.ts';
import { unknownFieldEffect } from './unknown-field-effect.ts';
import type { MapNode, ScalarNode, YamlNode } from './yaml/node.ts';
import { surprise } from './yaml/resolve-plain.ts';

/** Checks that a node has the JSON type the API server decodes there, all the way down; unknown fields are warnings and stay. */
export function checkShape(check: Check, node: YamlNode, type: FieldType): void {
  if (type.kind === 'any' || (node.kind === 'scalar' && node.value === null)) return;
  if (type.kind === 'struct') return node.kind === 'map' ? checkStruct(check, node, type.name) : wrong(check, node, 'a map');
  if (type.kind === 'list') {
    if (node.kind !== 'list') return wrong(check, node, 'a list');
    for (const item of node.items) checkShape(check, item, type.of);
    return;
  }
  if (type.kind === 'map') {
    if (node.kind !== 'map') return wrong(check, node, 'a map');
    for (const entry of node.entries) {
      hintKey(check, entry.value, entry.keyStart, entry.keyEnd, entry.key);
      if (type.of.kind === 'string' && /^match(Labels|Expressions)$/.test(entry.key) && entry.value.kind !== 'scalar') refuse(check, 'wrong-type', entry.value, (path) => `${path}: here a selector is a plain map of labels`, 'write the labels directly below selector:', { start: entry.keyStart, end: entry.keyEnd });
      else checkShape(check, entry.value, type.of);
    }
    return;
  }
  if (node.kind !== 'scalar') return wrong(check, node, wanted[type.kind]);
  checkScalar(check, node, type.kind);
}

type ScalarKind = Exclude<FieldType['kind'], 'any' | 'struct' | 'list' | 'map'>;
const wanted: Readonly<Record<ScalarKind, string>> = {
  string: 'text', boolean: 'true or false', int32: 'a whole number', int64: 'a whole number', 'int-or-string': 'a number or a name',
  quantity: 'a quantity such as 100m or 1Gi', time: 'a time', bytes: 'base64 text',
};

function checkStruct(check: Check, node: MapNode, name: string): void {
  const fields = fieldsOf(name);
  for (const entry of node.entries) {
    const type = fields.get(entry.key);
    if (type !== undefined) checkShape(check, entry.value, type);
    else if (!fields.has('...')) {
      const meant = nearest(entry.key, fields.keys());
      const effect = unknownFieldEffect(name, meant ?? entry.key);
      warn(check, 'unknown-field', entry.value, (path) => `unknown field ${path}, which Kubernetes ignores${effect ? `: ${effect}` : ''}`, meant ? `did you mean ${meant}?` : 'remove it, or check its indentation', { start: entry.keyStart, end: entry.keyEnd });
    }
  }
}

function checkScalar(check: Check, node: ScalarNode, kind: ScalarKind): void {
  const { value } = node;
  const big = isBigNumber(node);
  switch (kind) {
    case 'string':
    case 'time':
      if (typeof value !== 'string' || big) wrong(check, node, wanted[kind]);
      return;
    case 'bytes':
      if (typeof value !== 'string' || big) wrong(check, node, wanted[kind]);
      else if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(value) || value.replace(/\s/g, '').length % 4 !== 0) refuse(check, 'not-base64', node, (path) => `${path} must be base64`, 'encode it, or use stringData in a Secret');
      return;
    case 'boolean':
      if (typeof value === 'boolean') hint(check, node);
      else wrong(check, node, wanted.boolean);
      return;
    case 'int32':
    case 'int64':
      return checkInteger(check, node, kind);
    case 'int-or-string':
      if (typeof value === 'number' || big) checkInteger(check, node, 'int32');
      else if (typeof value !== 'string') wrong(check, node, wanted[kind]);
      return;
    case 'quantity':
      if (typeof value === 'boolean') wrong(check, node, wanted.quantity);
      else if (typeof value === 'string' && !/^[+-]?(\d+\.?\d*|\.\d+)([numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?$/.test(value)) refuse(check, 'not-a-quantity', node, (path) => `${path} must be a quantity; found ${describe(node)}`, 'write something like 500m, 0.5, 128Mi');
  }
}

function checkInteger(check: Check, node: ScalarNode, kind: 'int32' | 'int64'): void {
  const { value } = node;
  if (!isBigNumber(node) && (typeof value !== 'number' || !Number.isInteger(value))) return wrong(check, node, wanted[kind]);
  const n = BigInt(value as number | string);
  const limit = kind === 'int32' ? 2n ** 31n : 2n ** 63n;
  if (n >= limit || n < -limit) refuse(check, 'out-of-range', node, (path) => `${path} must fit ${kind === 'int32' ? '32' : '64'} bits; found ${value}`, 'write a smaller number');
  else hint(check, node);
}

function wrong(check: Check, node: YamlNode, want: string): void {
  const raw = node.kind === 'scalar' && node.plain ? check.file.text.slice(node.start, node.end) : '';
  const unquoted = want === 'text' && node.kind === 'scalar' && raw !== '';
  const why = node.kind === 'scalar' ? surprise(raw, node.value) : '';
  const number = node.kind === 'scalar' && typeof node.value === 'string' && /number/.test(want) && /^-?\d+$/.test(node.value) && !node.plain;
  refuse(check, 'wrong-type', node, (path) => `${path} must be ${want}; found ${describe(node)}${why ? ` (${why})` : ''}`, unquoted ? `quote it: "${raw}"` : number ? 'remove the quotes' : `write ${want}`,
    node.kind === 'scalar' ? node : { start: node.start, end: node.start + 1 });
}

function hint(check: Check, node: ScalarNode): void {
  if (!node.plain) return;
  const why = surprise(check.file.text.slice(node.start, node.end), node.value);
  if (why) warn(check, 'yaml-1.1', node, (path) => `${path}: ${why}`, `write ${String(node.value)}`);
}

function hintKey(check: Check, value: YamlNode, start: number, end: number, key: string): void {
  const raw = check.file.text.slice(start, end);
  if (raw !== key && !/^["']/.test(raw)) warn(check, 'yaml-1.1', value, `kubectl reads the key ${raw} as "${key}"`, `quote it: "${raw}"`, { start, end });
}
