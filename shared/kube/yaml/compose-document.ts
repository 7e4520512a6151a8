import { Composer, Lexer, Parser, type CST, type Document } from 'yaml';
import { MAX_DEPTH } from '../limits.ts';

const options = {
  // Every scalar as its text: resolvePlain alone says what it means. The library's own key check is O(n²), its alias limit refuses harmless files.
  schema: 'failsafe', uniqueKeys: false, prettyErrors: false, strict: true, logLevel: 'silent', merge: false, stringKeys: false,
} as const;

/** One document with the library's errors in it, or null where it is nested far beyond the limit: composing recurses, and a stack that runs out inside a regular expression ends the process. */
export function composeDocument(source: string): Document.Parsed | null {
  const state = { tooDeep: false };
  let first: Document.Parsed | null = null;
  for (const document of new Composer(options).compose(tokensOf(source, state), true, source.length)) {
    if (state.tooDeep) return null;
    first ??= document;
  }
  return state.tooDeep ? null : first;
}

/** What `parseDocument` feeds its composer, watched as it grows: the parser itself works on a stack of its own. */
function* tokensOf(source: string, state: { tooDeep: boolean }): Generator<CST.Token, void> {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(source)) {
    yield* parser.next(lexeme);
    if (parser.stack.length <= MAX_DEPTH * 2) continue;
    state.tooDeep = true;
    return;
  }
  yield* parser.end();
}
