import type { ReactNode } from 'react';
import { openScenario, useLibrary } from '../state/library.ts';
import { openFromHost } from '../state/opening.ts';
import { useLayout } from '../state/layout.ts';
import { useWorld } from '../state/use-world.ts';
import { Icon } from '../theme/Icon.tsx';
import { Menu, type MenuItem } from './Menu.tsx';

/** What is open, and what else could be: the lessons, files, a folder, the clipboard. */
export function ScenarioMenu(): ReactNode {
  const { scenarios, current } = useLibrary();
  const title = useWorld((world) => world.opened?.title ?? '');
  const change = useLayout((layout) => layout.change);
  const lessons = scenarios.map((scenario): MenuItem => ({
    id: scenario.name,
    text: scenario.title,
    label: <><small>{scenario.order}</small><span>{scenario.title}</span></>,
    checked: scenario === current,
    run: () => void openScenario(scenario),
  }));
  const others: readonly MenuItem[] = [
    { id: 'files', text: 'Open files', label: <><Icon name="file" /><span>Open files…</span></>, rule: true, run: () => void openFromHost(false) },
    { id: 'folder', text: 'Open a folder', label: <><Icon name="folder" /><span>Open a folder…</span></>, run: () => void openFromHost(true) },
    { id: 'paste', text: 'Paste manifests', label: <><Icon name="copy" /><span>Paste manifests…</span></>, run: () => change({ dialog: 'paste' }) },
  ];
  const button = (
    <>
      <span className="scn">{current !== null && <small>{current.order}</small>}{title === '' ? 'Open' : title}</span>
      <Icon name="down" />
    </>
  );
  return <Menu label={`Scenario: ${title === '' ? 'none' : title}`} className="ib scn-button" button={button} items={[...lessons, ...others]} />;
}
