import type { MapEntry, YamlFault, YamlNode } from './node.ts';

/**
 * Unfolds `<<` as go-yaml v2 does: a merged key wins over what stands before the `<<` in the same map and loses to what stands after it;
 * of a list of maps the first wins.
 */
export function mergeEntries(own: readonly MapEntry[], merges: readonly { readonly index: number; readonly value: YamlNode }[], faults: YamlFault[]): MapEntry[] {
  const merged = new Map<string, MapEntry>();
  let next = 0;
  const takeOwn = (until: number): void => {
    for (; next < until; next++) merged.set(own[next]!.key, own[next]!);
  };
  for (const { index, value } of merges) {
    takeOwn(index);
    const sources = value.kind === 'list' ? value.items.toReversed() : [value];
    for (const source of sources) {
      if (source.kind === 'map') for (const entry of source.entries) merged.set(entry.key, entry);
      else faults.push({ code: 'yaml-merge', severity: 'error', start: source.start, end: Math.max(source.end, source.start + 1), what: 'map merge requires a map or a list of maps', fix: 'point << at an anchored map' });
    }
  }
  takeOwn(own.length);
  return [...merged.values()];
}
