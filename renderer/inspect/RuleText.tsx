import { Fragment, type ReactNode } from 'react';
import { readRuleText } from './rule-text.ts';

/** A rule exactly as its tool prints it, broken between tokens only, with the acting part emphasised. */
export function RuleText({ text }: { readonly text: string }): ReactNode {
  return (
    <code className="rule">
      {readRuleText(text).map((token, i) => (
        <Fragment key={`${i} ${token.text}`}>
          {i > 0 && ' '}
          <span>{token.strong ? <mark>{token.text}</mark> : token.text}</span>
        </Fragment>
      ))}
    </code>
  );
}
