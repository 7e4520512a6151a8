import { create } from 'zustand';
import type { Sampled } from '../../shared/api/rules-contract.ts';
import type { Answer } from '../../shared/api/shapes.ts';
import { createFrameClock } from '../playback/clock.ts';
import { prefersCalm } from '../playback/prefers-calm.ts';
import { currentHost } from '../state/use-world.ts';

/** How many are sent at a time, and how long counting them up takes, in ms. */
export const batch = 100;
const countingMs = 1600;
/** The engine's own limit for one question. */
const atMost = 1000;

export interface Many {
  /** Which answer this belongs to. */
  readonly of: Answer | null;
  readonly sampled: Sampled | null;
  /** How many single connections were tried that carried all of a hundred; 0 where each was a connection of its own. */
  readonly connection: number;
  /** How many of them are counted so far. */
  readonly counted: number;
  readonly asking: boolean;
  readonly failure: string | null;
}

const nothing: Many = { of: null, sampled: null, connection: 0, counted: 0, asking: false, failure: null };
export const useMany = create<Many>()(() => nothing);

const clock = createFrameClock();
/** Forgets the connections and stops counting, as when another cluster is opened. */
export const resetMany = (): void => {
  clock.stop();
  useMany.setState(nothing);
};

/** Counts up from what is shown already, so that the bars are seen to settle. */
function countUp(from: number, to: number): void {
  if (prefersCalm()) return useMany.setState({ counted: to });
  let counted = from;
  clock.run((elapsed) => {
    counted = Math.min(to, counted + (elapsed / countingMs) * (to - from));
    useMany.setState({ counted: Math.floor(counted) });
    return counted < to;
  });
}

/** Sends this answer's question another hundred times: the engine goes on from the same seed, so the first ones stay as they were. */
export async function sendMany(answer: Answer): Promise<void> {
  const before = useMany.getState();
  if (before.asking) return;
  const sent = before.of === answer && before.connection === 0 ? before.sampled?.order.length ?? 0 : 0;
  const count = sent >= atMost ? batch : sent + batch;
  useMany.setState({ ...(sent === 0 || count === batch ? { ...nothing, of: answer } : {}), asking: true, failure: null });
  try {
    const sampled = await currentHost().engine.sample({ probe: answer.journey.probe, count });
    if (useMany.getState().of !== answer) return;
    useMany.setState({ sampled, asking: false });
    countUp(count === batch ? 0 : sent, count);
  } catch (thrown) {
    useMany.setState({ asking: false, failure: thrown instanceof Error ? thrown.message : 'The engine did not answer' });
  }
}

/** Sends a hundred requests of this answer on one connection; each time another connection, as another seed decides. */
export async function sendOnOneConnection(answer: Answer): Promise<void> {
  const before = useMany.getState();
  if (before.asking) return;
  const connection = before.of === answer ? before.connection + 1 : 1;
  useMany.setState({ ...nothing, of: answer, connection, asking: true });
  try {
    const sampled = await currentHost().engine.sample({ probe: answer.journey.probe, count: batch, seed: connection, oneConnection: true });
    if (useMany.getState().of !== answer) return;
    useMany.setState({ sampled, asking: false });
    countUp(0, batch);
  } catch (thrown) {
    useMany.setState({ asking: false, failure: thrown instanceof Error ? thrown.message : 'The engine did not answer' });
  }
}

/** How many of the first `counted` ended in each bin. */
export function countsOf({ bins, order }: Sampled, counted: number): readonly number[] {
  const counts = bins.map(() => 0);
  for (const bin of order.slice(0, counted)) counts[bin]! += 1;
  return counts;
}
