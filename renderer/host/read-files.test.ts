import { describe, expect, test } from 'vitest';
import { fileLimits, readFiles, titleOf } from './read-files.ts';

const file = (name: string, bytes: string | number[]) => ({ name, file: new File([typeof bytes === 'string' ? bytes : new Uint8Array(bytes)], name) });
const skippedOf = async (...files: ReturnType<typeof file>[]) => (await readFiles(files)).skipped;

describe('files that were chosen or dropped', () => {
  test('are read in the order of their names, and what is no manifest is said', async () => {
    const read = await readFiles([file('b.yaml', 'b: 1'), file('README.md', '# x'), file('a.json', '{}')]);
    expect(read).toEqual({ documents: [{ name: 'a.json', text: '{}' }, { name: 'b.yaml', text: 'b: 1' }], skipped: [{ name: 'README.md', why: 'is neither YAML nor JSON' }] });
  });

  test('a single file is read whatever it is called', async () => {
    expect((await readFiles([file('cluster.txt', 'a: 1')])).documents.length).toBe(1);
  });

  test.each([
    ['a UTF-8 byte order mark is no text', [0xef, 0xbb, 0xbf, 0x61], 'a'],
    ['UTF-16 little endian is decoded by its mark', [0xff, 0xfe, 0x61, 0], 'a'],
    ['UTF-16 big endian is decoded by its mark', [0xfe, 0xff, 0, 0x61], 'a'],
  ])('%s', async (_, bytes, text) => expect((await readFiles([file('a.yaml', bytes)])).documents[0]?.text).toBe(text));

  test.each([
    [[0x61, 0x0a, 0x62, 0xc3, 0x28], '2:2: byte 0xC3 is not valid UTF-8'],
    [[0x89, 0x50, 0x4e, 0x47, 0xff], '1:1: is a PNG image, not a manifest'],
    [[0x1f, 0x8b, 0x08, 0xff], '1:1: is a gzip archive, not a manifest'],
  ])('bytes %j are refused: %s', async (bytes, why) => expect(await skippedOf(file('a.yaml', bytes))).toEqual([{ name: 'a.yaml', why }]));

  test('nothing beyond the limit is read', async () => {
    const big = { name: 'big.yaml', file: { name: 'big.yaml', size: fileLimits.bytes + 1, arrayBuffer: () => Promise.reject(new Error('was read')) } as unknown as File };
    expect((await readFiles([big])).skipped).toEqual([{ name: 'big.yaml', why: 'is larger than 16 MiB' }]);
  });

  test('node_modules and .git are left out, and said', async () => {
    const read = await readFiles([file('app/a.yaml', 'a: 1'), file('app/node_modules/x/b.yaml', 'b: 1'), file('app/.git/c.yaml', 'c: 1')]);
    expect([read.documents.map(({ name }) => name), read.skipped.length]).toEqual([['app/a.yaml'], 1]);
  });

  test.each([
    [['a.yaml'], 'a.yaml'],
    [['shop/a.yaml'], 'a.yaml'],
    [['shop/a.yaml', 'shop/x/b.yaml'], 'shop'],
    [['a.yaml', 'b.yaml'], '2 files'],
  ])('%j is titled %s', (names, title) => expect(titleOf(names)).toBe(title));
});
