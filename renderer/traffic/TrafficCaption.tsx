import type { ReactNode } from 'react';
import { runCommand } from '../state/commands.ts';
import { titleOfRequest } from '../state/request-words.ts';
import { Icon } from '../theme/Icon.tsx';
import { countsOf } from './tally.ts';
import { useTraffic } from './traffic.ts';

/** More ends than this would be a list, not a sentence. */
const mostEnds = 4;

/** On a projector: the chosen pair's counts in one line, and the button that holds everything still. */
export function TrafficCaption(): ReactNode {
  const flowing = useTraffic((t) => t.status === 'flowing');
  const pair = useTraffic((t) => t.pairs.find(({ id }) => id === t.chosen) ?? t.pairs[0]);
  const epoch = pair?.tally.epochs.at(-1);
  const counts = epoch === undefined ? [] : countsOf(epoch);
  const ends = (epoch?.groups ?? []).slice(0, mostEnds).map(({ name }, i) => `${name} ${counts[i] ?? 0}`);
  const more = (epoch?.groups.length ?? 0) - ends.length;
  return (
    <>
      <button type="button" className="caption-control" aria-label={flowing ? 'Pause traffic' : 'Start traffic'} onClick={() => runCommand('traffic-flow')}><Icon name={flowing ? 'pause' : 'play'} /></button>
      <b>{pair === undefined ? '' : titleOfRequest(pair.request)}</b>
      <p>{[...ends, ...(more > 0 ? [`${more} more`] : [])].join(' · ')}</p>
    </>
  );
}
