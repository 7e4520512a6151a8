import { describe, expect, test } from 'vitest';
import { commands } from './commands.ts';
import { chordOf, commandFor, isSingleKey, printChord } from './keys.ts';

const press = (key: string, mods = ''): Parameters<typeof chordOf>[0] => ({ key, ctrlKey: mods.includes('c'), metaKey: mods.includes('m'), shiftKey: mods.includes('s'), altKey: mods.includes('a') });

describe('keys', () => {
  test.each([
    [press('Enter', 'c'), false, 'Mod+Enter'],
    [press('Enter', 'm'), true, 'Mod+Enter'],
    [press('Enter', 'm'), false, null],
    [press('P', 'cs'), false, 'Mod+Shift+P'],
    [press('p'), false, 'P'],
    [press('?', 's'), false, '?'],
    [press(' '), false, 'Space'],
    [press('ArrowRight'), false, 'ArrowRight'],
    [press('ArrowRight', 'a'), false, null],
  ])('%j (mac: %s) is %s', (given, mac, chord) => expect(chordOf(given, mac)).toBe(chord));

  test('no chord belongs to two commands, and every id is unique', () => {
    const chords = commands.flatMap(({ keys }) => keys);
    expect(chords.toSorted()).toEqual([...new Set(chords)].toSorted());
    expect(new Set(commands.map(({ id }) => id)).size).toBe(commands.length);
  });

  test('a chord finds its command', () => expect(commandFor('Mod+Enter')?.id).toBe('send'));

  test.each([['P', true], ['?', true], ['Space', true], ['Mod+K', false], ['ArrowRight', false], ['F1', false]])('%s is a single key: %s', (chord, single) => expect(isSingleKey(chord)).toBe(single));

  test.each([['Mod+Enter', false, 'Ctrl ↵'], ['Mod+Enter', true, '⌘↵'], ['Mod+Shift+P', true, '⇧⌘P'], ['ArrowLeft', false, '←']])('%s (mac: %s) is shown as %s', (chord, mac, shown) => expect(printChord(chord, mac)).toBe(shown));
});
