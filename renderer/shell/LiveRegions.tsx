import type { ReactNode } from 'react';
import { usePlayback } from '../playback/playback.ts';
import { shortName } from '../state/places.ts';
import { titleOfRequest, toRequest } from '../state/request-words.ts';
import { useWorld } from '../state/use-world.ts';
import { fateOf } from '../theme/fate.ts';

/** What a screen reader hears: each hop short and politely, the verdict once. */
export function LiveRegions(): ReactNode {
  const timeline = useWorld((world) => world.timeline);
  const answer = useWorld((world) => world.answer);
  const moment = usePlayback((playback) => playback.moment);
  const ended = usePlayback((playback) => playback.status === 'ended');
  const mark = timeline?.marks.findLastIndex((one) => one.moment <= moment) ?? -1;
  const playing = usePlayback((playback) => playback.status === 'playing');
  const current = timeline?.moments[moment];
  // while it plays only hops are told; stepping by hand tells each step
  const hop = timeline?.marks[mark];
  const words = timeline === null || current === undefined || hop === undefined ? ''
    : playing ? `Hop ${mark + 1} of ${timeline.marks.length}, ${shortName(hop.netns)}`
    : `Step ${moment + 1} of ${timeline.moments.length}, ${shortName(current.netns)}: ${current.title}`;
  const told = ended && timeline !== null && answer !== null ? `${fateOf(timeline.verdict).word}. ${titleOfRequest(toRequest(answer.journey.probe))}. ${timeline.sentence}` : '';
  return (
    <>
      <output className="visually-hidden" aria-live="polite">{ended ? '' : words}</output>
      <div className="visually-hidden" role="alert" aria-live="assertive">{told}</div>
    </>
  );
}
