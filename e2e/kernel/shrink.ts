import type { Manifest } from './chooser.ts';

type Path = readonly string[];

/** Every field and list item below, deepest last: leaving out a whole is tried before its parts. */
function* paths(value: unknown, at: Path = []): Generator<Path> {
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value)) yield [...at, key];
  for (const [key, inner] of Object.entries(value)) yield* paths(inner, [...at, key]);
}

function without(value: unknown, [key, ...rest]: Path): unknown {
  if (Array.isArray(value)) return rest.length === 0 ? value.filter((_, i) => String(i) !== key) : value.map((item: unknown, i) => (String(i) === key ? without(item, rest) : item));
  const entries = Object.entries(value as Manifest);
  return Object.fromEntries(rest.length === 0 ? entries.filter(([name]) => name !== key) : entries.map(([name, inner]) => [name, name === key ? without(inner, rest) : inner]));
}

const needed = new Set(['apiVersion', 'kind', 'metadata']);

/** The fewest documents and fields with which it still fails: whole documents are left out first, then fields, until nothing more can go. `fails` must answer false for what cannot be read. */
export async function shrink(manifests: readonly Manifest[], fails: (fewer: readonly Manifest[]) => Promise<boolean>): Promise<readonly Manifest[]> {
  let left = manifests;
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = left.length - 1; i >= 0; i--) {
      const fewer = left.filter((_, at) => at !== i);
      if (await fails(fewer)) [left, changed] = [fewer, true];
    }
    for (let i = 0; i < left.length; i++) {
      for (const path of [...paths(left[i])].filter((one) => !needed.has(one[0]!))) {
        const smaller = left.map((document, at) => (at === i ? (without(document, path) as Manifest) : document));
        if (JSON.stringify(smaller) !== JSON.stringify(left) && (await fails(smaller))) [left, changed] = [smaller, true];
      }
    }
  }
  return left;
}
