import { spawnSync } from 'node:child_process';
import { createSandbox } from '../shared/sandbox/create-sandbox.ts';
import { row, type Row } from './measure.ts';
import { slopeOf } from './slope.mjs';

const [pods, steps, warmUp] = [2000, 10_000, 2000];
/** So many different questions, in rotation: rules that are built for each once are no growth. */
const questions = 20;

/** Services of five pods each, spread over ten nodes. */
function manifests(): string {
  const nodes = Array.from({ length: 10 }, (_, i) => `apiVersion: v1\nkind: Node\nmetadata: {name: n${i}}\n`);
  const apps = Array.from({ length: pods / 5 }, (_, i) => [
    `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: app-${i}}\nspec:\n  replicas: 5\n  selector: {matchLabels: {app: app-${i}}}\n  template: {metadata: {labels: {app: app-${i}}}, spec: {containers: [{name: main, image: x, ports: [{containerPort: 8080}]}]}}\n`,
    `apiVersion: v1\nkind: Service\nmetadata: {name: app-${i}}\nspec:\n  selector: {app: app-${i}}\n  ports: [{port: 80, targetPort: 8080}]\n`,
  ]);
  return [...nodes, ...apps.flat()].join('---\n');
}

/** The engine's heap over so many sends, every 500th after an edit; garbage is collected before each sample. */
async function engineMemory(): Promise<readonly Row[]> {
  const collect = (globalThis as { readonly gc?: () => void }).gc;
  if (collect === undefined) return [row('the engine\'s memory: not measured: run Node with --expose-gc', '', 0)];
  const sandbox = createSandbox();
  await sandbox.open({ documents: [{ name: 'all.yaml', text: manifests() }], title: 'bench' });
  const names = sandbox.world()!.cluster.pods.filter((pod) => !pod.implied).map((pod) => pod.name);
  const samples: (readonly [number, number])[] = [];
  for (let step = 0; step <= steps + warmUp; step++) {
    if (step % 1000 === 0) {
      collect();
      if (step >= warmUp) samples.push([step / 1000, process.memoryUsage().heapUsed / 1e6]);
    }
    if (step % 500 === 0) await sandbox.edit({ edit: { kind: 'move-pod', pod: { namespace: 'default', name: names[(step / 500) % names.length]! }, node: `n${(step / 500 + 3) % 10}` } }).catch(() => {});
    const question = step % questions;
    await sandbox.ask({ probe: { from: `pod/${names[(question * 37) % names.length]!}`, to: `service/app-${question * 13}`, port: 80 }, remember: true });
  }
  const what = `the engine, ${pods} pods`;
  return [
    row(`${what}: heap after ${steps + warmUp} sends`, 'MB', samples.at(-1)?.[1] ?? 0),
    row(`${what}: growth over ${steps} sends, every 500th after an edit, after a warm-up of ${warmUp}`, 'MB per 1,000 steps', slopeOf(samples), { most: 1 }),
  ];
}

/** The page in a browser, in a process of its own. */
function pageMemory(): readonly Row[] {
  const done = spawnSync(process.execPath, ['bench/memory-run.mjs'], { encoding: 'utf8', maxBuffer: 2 ** 24 });
  if (done.status !== 0) return [row(`the page's memory: not measured: ${done.stderr.trim().split('\n').at(-1) ?? 'it failed'}`, '', 0)];
  return JSON.parse(done.stdout.trim().split('\n').at(-1) ?? '[]') as readonly Row[];
}

export const memoryBenches = { memory: async (): Promise<readonly Row[]> => [...await engineMemory(), ...pageMemory()] };
