import type { ReactNode } from 'react';
import { printFraction } from '../../shared/base/fraction.ts';
import { endOfBranch } from '../inspect/Branches.tsx';
import { usePlayback } from '../playback/playback.ts';
import type { Moment, Timeline } from '../scene/types.ts';
import { runCommand } from '../state/commands.ts';
import { shortName } from '../state/places.ts';
import { useWorld } from '../state/use-world.ts';
import { Icon } from '../theme/Icon.tsx';
import { TrafficCaption } from '../traffic/TrafficCaption.tsx';
import { useTraffic } from '../traffic/traffic.ts';
import type { IconName } from '../theme/icon-paths.ts';

function wordsOf(moment: Moment, timeline: Timeline): string {
  if (moment.kind === 'fate') return timeline.sentence === '' ? moment.title : `${moment.title}. ${timeline.sentence}`;
  const starts = /^[a-z]/.test(moment.title);
  return starts ? `${shortName(moment.netns)} ${moment.title}` : `${shortName(moment.netns)}: ${moment.title}`;
}

function Control({ command, icon, label }: { readonly command: string; readonly icon: IconName; readonly label: string }): ReactNode {
  return <button type="button" className="caption-control" aria-label={label} onClick={() => runCommand(command)}><Icon name={icon} /></button>;
}

/** The projector's lower edge: one sentence that the last row can read, and the controls for who stands in front. */
export function Caption(): ReactNode {
  const timeline = useWorld((world) => world.timeline);
  const branches = useWorld((world) => world.answer?.journey.branches ?? null);
  const branch = useWorld((world) => world.branch);
  const { playBranch } = useWorld((world) => world.actions);
  const at = usePlayback((playback) => playback.moment);
  const playing = usePlayback((playback) => playback.status === 'playing');
  const moment = timeline?.moments[at];
  const chosen = branches?.[branch];
  const flowing = useTraffic((t) => t.status !== 'off');
  return (
    <footer className="caption" data-keys="transport" aria-label="Playback">
      {timeline === null && flowing ? <TrafficCaption /> : timeline === null || moment === undefined ? <p>{timeline === null ? 'Send a packet to see it travel.' : timeline.sentence}</p> : (
        <>
          <Control command="previous" icon="back" label="Previous step" />
          <Control command="play" icon={playing ? 'pause' : 'play'} label={playing ? 'Pause' : 'Play'} />
          <Control command="next" icon="step" label="Next step" />
          <b>Step {at + 1} of {timeline.moments.length}</b>
          <p>{wordsOf(moment, timeline)}</p>
          {branches !== null && branches.length > 1 && chosen !== undefined && (
            <button type="button" className="caption-branch" onClick={() => playBranch((branch + 1) % branches.length)} aria-label={`Branch ${branch + 1} of ${branches.length}, to ${endOfBranch(chosen)}. Play the next one`}>
              {endOfBranch(chosen)} <i>{printFraction(chosen.odds)}</i>
            </button>
          )}
        </>
      )}
    </footer>
  );
}
