import { ApiFailure } from '../api/failure.ts';
import type { SandboxApi } from '../api/contract.ts';
import type { Opened } from '../api/shapes.ts';
import type { NetnsId } from '../dataplane/ids.ts';
import { offersOf } from '../model/offers.ts';
import { createAnalysisMethods } from './analysis-api.ts';
import { ask } from './ask.ts';
import { causedBy } from './caused-by.ts';
import { complete } from './complete.ts';
import { diffSince, reachOf } from './diff-worlds.ts';
import { createEditMethods, openStanding, rememberPacket, timelineOf, type Standing } from './edit-methods.ts';
import { locate } from './locate.ts';
import { createRulesMethods } from './rules-api.ts';
import { rulesText } from './rules-text.ts';
import { traffic } from './traffic.ts';
import { buildWorld, countObjects, type World } from './world.ts';

/** The API, plus what only callers in the same process need. */
export interface Sandbox extends SandboxApi {
  /** Every machine whose rules can be printed; pods are none. */
  hosts(): readonly NetnsId[];
  /** The world as it stands; null before the first open. */
  world(): World | null;
}

const toOpened = (standing: Standing): Opened => ({ ...describeWorld(standing.world), ...timelineOf(standing) });
const describeWorld = (world: World): Opened => ({
  revision: world.revision,
  title: world.title,
  documents: world.documents,
  cluster: world.cluster,
  problems: world.problems,
  problemsOmitted: world.problemsOmitted,
  counts: countObjects(world),
  ...(world.givenRules.size === 0 ? {} : { nodeRules: [...world.givenRules].map(([netns, { files }]) => ({ netns, files })) }),
});

/** A sandbox of its own: the composition root, and the only mutable variable there is (DESIGN §1). */
export function createSandbox(): Sandbox {
  let current: Standing | null = null;
  const standing = (): Standing => {
    if (!current) throw new ApiFailure('problem', 'nothing is open yet');
    return current;
  };
  const opened = (): World => standing().world;
  const put = (next: Standing): void => {
    current = next;
  };
  return {
    ...createEditMethods({ get: standing, put, toOpened }),
    world: () => current?.world ?? null,
    hosts: () => opened().dataplane.ids.filter((id) => !id.startsWith('pod/')),
    ping: async () => ({ revision: current?.world.revision ?? 0 }),
    preview: async ({ documents }) => {
      const world = buildWorld(documents, '', 0);
      const counts = countObjects(world);
      return { objects: Object.values(counts).reduce((sum, n) => sum + n, 0), problems: world.problems, problemsOmitted: world.problemsOmitted, counts };
    },
    open: async ({ documents, title, sidecar }) => {
      current = openStanding(documents, title, sidecar, current);
      return toOpened(current);
    },
    ask: async ({ probe, remember }) => {
      const was = standing();
      const key = JSON.stringify(probe);
      const asked = was.asked?.probe === key ? was.asked : { probe: key, answer: ask(was.world, probe) };
      const now: Standing = { ...was, asked };
      put(remember === true ? rememberPacket(now, asked.answer) : now);
      return asked.answer;
    },
    offers: async ({ to }) => ({ offers: offersOf(opened().cluster, to) }),
    rules: async ({ netns, format, family }) => rulesText(opened(), netns, format, family),
    locate: async ({ ref, field }) => ({ at: locate(opened().objects, ref, field) }),
    ...createRulesMethods(opened),
    traffic: async (input) => traffic(opened(), input),
    ...createAnalysisMethods(standing),
    causedBy: async ({ ref }) => causedBy(opened(), ref),
    complete: async (place) => complete(current?.world.cluster ?? null, place),
    reach: async (options) => reachOf(opened(), options),
    diffReach: async ({ before }) => diffSince(opened(), before),
  };
}
