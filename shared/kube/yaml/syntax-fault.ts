import { isCollection, isScalar, visit, type Document, type YAMLParseError } from 'yaml';
import type { YamlFault } from './node.ts';

const meanings: Readonly<Record<string, readonly [what: string, fix: string]>> = {
  TAB_AS_INDENT: ['tab used for indentation', 'use spaces'],
  BAD_SCALAR_START: ['plain text may not start with this character', 'quote the value'],
  BLOCK_AS_IMPLICIT_KEY: ['a second "key: value" on this line', 'quote the value, or put the nested map on its own lines'],
  MULTILINE_IMPLICIT_KEY: ['a key must stand on one line', 'check the indentation and the colon of the line above'],
  BAD_DQ_ESCAPE: ['this is no escape sequence of YAML', 'write \\\\ for a backslash, or use single quotes'],
  BAD_ALIAS: ['this is no alias name', 'write *name after an &name, or quote the value'],
  BAD_COLLECTION_TYPE: ['the tag does not fit its value', 'remove the tag'],
  BAD_PROP_ORDER: ['anchors and tags must stand before the value', 'move them in front of it'],
  BLOCK_IN_FLOW: ['a block cannot stand inside { } or [ ]', 'close the bracket first'],
  DUPLICATE_KEY: ['key repeated', 'keep one of them'],
  KEY_OVER_1024_CHARS: ['a key of more than 1024 characters', 'shorten it'],
  MULTIPLE_ANCHORS: ['two anchors on one value', 'keep one of them'],
  MULTIPLE_TAGS: ['two tags on one value', 'remove them'],
  MULTIPLE_DOCS: ['a second document without ---', 'put --- between documents'],
  UNEXPECTED_TOKEN: ['this does not belong here', 'check the quotes and the indentation of this line and the one above'],
  BAD_DIRECTIVE: ['this is no YAML directive', 'remove it'],
  MISSING_CHAR: ['something is missing here', 'check the colon, the comma and the brackets of this line'],
  BAD_INDENT: ['wrong indentation', 'line it up with its neighbours'],
};

/** Says where the document really broke, which for an open quote or bracket is where it was opened. Offsets are the file's. */
export function syntaxFault(text: string, start: number, end: number, document: Document.Parsed, error: YAMLParseError): YamlFault {
  const [from, to] = error.pos;
  const make = (code: string, at: number, until: number, what: string, fix: string): YamlFault =>
    ({ code, severity: 'error', start: Math.min(start + at, end), end: Math.min(Math.max(start + until, start + at), Math.max(end, start + at)), what, fix });
  const quote = /Missing closing (['"])/.exec(error.message)?.[1];
  if (quote) {
    const at = openQuote(document, to) ?? from;
    return make('yaml-unclosed', at, at + 1, `this ${quote} is never closed`, `close it with ${quote} on the same line`);
  }
  const odd = oddCharacter(text, start + from);
  if (odd !== null) return { code: 'odd-character', severity: 'error', start: odd, end: odd + 1, what: `U+${text.charCodeAt(odd).toString(16).toUpperCase().padStart(4, '0')} stands here instead of a plain space or quote`, fix: 'type it again; YAML knows only plain ones' };
  const bracket = /end with a? ?([\]}])/.exec(error.message)?.[1];
  if (bracket) {
    const at = openBracket(document, from) ?? from;
    return make('yaml-unclosed', at, at + 1, `this ${bracket === ']' ? '[' : '{'} is never closed`, `close it with ${bracket}`);
  }
  const continued = document.errors.find((e) => e.code === 'MULTILINE_IMPLICIT_KEY');
  const afterEnd = error.code === 'UNEXPECTED_TOKEN' && /at node end/.test(error.message) && /(^|\n) *$/.test(text.slice(Math.max(start, start + from - 200), start + from));
  if (error.code === 'BAD_INDENT' || continued || afterEnd) {
    const indent = indentFault(text, start, start + (continued ? continued.pos[1] : from));
    if (indent) return { severity: 'error', ...indent };
  }
  if (error.code === 'MISSING_CHAR' && /map value/.test(error.message)) return make('yaml-syntax', from, to, 'a key without a colon', 'write "key: value"');
  if (error.code === 'MISSING_CHAR' && /Comments must/.test(error.message)) return make('yaml-syntax', from, to, 'a comment needs a space before its #', 'put a space before #, or quote the value');
  const known = meanings[error.code] ?? ['this is not YAML', 'check this line'];
  const code = error.code === 'TAB_AS_INDENT' ? 'yaml-tab' : 'yaml-syntax';
  return make(code, from, to, known[0], known[1]);
}

function openQuote(document: Document.Parsed, before: number): number | null {
  let found: number | null = null;
  visit(document, {
    Scalar: (_, node) => {
      const range = isScalar(node) ? node.range : null;
      if (range && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE') && range[0] <= before) found = range[0];
    },
  });
  return found;
}

function openBracket(document: Document.Parsed, before: number): number | null {
  let found: number | null = null;
  visit(document, {
    Collection: (_, node) => {
      if (isCollection(node) && node.flow && node.range && node.range[0] < before && node.range[2] >= before - 1) found = node.range[0];
    },
  });
  return found;
}

/** A non-breaking space or a curly quote on the line that broke: what copying from web pages and chats leaves behind. */
function oddCharacter(text: string, at: number): number | null {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const newline = text.indexOf('\n', at);
  const index = text.slice(lineStart, newline < 0 ? text.length : newline).search(/[\u00a0\u2018\u2019\u201c\u201d\u202f]/);
  return index < 0 ? null : lineStart + index;
}

const spaces = (n: number): string => (n === 1 ? '1 space' : `${n} spaces`);

/** A line that lines up with no line above it: names the nearest column that would. */
function indentFault(text: string, documentStart: number, at: number): Omit<YamlFault, 'severity'> | null {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const indent = /^ */.exec(text.slice(lineStart))![0].length;
  let best: { readonly columns: number; readonly line: number } | null = null;
  for (let i = lineStart; i > documentStart; ) {
    const previous = text.lastIndexOf('\n', i - 2) + 1;
    const line = text.slice(previous, i);
    const columns = /^ */.exec(line)![0].length;
    if (line.trim() !== '' && !line.trim().startsWith('#')) {
      for (const candidate of [columns, /^ *- +/.exec(line)?.[0].length ?? columns])
        if (candidate !== indent && (best === null || Math.abs(candidate - indent) < Math.abs(best.columns - indent))) best = { columns: candidate, line: previous };
      if (columns < indent) break;
    }
    if (previous >= i) break;
    i = previous;
  }
  if (best === null) return null;
  const number = text.slice(0, best.line).split('\n').length;
  return {
    code: 'yaml-indent', start: lineStart + indent, end: lineStart + indent + 1,
    what: `indented by ${spaces(indent)}, which lines up with nothing above`, fix: `expected ${spaces(best.columns)} like line ${number}`,
  };
}
