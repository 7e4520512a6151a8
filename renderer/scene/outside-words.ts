import { at, bottomOf, type Point } from './geometry.ts';
import type { Scene } from './scene.ts';

/** From the centre of a thing outside down to the end of its name and address, which grow a little when seen from far. */
const wordsBelow = 58;
const letterHeight = 14;

/** Where the subnet's name ends, left of the spine's lower end: beside the last node's foot, else under the words of what stands outside; null where neither has room, and the nodes' addresses alone say it. */
export function subnetPlace({ spines, rows, outside, height, subnet }: Pick<Scene, 'spines' | 'rows' | 'outside' | 'height' | 'subnet'>): Point | null {
  const first = spines[0];
  const last = rows.at(-1);
  if (first === undefined || last === undefined || subnet === '') return null;
  const words = outside.map(({ centre }) => [centre.y - 18, centre.y + wordsBelow] as const);
  const free = (y: number): boolean => y <= height - 4 && words.every(([top, bottom]) => y < top || y - letterHeight > bottom);
  const y = [Math.max(bottomOf(last.rect) - 2, first.bottom + 20), Math.max(0, ...words.map(([, bottom]) => bottom)) + letterHeight + 2].find(free);
  return y === undefined ? null : at(first.x - 8, y);
}
