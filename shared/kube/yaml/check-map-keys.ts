import { MAX_KEY } from '../limits.ts';
import type { MapEntry, YamlFault } from './node.ts';

// What copying from web pages and chats leaves behind; YAML takes none of these for a space.
const oddSpace = /[\u00a0\u2000-\u200b\u202f\u3000]/;

/** Finds repeated and overlong keys of one map in O(n); go's last-one-wins is never silent here. */
export function checkMapKeys(entries: readonly MapEntry[], faults: YamlFault[]): void {
  const small = entries.length <= 8;
  const first = small ? null : new Map<string, MapEntry>();
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i]!;
    if (entry.key.length > MAX_KEY) faults.push({ code: 'limit-key', severity: 'error', start: entry.keyStart, end: entry.keyEnd, what: `a key of ${entry.key.length} characters is longer than ${MAX_KEY}`, fix: 'shorten it' });
    if (oddSpace.test(entry.key)) faults.push({ code: 'odd-space', severity: 'warning', start: entry.keyStart, end: entry.keyEnd, what: 'a non-breaking space (U+00A0 or its like) is part of this key', fix: 'replace it by a plain space' });
    const earlier = first ? first.get(entry.key) : entries.find((other, j) => j < i && other.key === entry.key);
    if (earlier) faults.push(repeated(earlier, entry));
    else first?.set(entry.key, entry);
  }
}

const repeated = (earlier: MapEntry, later: MapEntry): YamlFault => ({
  code: 'duplicate-key', severity: 'error', start: later.keyStart, end: later.keyEnd,
  what: `"${later.key}" repeated`, fix: 'keep one of them', related: { what: 'first', start: earlier.keyStart, end: earlier.keyEnd },
});
