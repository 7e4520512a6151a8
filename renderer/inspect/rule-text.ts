/** One word of a rule's text; rule text breaks between tokens, never inside one (LOOKS.md). */
export interface RuleToken { readonly text: string; readonly strong: boolean }

const jump = /^-[jg]$/;

/** Splits at blanks but not inside quotes. */
const tokensOf = (text: string): readonly string[] => text.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? [];

/** Where the part begins that says what the rule does: `--to-destination …` where it has one, else `-j TARGET`; the end where there is none. */
function strongFrom(tokens: readonly string[]): number {
  const at = tokens.findLastIndex((token) => jump.test(token));
  if (at < 0) return tokens.findLastIndex((token) => /^(dnat|snat|masquerade|drop|reject|goto|jump)$/.test(token)) >>> 0;
  const to = tokens.findIndex((token, i) => i > at && /^--(to-|reject-with|set-x?mark)/.test(token));
  return to < 0 ? at : to;
}

/** The rule's words, with those that act marked. */
export function readRuleText(text: string): readonly RuleToken[] {
  const tokens = tokensOf(text);
  const from = strongFrom(tokens);
  return tokens.map((token, i) => ({ text: token, strong: i >= from }));
}
