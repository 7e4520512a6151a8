import { describe, expect, test } from 'vitest';
import type { Parcel, ParcelColours } from './draw-parcel.ts';
import { createBlocks } from './parcel-blocks.ts';

const colours: ParcelColours = { ink: 'ink', surface: 'surface', header: 'header', fate: 'fate' };
const plain: Parcel = { at: { x: 100, y: 50 }, scale: 1, heading: 1, rewritten: false, wrapped: false, spent: false, opacity: 1 };

/** What is filled, in order: its colour and rectangle; and how often the colour was set. */
function drawn(...parcels: readonly Parcel[]) {
  const filled: [colour: string, ...rect: number[]][] = [];
  let [colour, set] = ['', 0];
  const g = { set fillStyle(next: string) { [colour, set] = [next, set + 1]; }, fillRect: (...rect: number[]) => filled.push([colour, ...rect]) } as unknown as CanvasRenderingContext2D;
  const blocks = createBlocks(0.5);
  for (const parcel of parcels) blocks.add(parcel, colours);
  blocks.draw(g);
  return { filled, set, again: () => (blocks.draw(g), filled.length) };
}

describe('a large crowd in blocks', () => {
  test('a parcel is a body on whole blocks around its place, with a pale line behind its front', () => {
    expect(drawn(plain).filled).toEqual([['ink', 46, 23, 8, 5], ['surface', 50, 23, 1, 5]]);
    expect(drawn({ ...plain, heading: -1 }).filled[1]).toEqual(['surface', 49, 23, 1, 5]);
  });
  test('rewritten, its front wears the header\'s colour', () => expect(drawn({ ...plain, rewritten: true }).filled[1]).toEqual(['header', 51, 23, 3, 5]));
  test('wrapped, a rim stands around it', () => expect(drawn({ ...plain, wrapped: true }).filled.map(([colour]) => colour)).toEqual(['ink', 'surface', 'ink', 'surface']));
  test('spent, it is a frame in its fate\'s colour', () => expect(drawn({ ...plain, spent: true }).filled).toEqual([['fate', 46, 23, 8, 5], ['surface', 47, 24, 6, 3]]));
  test('a ghost is left out', () => expect(drawn({ ...plain, opacity: 0.4 }).filled).toEqual([]));
  test('the colour is set once for each layer, however many parcels there are', () => expect(drawn(plain, plain, plain).set).toBe(2));
  test('what was drawn is forgotten', () => {
    const first = drawn(plain);
    expect(first.again()).toBe(first.filled.length);
    expect(first.filled.length).toBe(2);
  });
});
