import { formatProblem, type Problem } from '../base/problem.ts';
import type { TextDocument } from '../api/shapes.ts';
import type { Journey, Probe } from '../trace/types.ts';
import { differences } from './expectations.ts';
import type { GoldenState, NodeListing } from './golden-text.ts';
import type { Expectation, ExpectationResult, Patch, Scenario } from './types.ts';

/** A sandbox as a scenario needs it: load these documents on this datapath, then ask. */
export interface Bench {
  /** `datapath` null = as the documents say. Returns the errors among the problems. */
  load(documents: readonly TextDocument[], datapath: string | null, patches: readonly Patch[]): Promise<readonly Problem[]>;
  ask(probe: Probe): Promise<Journey>;
  /** The addresses of `node/c`, `pod/NS/NAME`, `client/NAME`, or of an address itself. */
  addressesOf(thing: string): readonly string[];
  /** What the nodes' kernels hold, as `podhop rules` prints it. */
  nodes(): Promise<readonly NodeListing[]>;
}

/** A state that a scenario puts its cluster in, and what is expected there. */
interface State { readonly variant: string; readonly patches: readonly Patch[]; readonly expect: readonly Expectation[] }

const statesOf = (scenario: Scenario): readonly State[] => [
  { variant: 'as-given', patches: [], expect: scenario.expect },
  ...(scenario.broken ? [{ variant: 'broken', patches: scenario.broken.patch, expect: scenario.broken.expect }] : []),
  ...(scenario.variants ?? []).map(({ name, patch, expect }) => ({ variant: name, patches: patch, expect })),
];

/** The nodes in every state of a scenario on one of its datapaths. */
export async function nodesInStates(scenario: Scenario, documents: readonly TextDocument[], datapath: string, bench: Bench): Promise<readonly GoldenState[]> {
  const states: GoldenState[] = [];
  for (const { variant, patches } of statesOf(scenario)) {
    const problems = await bench.load(documents, datapath, patches);
    if (problems.length > 0) throw new Error(problems.map(formatProblem).join('; '));
    states.push({ name: variant, nodes: await bench.nodes() });
  }
  return states;
}

async function runOne(bench: Bench, expected: Expectation, index: number, variant: ExpectationResult['variant'], datapath: string): Promise<ExpectationResult> {
  const { probe } = expected;
  const name = expected.name ?? `${index + 1}. ${probe.from} → ${probe.to}${probe.port === undefined ? '' : `:${probe.port}`}`;
  try {
    const found = differences(expected, await bench.ask(probe), datapath, bench.addressesOf);
    return { name, variant, datapath, passed: found.length === 0, detail: found.join('; ') };
  } catch (thrown) {
    return { name, variant, datapath, passed: false, detail: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

/** Runs every expectation of a scenario, as given and broken, on each of its datapaths. */
export async function runScenario(scenario: Scenario, documents: readonly TextDocument[], bench: Bench): Promise<readonly ExpectationResult[]> {
  const results: ExpectationResult[] = [];
  for (const datapath of scenario.datapaths.length > 0 ? scenario.datapaths : [null]) {
    for (const { variant, patches, expect } of statesOf(scenario)) {
      const label = datapath ?? 'as written';
      const problems = await bench.load(documents, datapath, patches);
      if (problems.length > 0) {
        results.push({ name: 'its manifests can be read', variant, datapath: label, passed: false, detail: problems.map(formatProblem).join('; ') });
        continue;
      }
      for (const [index, expected] of expect.entries()) results.push(await runOne(bench, expected, index, variant, datapath ?? ''));
    }
  }
  return results;
}
