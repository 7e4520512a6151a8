import type { SandboxApi } from '../api/contract.ts';
import type { RulesMethods } from '../api/rules-contract.ts';
import { countProbes } from './counters.ts';
import { endpointsOf } from './endpoints-view.ts';
import { explain } from './glossary.ts';
import { previewMode } from './mode-switch.ts';
import { sampleOneConnection } from './one-connection.ts';
import { sample } from './sample.ts';
import type { World } from './world.ts';

/** What the engine can say about rules beside a journey; none of it changes the world. */
export const createRulesMethods = (opened: () => World): Pick<SandboxApi, keyof RulesMethods> => ({
  explain: async ({ netns, id }) => ({ explained: explain(opened(), netns, id) }),
  counters: async ({ probes, seed }) => countProbes(opened(), probes, seed),
  sample: async ({ probe, count, seed, oneConnection }) => (oneConnection ? sampleOneConnection : sample)(opened(), probe, count, seed),
  previewMode: async ({ mode, netns }) => previewMode(opened(), mode, netns),
  endpointsOf: async ({ service }) => endpointsOf(opened(), service),
});
