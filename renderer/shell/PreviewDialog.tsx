import { useEffect, useRef, type ReactNode } from 'react';
import { accept } from '../state/opening.ts';
import { useWorld } from '../state/use-world.ts';
import type { Incoming } from '../state/world-store.ts';
import { Icon } from '../theme/Icon.tsx';
import { Modal } from './Modal.tsx';
import { ProblemList } from './ProblemList.tsx';

const plural = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;

const pluralKind = (kind: string): string => (kind.endsWith('ts') ? kind : kind.endsWith('y') ? `${kind.slice(0, -1)}ies` : kind.endsWith('s') ? `${kind}es` : `${kind}s`);

const kindsOf = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts).toSorted(([, a], [, b]) => b - a).map(([kind, n]) => `${n} ${n === 1 ? kind : pluralKind(kind)}`).join(', ');

function Found({ incoming }: { readonly incoming: Incoming }): ReactNode {
  const { preview, skipped, documents } = incoming;
  if (preview === null) return <output>Reading {plural(documents.length, 'file')}…</output>;
  const problems = preview.problems.length + preview.problemsOmitted;
  return (
    <>
      <output className="found">
        <b>{plural(preview.objects, 'object')} ready</b>
        <span className={problems > 0 ? 'bad' : ''}>{problems === 0 ? 'no problems' : plural(problems, 'problem')}</span>
      </output>
      {preview.objects > 0 && <p className="kinds">{kindsOf(preview.counts)}</p>}
      {preview.problems.length > 0 && <ProblemList problems={preview.problems} omitted={preview.problemsOmitted} go={null} />}
      {skipped.length > 0 && (
        <details className="skipped">
          <summary>{plural(skipped.length, 'entry').replace('entrys', 'entries')} left out</summary>
          <ul>{skipped.map(({ name, why }) => <li key={name}><code>{name}</code> {why}</li>)}</ul>
        </details>
      )}
    </>
  );
}

/** What would be opened, before anything is replaced: objects ready, problems, and the choice to merge or replace. */
export function PreviewDialog({ incoming }: { readonly incoming: Incoming }): ReactNode {
  const { dismissIncoming } = useWorld((world) => world.actions);
  const something = useWorld((world) => world.opened !== null);
  const ready = incoming.preview !== null && incoming.preview.objects > 0;
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (ready) first.current?.focus();
  }, [ready]);
  return (
    <Modal label={`Open ${incoming.title}`} close={dismissIncoming} className="preview">
      <h1><Icon name="file" />{incoming.title}</h1>
      <Found incoming={incoming} />
      {incoming.preview !== null && !ready && <p className="hint">There is no Kubernetes object in it that could be read. What is open stays open.</p>}
      <div className="modal-end">
        <button type="button" className="plain" onClick={dismissIncoming}>Cancel</button>
        {something && <button type="button" className="plain" disabled={!ready} onClick={() => void accept('merge')}>Add to what is open</button>}
        <button type="button" className="primary" ref={first} disabled={!ready} onClick={() => void accept('replace')}>{something ? 'Replace what is open' : 'Open'}</button>
      </div>
    </Modal>
  );
}
