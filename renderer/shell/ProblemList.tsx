import type { ReactNode } from 'react';
import { escapeControls, type Problem, type SourceSpan } from '../../shared/base/problem.ts';
import { Icon } from '../theme/Icon.tsx';

const words = { error: 'Error', warning: 'Warning', info: 'Note' } as const;

function One({ problem, go }: { readonly problem: Problem; readonly go: ((at: SourceSpan) => void) | null }): ReactNode {
  const { at, severity, what, fix } = problem;
  const place = at === null ? '' : escapeControls(`${at.file}:${at.line}:${at.col}`);
  return (
    <li className={`problem ${severity}`}>
      <Icon name={severity === 'error' ? 'drop' : severity === 'warning' ? 'warning' : 'help'} label={words[severity]} />
      <span>
        {at !== null && (go === null ? <code>{place}</code> : <button type="button" className="link mono" onClick={() => go(at)}>{place}</button>)}
        {escapeControls(what)}{fix !== '' && <> — <b>{escapeControls(fix)}</b></>}
      </span>
    </li>
  );
}

/** Problems as `file:line:col`, what is wrong and what to do; a click goes to the place. */
export function ProblemList({ problems, omitted, go }: { readonly problems: readonly Problem[]; readonly omitted: number; readonly go: ((at: SourceSpan) => void) | null }): ReactNode {
  return (
    <ul className="problems" aria-label="Problems">
      {problems.map((problem, i) => <One key={`${i} ${problem.code}`} problem={problem} go={go} />)}
      {omitted > 0 && <li className="problem">and {omitted} more</li>}
    </ul>
  );
}
