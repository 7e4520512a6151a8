import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBlock } from './read-block.ts';
import { readYaml } from './read-yaml.ts';
import { splitDocuments } from './split-documents.ts';

const shared = join(import.meta.dirname, '../../../../shared/manifests');
const filesBelow = (folder: string): string[] => readdirSync(folder).flatMap((name) => (statSync(join(folder, name)).isDirectory() ? filesBelow(join(folder, name)) : [join(folder, name)]));

const scalars = fc.constantFrom('a', 'web-0', '80', '0100', 'yes', 'null', '~', '-1', '1.5', '"80"', "'it''s'", '"a\\nb"', '"\\u0041"', '"\\x41"', 'a b', 'a # c', 'a: b', 'a:b', 'http://x/y', '{}', '[]', '[a]', '{a: b}', '.inf', '-', '-x', '"', "'", '&a x', '*a', '!x y', '@', 'é😀', '', '  ', '#c', '| x', '>', '12:30', 'a\tb', '"a" b', '?x', 'x?', '%', 'a ', '"a"#c', '<<', 'x, y', '[', '}');
const keys = fc.constantFrom('a', 'b', 'spec', 'app.kubernetes.io/name', '"q"', "'s'", 'yes', '80', 'a b', '-x', 'null', '<<', 'é', 'a:b', '? a', '{{ x }}', 'a ', '');
const line = fc.record({ indent: fc.constantFrom(0, 0, 1, 2, 2, 2, 3, 4, 4, 6), dash: fc.constantFrom('', '', '', '- ', '-   ', '- - ', '-'), key: fc.option(keys, { freq: 6 }), value: fc.option(scalars, { freq: 3 }), tail: fc.constantFrom('\n', '\n', '\n', ' # note\n', '\r\n', '\n\n', '\n  # c\n', '  \n', '\t\n') });
const block = fc.tuple(keys, fc.constantFrom('|', '|-', '|+', '>', '|2', '| # c'), fc.array(fc.constantFrom('  x', '   y: z', '', '  # no', ' z', '\tt', '  - a', '    ', '  t\t'), { maxLength: 5 })).map(([k, h, lines]) => `${k}: ${h}\n${lines.map((l) => `${l}\n`).join('')}`);
const lineText = line.map((l) => `${' '.repeat(l.indent)}${l.dash}${l.key === null ? '' : `${l.key}:`}${l.value === null ? '' : `${l.key === null ? '' : ' '}${l.value}`}${l.tail}`);
const documentText = fc.array(fc.oneof({ weight: 6, arbitrary: lineText }, { weight: 1, arbitrary: block }), { minLength: 1, maxLength: 8 }).map((parts) => parts.join(''));

describe('the fast reader and the library', () => {
  test('what the fast reader accepts, the library reads to the very same tree, places and faults', () => {
    let accepted = 0;
    fc.assert(fc.property(documentText, fc.boolean(), (body, newline) => {
      const text = newline ? body : body.replace(/\r?\n$/, '');
      const fast = readBlock(text, 0, text.length);
      if (fast === null) return;
      accepted++;
      expect(fast).toEqual(readYaml(text, 0, text.length));
    }), { numRuns: 20000, seed: 20260101 });
    expect(accepted).toBeGreaterThan(500);
  }, 60_000);

  test.runIf(existsSync(shared))('every document of the sample manifests reads alike', () => {
    const texts = filesBelow(shared).map((path) => readFileSync(path, 'utf8'));
    const slices = texts.flatMap((text) => splitDocuments(text).filter((slice) => !slice.marked).map((slice) => ({ text, slice })));
    const read = slices.map(({ text, slice }) => ({ fast: readBlock(text, slice.body, slice.end), library: readYaml(text, slice.start, slice.end) })).filter(({ fast }) => fast !== null);
    expect(read.map(({ fast }) => fast)).toEqual(read.map(({ library }) => library));
    expect(read.length).toBeGreaterThan(40);
  });
});
