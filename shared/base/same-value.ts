/** Whether two plain values (no functions, no cycles) have the same content; `ignoring` names a field that does not count at the top. */
export function sameValue(a: unknown, b: unknown, ignoring?: string): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => sameValue(item, b[i]));
  const [x, y] = [a as Readonly<Record<string, unknown>>, b as Readonly<Record<string, unknown>>];
  const counts = (key: string): boolean => key !== ignoring;
  const keys = Object.keys(x).filter(counts);
  return keys.length === Object.keys(y).filter(counts).length && keys.every((key) => Object.hasOwn(y, key) && sameValue(x[key], y[key]));
}
