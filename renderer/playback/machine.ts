import { createMachine, initialTransition, transition } from 'xstate';

export type PlaybackStatus = 'empty' | 'paused' | 'playing' | 'ended';
export interface PlaybackEvent { readonly type: 'load' | 'loadPlaying' | 'clear' | 'play' | 'pause' | 'toggle' | 'moved' | 'finished' }

/** Play, step and the end mean different things at different times: hence a machine (DESIGN §5). */
const createPlayer = () => createMachine({
  types: {} as { events: PlaybackEvent },
  initial: 'empty',
  on: { load: '.paused', loadPlaying: '.playing', clear: '.empty' },
  states: {
    empty: {},
    paused: { on: { play: 'playing', toggle: 'playing', finished: 'ended' } },
    playing: { on: { pause: 'paused', toggle: 'paused', finished: 'ended' } },
    ended: { on: { play: 'playing', toggle: 'playing', moved: 'paused' } },
  },
});

function settle() {
  const machine = createPlayer();
  const [empty] = initialTransition(machine);
  const loaded = transition(machine, empty, { type: 'load' })[0];
  const playing = transition(machine, empty, { type: 'loadPlaying' })[0];
  return { machine, snapshots: { empty, paused: loaded, playing, ended: transition(machine, playing, { type: 'finished' })[0] } };
}

/** Built by the first event: the window's first picture does not wait for it. */
let settled: ReturnType<typeof settle> | null = null;

/** The status after this event. */
export function nextStatus(now: PlaybackStatus, event: PlaybackEvent['type']): PlaybackStatus {
  const { machine, snapshots } = (settled ??= settle());
  return transition(machine, snapshots[now], { type: event })[0].value as PlaybackStatus;
}
