import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { useCompare } from '../compare/use-compare.ts';
import { changesInWords } from '../reach/ReachPanel.tsx';
import { countChanges, type ReachChanges } from '../reach/reach-pairs.ts';
import { showReachView } from '../reach/reach-view.ts';
import { useReach } from '../reach/use-reach.ts';
import { runCommand } from '../state/commands.ts';
import { useWorld } from '../state/use-world.ts';
import type { Notice } from '../state/world-store.ts';
import { Icon } from '../theme/Icon.tsx';

/** How long the notice stays, in ms, unless the pointer or the focus is on it. */
const shownFor = 9000;

/** What an edit came to in short phrases, the most telling first. */
export function noticeWords({ summary, facts, note }: Notice, pairs: string): readonly string[] {
  const known = facts.some((fact) => /pair/.test(fact));
  return [...(summary.startsWith('No pod') && facts.length > 0 ? [] : [summary]), ...facts, ...(pairs === '' || known ? [] : [pairs]), ...(note === null ? [] : [note.replace(/\.$/, '')])];
}

const noChanges: ReachChanges = { opened: 0, closed: 0, changed: 0 };

function usePairs(): ReachChanges {
  const edition = useWorld((world) => world.edition);
  const { now, before, edition: known } = useReach();
  return useMemo(() => (now === null || before === null || known !== edition ? noChanges : countChanges(now.all, before.all)), [now, before, known, edition]);
}

/** `+2 −5 ~3`: opens what changed, with both traces. */
function ChangesChip({ changes }: { readonly changes: ReachChanges }): ReactNode {
  const words = changesInWords(changes);
  if (words === '') return null;
  const show = (): void => {
    useCompare.setState({ before: { kind: 'before-last-edit' }, after: { kind: 'current' } });
    showReachView('changes');
  };
  const signs = [['+', changes.opened], ['−', changes.closed], ['~', changes.changed]].filter(([, count]) => count !== 0).map(([sign, count]) => `${sign}${count}`).join(' ');
  return <button type="button" className="chip" title={`${words}: show them`} onClick={show}><span aria-hidden="true">{signs}</span><span className="visually-hidden">{words}: show them</span></button>;
}

/** One quiet line over the map: what the last edit did, and the way to take it back. */
export function EditNotice(): ReactNode {
  const notice = useWorld((world) => world.notice);
  const { dismissNotice } = useWorld((world) => world.actions);
  const [held, setHeld] = useState(false);
  const pairs = usePairs();
  useEffect(() => {
    if (notice === null || held) return;
    const timer = setTimeout(dismissNotice, shownFor);
    return () => clearTimeout(timer);
  }, [notice, held, dismissNotice]);
  return (
    <output className="edit-notice-box">
      {notice !== null && (
        <span className="edit-notice" onPointerEnter={() => setHeld(true)} onPointerLeave={() => setHeld(false)} onFocus={() => setHeld(true)} onBlur={() => setHeld(false)}>
          <b>{notice.title}</b>
          <span>{noticeWords(notice, changesInWords(pairs)).join(' · ')}</span>
          <ChangesChip changes={pairs} />
          {notice.how === 'edited' && <button type="button" className="link" onClick={() => runCommand('undo')}><Icon name="undo" />Undo</button>}
          <button type="button" className="ib small" aria-label="Put the notice away" title="Put away" onClick={dismissNotice}><Icon name="close" /></button>
        </span>
      )}
    </output>
  );
}
