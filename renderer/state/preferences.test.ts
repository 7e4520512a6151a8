import { describe, expect, test } from 'vitest';
import { defaults, parsePreferences } from './preferences.ts';

describe('preferences', () => {
  test.each([null, '', '{', '[]', 'null', '7', '"dark"'])('%j gives the defaults', (text) => expect(parsePreferences(text)).toEqual(defaults));

  test('what was stored comes back', () => {
    const stored = { ...defaults, theme: 'dark', speed: 2, singleKeys: false, drawerHeight: 300 };
    expect(parsePreferences(JSON.stringify(stored))).toEqual(stored);
  });

  test('unknown keys are ignored and wrong values are the default', () => {
    expect(parsePreferences(JSON.stringify({ theme: 'pink', speed: 9000, pauseAtEachHop: 'yes', drawerHeight: -1, other: 1 }))).toEqual(defaults);
  });
});
