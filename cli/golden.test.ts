import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { createScenarioBench } from '../shared/sandbox/scenario-bench.ts';
import { readScenario } from '../shared/scenario/read-scenario.ts';
import type { Scenario } from '../shared/scenario/types.ts';
import { createGoldens } from './golden.ts';
import { readInputs } from './read-inputs.ts';

const scenarios = fileURLToPath(new URL('../scenarios', import.meta.url));
const folders = readdirSync(scenarios).filter((name) => existsSync(path.join(scenarios, name, 'scenario.yaml')));
const temp = mkdtempSync(path.join(tmpdir(), 'podhop-golden-'));
afterAll(() => rmSync(temp, { recursive: true, force: true }));

function read(folder: string): Scenario {
  const scenario = readScenario(readFileSync(path.join(folder, 'scenario.yaml'), 'utf8'), 'scenario.yaml');
  if (!scenario.ok) throw new Error(scenario.error.map(({ what }) => what).join());
  return scenario.value;
}

/** What `podhop check` says of the golden texts of a scenario and of the cluster they refer to: one line per failure. */
async function said(folder: string, write = false): Promise<readonly string[]> {
  const scenario = read(folder);
  const goldens = createGoldens(createScenarioBench(), write);
  const results = [...await goldens.of(scenario, folder, readInputs(scenario.manifests.map((name) => path.join(folder, name))).documents), ...goldens.bare()];
  return results.filter(({ passed }) => !passed).map(({ datapath, detail }) => `${datapath}: ${detail}`);
}

test('every scenario has a golden text for each of its datapaths', () => {
  const missing = folders.flatMap((name) => read(path.join(scenarios, name)).datapaths.map((datapath) => `${name}/golden/${datapath}.txt`)).filter((file) => !existsSync(path.join(scenarios, file)));
  expect([folders.length > 20, missing]).toEqual([true, []]);
});

test('a golden text that is not what is printed fails with the lines that differ; one that is missing or nobody\'s fails too', async () => {
  cpSync(path.join(scenarios, '013-balancing'), path.join(temp, '013-balancing'), { recursive: true });
  cpSync(path.join(scenarios, 'golden'), path.join(temp, 'golden'), { recursive: true });
  const folder = path.join(temp, '013-balancing');
  expect(await said(folder)).toEqual([]);
  const golden = path.join(folder, 'golden/kube-proxy-iptables.txt');
  writeFileSync(golden, readFileSync(golden, 'utf8').replace('0.33333333349', '0.33333333348'));
  writeFileSync(path.join(folder, 'golden/else.txt'), '');
  rmSync(path.join(temp, 'golden/kube-proxy-ipvs.txt'));
  const found = await said(folder);
  expect(found).toHaveLength(3);
  expect(found[0]).toMatch(/^kube-proxy-iptables: === as-given: [^\n]*\n- -A KUBE-SVC-\S+ .* 0\.33333333348 [^\n]*\n\+ -A KUBE-SVC-\S+ .* 0\.33333333349 [^\n]*$/);
  expect(found[1]).toMatch(/^: else\.txt in .* belongs to none of its datapaths$/);
  expect(found[2]).toMatch(/^kube-proxy-ipvs: there is no .*kube-proxy-ipvs\.txt; podhop check --write-golden writes it/);
});

test('they are written only where that is asked for', async () => {
  cpSync(path.join(scenarios, '013-balancing'), path.join(temp, 'again'), { recursive: true });
  rmSync(path.join(temp, 'again/golden'), { recursive: true });
  expect([await said(path.join(temp, 'again')), existsSync(path.join(temp, 'again/golden'))]).toEqual([[], false]);
  expect(await said(path.join(temp, 'again'), true)).toEqual([]);
  expect(readdirSync(path.join(temp, 'again/golden'))).toEqual(['kube-proxy-iptables.txt', 'kube-proxy-ipvs.txt', 'kube-proxy-nftables.txt']);
});
