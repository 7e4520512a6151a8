import type { Packet } from './packet.ts';
import type { Field, NamedSet, Rule, Table, VmapElement } from './rules.ts';

/** A field's value in a packet's own header; undefined for what only the kernel knows (marks, connection state, dice). */
function valueOf(field: Field, { src, dst, l4 }: Packet): string | number | undefined {
  switch (field.field) {
    case 'saddr': return src;
    case 'daddr': return dst;
    case 'protocol': return l4.proto;
    case 'sport': case 'dport': return l4.proto === 'icmp' ? undefined : l4[field.field];
    default: return undefined;
  }
}

/**
 * The element of a rule's verdict map that a packet with this header hits: what of the map, and so which object, decided. Only maps
 * whose keys are plain header values, each element naming exact ones, as kube-proxy's; null for other rules and where nothing is hit.
 */
export function findMapElement(table: Pick<Table, 'sets'>, rule: Pick<Rule, 'do'>, packet: Packet): VmapElement | NamedSet['elements'][number] | null {
  for (const action of rule.do) {
    if (action.kind !== 'vmap') continue;
    const key = action.key.map((field) => valueOf(field, packet));
    const { map } = action;
    const elements = typeof map === 'string' ? table.sets.find(({ name }) => name === map)?.elements ?? [] : map;
    const found = elements.find((element) => element.key.length === key.length && element.key.every((atom, i) => key[i] !== undefined && atom === key[i]));
    if (found) return found;
  }
  return null;
}
