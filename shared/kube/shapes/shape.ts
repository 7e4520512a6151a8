/**
 * Struct name → its fields as `name:type` words. Types: s string · b boolean · i int32 · l int64 · p int-or-string · q quantity · t time ·
 * b64 bytes · * anything · [T] list · {T} map · otherwise a struct's name.
 */
export type Shapes = Readonly<Record<string, string>>;

export type FieldType =
  | { readonly kind: 'string' | 'boolean' | 'int32' | 'int64' | 'int-or-string' | 'quantity' | 'time' | 'bytes' | 'any' }
  | { readonly kind: 'list' | 'map'; readonly of: FieldType }
  | { readonly kind: 'struct'; readonly name: string };

const scalars = new Map<string, FieldType>([
  ['s', { kind: 'string' }], ['b', { kind: 'boolean' }], ['i', { kind: 'int32' }], ['l', { kind: 'int64' }], ['p', { kind: 'int-or-string' }],
  ['q', { kind: 'quantity' }], ['t', { kind: 'time' }], ['b64', { kind: 'bytes' }], ['*', { kind: 'any' }],
]);

/** Reads one type word. */
export function parseType(word: string): FieldType {
  if (word.startsWith('[')) return { kind: 'list', of: parseType(word.slice(1, -1)) };
  if (word.startsWith('{')) return { kind: 'map', of: parseType(word.slice(1, -1)) };
  return scalars.get(word) ?? { kind: 'struct', name: word };
}

/** Reads a struct's fields. */
export function parseFields(text: string): ReadonlyMap<string, FieldType> {
  const fields = new Map<string, FieldType>();
  for (const word of text.split(' ')) {
    const colon = word.indexOf(':');
    if (colon > 0) fields.set(word.slice(0, colon), parseType(word.slice(colon + 1)));
  }
  return fields;
}
