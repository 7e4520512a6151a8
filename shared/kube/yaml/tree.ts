import type { Json } from '../../base/json.ts';
import type { FieldPath } from '../types.ts';
import type { MapNode, YamlNode } from './node.ts';

/** The value under a key; undefined where there is none or where it is null, which the API server takes for absent. */
export function fieldOf(node: YamlNode | undefined, key: string): YamlNode | undefined {
  if (node?.kind !== 'map') return undefined;
  const value = entryOf(node, key)?.value;
  return value?.kind === 'scalar' && value.value === null ? undefined : value;
}

/** The first entry of a key, null values included. */
export const entryOf = (node: MapNode, key: string): MapNode['entries'][number] | undefined => node.entries.find((entry) => entry.key === key);

/** A list's items; none for anything else. */
export const itemsOf = (node: YamlNode | undefined): readonly YamlNode[] => (node?.kind === 'list' ? node.items : []);

/** A string scalar's text, else undefined. */
export const textOf = (node: YamlNode | undefined): string | undefined => (node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined);

/** A number scalar's value, else undefined. */
export const numberOf = (node: YamlNode | undefined): number | undefined => (node?.kind === 'scalar' && typeof node.value === 'number' ? node.value : undefined);

/** A boolean scalar's value, else undefined. */
export const booleanOf = (node: YamlNode | undefined): boolean | undefined => (node?.kind === 'scalar' && typeof node.value === 'boolean' ? node.value : undefined);

/** The plain value: objects without a prototype, so that a key like `constructor` is data; of a repeated key the first counts. */
export function toJson(node: YamlNode): Json {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(toJson);
  const out = Object.create(null) as Record<string, Json>;
  for (const entry of node.entries) if (!(entry.key in out)) out[entry.key] = toJson(entry.value);
  return out;
}

/** The node at a path, or its nearest present ancestor. */
export function nodeAt(root: YamlNode, path: FieldPath): YamlNode {
  let node = root;
  for (const step of path) {
    const next: YamlNode | undefined = node.kind === 'map' ? entryOf(node, String(step))?.value : node.kind === 'list' ? node.items[Number(step)] : undefined;
    if (next === undefined) return node;
    node = next;
  }
  return node;
}

/** Where a node stands in a tree, as `spec.ports[0].port`; '' for the root. Compares by identity. */
export function pathTo(root: YamlNode, target: YamlNode): string {
  const find = (node: YamlNode, path: string): string | null => {
    if (node === target) return path;
    if (node.kind === 'map') {
      for (const entry of node.entries) {
        const found = find(entry.value, path === '' ? entry.key : /^[A-Za-z0-9_-]+$/.test(entry.key) ? `${path}.${entry.key}` : `${path}[${entry.key}]`);
        if (found !== null) return found;
      }
    } else if (node.kind === 'list') {
      for (let i = 0; i < node.items.length; i++) {
        const found = find(node.items[i]!, `${path}[${i}]`);
        if (found !== null) return found;
      }
    }
    return null;
  };
  return find(root, '') ?? '';
}
