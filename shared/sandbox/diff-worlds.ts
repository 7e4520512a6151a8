import { diffReach } from '../analysis/diff-reach.ts';
import { reach, reachJson } from '../analysis/reach.ts';
import type { DiffAnswer, ReachAnswer } from '../api/reach-contract.ts';
import type { TextDocument } from '../api/shapes.ts';
import { diffPaths } from './diff-paths.ts';
import { buildWorld, type World } from './world.ts';

/** Who may connect to whom in this world, by NetworkPolicy. */
export const reachOf = (world: World, options: { readonly listeningOnly: boolean; readonly ipBlocksMatchPods: boolean }): ReachAnswer => reachJson(reach(world.cluster, options));

/** What changed from one world to the other: by NetworkPolicy, and by every workload's call to every Service. */
export function diffWorlds(before: World, after: World, mostQuestions?: number): DiffAnswer {
  const { connections, peersAdded, peersRemoved } = diffReach(before.cluster, after.cluster);
  const { services, questionsLeftOut } = diffPaths(before, after, connections, mostQuestions);
  return { same: connections.length === 0 && services.length === 0 && peersAdded.length === 0 && peersRemoved.length === 0, connections, services, peersAdded, peersRemoved, questionsLeftOut };
}

/** What changed since these documents. */
export const diffSince = (world: World, documents: readonly TextDocument[]): DiffAnswer => diffWorlds(buildWorld(documents, '', 0), world);
