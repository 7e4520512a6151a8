import { useDeferredValue, type ReactNode } from 'react';
import { speeds } from '../playback/create-playback.ts';
import { useMomentOf, usePlayback } from '../playback/playback.ts';
import { runCommand, setPauseAtEachHop, setSpeed } from '../state/commands.ts';
import { useLayout } from '../state/layout.ts';
import type { Timeline } from '../scene/types.ts';
import { useWorld } from '../state/use-world.ts';
import { Icon } from '../theme/Icon.tsx';
import { Menu } from './Menu.tsx';
import { PacketLane } from './PacketLane.tsx';
import { Scrub } from './Scrub.tsx';

function Transport(): ReactNode {
  const status = usePlayback((playback) => playback.status);
  const empty = status === 'empty';
  const playing = status === 'playing';
  const label = playing ? 'Pause' : status === 'ended' ? 'Play again' : 'Play';
  return (
    <fieldset className="tp" aria-label="Playback">
      <button type="button" className="ib" disabled={empty} aria-label="Previous step" title="Previous step" onClick={() => runCommand('previous')}><Icon name="back" /></button>
      <button type="button" className="pl" disabled={empty} aria-label={label} title={label} onClick={() => runCommand('play')}><Icon name={playing ? 'pause' : 'play'} /></button>
      <button type="button" className="ib" disabled={empty} aria-label="Next step" title="Next step" onClick={() => runCommand('next')}><Icon name="step" /></button>
    </fieldset>
  );
}

function Count({ timeline }: { readonly timeline: Timeline }): ReactNode {
  return <>Step <b>{useMomentOf(timeline) + 1}</b> of {timeline.moments.length}</>;
}

function Settings({ timeline }: { readonly timeline: Timeline | null }): ReactNode {
  const speed = usePlayback((playback) => playback.speed);
  const sheet = useLayout((layout) => layout.sheetOpen);
  const change = useLayout((layout) => layout.change);
  const pausing = usePlayback((playback) => playback.pauseAtEachHop);
  return (
    <div className="sp">
      <button type="button" className="toggle sheet-toggle" aria-pressed={sheet} onClick={() => change({ sheetOpen: !sheet })}>Trace</button>
      <span className="count">{timeline === null || timeline.moments.length === 0 ? '' : <Count timeline={timeline} />}</span>
      <button type="button" className="toggle" aria-pressed={pausing} onClick={() => setPauseAtEachHop(!pausing)}>Pause at each hop</button>
      <Menu label={`Speed: ${speed}×`} className="speed" align="end" up button={<b>{speed}×</b>} items={speeds.map((value) => ({ id: String(value), text: String(value), label: <span>{value}×</span>, checked: value === speed, run: () => setSpeed(value) }))} />
    </div>
  );
}

/** The lower edge: the playback's controls, its bar, and the packets of this session. */
export function Dock(): ReactNode {
  // the map shows the way first; the bar follows in the next frame
  const timeline = useDeferredValue(useWorld((world) => world.timeline));
  return (
    <footer className="dock" data-keys="transport">
      <Transport />
      {timeline === null || timeline.moments.length === 0 ? <p className="scrub-empty">{timeline === null ? 'Send a packet to see it travel.' : 'No packet travelled.'}</p> : <div className="scrub-box"><Scrub timeline={timeline} /></div>}
      <Settings timeline={timeline} />
      <PacketLane />
    </footer>
  );
}
