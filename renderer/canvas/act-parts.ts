import type { Branch } from '../../shared/trace/types.ts';
import type { FateName } from '../theme/fate.ts';
import { placeOf } from '../scene/labels.ts';
import type { Act } from './use-stage.ts';

/** Where the chosen branch starts and where its packet ended. */
export function endsOf({ answer, branch }: Act): readonly string[] {
  const chosen = answer.journey.branches[branch];
  const trace = chosen?.legs.at(-1)?.trace;
  return [placeOf(answer.journey.from), placeOf(endpointOf(chosen) ?? trace?.hops.at(-1)?.netns ?? '')];
}

const endpointOf = (branch: Branch | undefined): string | undefined => branch?.endpoint?.netns;

/** The fate to show at this moment: none before the last. */
export function fateAt({ timeline }: Act, moment: number): FateName | null {
  return timeline.moments[moment]?.kind === 'fate' ? timeline.verdict : null;
}
