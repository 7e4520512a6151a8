import { lazy, Suspense, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { SourceSpan } from '../../shared/base/problem.ts';
import { canvasView } from '../canvas/canvas-view.ts';
import { ProblemList } from '../shell/ProblemList.tsx';
import { ReachPanel } from '../reach/ReachPanel.tsx';
import { RulesPanel } from '../rules/RulesPanel.tsx';
import { useLayout, type DrawerPanel } from '../state/layout.ts';
import { usePreferences } from '../state/preferences.ts';
import { allProblems } from '../state/problems.ts';
import { MapTools } from '../shell/MapTools.tsx';
import { textsNow } from '../state/texts-now.ts';
import { useWorld } from '../state/use-world.ts';
import { Icon } from '../theme/Icon.tsx';
import type { IconName } from '../theme/icon-paths.ts';
import { useLightSelection } from './use-light-selection.ts';
import { DrawerEdge } from './DrawerEdge.tsx';

const YamlPane = lazy(async () => ({ default: (await import('./YamlPane.tsx')).YamlPane }));

const shortFile = (name: string): string => name.split('/').at(-1) ?? name;

function FileTabs({ names, current, show }: { readonly names: readonly string[]; readonly current: string; readonly show: (name: string) => void }): ReactNode {
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    const to = (names.indexOf(current) + by + names.length) % names.length;
    show(names[to]!);
    event.currentTarget.querySelectorAll<HTMLElement>('[role=tab]')[to]?.focus();
  };
  return (
    <div className="tabs" role="tablist" tabIndex={-1} aria-label="Manifests" onKeyDown={onKeyDown}>
      {names.map((name) => (
        <button key={name} type="button" role="tab" aria-selected={name === current} tabIndex={name === current ? 0 : -1} title={name} onClick={() => show(name)}>
          <code>{shortFile(name)}</code>
        </button>
      ))}
    </div>
  );
}

function Status({ files }: { readonly files: number }): ReactNode {
  const problems = useWorld(allProblems);
  const waiting = useWorld((world) => world.draftProblems !== null);
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  if (problems.length === 0) return <span className="drawer-status">{files === 1 ? '1 file' : `${files} files`}, no problems</span>;
  return (
    <span className={`drawer-status ${errors > 0 ? 'bad' : ''}`}>
      <Icon name={errors > 0 ? 'drop' : 'warning'} />
      {problems.length === 1 ? '1 problem' : `${problems.length} problems`}
      {waiting && '; the map stays as it was'}
    </span>
  );
}

function Zoom(): ReactNode {
  return (
    <fieldset className="zoom" aria-label="Map">
      <button type="button" className="ib small" aria-label="Zoom out" title="Zoom out" onClick={() => canvasView.zoomOut()}><Icon name="minus" /></button>
      <button type="button" className="ib small" aria-label="Zoom in" title="Zoom in" onClick={() => canvasView.zoomIn()}><Icon name="plus" /></button>
      <button type="button" className="ib small" aria-label="Show the whole map" title="Show the whole map" onClick={() => canvasView.fit()}><Icon name="fit" /></button>
    </fieldset>
  );
}

function Body({ name, text, go, target }: { readonly name: string; readonly text: string; readonly go: (at: SourceSpan) => void; readonly target: SourceSpan | null }): ReactNode {
  const problems = useWorld(allProblems);
  const omitted = useWorld((world) => world.opened?.problemsOmitted ?? 0);
  const lit = useWorld((world) => world.lit);
  const { edit } = useWorld((world) => world.actions);
  const onCursor = useLightSelection(true);
  return (
    <div className={`drawer-body ${problems.length > 0 ? 'with-problems' : ''}`}>
      <Suspense fallback={<div className="yaml-pane" />}>
        <YamlPane name={name} text={text} problems={problems} lit={lit} target={target} onEdit={edit} onCursor={onCursor} />
      </Suspense>
      {problems.length > 0 && <ProblemList problems={problems} omitted={omitted} go={go} />}
    </div>
  );
}

const panels: readonly { readonly id: DrawerPanel; readonly title: string; readonly icon: IconName }[] = [
  { id: 'manifests', title: 'Manifests', icon: 'file' },
  { id: 'rules', title: 'Rules', icon: 'right' },
  { id: 'reach', title: 'Reach', icon: 'policy' },
];

/** One button a panel: it opens the drawer with that panel, and closes the drawer where the panel is shown already. */
function PanelButtons({ shown }: { readonly shown: DrawerPanel | null }): ReactNode {
  const change = useLayout((layout) => layout.change);
  return panels.map(({ id, title, icon }) => (
    <button key={id} type="button" className="drawer-toggle" aria-expanded={id === shown} onClick={() => change(id === shown ? { drawerOpen: false } : { drawerOpen: true, panel: id })}>
      <Icon name={id === shown ? 'down' : icon} /><b>{title}</b>
    </button>
  ));
}

/** Under the map: the manifests with every problem and its place, or a host's kernel rules, or who may connect to whom. */
export function Drawer(): ReactNode {
  const { drawerOpen, panel, file, change } = useLayout();
  const height = usePreferences((preferences) => preferences.drawerHeight);
  const opened = useWorld((world) => world.opened);
  const drafts = useWorld((world) => world.drafts);
  const [target, setTarget] = useState<SourceSpan | null>(null);
  const texts = textsNow({ opened, drafts });
  const shown = texts.find(({ name }) => name === file) ?? texts[0];
  if (shown === undefined) return null;
  const show = (name: string): void => change({ file: name, drawerOpen: true, panel: 'manifests' });
  const go = (at: SourceSpan): void => {
    show(at.file);
    setTarget({ ...at });
  };
  const manifests = panel === 'manifests';
  return (
    <section className={`drawer ${drawerOpen ? 'open' : ''}`} aria-label={panels.find(({ id }) => id === panel)?.title}>
      {drawerOpen && <DrawerEdge />}
      <div className="drawer-bar">
        <PanelButtons shown={drawerOpen ? panel : null} />
        {(manifests || !drawerOpen) && <FileTabs names={texts.map(({ name }) => name)} current={drawerOpen ? shown.name : ''} show={show} />}
        <Status files={texts.length} />
        <MapTools />
        <Zoom />
      </div>
      {drawerOpen && (
        <div className="drawer-box" style={{ height }}>
          {manifests && <Body name={shown.name} text={shown.text} go={go} target={target} />}
          {panel === 'rules' && <RulesPanel />}
          {panel === 'reach' && <ReachPanel />}
        </div>
      )}
    </section>
  );
}
