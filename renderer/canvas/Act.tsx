import type { ReactNode } from 'react';
import { usePlayback } from '../playback/playback.ts';
import { FateMark, RewriteRings, Tickets, Waiting } from './ActMarks.tsx';
import { HeaderCard } from './HeaderCard.tsx';
import { PathLines } from './PathLines.tsx';
import type { Act, Stage } from './use-stage.ts';

/** Everything that a request puts on the stage and that changes at most once a moment. */
export function ActMarks({ stage, act }: { readonly stage: Stage; readonly act: Act }): ReactNode {
  const moment = usePlayback((p) => (p.timeline === act.timeline ? p.moment : 0));
  return (
    <>
      <PathLines act={act} scene={stage.scene} />
      <RewriteRings stage={stage} act={act} moment={moment} />
      <Tickets stage={stage} act={act} moment={moment} />
      {stage.scene.density === 'cells' ? null : <HeaderCard act={act} scene={stage.scene} moment={moment} />}
      <Waiting stage={stage} act={act} moment={moment} />
      <FateMark stage={stage} act={act} moment={moment} />
    </>
  );
}
