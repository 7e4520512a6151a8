import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createScenarioBench } from '../../shared/sandbox/scenario-bench.ts';
import { bareDocuments, printBareGolden, printGolden, type Listing, type NodeListing } from '../../shared/scenario/golden-text.ts';
import { readScenario } from '../../shared/scenario/read-scenario.ts';
import { nodesInStates } from '../../shared/scenario/run-scenario.ts';
import type { Scenario } from '../../shared/scenario/types.ts';
import { inNewNetns, withoutCounters } from './new-netns.ts';

const root = fileURLToPath(new URL('../../scenarios', import.meta.url));
const folders = readdirSync(root).filter((name) => existsSync(path.join(root, name, 'golden')) && existsSync(path.join(root, name, 'scenario.yaml')));
// What a kernel can hold of a mode; IPVS itself is in few test kernels, so its virtual servers stand as they were printed.
const datapaths = ['kube-proxy-iptables', 'kube-proxy-nftables', 'kube-proxy-ipvs'];

const listed = new Map<string, readonly string[]>();

/** What a kernel lists after it was given a listing (with the sets that its rules name), as lines without their last, empty one. */
function again({ tool, lines }: Listing, sets: readonly string[]): readonly string[] {
  const text = `${lines.join('\n')}\n`;
  const key = `${tool}\n${text}\n${sets.join('\n')}`;
  const known = listed.get(key);
  if (known) return known;
  const load = sets.length > 0 && tool === 'iptables-save' ? `printf '%s\\n' "$SETS" | ipset restore -exist && ` : '';
  const line = { 'iptables-save': `${load}iptables-nft-restore && iptables-nft-save`, nft: 'nft -f /dev/stdin && nft list ruleset' }[tool];
  if (line === undefined) return lines;
  const { status, out, err } = inNewNetns(line, text, { SETS: sets.join('\n') });
  if (status !== 0) throw new Error(`${tool}: ${err}`);
  const lists = (tool === 'nft' ? out : withoutCounters(out)).split('\n').slice(0, -1);
  listed.set(key, lists);
  return lists;
}

const fromKernel = ({ node, listings }: NodeListing): NodeListing => {
  const sets = listings.find(({ tool }) => tool === 'ipset')?.lines ?? [];
  return { node, listings: listings.map((listing) => ({ tool: listing.tool, lines: again(listing, sets) })) };
};

const tried = inNewNetns('iptables-nft-restore && nft list ruleset && ipset list', '*nat\n-A POSTROUTING -j MASQUERADE\nCOMMIT\n');
const why = tried.status === 0 ? null : tried.err.trim().split('\n')[0] || `exit ${tried.status}`;
if (why !== null && process.env['KERNEL_ORACLE'] === 'required') throw new Error(`iptables-nft, nft and ipset are required here: ${why}`);
const skipped = why === null ? '' : ` (skipped: ${why})`;
const golden = (...parts: readonly string[]): string => readFileSync(path.join(root, ...parts), 'utf8');

async function bareOf(datapath: string): Promise<readonly NodeListing[]> {
  const bench = createScenarioBench();
  await bench.load(bareDocuments, datapath, []);
  return (await bench.nodes()).map(fromKernel);
}

function scenarioIn(name: string): Scenario {
  const read = readScenario(golden(name, 'scenario.yaml'), name);
  if (!read.ok) throw new Error(read.error.map(({ what }) => what).join());
  return read.value;
}

describe.each(datapaths)('a kernel lists what it was given as the golden texts have it: %s', (datapath) => {
  test.skipIf(why !== null)(`a cluster of one pod and nothing else${skipped}`, async () => {
    expect(printBareGolden(datapath, await bareOf(datapath))).toBe(golden('golden', `${datapath}.txt`));
  });

  const on = folders.filter((name) => scenarioIn(name).datapaths.includes(datapath));
  test.skipIf(why !== null).each(on)(`%s${skipped}`, async (name) => {
    const scenario = scenarioIn(name);
    const documents = scenario.manifests.map((file) => ({ name: file, text: golden(name, file) }));
    const states = await nodesInStates(scenario, documents, datapath, createScenarioBench());
    expect(printGolden(name, datapath, states.map((state) => ({ ...state, nodes: state.nodes.map(fromKernel) })), await bareOf(datapath))).toBe(golden(name, 'golden', `${datapath}.txt`));
  });
});
