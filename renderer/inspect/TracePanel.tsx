import { useDeferredValue, useEffect, type ReactNode } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Answer } from '../../shared/api/shapes.ts';
import { addFractions, equalFractions, fromFractionJson, printFraction, zero } from '../../shared/base/fraction.ts';
import type { Branch } from '../../shared/trace/types.ts';
import { usePlayback } from '../playback/playback.ts';
import { SendMany } from '../rules/SendMany.tsx';
import { runCommand } from '../state/commands.ts';
import { useLayout } from '../state/layout.ts';
import { useLibrary } from '../state/library.ts';
import { isComplete, titleOfRequest, toRequest } from '../state/request-words.ts';
import { useWorld } from '../state/use-world.ts';
import type { WorldStore } from '../state/world-store.ts';
import { colourOf, fateOf } from '../theme/fate.ts';
import { Icon } from '../theme/Icon.tsx';
import { Branches } from './Branches.tsx';
import { TrafficPanel } from '../traffic/TrafficPanel.tsx';
import { HttpRules } from './HttpRules.tsx';
import { Inspector } from './Inspector.tsx';
import { MomentList } from './MomentList.tsx';

/** `2/3 delivered`, exact. */
function deliveredShare(branches: readonly Branch[]): string {
  const share = branches.filter(({ verdict }) => verdict === 'delivered').reduce((sum, { odds }) => addFractions(sum, fromFractionJson(odds)), zero);
  return equalFractions(share, zero) ? 'never delivered' : `${printFraction(share)} delivered`;
}

function Verdict({ answer, sentence }: { readonly answer: Answer; readonly sentence: string }): ReactNode {
  const ended = usePlayback((playback) => playback.status === 'ended');
  const { verdict, branches } = answer.journey;
  const fate = fateOf(verdict);
  // while it travels, its own fate is not told yet
  if (!ended) return null;
  return (
    <p className="verdict" style={{ color: colourOf(fate.hue).ink, '--verdict': colourOf(fate.hue).ink } as React.CSSProperties}>
      <Icon name={fate.icon} />
      <span><b>{fate.word}</b> {verdict === 'ambiguous' ? deliveredShare(branches) : branches.length > 1 ? 'on every branch' : sentence}</span>
    </p>
  );
}

function Ready(): ReactNode {
  const scenario = useLibrary((library) => library.current);
  const request = useWorld((world) => world.request);
  const opened = useWorld((world) => world.opened !== null);
  const sendIt = async (): Promise<void> => {
    // this button goes away with the first answer; the focus must not go with it
    document.getElementById('request-send')?.focus();
    await useWorld.getState().actions.send();
  };
  if (!opened) return <div className="ready"><p>Open a scenario, or drop manifests here.</p></div>;
  return (
    <div className="ready">
      {scenario !== null && <h1>{scenario.title}</h1>}
      {scenario !== null && scenario.say !== '' && <p>{scenario.say}</p>}
      {isComplete(request) ? (
        <>
          <button type="button" className="primary" onClick={() => void sendIt()}>
            <Icon name="packet" />Send {titleOfRequest(request)}
          </button>
          <p className="hint">Every step of its way appears here, with the rule that caused it.</p>
        </>
      ) : (
        <p>Click a source on the map, then a destination. Or type both into the bar above.</p>
      )}
    </div>
  );
}

/** Asked after which edit, and what the edit changed of the answer. */
function againWords({ after, before }: NonNullable<WorldStore['again']>, now: Answer['journey']['verdict']): string {
  const was = fateOf(before).word.toLowerCase();
  return `Asked again after “${after}”: ${before === now ? `still ${was}` : `was ${was}, now ${fateOf(now).word.toLowerCase()}`}.`;
}

function Stale(): ReactNode {
  const entry = useWorld((world) => world.packets.find(({ id }) => id === world.packet)?.entry);
  const { restartFrom } = useWorld((world) => world.actions);
  return (
    <p className="stale">
      <Icon name="warning" />
      <span>
        Asked of the cluster as it was before. Send again to ask it as it is now
        {entry === undefined ? '.' : <>, or <button type="button" className="link" onClick={() => void restartFrom(entry)}>go back to then</button>.</>}
      </span>
    </p>
  );
}

/** What was asked, and how it is shown. */
const askedOf = ({ answer, timeline, branch, stale, again }: WorldStore) => ({ answer, timeline, branch, stale, again });
type Asked = ReturnType<typeof askedOf>;

function Travelled({ answer, timeline, branch, stale, again }: Asked & { readonly answer: Answer }): ReactNode {
  const { branches, resolution } = answer.journey;
  const http = branches[branch]?.http ?? null;
  return (
    <>
      <header className="th">
        <div className="th-line">
          <h1>{titleOfRequest(toRequest(answer.journey.probe))}</h1>
          <small>{branches.length === 1 ? '1 branch' : `${branches.length} branches`}</small>
          <button type="button" className="ib small" aria-label="Let it flow as traffic" title="Let it flow as traffic" onClick={() => runCommand('traffic-add')}><Icon name="maybe" /></button>
          <button type="button" className="ib small" aria-label="Copy the trace as text" title="Copy the trace as text" onClick={() => runCommand('copy-trace')}><Icon name="copy" /></button>
        </div>
        {stale && <Stale />}
        {again !== null && <p className="stale again"><Icon name="step" /><span>{againWords(again, answer.journey.verdict)}</span></p>}
        <Branches branches={branches} chosen={branch} />
        {branches.length > 1 && !stale && <SendMany answer={answer} />}
        <Verdict answer={answer} sentence={timeline?.sentence ?? ''} />
        {http !== null && <HttpRules http={http} />}
        {resolution?.how === 'without-packets' && resolution.via !== undefined && <p className="visually-hidden">The name was resolved without packets.</p>}
      </header>
      {timeline !== null && <MomentList timeline={timeline} glossary={answer.glossary} legs={branches[branch]?.legs ?? []} />}
    </>
  );
}

/** The right column: the trace in words, or what is selected. */
export function TracePanel(): ReactNode {
  // the map shows the way first; its words follow in the next frame
  const asked = useDeferredValue(useWorld(useShallow(askedOf)));
  const { answer } = asked;
  const selection = useWorld((world) => world.selection);
  const open = useLayout((layout) => layout.sheetOpen);
  const traffic = useLayout((layout) => layout.trafficOpen);
  const change = useLayout((layout) => layout.change);
  useEffect(() => {
    if (selection !== null) change({ sheetOpen: true });
  }, [selection, change]);
  return (
    <aside className={`trace ${open ? 'open' : ''}`} aria-label={selection !== null ? 'Inspector' : traffic ? 'Traffic' : 'Trace'} data-keys="transport">
      {selection !== null ? <Inspector selection={selection} /> : traffic ? <TrafficPanel /> : answer === null ? <Ready /> : <Travelled {...asked} answer={answer} />}
    </aside>
  );
}
