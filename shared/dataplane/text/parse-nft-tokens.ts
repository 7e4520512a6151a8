/** One word of a ruleset; `quoted` text never is a keyword. `line` counts from 1. */
export interface NftToken { readonly text: string; readonly quoted: boolean; readonly line: number }

/** What a text splits into, or the line where a quote stays open. */
export type NftTokens = { readonly tokens: readonly NftToken[] } | { readonly openQuote: number };

const alone = new Set(['{', '}', ',', ';', '=', '(', ')', '|']);

// With `=` behind it, one word.
const relations = new Set(['!', '<', '>']);

/** Splits `nft list ruleset` into words: braces, commas, semicolons and line ends (`\n`) stand alone, quotes group, `#` comments are left out. A line end after a comma is none. */
export function splitNft(text: string): NftTokens {
  const tokens: NftToken[] = [];
  let line = 1;
  let word = '';
  const push = (t: string, quoted = false): void => void tokens.push({ text: t, quoted, line });
  const flush = (): void => {
    if (word !== '') push(word);
    word = '';
  };
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (c === '"') {
      flush();
      const end = text.indexOf('"', i + 1);
      if (end < 0 || text.slice(i, end).includes('\n')) return { openQuote: line };
      push(text.slice(i + 1, end), true);
      i = end;
    } else if (c === '#') {
      flush();
      while (i + 1 < text.length && text[i + 1] !== '\n') i++;
    } else if (c === '\n') {
      flush();
      if (tokens.at(-1)?.text !== ',') push('\n');
      line++;
    } else if (c === ' ' || c === '\t' || c === '\r') flush();
    else if (alone.has(c) || (relations.has(c) && text[i + 1] === '=' && word === '')) {
      flush();
      const two = text[i + 1] === '=' && (c === '=' || relations.has(c));
      push(two ? `${c}=` : c);
      if (two) i++;
    } else word += c;
  }
  flush();
  return { tokens };
}

/** A place in a list of tokens. */
export interface Cursor {
  /** The word ahead, '' at the end. */
  peek(ahead?: number): string;
  take(): NftToken | null;
  /** Takes the word if it is the one ahead. */
  skip(word: string): boolean;
  readonly done: boolean;
  readonly at: number;
  rest(): readonly NftToken[];
}

export function createCursor(tokens: readonly NftToken[]): Cursor {
  let at = 0;
  return {
    peek: (ahead = 0) => tokens[at + ahead]?.text ?? '',
    take: () => tokens[at++] ?? null,
    skip(word) {
      if (tokens[at]?.text !== word || tokens[at]?.quoted === true) return false;
      at++;
      return true;
    },
    get done() { return at >= tokens.length; },
    get at() { return at; },
    rest: () => tokens.slice(at),
  };
}

/** Words back as text, for what is kept as it was read. */
export function joinTokens(tokens: readonly NftToken[]): string {
  return tokens.map(({ text, quoted }) => (quoted ? `"${text}"` : text)).join(' ').replaceAll(' ,', ',');
}
