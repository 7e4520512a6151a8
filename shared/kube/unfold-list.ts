import type { MapNode, YamlNode } from './yaml/node.ts';
import { fieldOf, textOf } from './yaml/tree.ts';

/** What a list says of items that do not say it themselves, as the API server's own lists (`kind: PodList`). */
export interface ItemDefaults { readonly apiVersion?: string; readonly kind?: string }

/** The items of `kind: List`, or of a typed list such as `PodList`, with what it says of them; null for anything else. */
export function unfoldList(node: MapNode): { readonly items: readonly YamlNode[]; readonly defaults: ItemDefaults } | null {
  const kind = textOf(fieldOf(node, 'kind')) ?? '';
  const items = kind.endsWith('List') ? fieldOf(node, 'items') : undefined;
  if (items?.kind !== 'list') return null;
  const apiVersion = textOf(fieldOf(node, 'apiVersion'));
  const itemKind = kind.slice(0, -4);
  return { items: items.items, defaults: itemKind !== '' && apiVersion !== undefined ? { apiVersion, kind: itemKind } : {} };
}
