import { Command } from 'cmdk';
import { useState, type ReactNode } from 'react';
import { canvasView } from '../canvas/canvas-view.ts';
import { commands, runCommand, titleNow } from '../state/commands.ts';
import { isMac, printChord } from '../state/keys.ts';
import { useLayout } from '../state/layout.ts';
import { openScenario, useLibrary } from '../state/library.ts';
import { listPlaces, matchesPlace } from '../state/places.ts';
import { policyPlaces } from '../state/policies.ts';
import { useWorld } from '../state/use-world.ts';
import { Icon } from '../theme/Icon.tsx';
import { Modal } from './Modal.tsx';

const shownPlaces = 30;

const fits = (text: string, typed: string): boolean => typed.toLowerCase().split(/\s+/).every((word) => text.toLowerCase().includes(word));

/** Selects a thing, and gives it the focus on the map once the dialog has handed it back. */
function goTo(id: string): void {
  useWorld.getState().actions.select({ kind: 'thing', id });
  setTimeout(() => canvasView.goTo(id));
}

interface GroupProps { readonly typed: string; /** Closes the palette, then runs. */ readonly after: (run: () => void) => () => void }

function Places({ typed, after }: GroupProps): ReactNode {
  const cluster = useWorld((world) => world.opened?.cluster ?? null);
  const places = cluster === null || typed.trim() === '' ? [] : [...listPlaces(cluster), ...policyPlaces(cluster)].filter((place) => matchesPlace(place, typed)).slice(0, shownPlaces);
  if (places.length === 0) return null;
  return (
    <Command.Group heading="In this cluster">
      {places.map((place) => (
        <Command.Item key={place.id} value={place.id} onSelect={after(() => goTo(place.id))}>
          <Icon name={place.icon} /><span>{place.name}</span><small>{place.namespace}</small><code>{place.address}</code>
        </Command.Item>
      ))}
    </Command.Group>
  );
}

function Commands({ typed, after }: GroupProps): ReactNode {
  const usable = commands.filter((one) => one.id !== 'palette' && fits(`${titleNow(one)} ${one.group}`, typed) && one.enabled());
  if (usable.length === 0) return null;
  return (
    <Command.Group heading="Commands">
      {usable.map((one) => ({ ...one, title: titleNow(one) })).map(({ id, title, keys }) => (
        <Command.Item key={id} value={`command ${id}`} onSelect={after(() => void runCommand(id))}>
          <Icon name="right" /><span>{title}</span>{keys[0] !== undefined && <kbd>{printChord(keys[0], isMac())}</kbd>}
        </Command.Item>
      ))}
    </Command.Group>
  );
}

function Lessons({ typed, after }: GroupProps): ReactNode {
  const scenarios = useLibrary((library) => library.scenarios);
  const lessons = scenarios.filter(({ title, teaches }) => fits(`${title} ${teaches.join(' ')} scenario lesson`, typed));
  if (lessons.length === 0) return null;
  return (
    <Command.Group heading="Scenarios">
      {lessons.map((scenario) => (
        <Command.Item key={scenario.name} value={`scenario ${scenario.name}`} onSelect={after(() => void openScenario(scenario))}>
          <Icon name="file" /><span>{scenario.title}</span><small>{scenario.order}</small>
        </Command.Item>
      ))}
    </Command.Group>
  );
}

/** One field for everything: commands, lessons, and the cluster's things. */
export function Palette(): ReactNode {
  const [typed, setTyped] = useState('');
  const change = useLayout((layout) => layout.change);
  const close = (): void => change({ dialog: null });
  const after = (run: () => void) => (): void => {
    close();
    run();
  };
  return (
    <Modal label="Find a command or a thing" close={close} className="palette">
      <Command shouldFilter={false} label="Find a command or a thing">
        <div className="palette-field"><Icon name="search" /><Command.Input data-first value={typed} onValueChange={setTyped} placeholder="A command, a name, an address, app=web, kind:pod, a lesson" /></div>
        <Command.List label="Found">
          <Command.Empty>Nothing by that name.</Command.Empty>
          <Places typed={typed} after={after} />
          <Commands typed={typed} after={after} />
          <Lessons typed={typed} after={after} />
        </Command.List>
      </Command>
    </Modal>
  );
}
