import { expect, test } from 'vitest';
import { mergeDocuments } from './merge-documents.ts';

test('a file of the same name replaces the old one in its place; the rest is added', () => {
  const merged = mergeDocuments([{ name: 'a.yaml', text: '1' }, { name: 'b.yaml', text: '2' }], [{ name: 'c.yaml', text: '3' }, { name: 'a.yaml', text: '4' }]);
  expect(merged).toEqual([{ name: 'a.yaml', text: '4' }, { name: 'b.yaml', text: '2' }, { name: 'c.yaml', text: '3' }]);
});
