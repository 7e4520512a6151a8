import { useEffect } from 'react';
import { chordOf, commandFor, isMac, isSingleKey } from '../state/keys.ts';
import { useLayout } from '../state/layout.ts';
import { usePreferences } from '../state/preferences.ts';
import { useWorld } from '../state/use-world.ts';
import { isTyping } from './is-typing.ts';

const moving = new Set(['ArrowLeft', 'ArrowRight', 'Home', 'End', 'PageUp', 'PageDown', 'Space']);
const ownKeys = '[role=tree],[role=menu],[role=listbox],[type=range],[role=separator],[role=tablist],[data-keys=canvas],dialog';
const stepping = new Set(['Mod+Z', 'Mod+Y', 'Mod+Shift+Z']);
const pressable = 'button,a,summary,[role=treeitem]';

/** Esc leaves one thing at a time: choosing, the selection, the outline over the map. */
function leave(): void {
  const { choosing, selection, actions } = useWorld.getState();
  const { outlineOpen, change } = useLayout.getState();
  if (choosing !== 'browsing') return actions.startChoosing('browsing');
  if (outlineOpen) return change({ outlineOpen: false });
  if (selection !== null) return actions.select(null);
  actions.fail(null);
}

function isFree(chord: string, event: KeyboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : null;
  const inside = (selector: string): boolean => target !== null && target.closest(selector) !== null;
  // a line of text undoes itself while something is typed in it; a line that is settled, a choice, and the manifests' text leave it to the cluster's own timeline
  if (isTyping(event) && stepping.has(chord) && !inside('.yaml-pane,select,[data-settled]')) return false;
  if (isTyping(event)) return chord.includes('Mod+') || /^F\d/.test(chord);
  if (isSingleKey(chord) && !usePreferences.getState().singleKeys) return false;
  if (moving.has(chord) && inside(ownKeys)) return false;
  return !(chord === 'Space' && inside(pressable));
}

/** Turns key presses into commands wherever the focus is, unless what has the focus needs the key itself. */
export function useShortcuts(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || document.querySelector('dialog[open]') !== null) return;
      if (event.key === 'Escape') return leave();
      const chord = chordOf(event, isMac());
      const command = chord === null ? null : commandFor(chord);
      if (chord === null || command === null || !isFree(chord, event) || !command.enabled()) return;
      event.preventDefault();
      command.run();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}
