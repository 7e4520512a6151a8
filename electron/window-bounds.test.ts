import { describe, expect, test } from 'vitest';
import { parseWindowState, pickWindowBounds, type Rect } from './window-bounds.ts';
import { windowTitle } from './window-title.ts';

const rect = (x: number, y: number, width: number, height: number): Rect => ({ x, y, width, height });
const screen = rect(0, 0, 1920, 1040);
const right = rect(1920, 0, 2560, 1400);
const left = rect(-1600, 100, 1600, 860);

describe('where the window opens (I11)', () => {
  const rows: readonly (readonly [string, Rect | null, readonly [Rect, ...Rect[]], Rect])[] = [
    ['first start: centred', null, [screen], rect(320, 120, 1280, 800)],
    ['first start on a small screen: as large as it', null, [rect(0, 0, 1024, 700)], rect(0, 0, 1024, 700)],
    ['where it was', rect(100, 50, 1200, 800), [screen], rect(100, 50, 1200, 800)],
    ['on the second screen', rect(2000, 50, 1200, 800), [screen, right], rect(2000, 50, 1200, 800)],
    ['on a screen to the left', rect(-1500, 150, 1200, 700), [screen, left], rect(-1500, 150, 1200, 700)],
    ['its screen was unplugged: centred on the first', rect(2000, 50, 1200, 800), [screen], rect(360, 120, 1200, 800)],
    ['a screen with negative coordinates was unplugged', rect(-1500, 150, 1200, 700), [screen], rect(360, 170, 1200, 700)],
    ['the screen shrank: smaller, in place', rect(0, 0, 2400, 1300), [screen], rect(0, 0, 1920, 1040)],
    ['the title bar above the screen: centred', rect(100, -60, 1200, 800), [screen], rect(360, 120, 1200, 800)],
    ['the title bar below the screen: centred', rect(100, 1020, 1200, 800), [screen], rect(360, 120, 1200, 800)],
    ['only 99 pixels of it on the screen: centred', rect(1821, 50, 1200, 800), [screen], rect(360, 120, 1200, 800)],
    ['100 pixels of it on the screen: stays', rect(1820, 50, 1200, 800), [screen], rect(1820, 50, 1200, 800)],
    ['hanging out to the left with enough to grab', rect(-1100, 50, 1200, 800), [screen], rect(-1100, 50, 1200, 800)],
    ['across two screens', rect(1500, 50, 1200, 800), [screen, right], rect(1500, 50, 1200, 800)],
    ['tiny: the least size', rect(100, 100, 10, 10), [screen], rect(100, 100, 800, 540)],
  ];
  test.each(rows)('%s', (_name, saved, areas, bounds) => expect(pickWindowBounds(saved, areas)).toEqual(bounds));
});

describe('the saved window state', () => {
  test('is read back', () => {
    const state = { bounds: rect(1, 2, 900, 600), isMaximized: true, isFullScreen: false };
    expect(parseWindowState(JSON.stringify(state))).toEqual(state);
  });

  test.each(['', '{', 'null', '[]', '1', '{"bounds":{}}', '{"bounds":{"x":"1","y":2,"width":3,"height":4}}', '{"bounds":{"x":1,"y":2,"width":0,"height":4}}', '{"bounds":{"x":1e400,"y":2,"width":3,"height":4}}', '{"bounds":{"x":1.5,"y":2,"width":3,"height":4}}', '\0\0\0\0'])('%j is no state', (text) => {
    expect(parseWindowState(text)).toBeNull();
  });

  test('unknown keys are ignored', () => {
    expect(parseWindowState('{"bounds":{"x":1,"y":2,"width":3,"height":4,"z":5},"theme":"dark"}')).toEqual({ bounds: rect(1, 2, 3, 4), isMaximized: false, isFullScreen: false });
  });
});

describe('the window title (I8)', () => {
  test.each([
    ['', false, 'linux', 'Podhop'],
    ['boutique.yaml', false, 'linux', 'boutique.yaml – Podhop'],
    ['boutique.yaml', true, 'win32', '• boutique.yaml – Podhop'],
    ['boutique.yaml', true, 'darwin', 'boutique.yaml – Podhop'],
  ] as const)('%j edited %s on %s', (title, edited, platform, shown) => expect(windowTitle({ title, edited }, platform)).toBe(shown));
});
