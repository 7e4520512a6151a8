// Real files in a temporary folder (reliability B10).
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readFolder, readLimits, readOpened, readPaths, titleOf } from './read-files.ts';

let dir = '';
const at = (...names: readonly string[]): string => join(dir, ...names);
const put = (name: string, bytes: string | Uint8Array = 'kind: Pod\n'): void => {
  mkdirSync(join(at(name), '..'), { recursive: true });
  writeFileSync(at(name), bytes);
};
const posix = process.platform !== 'win32';

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'podhop-files-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('files that were chosen', () => {
  test('are read as UTF-8 text, byte order mark and line ends as they are', async () => {
    put('one/a.yaml', '\ufeffkind: Pod\r\n');
    put('one/b.txt', 'grüße');
    expect(await readPaths([at('one/a.yaml'), at('one/b.txt')])).toEqual({ documents: [{ name: 'a.yaml', text: '\ufeffkind: Pod\r\n' }, { name: 'b.txt', text: 'grüße' }], skipped: [] });
  });

  test('with other bytes travel as base64, for the engine to judge', async () => {
    put('one/bad.yaml', new Uint8Array([0x61, 0xc3, 0x28]));
    expect((await readPaths([at('one/bad.yaml')])).documents).toEqual([{ name: 'bad.yaml', text: 'YcMo', encoding: 'base64' }]);
  });

  test('that are empty are read', async () => {
    put('one/empty.yaml', '');
    expect(await readPaths([at('one/empty.yaml')])).toEqual({ documents: [{ name: 'empty.yaml', text: '' }], skipped: [] });
  });

  test('are skipped with a reason when they are missing, a folder, or too large', async () => {
    mkdirSync(at('one/folder.yaml'), { recursive: true });
    put('one/large.yaml', '');
    truncateSync(at('one/large.yaml'), readLimits.fileBytes + 1);
    put('one/largest.yaml', '');
    truncateSync(at('one/largest.yaml'), readLimits.fileBytes);
    const { documents, skipped } = await readPaths([at('one/none.yaml'), at('one/folder.yaml'), at('one/large.yaml'), at('one/largest.yaml')]);
    expect(skipped).toEqual([{ name: 'none.yaml', why: 'does not exist' }, { name: 'folder.yaml', why: 'is a folder' }, { name: 'large.yaml', why: 'is larger than 16 MiB' }]);
    expect(documents.map(({ name, text }) => [name, text.length])).toEqual([['largest.yaml', readLimits.fileBytes]]);
  });

  test('that are no files at all never hold us up', async (context) => {
    if (!posix) context.skip('no named pipes on Windows');
    mkdirSync(at('special'), { recursive: true });
    execFileSync('mkfifo', [at('special/pipe.yaml')]);
    const server = createServer().listen(at('special/socket.yaml'));
    symlinkSync('loop.yaml', at('special/loop.yaml'));
    const started = performance.now();
    const { documents, skipped } = await readPaths([at('special/pipe.yaml'), '/dev/zero', at('special/socket.yaml'), at('special/loop.yaml')]);
    server.close();
    expect({ documents, skipped }).toEqual({
      documents: [],
      skipped: [{ name: 'pipe.yaml', why: 'is not a file' }, { name: 'zero', why: 'is not a file' }, { name: 'socket.yaml', why: 'is not a file' }, { name: 'loop.yaml', why: 'is a loop of links' }],
    });
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test('that may not be read are said', async (context) => {
    if (!posix || process.getuid?.() === 0) context.skip('root may read everything');
    put('one/secret.yaml');
    chmodSync(at('one/secret.yaml'), 0);
    expect((await readPaths([at('one/secret.yaml')])).skipped).toEqual([{ name: 'secret.yaml', why: 'may not be read' }]);
  });
});

describe('a folder', () => {
  test('gives its manifests and those below, by name, and says what was left out', async () => {
    for (const name of ['tree/b.yml', 'tree/a.YAML', 'tree/sub/c.json', 'tree/readme.md', 'tree/sub/logo.png', 'tree/.git/x.yaml', 'tree/node_modules/p/x.yaml', 'tree/.hidden.yaml']) put(name, name);
    expect(await readFolder(at('tree'))).toEqual({
      documents: [{ name: 'a.YAML', text: 'tree/a.YAML' }, { name: 'b.yml', text: 'tree/b.yml' }, { name: 'sub/c.json', text: 'tree/sub/c.json' }],
      skipped: [{ name: '2 other files', why: 'left out: neither YAML nor JSON' }],
    });
  });

  test('is not left through links', async (context) => {
    if (!posix) context.skip('links need a privilege on Windows');
    put('links/in/real.yaml', 'real');
    put('outside/secret.yaml', 'secret');
    symlinkSync(at('outside/secret.yaml'), at('links/in/out.yaml'));
    symlinkSync(at('outside'), at('links/in/folder.yaml'));
    symlinkSync(at('links/in'), at('links/in/self.yaml'));
    symlinkSync('real.yaml', at('links/in/same.yaml'));
    symlinkSync('gone', at('links/in/broken.yaml'));
    symlinkSync(at('links/in2/x.yaml'), at('links/in/sibling.yaml'));
    put('links/in2/x.yaml', 'sibling');
    const { documents, skipped } = await readFolder(at('links/in'));
    expect(documents.map(({ name, text }) => [name, text])).toEqual([['real.yaml', 'real'], ['same.yaml', 'real']]);
    expect(Object.fromEntries(skipped.map(({ name, why }) => [name, why]))).toEqual({
      'broken.yaml': 'does not exist', 'folder.yaml': 'is a link that leads out of the folder', 'out.yaml': 'is a link that leads out of the folder', 'self.yaml': 'is a link that leads out of the folder', 'sibling.yaml': 'is a link that leads out of the folder',
    });
  });

  test('is read sixteen levels deep and no deeper', async () => {
    const levels = Array.from({ length: readLimits.depth }, (_, i) => `d${i}`);
    put(['deep', ...levels.slice(1), 'last.yaml'].join('/'));
    put(['deep', ...levels.slice(1), 'd16', 'too.yaml'].join('/'));
    const { documents, skipped } = await readFolder(at('deep'));
    expect([documents.map(({ name }) => name.split('/').at(-1)), skipped.map(({ why }) => why)]).toEqual([['last.yaml'], ['is more than 16 folders deep']]);
  });

  test('gives at most two thousand files', async () => {
    for (let i = 0; i <= readLimits.files; i += 1) put(`many/${String(i).padStart(5, '0')}.yaml`, '');
    const { documents, skipped } = await readFolder(at('many'));
    expect([documents.length, skipped]).toEqual([2_000, [{ name: '1 more files', why: 'left out: at most 2000 are read at once' }]]);
  });

  test('that is not there is said', async () => expect(await readFolder(at('no-folder'))).toEqual({ documents: [], skipped: [{ name: 'no-folder', why: 'does not exist' }] }));
});

test('a command line may name files and folders', async () => {
  put('both/f/x.yaml', 'x');
  put('both/y.yaml', 'y');
  expect((await readOpened([at('both/f'), at('both/y.yaml'), at('both/none')])).documents.map(({ name }) => name)).toEqual(['x.yaml', 'y.yaml']);
});

test('what was opened has a title', () => expect([titleOf(['/a/b.yaml']), titleOf(['/a/b.yaml', '/c.yaml'])]).toEqual(['b.yaml', '2 files']));
