import { useWorld } from '../../state/use-world.ts';
import type { Point } from '../../scene/geometry.ts';
import { useInside } from '../../node-inside/inside-store.ts';
import { useGesture } from './gesture-store.ts';
import type { ThingCommand } from './thing-commands.ts';

/** Does what a command of a thing's menu says; `at` is where a question would stand, px in the canvas. */
export function runThingCommand({ title, does }: Pick<ThingCommand, 'title' | 'does'>, id: string, at: Point): void {
  const { actions } = useWorld.getState();
  switch (does.kind) {
    case 'edit':
      return void useGesture.getState().carryOut({ title, edit: does.edit }, at, id);
    case 'gesture':
      return useGesture.getState().begin({ kind: does.gesture, from: id, how: 'choose' });
    case 'source':
      return actions.chooseSource(id);
    case 'destination':
      return actions.chooseDestination(id);
    case 'inside':
      return useInside.getState().enter(id);
  }
}
