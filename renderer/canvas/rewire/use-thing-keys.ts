import { useCallback, type KeyboardEvent } from 'react';
import type { Cluster } from '../../../shared/model/types.ts';
import { useWorld } from '../../state/use-world.ts';
import type { Point } from '../../scene/geometry.ts';
import { labelOf } from '../../scene/labels.ts';
import { useInside } from '../../node-inside/inside-store.ts';
import { editActions } from '../../state/edit-actions.ts';
import { useGesture } from './gesture-store.ts';
import { stepInList, wayOfArrow } from './place-commands.ts';
import { runThingCommand } from './run-thing-command.ts';
import { thingCommands } from './thing-commands.ts';

const isDelete = (key: string): boolean => key === 'Delete' || key === 'Backspace';

/** What the keys of a focused thing do beside moving the focus: its menu, its commands' letters, Alt and arrows for its place on the map, Delete, and Enter into a node. */
export function useThingKeys(cluster: Cluster | null, placeOf: (element: Element) => Point): (event: KeyboardEvent, id: string) => boolean {
  return useCallback((event, id) => {
    const { gesture, openMenu, cancel } = useGesture.getState();
    const element = event.target instanceof Element ? event.target : null;
    if (cluster === null || element === null) return false;
    if (event.key === 'Escape' && gesture !== null) {
      cancel();
      return true;
    }
    if (gesture !== null) return false;
    const places = useWorld.getState().opened?.sidecar ?? { positions: {} };
    if (event.altKey) {
      const way = wayOfArrow(id, event.key);
      const step = way === null ? null : stepInList(cluster, places, id, way);
      if (step !== null) void editActions.edit(step);
      return way !== null;
    }
    if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
      openMenu({ kind: 'commands', at: placeOf(element), about: id, label: labelOf(id), choices: [] });
      return true;
    }
    if (event.key === 'Enter' && id.startsWith('node/') && useWorld.getState().choosing === 'browsing') {
      useInside.getState().enter(id);
      return true;
    }
    const command = thingCommands(cluster, id, places).find((one) => (isDelete(event.key) ? one.id === 'delete' : (one.does.kind === 'gesture' || one.id === 'fold') && one.key?.toLowerCase() === event.key.toLowerCase()));
    if (command === undefined) return false;
    runThingCommand(command, id, placeOf(element));
    return true;
  }, [cluster, placeOf]);
}
