import { describe, expect, test } from 'vitest';
import type { ScalarValue } from './node.ts';
import { resolveKey, resolvePlain, surprise } from './resolve-plain.ts';

// Each value is what sigs.k8s.io/yaml 1.6 (go-yaml v2, which kubectl uses) made of `v: TEXT` when it was run on it.
describe('a plain scalar means what kubectl makes of it', () => {
  test.each<[string, ScalarValue]>([
    ['yes', true], ['Yes', true], ['YES', true], ['yEs', 'yEs'], ['y', true], ['Y', true], ['n', false], ['no', false], ['on', true], ['Off', false],
    ['true', true], ['TRUE', true], ['tRue', 'tRue'], ['~', null], ['null', null], ['Null', null], ['', null],
    ['0777', 511], ['0o777', 511], ['0O17', 15], ['0x1F', 31], ['0X1f', 31], ['0b101', 5], ['-0b101', -5], ['1_000', 1000], ['_1', '_1'], ['1__0', 10],
    ['1e3', 1000], ['1E+3', 1000], ['.5', 0.5], ['5.', 5], ['+5', 5], ['+.5', 0.5], ['-0', 0], ['-0.0', -0], ['08', 8], ['09.5', 9.5], ['0778', 778],
    ['12:30:45', '12:30:45'], ['1:20', '1:20'], ['2001-01-01', '2001-01-01'], ['2001-01-01T00:00:00Z', '2001-01-01T00:00:00Z'], ['=', '='], ['<<', '<<'],
    ['1e400', '1e400'], ['-1e400', '-1e400'], ['1e-400', 0], ['1.5', 1.5], ['1.50', 1.5], ['010.5', 10.5], ['1.2.3', '1.2.3'], ['0x', '0x'], ['0x1G', '0x1G'],
    ['-0x1F', -31], ['+0x1F', 31], ['0_7', 7], ['0_', 0], ['1_000.5', 1000.5], ['1e1_0', 1e10], ['80.0', 80], ['1e21', 1e21], ['.', '.'], ['+', '+'], ['1,000', '1,000'], ['0x_1F', 31], ['._5', '._5'],
  ])('%s', (text, value) => {
    expect(resolvePlain(text)).toBe(value);
  });

  test('whole numbers beyond 2⁵³ keep every digit', () => {
    expect(['9007199254740991', '9007199254740993', '18446744073709551615', '-9007199254740993'].map(resolvePlain)).toEqual([9007199254740991, '9007199254740993', '18446744073709551615', '-9007199254740993']);
  });

  test('infinity and NaN are resolved, and refused by the readers', () => {
    expect(['.inf', '-.INF', '+.Inf', '.nan'].map(resolvePlain)).toEqual([Infinity, -Infinity, Infinity, NaN]);
  });

  test('keys become the text that JSON carries', () => {
    expect(['yes', '1', '1.5', '0x10', '~', 'a'].map(resolveKey)).toEqual(['true', '1', '1.5', '16', null, 'a']);
  });

  test('only values that surprise get a hint', () => {
    expect(['yes', 'true', 'False', '80', '0100', '0x50', '1_000', '1e3', '80.5', 'text'].map((t) => surprise(t, resolvePlain(t)) !== '')).toEqual([true, false, false, false, true, true, true, true, false, false]);
  });
});
