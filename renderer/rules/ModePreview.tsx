import type { ReactNode } from 'react';
import { formatProblem } from '../../shared/base/problem.ts';
import type { ChainChange, ModePreview as Preview } from '../../shared/api/rules-contract.ts';
import { labelOf } from '../scene/labels.ts';
import { switchMode, useRules } from './use-rules.ts';

const lines = (count: number): string => (count === 1 ? '1 line' : `${count} lines`);

function Change({ where, removed, added }: ChainChange): ReactNode {
  return (
    <section className="mode-chain">
      <h3><code>{where}</code><small>{removed.length > 0 && `−${removed.length}`} {added.length > 0 && `+${added.length}`}</small></h3>
      <ul>
        {removed.map((text, i) => <li key={`- ${i} ${text}`} className="gone"><i aria-label="goes">−</i><code>{text}</code></li>)}
        {added.map((text, i) => <li key={`+ ${i} ${text}`} className="come"><i aria-label="comes">+</i><code>{text}</code></li>)}
      </ul>
    </section>
  );
}

/** What another proxy mode would take from and put into one host's kernel, rule by rule, before anything is changed. */
export function ModePreview({ preview }: { readonly preview: Preview }): ReactNode {
  const { mode, from, netns, removed, added, kept, chains, omitted, problems } = preview;
  return (
    <div className="mode">
      <header>
        <p><b>{from} → {mode}</b> on {labelOf(netns)}: {removed + added === 0 ? 'nothing changes here' : `${lines(removed)} go, ${lines(added)} come`}, {lines(kept)} stay.</p>
        <button type="button" className="plain" onClick={() => useRules.setState({ preview: null })}>Keep {from}</button>
        <button type="button" className="primary" onClick={() => void switchMode(mode)}>Switch to {mode}</button>
      </header>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <section className="mode-chains" tabIndex={0} aria-label={`What ${mode} changes`}>
        {problems.map((problem) => <p key={formatProblem(problem)} className="mode-problem">{problem.what}</p>)}
        {chains.map((change) => <Change key={change.where} {...change} />)}
        {omitted > 0 && <p className="hint">{lines(omitted)} more.</p>}
      </section>
    </div>
  );
}
