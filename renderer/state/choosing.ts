import { createMachine, initialTransition, transition } from 'xstate';
import type { Choosing } from './world.ts';

/** The same click selects, names the source or names the destination, depending on what was asked for before: hence a machine (DESIGN §5). */
const machine = createMachine({
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

const [start] = initialTransition(machine);
const snapshots = {
  browsing: start,
  source: transition(machine, start, { type: 'source' })[0],
  destination: transition(machine, start, { type: 'destination' })[0],
} as const;

/** What a click means after this event. */
export const nextChoosing = (now: Choosing, event: ChoosingEvent): Choosing => transition(machine, snapshots[now], event)[0].value as Choosing;
