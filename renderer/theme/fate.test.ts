import { expect, test } from 'vitest';
import { fateOf } from './fate.ts';

test('no two fates that can end a packet share icon, word and line', () => {
  const looks = (['delivered', 'dropped', 'timeout', 'refused', 'unmodelled', 'ambiguous'] as const).map((name) => {
    const { icon, word, dash, fades } = fateOf(name);
    return { icon, word, line: `${dash.join(' ')}${fades ? ' fading' : ''}` };
  });
  for (const key of ['icon', 'word'] as const) expect(new Set(looks.map((l) => l[key])).size).toBe(looks.length);
});
