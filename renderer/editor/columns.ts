/** UTF-16 offset in a line of a 1-based column counted in code points, as problems count them; at most the line's end. */
export function offsetOfColumn(line: string, col: number): number {
  let offset = 0;
  let left = col - 1;
  for (const point of line) {
    if (left <= 0) break;
    offset += point.length;
    left--;
  }
  return Math.min(offset, line.length);
}
