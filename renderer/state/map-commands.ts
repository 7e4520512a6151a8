import type { Grouping } from '../../shared/model/edit/types.ts';
import { command, type Command } from './command.ts';
import { editActions } from './edit-actions.ts';
import { useLayout } from './layout.ts';
import { useWorld } from './use-world.ts';

const isOpen = (): boolean => useWorld.getState().opened !== null;
const sidecar = () => useWorld.getState().opened?.sidecar;

/** By what pods are drawn as one, in words. */
export const groupings: readonly (readonly [Grouping, string])[] = [['none', 'Show each pod'], ['workload', 'Group pods by workload'], ['namespace', 'Group pods by namespace']];

export const groupPods = (by: Grouping): void => void editActions.edit({ kind: 'group-pods', by });

const isArranged = (): boolean => Object.keys(sidecar()?.positions ?? {}).length > 0 || (sidecar()?.folded?.length ?? 0) > 0;

/** Shows the filter and puts the caret into it. */
function startFilter(): void {
  useLayout.getState().change({ filtering: true });
  requestAnimationFrame(() => document.getElementById('map-filter')?.focus());
}

const focusPath = (): void => {
  const { focused, change } = useLayout.getState();
  change({ focused: !focused });
};

/** What changes the picture and nothing of the cluster. */
export const mapCommands: readonly Command[] = [
  command('tidy-layout', 'Tidy up the map', 'Edit', ['Mod+Shift+L'], () => void editActions.edit({ kind: 'tidy-layout' }), isArranged),
  ...groupings.map(([by, title]) => command(`group-${by}`, title, 'View', [], () => groupPods(by), () => isOpen() && (sidecar()?.grouping ?? 'none') !== by)),
  command('filter', 'Filter the map and the outline', 'View', ['Mod+F'], startFilter, () => isOpen() && document.documentElement.dataset['theme'] !== 'projector'),
  command('clear-filter', 'Show everything again', 'View', [], () => useLayout.getState().change({ filter: '', filtering: false }), () => useLayout.getState().filter !== ''),
  { ...command('focus-path', 'Focus on the request, on or off', 'View', ['F'], focusPath, isOpen), now: () => (useLayout.getState().focused ? 'Show the whole map again' : 'Focus on the request’s path') },
];
