import { describe, expect, test } from 'vitest';
import { goldenDifferences, printBareGolden, printGolden, withoutKnown, type NodeListing } from './golden-text.ts';

const saved = (...rules: readonly string[]): readonly string[] => ['*filter', ':FORWARD ACCEPT [0:0]', ...rules, 'COMMIT', '*nat', ':OUTPUT ACCEPT [0:0]', 'COMMIT'];

describe('what a node has anyway is counted, never hidden', () => {
  test('lines of a table stand where they stood, the others are counted between them', () => {
    expect(withoutKnown(saved('-A FORWARD -j ONE', '-A FORWARD -j MINE', '-A FORWARD -j TWO'), saved('-A FORWARD -j ONE', '-A FORWARD -j TWO'))).toEqual(['*filter', '… 2', '-A FORWARD -j MINE', '… 1', 'COMMIT', '… 3']);
  });

  test('the same line in another table does not count as known', () => {
    expect(withoutKnown(['*nat', '-A OUTPUT -j X', 'COMMIT'], ['*filter', '-A OUTPUT -j X', 'COMMIT', '*nat', 'COMMIT'])).toEqual(['*nat', '-A OUTPUT -j X', 'COMMIT', '✕ *filter', '✕ -A OUTPUT -j X', '✕ COMMIT']);
  });

  test('a line that is missing is told', () => {
    expect(withoutKnown(saved(), saved('-A FORWARD -j ONE'))).toEqual(['*filter', '… 1', '✕ -A FORWARD -j ONE', 'COMMIT', '… 3']);
  });

  test('elements of an nft map are compared one by one, however nft breaks their lines', () => {
    const map = (elements: string): readonly string[] => ['table ip t {', '\tmap m {', '\t\ttype ipv4_addr : verdict', ...elements.split('\n'), '\t}', '', '\tchain c {', '\t\tjump d', '\t}', '}'];
    expect(withoutKnown(map('\t\telements = { 10.0.0.1 : drop, 10.0.0.2 : drop,\n\t\t\t     10.0.0.3 : drop }'), map('\t\telements = { 10.0.0.2 : drop }'))).toEqual([
      'table ip t {', '\tmap m {', '… 1', '\t\telements = {', '\t\t\t10.0.0.1 : drop', '… 1', '\t\t\t10.0.0.3 : drop', '\t\t}', '\t}', '… 3', '}',
    ]);
  });
});

describe('golden texts', () => {
  const node = (name: string, ...lines: readonly string[]): NodeListing => ({ node: `node/${name}`, listings: [{ tool: 'ipvsadm', lines }] });
  const body = (text: string): readonly string[] => text.split('\n').filter((line) => !line.startsWith('#') && line !== '');

  test('nodes with the same text share it, and so do states', () => {
    const nodes = [node('a', 'x', 'mine'), node('b', 'x', 'mine'), node('c', 'x')];
    expect(body(printGolden('010-t', 'd', [{ name: 'as-given', nodes }, { name: 'broken', nodes: nodes.slice(2) }], [node('a', 'x'), node('b', 'x'), node('c', 'x')]))).toEqual([
      '=== as-given: node/a, node/b', '--- ipvsadm', '… 1', 'mine', '=== as-given: node/c', '--- ipvsadm', '… 1', '=== broken: node/c', 'the same as as-given: node/c',
    ]);
  });

  test('the cluster they refer to is shown in full for its first node', () => {
    expect(body(printBareGolden('d', [node('a', 'x', 'y'), node('b', 'x', 'z')]))).toEqual(['=== node/a', '--- ipvsadm', 'x', 'y', '=== node/b', '--- ipvsadm', '… 1', 'z', '✕ y']);
  });

  test('a difference names its section and both lines; equal texts have none', () => {
    expect(goldenDifferences('# t\n=== as-given: node/a\none\ntwo\n', '# t\n=== as-given: node/a\none\nthree\n')).toEqual(['=== as-given: node/a', '- two', '+ three']);
    expect(goldenDifferences('one\n', 'one\n')).toEqual([]);
  });

  test('a long difference is cut, and says so', () => {
    expect(goldenDifferences('', Array.from({ length: 60 }, (_, i) => `${i}`).join('\n')).at(-1)).toMatch(/^… and \d+ lines more$/);
  });
});
