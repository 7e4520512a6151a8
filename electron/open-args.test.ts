import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parseOpenArgs } from './open-args.ts';

const cwd = resolve('/home/ada/work');
const at = (name: string) => join(cwd, name);
const packaged = (...args: readonly string[]) => parseOpenArgs({ argv: ['/opt/podhop', ...args], cwd, isPackaged: true });

describe('files on the command line (I2)', () => {
  const rows: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['nothing', [], []],
    ['one file', ['a.yaml'], [at('a.yaml')]],
    ['two files in their order', ['b.yaml', 'a.yaml'], [at('b.yaml'), at('a.yaml')]],
    ['the same file twice', ['a.yaml', './a.yaml'], [at('a.yaml')]],
    ['a file in a folder', ['k8s/a.yaml'], [at('k8s/a.yaml')]],
    ['a file above', ['../a.yaml'], [resolve(cwd, '../a.yaml')]],
    ['the folder itself', ['.'], [cwd]],
    ['an absolute path', [resolve('/tmp/a.yaml')], [resolve('/tmp/a.yaml')]],
    ['a name with spaces', ['my cluster.yaml'], [at('my cluster.yaml')]],
    ['a name in another script', ['クラスタ.yaml'], [at('クラスタ.yaml')]],
    ['an emoji', ['🚀.yaml'], [at('🚀.yaml')]],
    ['a file URI', [pathToFileURL(resolve('/tmp/a b.yaml')).href], [resolve('/tmp/a b.yaml')]],
    ['a file URI that is none', ['file://%zz'], []],
    ['a file URI of a far host', ['file://server/share/a.yaml'], process.platform === 'win32' ? ['\\\\server\\share\\a.yaml'] : []],
    ['our flag', ['--web'], []],
    ["Chromium's flag", ['--allow-file-access-from-files', 'a.yaml'], [at('a.yaml')]],
    ['a flag with a value', ['--user-data-dir=/tmp/x', 'a.yaml'], [at('a.yaml')]],
    ['a short flag', ['-v', 'a.yaml'], [at('a.yaml')]],
    ['flags after the file', ['a.yaml', '--no-sandbox', '--original-process-start-time=1'], [at('a.yaml')]],
    ['a dash alone', ['-'], []],
    ['a file named like a flag, after --', ['--', '--web'], [at('--web')]],
    ['files on both sides of --', ['a.yaml', '--', '-b.yaml'], [at('a.yaml'), at('-b.yaml')]],
    ['-- alone', ['--'], []],
    ['a second -- is a file', ['--', '--'], [at('--')]],
    ['an empty argument', [''], []],
    ['an address', ['https://evil.com/a.yaml'], []],
    ['another scheme', ['podhop:open?file=/etc/passwd'], []],
    ['a script address', ['javascript:alert(1)'], []],
    ['a NUL in the name', ['a\0.yaml'], []],
    ['a name that ends in a dot', ['a.'], [at('a.')]],
    ['a tilde is a name', ['~/a.yaml'], [at('~/a.yaml')]],
  ];
  test.each(rows)('%s', (_name, args, paths) => expect(packaged(...args)).toEqual(paths));

  test('unpackaged, the app itself is not a file', () => {
    expect(parseOpenArgs({ argv: ['/usr/bin/electron', '.', 'a.yaml'], cwd, isPackaged: false })).toEqual([at('a.yaml')]);
  });

  test('names belong to the folder of their launch', () => {
    expect(parseOpenArgs({ argv: ['podhop', 'a.yaml'], cwd: resolve('/elsewhere'), isPackaged: true })).toEqual([resolve('/elsewhere/a.yaml')]);
  });
});
