import { create } from 'zustand';
import type { ReachAnswer } from '../../shared/api/reach-contract.ts';
import { currentHost, useWorld } from '../state/use-world.ts';

/** The same question twice: on every port, and only on ports that containers declare. */
export interface ReachPair { readonly all: ReachAnswer; readonly listening: ReachAnswer }

export type ReachView = 'grid' | 'changes' | 'coverage' | 'exposure';
/** What a row and a column of the grid stand for. */
export type Grouping = 'workload' | 'namespace';

export interface ReachState {
  readonly view: ReachView;
  readonly grouping: Grouping;
  /** The namespaces shown; none = all. `Outside` is one. */
  readonly namespaces: readonly string[];
  readonly now: ReachPair | null;
  /** Before the last edit; null where nothing was edited since the documents were opened. */
  readonly before: ReachPair | null;
  /** The store's edition that `now` belongs to. */
  readonly edition: number;
  readonly listeningOnly: boolean;
  readonly filter: string;
  /** The pair that is looked at. */
  readonly chosen: { readonly src: string; readonly dst: string } | null;
  readonly failure: string | null;
}

const nothing: ReachState = { view: 'grid', grouping: 'workload', namespaces: [], now: null, before: null, edition: -1, listeningOnly: false, filter: '', chosen: null, failure: null };

/** Who may connect to whom, as the engine said last. */
export const useReach = create<ReachState>()(() => nothing);

/** Above this many pods the question waits until somebody looks. */
const askedAtOnce = 2000;

async function ask(listeningOnly: boolean): Promise<ReachAnswer> {
  return currentHost().engine.reach({ listeningOnly, ipBlocksMatchPods: true });
}

/** Asks who may connect to whom, unless that is known for the cluster as it is now. */
export async function refreshReach(): Promise<void> {
  const { opened, edition, changed } = useWorld.getState();
  if (opened === null || useReach.getState().edition === edition) return;
  try {
    const [all, listening] = await Promise.all([ask(false), ask(true)]);
    if (useWorld.getState().edition !== edition) return;
    // the panel and the follower may both have asked
    useReach.setState((was) => (was.edition === edition ? {} : { now: { all, listening }, before: changed === 'edited' ? was.now : null, edition, failure: null, ...(changed === 'opened' ? { chosen: null, filter: '', namespaces: [] } : {}) }));
  } catch (thrown) {
    useReach.setState({ failure: thrown instanceof Error ? thrown.message : 'The engine did not answer' });
  }
}

/** Keeps the answer in step with the cluster, so that the state before an edit is known after it; returns the way to stop. */
export function followReach(): () => void {
  return useWorld.subscribe((world, was) => {
    if (world.edition === was.edition || world.opened === null || world.opened.cluster.pods.length > askedAtOnce) return;
    void refreshReach();
  });
}

/** Forgets everything; for tests. */
export const resetReach = (): void => useReach.setState(nothing);
