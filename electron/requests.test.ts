import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readRequest } from './read-request.ts';
import { safeFileName } from './safe-file-name.ts';
import { readShellCall } from './shell-input.ts';

const methods = ['about', 'openFiles', 'takeOpened', 'saveFile', 'openHelp', 'setTitle', 'restartEngine'];

describe('requests of the page (A10)', () => {
  test('a request is taken as it is', () => expect(readRequest({ id: 1, method: 'ping', input: {} })).toEqual({ id: 1, method: 'ping', input: {} }));

  const cyclic: Record<string, unknown> = { id: 1, method: 'a' };
  cyclic['input2'] = cyclic;
  const wrong: readonly unknown[] = [
    undefined, null, 1, 'text', true, [], [1, 'ping', {}], {}, { id: 1 }, { id: 1, method: 'ping' }, { id: 0, method: 'ping', input: {} }, { id: -1, method: 'ping', input: {} }, { id: 1.5, method: 'ping', input: {} }, { id: Number.NaN, method: 'ping', input: {} },
    { id: 2 ** 53, method: 'ping', input: {} }, { id: '1', method: 'ping', input: {} }, { id: 1, method: 2, input: {} }, { id: 1, method: 'x'.repeat(65), input: {} }, { id: 1, method: 'ping', input: {}, extra: 1 }, new Map([['id', 1]]), cyclic, Symbol.iterator, 10n, () => 1, new Date(0),
  ];
  test.each(wrong.map((message, i) => [i, message] as const))('wrong message %i is refused', (_i, message) => expect(readRequest(message)).toBeNull());

  test('no message whatever makes the reader throw', () => {
    fc.assert(fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withSparseArray: true, withTypedArray: true }), (message) => {
      const request = readRequest(message);
      expect(request === null || (Number.isSafeInteger(request.id) && request.id > 0)).toBe(true);
    }), { numRuns: 500 });
  });
});

describe('calls of the shell (A10)', () => {
  const good: readonly (readonly [string, unknown])[] = [
    ['about', {}], ['openFiles', { folder: true }], ['takeOpened', {}], ['saveFile', { suggested: 'a.yaml', text: 'x', layout: null }], ['openHelp', { page: 'manual' }], ['setTitle', { title: 'a', edited: false }], ['restartEngine', {}],
  ];
  test.each(good)('%s with %j is taken', (method, input) => expect(readShellCall(method, input)).toEqual({ method, input }));

  const wrong: readonly (readonly [string, unknown])[] = [
    ['', {}], ['constructor', {}], ['__proto__', {}], ['toString', {}], ['readFile', { path: '/etc/passwd' }], ['about', null], ['about', []], ['about', { extra: 1 }], ['openFiles', {}], ['openFiles', { folder: 1 }], ['openFiles', { folder: true, path: '/etc' }],
    ['saveFile', { suggested: 'a', text: 1, layout: null }], ['saveFile', { suggested: 'a'.repeat(1025), text: '', layout: null }], ['saveFile', { path: '/etc/passwd', text: '', layout: null }], ['saveFile', { suggested: 'a', text: '', layout: 1 }], ['saveFile', { suggested: 'a', text: '' }], ['openHelp', { page: 'https://evil.com' }], ['openHelp', { page: ['manual'] }], ['setTitle', { title: 'a' }], ['setTitle', { title: 'a', edited: 'no' }],
    ['setTitle', JSON.parse('{"title":"a","__proto__":{"edited":true}}')], ['restartEngine', undefined], ['restartEngine', 'now'],
  ];
  test.each(wrong)('%s with %j is refused', (method, input) => expect(readShellCall(method, input)).toBeNull());

  test('200 inputs of any kind per method: taken only when they fit', () => {
    fc.assert(fc.property(fc.constantFrom(...methods), fc.anything({ withNullPrototype: true }), (method, input) => {
      const call = readShellCall(method, input);
      expect(call === null || call.input === input).toBe(true);
    }), { numRuns: 200 * methods.length });
  });
});

describe('names of saved files (E5)', () => {
  test.each([
    ['manifests.yaml', 'manifests.yaml'], ['../x', 'x'], ['/etc/passwd', 'etc-passwd'], ['..\\..\\x.yaml', 'x.yaml'], ['CON', '_CON'], ['con.yaml', '_con.yaml'], ['COM1', '_COM1'], ['console.yaml', 'console.yaml'], ['a:b.yaml', 'a-b.yaml'], ['a*?"<>|b', 'a------b'], ['a.', 'a'], ['a ', 'a'], [' a', 'a'],
    ['.hidden', 'hidden'], ['...', 'manifests.yaml'], ['', 'manifests.yaml'], ['-rf', 'rf'], ['--', 'manifests.yaml'], ['a\0b', 'ab'], ['a\nb', 'ab'], ['a\u001b[31mb', 'a[31mb'], ['a\u202egnp.yaml', 'agnp.yaml'], ['\ufeffa', 'a'], ['🚀.yaml', '🚀.yaml'], ['クラスタ.yaml', 'クラスタ.yaml'], ['/', 'manifests.yaml'],
    ['C:\\x', 'C--x'], ['\\\\server\\share', 'server-share'], ['~/x', '~-x'], ['NUL ', '_NUL'],
  ])('%j becomes %j', (suggested, name) => expect(safeFileName(suggested)).toBe(name));

  test('a long name keeps its ending and at most 120 bytes', () => {
    const name = safeFileName(`${'ü'.repeat(300)}.yaml`);
    expect([name.endsWith('ü.yaml'), Buffer.byteLength(name) <= 120, Buffer.byteLength(name) > 115]).toEqual([true, true, true]);
  });

  test('whatever is suggested, the name is safe', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (suggested) => {
      const name = safeFileName(suggested);
      expect(name).not.toMatch(/[/\\:\0]|^[.-]|[. ]$/);
      expect(name.length > 0 && Buffer.byteLength(name) <= 121).toBe(true);
    }), { numRuns: 300 });
  });
});
