import { createSandbox, type Sandbox } from '../shared/sandbox/create-sandbox.ts';
import type { ClusterEdit } from '../shared/model/edit/types.ts';
import { row, type Row } from './measure.ts';

const container = 'containers: [{name: main, image: x, ports: [{containerPort: 8080}]}]';

/** Apps of five pods with a Service each, every fourth behind a NetworkPolicy: as Deployments, or with a manifest for each pod. */
function manifests(apps: number, each: 'deployment' | 'pod'): string {
  const app = (i: number): string[] => [
    ...(each === 'deployment'
      ? [`apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: app-${i}}\nspec:\n  replicas: 5\n  selector: {matchLabels: {app: app-${i}}}\n  template: {metadata: {labels: {app: app-${i}}}, spec: {${container}}}\n`]
      : Array.from({ length: 5 }, (_, n) => `apiVersion: v1\nkind: Pod\nmetadata:\n  name: app-${i}-${n}\n  labels: {app: app-${i}}\nspec:\n  ${container}\n`)),
    `apiVersion: v1\nkind: Service\nmetadata: {name: app-${i}}\nspec:\n  selector: {app: app-${i}}\n  ports: [{port: 80, targetPort: 8080}]\n`,
    ...(i % 4 === 0 ? [`apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: np-${i}}\nspec:\n  podSelector: {matchLabels: {app: app-${i}}}\n  ingress: [{from: [{podSelector: {matchLabels: {app: app-${i + 1}}}}]}]\n`] : []),
  ];
  return Array.from({ length: apps }, (_, i) => app(i)).flat().join('---\n');
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;
async function timed(times: number[], run: () => Promise<unknown>): Promise<void> {
  const start = performance.now();
  await run();
  times.push(performance.now() - start);
}

/** Another pod each time goes to another node: the heaviest edit, since every node's rules change. */
function moves(sandbox: Sandbox, count: number): readonly ClusterEdit[] {
  const pods = sandbox.world()!.cluster.pods.filter((pod) => !pod.implied);
  return Array.from({ length: count }, (_, i): ClusterEdit => {
    const pod = pods[(i * 37 + 1) % pods.length]!;
    return { kind: 'move-pod', pod: { namespace: 'default', name: pod.name }, node: ['a', 'b', 'c'].find((node) => node !== pod.node)! };
  });
}

async function measured(apps: number, each: 'deployment' | 'pod'): Promise<readonly Row[]> {
  const sandbox = createSandbox();
  await sandbox.open({ documents: [{ name: 'all.yaml', text: manifests(apps, each) }], title: 'bench' });
  const probe = { from: `pod/${sandbox.world()!.cluster.pods.find((pod) => !pod.implied)!.name}`, to: 'service/app-1', port: 80 };
  const [previews, edits, paths, undos]: [number[], number[], number[], number[]] = [[], [], [], []];
  for (const edit of moves(sandbox, 12)) {
    await timed(previews, () => sandbox.previewEdit({ edit, rulesOf: 'node/a' }));
    await timed(paths, async () => {
      await timed(edits, () => sandbox.edit({ edit }));
      await sandbox.ask({ probe });
    });
    await timed(undos, () => sandbox.undo({}));
    await sandbox.edit({ edit });
    await sandbox.ask({ probe });
  }
  const alone: number[] = [];
  for (const edit of moves(sandbox, 9)) {
    await timed(alone, async () => {
      await sandbox.edit({ edit });
      await sandbox.ask({ probe });
    });
  }
  const label = `${(apps * 5).toLocaleString('en')} pods, ${each === 'pod' ? 'a manifest each' : 'Deployments'}`;
  const tail = (values: readonly number[]): number => median(values.slice(3));
  return [
    row(`${label}: move previewed, rules and policies compared`, 'ms', tail(previews)), row(`${label}: and let go after that preview`, 'ms', tail(edits)), row(`${label}: from letting go to the next path`, 'ms', tail(paths)),
    row(`${label}: edit without a preview, to the next path`, 'ms', tail(alone)), row(`${label}: undo`, 'ms', tail(undos)),
  ];
}

export const editBenches = {
  edit: async (): Promise<readonly Row[]> => [...await measured(40, 'deployment'), ...await measured(40, 'pod'), ...await measured(600, 'deployment'), ...await measured(600, 'pod')],
};
