import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { formatProblem } from '../../shared/base/problem.ts';
import { readScenario } from '../../shared/scenario/read-scenario.ts';
import { printReport, type ScenarioReport } from '../../shared/scenario/report.ts';
import { runScenario, type Bench } from '../../shared/scenario/run-scenario.ts';
import type { ExpectationResult } from '../../shared/scenario/types.ts';
import { createScenarioBench } from '../../shared/sandbox/scenario-bench.ts';
import { oneOf, UsageError, type Args } from '../args.ts';
import { createGoldens, type Goldens } from '../golden.ts';
import { print } from '../output.ts';
import { readInputs } from '../read-inputs.ts';

/** Every scenario.yaml at or below this path, in order. */
function findScenarios(where: string): readonly string[] {
  if (!existsSync(where)) throw new UsageError(`there is no ${where}`);
  if (statSync(where).isFile()) return [where];
  const own = path.join(where, 'scenario.yaml');
  if (existsSync(own)) return [own];
  return readdirSync(where, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
    .map((entry) => path.join(where, entry.name))
    .toSorted()
    .flatMap(findScenarios);
}

const failed = (name: string, detail: string): ExpectationResult => ({ name, variant: 'as-given', datapath: '', passed: false, detail });

async function checkOne(file: string, bench: Bench, goldens: Goldens): Promise<ScenarioReport> {
  const scenario = readScenario(readFileSync(file, 'utf8'), file);
  if (!scenario.ok) return { scenario: file, results: [failed('the scenario can be read', scenario.error.map(formatProblem).join('; '))] };
  const folder = path.dirname(file);
  const inputs = readInputs(scenario.value.manifests.map((name) => path.join(folder, name)));
  const label = `${path.basename(folder)}: ${scenario.value.title}`;
  if (inputs.problems.length > 0) return { scenario: label, results: [failed('its manifests can be read', inputs.problems.map(formatProblem).join('; '))] };
  const results = await runScenario(scenario.value, inputs.documents, bench);
  return { scenario: label, results: [...results, ...await goldens.of(scenario.value, folder, inputs.documents)] };
}

/** `podhop check`: runs scenario files, and compares what their nodes hold with golden texts where a scenario has them. 0 if all expectations are met, else 1. */
export async function check({ values, positionals }: Args): Promise<number> {
  if (positionals.length === 0) throw new UsageError('name scenario files or folders: podhop check PATH…');
  const reporter = oneOf(values.reporter ?? 'text', ['text', 'tap', 'junit'], 'reporter');
  const files = positionals.flatMap(findScenarios);
  if (files.length === 0) throw new UsageError(`no scenario.yaml in ${positionals.join(', ')}`);
  const write = values['write-golden'] === true;
  if (write && process.env['CI']) throw new UsageError('golden texts are written by people who read them, not where CI is set');
  const bench = createScenarioBench();
  const goldens = createGoldens(bench, write);
  const reports: ScenarioReport[] = [];
  for (const file of files) reports.push(await checkOne(file, bench, goldens));
  const bare = goldens.bare();
  if (bare.length > 0) reports.push({ scenario: 'a cluster of one pod and nothing else', results: bare });
  print(printReport(reports, reporter));
  return reports.every((r) => r.results.length > 0 && r.results.every((one) => one.passed)) ? 0 : 1;
}
