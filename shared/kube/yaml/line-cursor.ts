/** Walks the lines of one document that hold something. */
export interface LineCursor {
  readonly text: string;
  readonly end: number;
  /** The first character of the line that is not a space, its column (0-based), the line's end without its break, the next line's start. */
  at: number;
  column: number;
  eol: number;
  next: number;
  done: boolean;
  /** A tab where indentation should be: the library must say what it is. */
  bad: boolean;
}

/** Moves to the next line that is neither blank nor a comment. */
export function nextLine(cursor: LineCursor): void {
  const { text, end } = cursor;
  for (let from = cursor.next; from < end; ) {
    let i = from;
    while (i < end && text.charCodeAt(i) === 32) i++;
    const c = i < end ? text.charCodeAt(i) : 10;
    if (c === 9) {
      cursor.bad = true;
      return;
    }
    const newline = text.indexOf('\n', i);
    const next = newline < 0 || newline >= end ? end : newline + 1;
    const eol = newline < 0 || newline >= end ? end : newline;
    const trimmed = eol > i && text.charCodeAt(eol - 1) === 13 ? eol - 1 : eol;
    if (i < trimmed && c !== 35) {
      cursor.at = i;
      cursor.column = i - from;
      cursor.eol = trimmed;
      cursor.next = next;
      return;
    }
    from = next;
  }
  cursor.done = true;
}
