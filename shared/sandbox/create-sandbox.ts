import { ApiFailure } from '../api/failure.ts';
import type { Opened, SandboxApi } from '../api/contract.ts';
import type { NetnsId } from '../dataplane/ids.ts';
import { offersOf } from '../model/offers.ts';
import { ask } from './ask.ts';
import { diffSince, reachOf } from './diff-worlds.ts';
import { locate } from './locate.ts';
import { rulesText } from './rules-text.ts';
import { buildWorld, countKinds, type World } from './world.ts';

/** The API, plus what only callers in the same process need. */
export interface Sandbox extends SandboxApi {
  /** Every machine whose rules can be printed; pods are none. */
  hosts(): readonly NetnsId[];
  /** The world as it stands; null before the first open. */
  world(): World | null;
}

const toOpened = (world: World): Opened => ({
  revision: world.revision,
  title: world.title,
  documents: world.documents,
  cluster: world.cluster,
  problems: world.problems,
  problemsOmitted: world.problemsOmitted,
  counts: countKinds(world.objects),
});

/** A sandbox of its own: the composition root, and the only mutable variable there is (DESIGN §1). */
export function createSandbox(): Sandbox {
  let current: World | null = null;
  const opened = (): World => {
    if (!current) throw new ApiFailure('problem', 'nothing is open yet');
    return current;
  };
  return {
    world: () => current,
    hosts: () => opened().dataplane.ids.filter((id) => !id.startsWith('pod/')),
    ping: async () => ({ revision: current?.revision ?? 0 }),
    preview: async ({ documents }) => {
      const { objects, problems, problemsOmitted } = buildWorld(documents, '', 0);
      return { objects: objects.length, problems, problemsOmitted, counts: countKinds(objects) };
    },
    open: async ({ documents, title }) => {
      current = buildWorld(documents, title, (current?.revision ?? 0) + 1);
      return toOpened(current);
    },
    ask: async ({ probe }) => ask(opened(), probe),
    offers: async ({ to }) => ({ offers: offersOf(opened().cluster, to) }),
    rules: async ({ netns, format, family }) => rulesText(opened(), netns, format, family),
    locate: async ({ ref, field }) => ({ at: locate(opened().objects, ref, field) }),
    reach: async (options) => reachOf(opened(), options),
    diffReach: async ({ before }) => diffSince(opened(), before),
  };
}
