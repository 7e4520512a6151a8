/** A document's stretch of the file: `start` is where its directives or its `---` begin, `body` what follows a bare marker, `end` exclusive. */
export interface DocumentSlice {
  readonly start: number;
  readonly body: number;
  readonly end: number;
  /** Directives, or something after `---` on its line: only the whole slice tells what it means. */
  readonly marked: boolean;
}

/**
 * Cuts a file at its document markers, so that one broken document cannot swallow the next: `---` or `...` at the start of a line ends
 * every construct of YAML (1.2.2 §9.1.2, `c-forbidden`).
 */
export function splitDocuments(text: string): DocumentSlice[] {
  const slices: DocumentSlice[] = [];
  const marker = /^(?:---|\.\.\.)(?=[ \t\r\n]|$)[^\n]*\n?/gm;
  let start = text.startsWith('\ufeff') ? 1 : 0;
  let body = start;
  let open: 'start' | 'marker' | 'ended' = 'start';
  let marked = false;
  const close = (end: number): void => {
    if (open !== 'ended' || end > start) slices.push({ start, body, end, marked: marked || /^%/m.test(text.slice(start, body)) });
  };
  for (const m of text.matchAll(marker)) {
    const line = m[0];
    if (line.startsWith('...')) {
      close(m.index);
      [start, body, open, marked] = [m.index + line.length, m.index + line.length, 'ended', false];
      continue;
    }
    // What stands before a document's own marker is its directives and comments; anything else was a document of its own.
    const prologue = open !== 'marker' && isPrologue(text, start, m.index);
    if (!prologue) {
      close(m.index);
      start = m.index;
    }
    marked = /^---[ \t]+[^\s#]/.test(line) || (prologue && /^%/m.test(text.slice(start, m.index)));
    [body, open] = [m.index + line.length, 'marker'];
  }
  close(text.length);
  return slices;
}

function isPrologue(text: string, start: number, end: number): boolean {
  for (let from = start; from < end; ) {
    const newline = text.indexOf('\n', from);
    const line = text.slice(from, Math.min(newline < 0 ? end : newline, from + 200)).trimStart();
    if (line.trim() !== '' && !line.startsWith('#') && text[from] !== '%') return false;
    from = newline < 0 ? end : newline + 1;
  }
  return true;
}
