import { command, type Command } from './command.ts';
import { clusterCommands } from './cluster-commands.ts';
import { addable, addObject, canAdd } from './adding.ts';
import { copyTrace, saveManifests } from './clipboard.ts';
import { useLayout, type DrawerPanel } from './layout.ts';
import { mapCommands } from './map-commands.ts';
import { isComplete } from './request-words.ts';
import { usePreferences, type ThemeChoice } from './preferences.ts';
import { openFromHost, restartEngine } from './opening.ts';
import { speeds } from '../playback/create-playback.ts';
import { usePlayback } from '../playback/playback.ts';
import { toggleTraffic, trafficControls, useTraffic } from '../traffic/traffic.ts';
import { toggleReachView } from '../reach/reach-view.ts';
import { useWorld } from './use-world.ts';

const hasTimeline = (): boolean => useWorld.getState().timeline !== null;
const layout = useLayout.getState;
const playback = usePlayback.getState;
const preferences = usePreferences.getState;
const world = useWorld.getState;

const themes: readonly ThemeChoice[] = ['light', 'dark', 'contrast', 'projector'];


function changeSpeed(by: 1 | -1): void {
  const at = speeds.findIndex((speed) => speed === playback().speed);
  const speed = speeds[Math.max(0, Math.min(speeds.length - 1, (at < 0 ? 2 : at) + by))]!;
  setSpeed(speed);
}

/** Sets the playback's speed and keeps it for next time. */
export function setSpeed(speed: number): void {
  playback().setSpeed(speed);
  preferences().change({ speed });
}

/** Turns "pause at each hop" on or off, and keeps it. */
export function setPauseAtEachHop(pauseAtEachHop: boolean): void {
  playback().setPauseAtEachHop(pauseAtEachHop);
  preferences().change({ pauseAtEachHop });
}

/** The theme on the page, whatever the choice was. */
export const shownTheme = (): ThemeChoice => (document.documentElement.dataset.theme ?? 'light') as ThemeChoice;

function nextTheme(): void {
  preferences().change({ theme: themes[(themes.indexOf(shownTheme()) + 1) % themes.length]! });
}

const toggleProjector = (): void => preferences().change({ theme: shownTheme() === 'projector' ? 'system' : 'projector' });

function showPanel(panel: DrawerPanel): void {
  const { drawerOpen, panel: shown, change } = layout();
  change(drawerOpen && shown === panel ? { drawerOpen: false } : { drawerOpen: true, panel });
}

const showTraffic = (trafficOpen: boolean): void => layout().change({ trafficOpen, ...(trafficOpen ? { sheetOpen: true } : {}) });
const flows = (): boolean => useTraffic.getState().pairs.length > 0;

function flowOrPause(): void {
  if (!flows()) showTraffic(true);
  toggleTraffic();
}

function addToTraffic(): void {
  trafficControls.add(world().request);
  showTraffic(true);
}

function focusSource(): void {
  document.getElementById('request-from')?.focus();
}

/** `Undo move api-1 to node b`. */
const named = (verb: string, title: string | null | undefined): string => (title === null || title === undefined ? verb : `${verb} ${title[0]?.toLowerCase() ?? ''}${title.slice(1)}`);
const canStep = (step: 'undo' | 'redo'): boolean => (world().opened?.[step] ?? null) !== null || (step === 'undo' && world().draftProblems !== null);

export type { Command };

/** Every command, in the order lists show them. */
export const commands: readonly Command[] = [
  command('open-files', 'Open files…', 'File', ['Mod+O'], () => void openFromHost(false)),
  command('open-folder', 'Open a folder…', 'File', ['Mod+Shift+O'], () => void openFromHost(true)),
  command('paste-manifests', 'Paste manifests…', 'File', ['Mod+Shift+V'], () => layout().change({ dialog: 'paste' })),
  command('save-manifests', 'Save manifests…', 'File', ['Mod+S'], () => void saveManifests(), () => world().opened !== null),
  command('stop-engine', 'Stop the engine and start it again', 'File', [], () => void restartEngine()),
  { ...command('undo', 'Undo', 'Edit', ['Mod+Z'], () => void world().actions.undo(), () => canStep('undo')), now: () => named('Undo', world().opened?.undo) },
  { ...command('redo', 'Redo', 'Edit', ['Mod+Shift+Z', 'Mod+Y'], () => void world().actions.redo(), () => canStep('redo')), now: () => named('Redo', world().opened?.redo) },
  ...addable.map(([kind, words]) => command(`add-${kind}`, `Add ${words}`, 'Edit', [], () => void addObject(kind), () => canAdd(kind))),
  ...clusterCommands,
  ...mapCommands,
  command('send', 'Send the packet', 'Packet', ['Mod+Enter'], () => void world().actions.send(), () => isComplete(world().request) && !world().asking),
  command('edit-request', 'Change from and to', 'Packet', ['Mod+L'], focusSource),
  command('choose-source', 'Choose the source on the map', 'Packet', [], () => world().actions.startChoosing('source')),
  command('choose-destination', 'Choose the destination on the map', 'Packet', [], () => world().actions.startChoosing('destination')),
  command('play', 'Play or pause', 'Packet', ['P', 'Space'], () => playback().toggle(), hasTimeline),
  command('next', 'Next step', 'Packet', ['ArrowRight', 'PageDown'], () => playback().next(), hasTimeline),
  command('previous', 'Previous step', 'Packet', ['ArrowLeft', 'PageUp'], () => playback().previous(), hasTimeline),
  command('first', 'First step', 'Packet', ['Home'], () => playback().first(), hasTimeline),
  command('last', 'Last step', 'Packet', ['End'], () => playback().last(), hasTimeline),
  command('slower', 'Slower', 'Packet', ['['], () => changeSpeed(-1), hasTimeline),
  command('faster', 'Faster', 'Packet', [']'], () => changeSpeed(1), hasTimeline),
  command('pause-at-each-hop', 'Pause at each hop, on or off', 'Packet', [], () => setPauseAtEachHop(!preferences().pauseAtEachHop)),
  command('copy-trace', 'Copy the trace as text', 'Packet', ['Mod+Shift+C'], () => void copyTrace(), () => world().answer !== null),
  command('clear', 'Clear the stage', 'Packet', [], () => world().actions.clearStage(), hasTimeline),
  { ...command('traffic-flow', 'Start or pause traffic', 'Packet', ['T'], flowOrPause, () => world().opened !== null && (flows() || isComplete(world().request))), now: () => (useTraffic.getState().status === 'flowing' ? 'Pause traffic' : 'Start traffic') },
  command('traffic-add', 'Let this question flow as traffic too', 'Packet', [], addToTraffic, () => isComplete(world().request)),
  command('traffic-stop', 'Stop traffic and forget its counts', 'Packet', [], () => trafficControls.stop(), () => useTraffic.getState().status !== 'off'),
  command('palette', 'Find a command or a thing', 'View', ['Mod+K', 'Mod+Shift+P', 'Mod+P'], () => layout().change({ dialog: 'palette' })),
  command('manifests', 'Show or hide the manifests', 'View', ['Mod+J'], () => showPanel('manifests'), () => world().opened !== null),
  command('rules', "Show or hide a host's rules", 'View', ['Mod+Shift+U'], () => showPanel('rules'), () => world().opened !== null),
  command('reach', 'Show or hide who may reach whom', 'View', ['Mod+Shift+E'], () => showPanel('reach'), () => world().opened !== null),
  command('traffic', 'Show or hide traffic', 'View', ['Mod+Shift+F'], () => showTraffic(!layout().trafficOpen), () => world().opened !== null),
  command('changes', 'Show or hide what changed, with both traces', 'View', ['Mod+Shift+X'], () => toggleReachView('changes'), () => world().opened !== null),
  command('coverage', 'Show or hide which rules were met', 'View', [], () => toggleReachView('coverage'), () => world().opened !== null),
  command('exposure', 'Show or hide who could reach a pod, also pods that do not exist yet', 'View', [], () => toggleReachView('exposure'), () => world().opened !== null),
  command('outline', 'Show or hide the outline', 'View', ['Mod+B'], () => layout().change({ outlineOpen: !layout().outlineOpen })),
  command('theme', 'Next theme', 'View', [], nextTheme),
  command('projector', 'Projector theme, on or off', 'View', [], toggleProjector),
  command('reduce-motion', 'Less motion, on or off', 'View', [], () => preferences().change({ reduceMotion: !preferences().reduceMotion })),
  command('single-keys', 'Single-letter shortcuts, on or off', 'Help', [], () => preferences().change({ singleKeys: !preferences().singleKeys })),
  command('help', 'Keyboard shortcuts', 'Help', ['?', 'F1'], () => layout().change({ dialog: 'help' })),
];

/** What a command is called at this moment. */
export const titleNow = ({ title, now }: Command): string => now?.() ?? title;

const byId = new Map(commands.map((one) => [one.id, one]));

/** The command with this id; throws for one that is not in the list, which is our own bug. */
export function commandById(id: string): Command {
  const found = byId.get(id);
  if (found === undefined) throw new Error(`there is no command ${id}`);
  return found;
}

/** Runs a command by id, if there is one and it can be run now; answers whether it did. */
export function runCommand(id: string): boolean {
  const found = byId.get(id);
  if (found === undefined || !found.enabled()) return false;
  found.run();
  return true;
}
