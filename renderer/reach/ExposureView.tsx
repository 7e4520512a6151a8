import { useEffect, useMemo, type ReactNode } from 'react';
import { create } from 'zustand';
import type { Exposure, ExposureEntry } from '../../shared/api/analysis-contract.ts';
import { Menu } from '../shell/Menu.tsx';
import { useLayout } from '../state/layout.ts';
import { currentHost, useWorld } from '../state/use-world.ts';
import { Icon } from '../theme/Icon.tsx';
import { peerIdOf } from './decision.ts';
import { printAllowed, readPeer } from './reach-pairs.ts';
import './views.css';
import { podId } from '../../shared/model/describe.ts';

interface ExposureState { /** `pod/NS/NAME`; '' = the selected pod, else the first. */ readonly of: string; readonly exposure: Exposure | null; readonly failure: string | null }
const nothing: ExposureState = { of: '', exposure: null, failure: null };

/** Whom the exposure view looks at, and what the engine said of it. */
export const useExposure = create<ExposureState>()(() => nothing);
export const resetExposure = (): void => useExposure.setState(nothing);

async function ask(of: string): Promise<void> {
  const { edition } = useWorld.getState();
  try {
    const exposure = await currentHost().engine.exposure({ of });
    if (useWorld.getState().edition === edition) useExposure.setState({ exposure, failure: null });
  } catch (thrown) {
    useExposure.setState({ exposure: null, failure: thrown instanceof Error ? thrown.message : 'The engine did not answer' });
  }
}

/** One pod of each workload that a document names, by the workload's name. */
function useSubjects(): readonly { readonly id: string; readonly name: string }[] {
  const cluster = useWorld((world) => world.opened?.cluster ?? null);
  return useMemo(() => {
    const found = new Map<string, string>();
    for (const pod of cluster?.pods ?? []) {
      const peer = peerIdOf(pod);
      if (!found.has(peer) && !(pod.implied && pod.owner === null)) found.set(peer, podId(pod));
    }
    return [...found].map(([peer, id]) => ({ id, name: readPeer(peer).name, group: readPeer(peer).group })).toSorted((a, b) => Number(a.group === 'kube-system') - Number(b.group === 'kube-system'));
  }, [cluster]);
}

/** The pod that is looked at: the chosen one while it is there, else what is selected on the map, else the first. */
function useSubject(): string {
  const { of } = useExposure();
  const selection = useWorld((world) => world.selection);
  const pods = useWorld((world) => world.opened?.cluster.pods);
  const subjects = useSubjects();
  const here = (id: string): boolean => pods?.some((pod) => podId(pod) === id) === true;
  const selected = selection?.kind === 'thing' && here(selection.id) ? selection.id : '';
  return here(of) ? of : selected !== '' ? selected : (subjects[0]?.id ?? '');
}

/** Whose exposure is shown. */
export function ExposureTools(): ReactNode {
  const subject = useSubject();
  const subjects = useSubjects();
  const items = subjects.slice(0, 60).map(({ id, name }) => ({ id, text: name, label: name, checked: id === subject, run: () => useExposure.setState({ of: id }) }));
  return <Menu label="Whose exposure" className="pick" button={<><Icon name="pod" /><b>{subject.split('/').at(-1)}</b><Icon name="down" /></>} items={items} />;
}

function By({ by }: { readonly by: ExposureEntry['by'] }): ReactNode {
  if (by === null) return <span>No policy selects it in this direction</span>;
  const { at, name, field } = by;
  const words = `${name} ${field.replace('spec.', '')}`;
  if (at === undefined) return <span>{words}</span>;
  const show = (): void => {
    useWorld.getState().actions.lightSpan(at);
    useLayout.getState().change({ drawerOpen: true, panel: 'manifests', file: at.file });
  };
  return <button type="button" className="link" title={`${at.file}:${at.line}`} onClick={show}>{words}<Icon name="link" /></button>;
}

const todayWords = ({ now, today }: ExposureEntry): string => (now === 0 ? 'Nobody today' : `${now === 1 ? '1 pod' : `${now} pods`} today: ${today.slice(0, 6).map((peer) => readPeer(peer).name).join(', ')}${today.length > 6 ? ' and more' : ''}`);

function Side({ title, entries, isolated }: { readonly title: string; readonly entries: readonly ExposureEntry[]; readonly isolated: boolean }): ReactNode {
  return (
    <section className="ex-side" aria-label={title}>
      <h3>{title}</h3>
      {entries.length === 0 && <p>{isolated ? 'Nobody: policies select it, and none of their rules lets anybody pass.' : 'Nobody'}</p>}
      <ul>
        {entries.map((entry, i) => (
          <li key={i} className={entry.now === 0 && entry.peer.kind === 'pods' ? 'potential' : ''}>
            <b>{entry.words}</b>
            <span>{printAllowed(entry.allowed)}<small>{entry.peer.kind === 'block' && entry.now === 0 ? 'Addresses outside' : todayWords(entry)}</small></span><By by={entry.by} />
            {entry.alsoJudgedBy.length > 0 && <small className="ex-also">Its own side is judged by {entry.alsoJudgedBy.join(', ')} as well.</small>}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Who could reach a pod and whom it could reach, those that do not exist yet among them, each with the line that admits it. */
export function ExposureView(): ReactNode {
  const { exposure, failure } = useExposure();
  const subject = useSubject();
  const edition = useWorld((world) => world.edition);
  useEffect(() => {
    if (subject !== '') void ask(subject);
  }, [subject, edition]);
  if (subject === '') return <p className="reach-empty">No pod is here yet.</p>;
  if (failure !== null) return <p className="reach-empty">{failure}</p>;
  if (exposure === null) return <p className="reach-empty">Reading the policies…</p>;
  const name = exposure.pod.split('/').at(-1) ?? '';
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard
    <section className="ex" tabIndex={0} aria-label={`Exposure of ${name}`}>
      {exposure.note !== null && <p className="hint">{exposure.note}</p>}
      <div className="ex-sides">
        <Side title={`Could reach ${name}`} entries={exposure.ingress} isolated={exposure.isolated.ingress} />
        <Side title={`${name} could reach`} entries={exposure.egress} isolated={exposure.isolated.egress} />
      </div>
      {exposure.unlike.length > 0 && <p className="hint">Other policies select {exposure.unlike.slice(0, 6).join(', ')} of the same workload.</p>}
    </section>
  );
}
