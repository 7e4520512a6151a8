import { describe, expect, test } from 'vitest';
import { isLayoutFile, layoutFileOf, parseLayout, printLayout, splitLayout, type KeptLayout } from './layout-file.ts';

const layout: KeptLayout = { positions: { 'node/b': { x: 0, y: 0 }, 'node/a': { x: 0, y: 1 } }, folded: ['node/b'], grouping: 'workload' };

describe('a layout in a file beside the manifests', () => {
  test('what is printed is read as it was', () => expect(parseLayout(printLayout(layout)!)).toEqual(layout));
  test('where nothing was arranged there is no file', () => expect(printLayout({ positions: {} })).toBeNull());
  test.each([['shop.yaml', 'shop.podhop-layout.json'], ['shop.prod.yml', 'shop.prod.podhop-layout.json'], ['folder', 'folder.podhop-layout.json']])('%s goes with %s', (name, file) => {
    expect([layoutFileOf(name), isLayoutFile(file), isLayoutFile(name)]).toEqual([file, true, false]);
  });
  test.each(['', 'not JSON', '[]', '{}', '{"kind":"Pod"}', 'null'])('%j is no layout', (text) => expect(parseLayout(text)).toBeNull());
  test('what it does not know it leaves out', () =>
    expect(parseLayout('{"podhopLayout":1,"positions":{"a":{"x":1,"y":2,"z":3},"b":{"x":"1"},"c":null},"folded":[1,"d"],"grouping":"colour","more":1}')).toEqual({ positions: { a: { x: 1, y: 2 } }, folded: ['d'] }));
  test('documents are told apart from the layout beside them', () => {
    const manifest = { name: 'shop.yaml', text: 'kind: Pod' };
    expect(splitLayout([manifest, { name: 'shop.podhop-layout.json', text: printLayout(layout)! }])).toEqual({ manifests: [manifest], layout });
    expect(splitLayout([manifest, { name: 'x.podhop-layout.json', text: 'broken' }])).toEqual({ manifests: [manifest], layout: null });
  });
});
