import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { contrastRatio, deltaE, toLab, visions, type Vision } from './colour-metrics.ts';

const css = readFileSync(new URL('tokens.css', import.meta.url), 'utf8');
const themes = ['light', 'dark', 'contrast', 'projector'] as const;
const fates = ['ok', 'drop', 'refuse', 'nat', 'dns', 'maybe'] as const;
const grounds = ['ground', 'surface', 'surface-2', 'overlay', 'sunken'] as const;

function coloursOf(theme: string): ReadonlyMap<string, string> {
  const body = css.split(`[data-theme="${theme}"] {`)[1]?.split('}')[0] ?? '';
  return new Map([...body.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map((m) => [m[1] ?? '', m[2] ?? '']));
}

/** Every pair that falls below the bar, as text; empty when all is well. */
function below(theme: string, pairs: readonly (readonly [string, readonly string[]])[], bar: number, veil = 0): readonly string[] {
  const colours = coloursOf(theme);
  const at = (name: string): string => colours.get(name) ?? '#808080';
  return pairs.flatMap(([fg, backs]) => backs.flatMap((bg) => {
    const ratio = contrastRatio(at(fg), at(bg), veil);
    return ratio < bar ? [`${fg} on ${bg}: ${ratio.toFixed(2)}`] : [];
  }));
}

describe.each(themes)('the %s theme', (theme) => {
  const text = theme === 'projector' ? 7 : 4.5;
  const mark = theme === 'projector' ? 4.5 : 3;
  test('text is readable on every ground (WCAG 1.4.3, projector 1.4.6)', () => {
    const inks = [...(['ink', 'ink-2', 'ink-3'] as const).map((k) => [k, grounds] as const), ['on-ink', ['ink']] as const];
    const words = fates.map((f) => [`${f}-ink`, ['ground', 'surface', 'overlay', `${f}-wash`]] as const);
    expect(below(theme, [...inks, ...words], text)).toEqual([]);
  });
  test('lines and glyphs stand out (WCAG 1.4.11)', () => {
    const marks = fates.map((f) => [f, ['ground', 'surface', `${f}-wash`]] as const);
    const wires = [['path', grounds], ['branch', ['ground', 'surface']], ['line-2', ['ground', 'surface']]] as const;
    expect(below(theme, [...marks, ...wires], mark)).toEqual([]);
  });
  test('fates differ in all four kinds of colour vision (ΔE00: verdicts 15, with rewrite and lookup 7)', () => {
    const colours = coloursOf(theme);
    const least = (names: readonly string[]): number => Math.min(...(Object.keys(visions) as Vision[]).flatMap((vision) =>
      names.flatMap((a, i) => names.slice(0, i).map((b) => deltaE(toLab(colours.get(a) ?? '', vision), toLab(colours.get(b) ?? '', vision))))));
    expect(least(['ok', 'drop', 'refuse', 'maybe'])).toBeGreaterThanOrEqual(15);
    expect(least(fates)).toBeGreaterThanOrEqual(7);
  });
});

test('projected text survives room light (veil 0.10, ratio 4.5)', () => {
  const names = ['ink', 'ink-2', 'ink-3', ...fates.map((f) => `${f}-ink`)];
  expect(below('projector', names.map((n) => [n, ['ground']] as const), 4.5, 0.1)).toEqual([]);
});

test('CIEDE2000 agrees with a published pair (Sharma 2005, table 1, row 1)', () => {
  expect(deltaE([50, 2.6772, -79.7751], [50, 0, -82.7485])).toBeCloseTo(2.0425, 3);
});
