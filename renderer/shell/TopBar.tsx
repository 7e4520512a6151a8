import type { ReactNode } from 'react';
import { commandById, runCommand, titleNow } from '../state/commands.ts';
import { usePreferences, type ThemeChoice } from '../state/preferences.ts';
import { useWorld } from '../state/use-world.ts';
import { Icon } from '../theme/Icon.tsx';
import type { IconName } from '../theme/icon-paths.ts';
import { Menu, type MenuItem } from './Menu.tsx';
import { RequestBar } from './RequestBar.tsx';
import { ScenarioMenu } from './ScenarioMenu.tsx';

const themes: readonly (readonly [ThemeChoice, string, IconName])[] = [
  ['system', 'As the system', 'contrast'],
  ['light', 'Light', 'sun'],
  ['dark', 'Dark', 'moon'],
  ['contrast', 'High contrast', 'half'],
];

function Logo(): ReactNode {
  return (
    <svg className="logo" viewBox="0 0 26 26" aria-hidden="true">
      <path d="M4 18c0-7 4-11 9-11s9 4 9 11" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" strokeDasharray=".1 4.3" />
      <circle cx="4" cy="19" r="2.4" fill="currentColor" />
      <rect x="18.5" y="16" width="7" height="6" rx="1.8" fill="currentColor" />
    </svg>
  );
}

function IconButton({ command, icon, label, pressed }: { readonly command: string; readonly icon: IconName; readonly label: string; readonly pressed?: boolean }): ReactNode {
  return (
    <button type="button" className="ib" aria-label={label} title={label} aria-pressed={pressed} onClick={() => runCommand(command)}>
      <Icon name={icon} />
    </button>
  );
}

/** Undo and redo, each named by what it would do. */
function Steps(): ReactNode {
  // what can be taken back changes with these
  useWorld((world) => world.opened);
  useWorld((world) => world.draftProblems);
  const named = (id: 'undo' | 'redo'): string => titleNow(commandById(id));
  return (
    <div className="steps-buttons">
      {(['undo', 'redo'] as const).map((id) => (
        <button key={id} type="button" className="ib" aria-label={named(id)} title={named(id)} disabled={!commandById(id).enabled()} onClick={() => runCommand(id)}><Icon name={id} /></button>
      ))}
    </div>
  );
}

/** The window's first line: what is open, the question, and how the window looks. */
export function TopBar(): ReactNode {
  const theme = usePreferences((preferences) => preferences.theme);
  const change = usePreferences((preferences) => preferences.change);
  const items = themes.map(([value, text, icon]): MenuItem => ({ id: value, text, label: <><Icon name={icon} /><span>{text}</span></>, checked: theme === value, run: () => change({ theme: value }) }));
  return (
    <header className="bar">
      <div className="bar-start">
        <Logo />
        <ScenarioMenu />
      </div>
      <RequestBar />
      <div className="bar-end">
        <Steps />
        <IconButton command="palette" icon="search" label="Find a command or a thing" />
        <Menu label="Theme" align="end" button={<Icon name={theme === 'dark' ? 'moon' : theme === 'light' ? 'sun' : theme === 'contrast' ? 'half' : 'contrast'} />} items={items} />
        <IconButton command="projector" icon="present" label="Projector" pressed={theme === 'projector'} />
        <IconButton command="help" icon="help" label="Keyboard shortcuts" />
      </div>
    </header>
  );
}
