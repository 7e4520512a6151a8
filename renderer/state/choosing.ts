import { createMachine, initialTransition, transition } from 'xstate';
import type { Choosing } from './world.ts';

/** The same click selects, names the source or names the destination, depending on what was asked for before: hence a machine (DESIGN §5). */
const createChooser = () => createMachine({
  types: {} as { events: ChoosingEvent },
  initial: 'browsing',
  states: {
    browsing: { on: { source: 'source', destination: 'destination' } },
    source: { on: { destination: 'destination', cancel: 'browsing', picked: 'destination', pickedLast: 'browsing' } },
    destination: { on: { source: 'source', cancel: 'browsing', picked: 'browsing', pickedLast: 'browsing' } },
  },
});

/** `pickedLast`: nothing else is missing from the request. */
export interface ChoosingEvent { readonly type: 'source' | 'destination' | 'cancel' | 'picked' | 'pickedLast' }

function settle() {
  const machine = createChooser();
  const [start] = initialTransition(machine);
  return { machine, snapshots: { browsing: start, source: transition(machine, start, { type: 'source' })[0], destination: transition(machine, start, { type: 'destination' })[0] } };
}

/** Built by the first click: the window's first picture does not wait for it. */
let settled: ReturnType<typeof settle> | null = null;

/** What a click means after this event. */
export function nextChoosing(now: Choosing, event: ChoosingEvent): Choosing {
  const { machine, snapshots } = (settled ??= settle());
  return transition(machine, snapshots[now], event)[0].value as Choosing;
}
