import { act, render } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { defaults, usePreferences } from '../state/preferences.ts';
import { themeFor, useTheme } from './use-theme.ts';

afterEach(() => usePreferences.setState(defaults));

test.each([
  ['system', false, false, 'light'],
  ['system', true, false, 'dark'],
  ['system', true, true, 'contrast'],
  ['light', true, true, 'light'],
  ['projector', true, false, 'projector'],
] as const)('%s on a system with dark %s and more contrast %s is %s', (choice, dark, contrast, shown) => expect(themeFor(choice, dark, contrast)).toBe(shown));

test('the page follows the preferences, motion too', () => {
  const Theme = () => {
    useTheme();
    return null;
  };
  render(<Theme />);
  act(() => usePreferences.getState().change({ theme: 'dark', reduceMotion: true }));
  expect([document.documentElement.dataset['theme'], document.documentElement.dataset['motion']]).toEqual(['dark', 'reduce']);
  act(() => usePreferences.getState().change({ theme: 'light', reduceMotion: false }));
  expect([document.documentElement.dataset['theme'], document.documentElement.dataset['motion']]).toEqual(['light', undefined]);
});
