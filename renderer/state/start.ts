import type { Host } from '../host/host.ts';
import { usePlayback } from '../playback/playback.ts';
import { followReach } from '../reach/use-reach.ts';
import { askAhead } from './ask-ahead.ts';
import { runCommand } from './commands.ts';
import { loadLibrary, openScenario, useLibrary } from './library.ts';
import { takeOpened } from './opening.ts';
import { usePreferences } from './preferences.ts';
import { attachHost, useWorld } from './use-world.ts';

/** Brings the window to life: what it was started with, else the first lesson with its packet ready to send. */
export async function start(host: Host): Promise<void> {
  attachHost(host);
  followReach();
  askAhead();
  const { speed, pauseAtEachHop } = usePreferences.getState();
  usePlayback.getState().setSpeed(speed);
  usePlayback.getState().setPauseAtEachHop(pauseAtEachHop);
  host.shell.onEvent((event) => {
    if (event.kind === 'opened') void takeOpened();
    else runCommand(event.command);
  });
  try {
    const [given] = await Promise.all([takeOpened(), loadLibrary()]);
    const first = useLibrary.getState().scenarios[0];
    if (!given && first !== undefined && useWorld.getState().opened === null) await openScenario(first);
  } catch (thrown) {
    useWorld.getState().actions.fail(thrown instanceof Error ? thrown.message : 'Podhop could not start');
  }
}
