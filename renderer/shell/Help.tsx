import type { ReactNode } from 'react';
import { commands, type Command } from '../state/commands.ts';
import { isMac, printChord } from '../state/keys.ts';
import { useLayout } from '../state/layout.ts';
import { usePreferences } from '../state/preferences.ts';
import { Icon } from '../theme/Icon.tsx';
import { Modal } from './Modal.tsx';

const groups: readonly Command['group'][] = ['Packet', 'Edit', 'File', 'View', 'Help'];

const onThings: readonly (readonly [string, string])[] = [['S', 'Send from the focused thing'], ['D', 'Send to the focused thing'], ['Shift click', 'Send to the clicked thing'], ['Arrows', 'Go to another thing on the map or in the outline'], ['Alt arrows', 'Move the focused thing in its list on the map'], ['O', 'Take another thing’s place on the map'], ['Z', 'Fold or unfold the focused node'], ['M', 'Move the focused pod to another node'], ['C', 'Connect a Service and a pod; lead an Ingress path elsewhere'], ['W', 'Allow or deny from the focused thing'], ['X', 'Cut or mend a route of the focused node'], ['Del', 'Delete the focused thing'], ['Shift F10', 'Everything that can be done to the focused thing'], ['Esc', 'Leave what is open or being chosen']];

/** Every shortcut, and the switches for those who must do without some. */
export function Help(): ReactNode {
  const change = useLayout((layout) => layout.change);
  const { singleKeys, reduceMotion, change: prefer } = usePreferences();
  const close = (): void => change({ dialog: null });
  const mac = isMac();
  return (
    <Modal label="Keyboard shortcuts" close={close} className="help">
      <header><h1>Keyboard</h1><button type="button" className="ib" aria-label="Close" onClick={close}><Icon name="close" /></button></header>
      <div className="help-columns">
        {groups.map((group) => (
          <section key={group}>
            <h2>{group}</h2>
            <dl>
              {commands.filter((one) => one.group === group && one.keys.length > 0).map(({ id, title, keys }) => (
                <div key={id}><dt>{title}</dt><dd>{keys.slice(0, 2).map((chord) => <kbd key={chord}>{printChord(chord, mac)}</kbd>)}</dd></div>
              ))}
            </dl>
          </section>
        ))}
        <section>
          <h2>On the map and in the outline</h2>
          <dl>{onThings.map(([key, title]) => <div key={key}><dt>{title}</dt><dd><kbd>{key}</kbd></dd></div>)}</dl>
        </section>
        <section>
          <h2>Switches</h2>
          <label><input type="checkbox" checked={singleKeys} onChange={(event) => prefer({ singleKeys: event.target.checked })} />Single-letter shortcuts</label>
          <label><input type="checkbox" checked={reduceMotion} onChange={(event) => prefer({ reduceMotion: event.target.checked })} />Less motion: the packet jumps from step to step</label>
        </section>
      </div>
      <p className="hint">Podhop works offline. Nothing you open leaves this computer.</p>
    </Modal>
  );
}
