import type { ReactNode } from 'react';
import { printFraction } from '../../shared/base/fraction.ts';
import type { Branch } from '../../shared/trace/types.ts';
import { usePlayback } from '../playback/playback.ts';
import { shortName } from '../state/places.ts';
import { useWorld } from '../state/use-world.ts';
import { colourOf, fateOf } from '../theme/fate.ts';
import { Icon } from '../theme/Icon.tsx';

/** Where a branch ends, in a word or two: the endpoint's name, or the place that decided. */
export function endOfBranch({ endpoint, legs }: Branch): string {
  if (endpoint !== null) return endpoint.pod === undefined ? endpoint.ip : shortName(`pod/${endpoint.pod}`);
  const hops = legs.at(-1)?.trace.hops;
  const last = hops?.at(-1)?.netns;
  return last === undefined ? 'Not sent' : shortName(last);
}

function Card({ branch, index, playing, alone }: { readonly branch: Branch; readonly index: number; readonly playing: boolean; readonly alone: boolean }): ReactNode {
  const playBranch = useWorld((world) => world.actions.playBranch);
  const inFlight = usePlayback((playback) => playing && playback.status !== 'ended');
  const fate = fateOf(inFlight ? 'in-flight' : branch.verdict);
  return (
    <button type="button" className={playing ? 'on' : ''} aria-pressed={playing} onClick={() => playBranch(index)}>
      <b>
        <span>{endOfBranch(branch)}</span>
        {!alone && <i>{printFraction(branch.odds)}</i>}
      </b>
      <span className="fate" style={{ color: inFlight ? undefined : colourOf(fate.hue).ink }}>
        {!inFlight && <Icon name={fate.icon} />}
        {fate.word}
      </span>
    </button>
  );
}

/** Every way the packet could have gone, with its exact odds; a click plays that one. */
export function Branches({ branches, chosen }: { readonly branches: readonly Branch[]; readonly chosen: number }): ReactNode {
  return (
    <fieldset className={`fan ${branches.length > 6 ? 'many' : ''}`} aria-label="Branches" style={{ '--n': Math.min(3, branches.length) } as React.CSSProperties}>
      {branches.map((branch, i) => (
        <Card key={`${i} ${endOfBranch(branch)}`} branch={branch} index={i} playing={i === chosen} alone={branches.length === 1} />
      ))}
    </fieldset>
  );
}
