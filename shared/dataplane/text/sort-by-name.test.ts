import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placesByName } from './sort-by-name.ts';

const byText = (names: readonly string[]): readonly string[] => names.toSorted((a, b) => (a < b ? -1 : 1));
const listed = (names: readonly string[]): readonly string[] => placesByName(names.map((name) => ({ name }))).map((i) => names[i]!);

test('names that share a long beginning, or begin one another, are in the order of their texts', () => {
  const names = ['KUBE-SEP-AAAAAAAB', 'KUBE-SEP-AAAAAAAA', 'KUBE-SEP', 'KUBE-SVC-A', 'KUBE-SEP-AAAAAAAAAAAAAAAZ', 'KUBE-SEP-AAAAAAAAAAAAAAAB', '', 'KUBE-é', 'KUBE-z', 'é', 'KUBE-SEP-AAAAAAAAé'];
  expect(listed(names)).toEqual(byText(names));
});

test('the order is that of the texts, whatever the names', () => {
  const piece = fc.constantFrom('KUBE-', 'SEP-', 'SVC-', 'A', 'B', '2', 'é', '\u{1f600}', '-', ' ', '\0', '\u007f', '\u0080');
  const name = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
  fc.assert(fc.property(fc.uniqueArray(name, { maxLength: 40 }), (names) => {
    expect(listed(names)).toEqual(byText(names));
  }), { seed: 1 });
});
