import type { AnalysisMethods } from '../api/analysis-contract.ts';
import type { SandboxApi } from '../api/contract.ts';
import { coverageOf } from './coverage.ts';
import type { Standing } from './edit-methods.ts';
import { exposure } from './exposure.ts';
import { compareSides, diffSides } from './sides.ts';

/** What can be said of a whole cluster, or of two; none of it changes the world. */
export const createAnalysisMethods = (standing: () => Standing): Pick<SandboxApi, keyof AnalysisMethods> => ({
  exposure: async ({ of }) => exposure(standing().world, of),
  coverage: async ({ probes, netns }) => coverageOf(standing().world, probes, netns),
  diffBetween: async ({ before, after, calls }) => diffSides(standing(), before, after, calls !== false),
  compare: async ({ before, after, question }) => compareSides(standing(), before, after, question),
});
