import { expect, test } from 'vitest';
import { escapeControls } from '../shared/base/problem.ts';
import { jsonText, plainText } from './output.ts';

// One of each kind that base hides: a control, C1, bidi, zero-width, soft hyphen, Mongolian separator, invisible operator, noncharacter, tag, lone surrogate.
const hidden = ['\u001b', '\r', '\u0000', '\u009b', '\u202e', '\u200b', '\u00ad', '\u061c', '\u180e', '\u206a', '\ufffe', '\u{e0041}', '\ud800'];

test('[E4] [B12] the command line hides what base hides, and keeps line ends and tabs', () => {
  expect(hidden.map(plainText)).toEqual(hidden.map(escapeControls));
  expect(plainText('a\tb\nc é😀日本')).toBe('a\tb\nc é😀日本');
});

test('[E4] in JSON the same characters are escaped, so that the value read back is the one printed', () => {
  const printed = jsonText({ hidden });
  expect(printed).toBe(plainText(printed));
  expect(JSON.parse(printed)).toEqual({ hidden });
  expect(JSON.parse(jsonText(['\t', 'é😀']))).toEqual(['\t', 'é😀']);
});
