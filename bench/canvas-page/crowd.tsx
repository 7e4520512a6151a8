import { useMemo, type ReactNode } from 'react';
import { PacketLayer } from '../../renderer/canvas/PacketLayer.tsx';
import type { Act } from '../../renderer/canvas/use-stage.ts';
import type { Segment } from '../../renderer/scene/segments.ts';
import { recordedAnswer } from '../../renderer/testing/fixture.ts';
import { longTimeline } from './flights.ts';

const answer = recordedAnswer();

/** The packets as the app draws them: one canvas, a pure place for each per frame. */
export function Crowd({ ways }: { readonly ways: readonly (readonly Segment[])[] }): ReactNode {
  const acts = useMemo(() => ways.flatMap((segments): readonly Act[] => {
    const way = segments[0]?.way;
    return way === undefined ? [] : [{ answer, branch: 1, timeline: longTimeline, routes: { forward: way, reply: null, returnsSameWay: true, earlier: [], others: [], sleeves: [], tickets: [] }, segments }];
  }), [ways]);
  return <PacketLayer acts={acts} />;
}
