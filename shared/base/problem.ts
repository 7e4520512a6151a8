/** Where in the user's text something stands; 1-based, columns in code points, `endLine`/`endCol` exclusive. */
export interface SourceSpan {
  readonly file: string;
  readonly line: number;
  readonly col: number;
  readonly endLine?: number;
  readonly endCol?: number;
}

export type Severity = 'error' | 'warning' | 'info';

/** The user's mistake, collected and never thrown: where, what is wrong, what to do. */
export interface Problem {
  /** Stable, kebab-case, machine-readable. */
  readonly code: string;
  readonly severity: Severity;
  /** One clause, no trailing full stop. */
  readonly what: string;
  /** What to do about it, one clause; '' where nothing needs doing. */
  readonly fix: string;
  /** The offending token; null only where there is no text to point at. */
  readonly at: SourceSpan | null;
  /** Other places the sentence speaks of, such as the first of two duplicates. */
  readonly related?: readonly { readonly what: string; readonly at: SourceSpan }[];
}

// C0 and C1 control characters, lone surrogates, and what Trojan Source hides with (bidi, zero-width, soft hyphen, tags) are shown as U+XXXX (reliability B12, E4).
const hidden = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\ud800-\udfff]|[\u{e0000}-\u{e0fff}]/gu;

/** Replaces every character that hides or steers what is printed; `show` gets a whole code point. */
export const replaceHidden = (text: string, show: (c: string) => string): string => text.replace(hidden, show);

/** Makes text safe to print on one line of a terminal or a screen: control and bidi characters become `U+001B`. */
export function escapeControls(text: string): string {
  return replaceHidden(text, (c) => `U+${c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`);
}

/** `file:line:col: severity: what — what to do` (CLI.md), on one line and without control characters. */
export function formatProblem(problem: Problem): string {
  const { at, severity, what, fix } = problem;
  const place = at ? `${at.file}:${at.line}:${at.col}: ` : '';
  return escapeControls(`${place}${severity}: ${what}${fix ? ` — ${fix}` : ''}`);
}
