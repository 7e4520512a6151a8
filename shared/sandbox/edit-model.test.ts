import { expect, test } from 'vitest';
import { createPrng } from '../base/prng.ts';
import { ApiFailure } from '../api/failure.ts';
import type { Opened, Sidecar, TextDocument } from '../api/shapes.ts';
import { schemas } from '../api/schemas.ts';
import type { ClusterEdit } from '../model/edit/types.ts';
import { createSandbox, type Sandbox } from './create-sandbox.ts';

// PODHOP_EDITS=N walks further, or not as far.
const STEPS = Number(process.env['PODHOP_EDITS'] ?? 10_000);

const start: readonly TextDocument[] = [
  { name: 'api.yaml', text: '# the api\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api, namespace: shop}\nspec:\n  replicas: 2 # two\n  selector: {matchLabels: {app: api}}\n  template:\n    metadata: {labels: {app: api}}\n    spec:\n      containers:\n      - name: api\n        image: api\n        ports: [{containerPort: 8080, name: http}]\n---\napiVersion: v1\nkind: Service\nmetadata: {name: api, namespace: shop}\nspec:\n  selector: {app: api}\n  ports:\n  - port: 80 # web\n    targetPort: http\n' },
  { name: 'db.json', text: '{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"db","namespace":"shop"},"spec":{"serviceName":"db","replicas":2,"selector":{"matchLabels":{"app":"db"}},"template":{"metadata":{"labels":{"app":"db"}},"spec":{"containers":[{"name":"db","image":"db"}]}}}},{"apiVersion":"v1","kind":"Service","metadata":{"name":"db","namespace":"shop"},"spec":{"clusterIP":"None","selector":{"app":"db"},"ports":[{"port":5432}]}}]}\n' },
  { name: 'web.yaml', text: 'apiVersion: v1\r\nkind: Pod\r\nmetadata:\r\n  name: web\r\n  labels: {app: web}\r\nspec:\r\n  containers: [{name: web, image: web}] # CRLF\r\n---\r\napiVersion: apps/v1\r\nkind: DaemonSet\r\nmetadata: {name: agent}\r\nspec:\r\n  selector: {matchLabels: {app: agent}}\r\n  template: {metadata: {labels: {app: agent}}, spec: {containers: [{name: agent, image: agent}]}}\r\n' },
];

type Dice = (n: number) => number;
const pick = <T>(dice: Dice, list: readonly T[]): T => list[dice(list.length)]!;

/** Some edit of things that mostly exist. */
function someEdit(dice: Dice, { cluster, documents }: Opened): ClusterEdit {
  const pods = cluster.pods.filter((pod) => !pod.implied);
  const pod = pods.length === 0 ? { namespace: 'shop', name: 'gone' } : pick(dice, pods);
  const at = { namespace: pod.namespace, name: pod.name };
  const node = cluster.nodes.length === 0 ? 'a' : pick(dice, cluster.nodes).name;
  const services = cluster.services.filter((service) => !service.implied);
  const service = services.length === 0 ? { namespace: 'shop', name: 'gone' } : pick(dice, services);
  const to = { namespace: service.namespace, name: service.name };
  const workload = cluster.workloads.length === 0 ? { kind: 'Deployment', namespace: 'shop', name: 'gone' } : pick(dice, cluster.workloads);
  const ref = { kind: workload.kind, namespace: workload.namespace, name: workload.name };
  const podRef = { kind: 'Pod', ...at };
  const yes = dice(2) === 0;
  const crowded = pods.length > 30 || cluster.nodes.length > 5;
  const edits: readonly (() => ClusterEdit)[] = [
    () => ({ kind: 'move-pod', pod: at, node }), () => ({ kind: 'move-pod', pod: at, node }), () => ({ kind: 'set-labels', target: podRef, labels: { app: pick(dice, ['api', 'web', 'db']), 'a.b/c': yes ? 'x' : null } }),
    () => ({ kind: 'set-labels', target: { kind: 'Node', name: node }, labels: { zone: String(dice(3)) } }), () => ({ kind: 'set-selector', service: to, selector: { app: pick(dice, ['api', 'web', 'db']) } }),
    () => ({ kind: yes ? 'connect-service' : 'disconnect-service', service: to, pod: at, by: dice(2) === 0 ? 'labels' : 'selector' }), () => ({ kind: 'scale', workload: ref, replicas: dice(5) }),
    () => ({ kind: 'delete-object', target: crowded ? ref : podRef }), () => ({ kind: 'delete-object', target: pick(dice, [{ kind: 'Node', name: node }, { kind: 'Service', ...to }, podRef]) }), () => (crowded ? { kind: 'delete-object', target: { kind: 'Node', name: node } } : { kind: 'duplicate', target: pick(dice, [podRef, ref, { kind: 'Service', ...to }]) }),
    () => ({ kind: 'set-ready', pod: at, ready: yes }), () => ({ kind: 'set-terminating', pod: at, terminating: yes }), () => ({ kind: 'crash', pod: at, crashed: yes }), () => ({ kind: 'cordon', node, cordoned: yes }), () => ({ kind: 'drain', node }),
    () => ({ kind: 'set-service', service: to, set: { type: pick(dice, ['ClusterIP', 'NodePort', 'LoadBalancer']), ...(yes ? { sessionAffinitySeconds: 60 } : { internalTrafficPolicy: 'Local' }) } }),
    () => ({ kind: 'set-service', service: to, set: { ports: [{ port: 80 + dice(3), targetPort: 8080 }] } }), () => ({ kind: 'set-proxy-mode', mode: pick(dice, ['iptables', 'nftables', 'ipvs']) }), () => ({ kind: 'set-pod-network', podNetwork: pick(dice, ['bridge', 'vxlan', 'routed']) }),
    () => ({ kind: 'set-sandbox', set: { masquerade: yes ? false : null } }), () => ({ kind: yes ? 'cut-link' : 'restore-link', a: `node/${node}`, b: 'switch/lan' }), () => ({ kind: yes ? 'stop-node' : 'start-node', node }), () => ({ kind: yes ? 'stop-kube-proxy' : 'start-kube-proxy', node }),
    () => ({ kind: yes ? 'allow' : 'deny', from: { ref: podRef }, to: { ref } }), () => ({ kind: 'expose', target: yes ? ref : podRef }), () => ({ kind: 'add-object', object: pick(dice, [{ kind: 'pod', node }, { kind: 'deployment', replicas: 1 }, { kind: 'service' }, { kind: 'policy' }, { kind: 'client' }]) }),
    () => ({ kind: 'add-object', object: crowded ? { kind: 'namespace' } : { kind: 'node' } }), () => ({ kind: 'set-layout', positions: { [`pod/${pod.namespace}/${pod.name}`]: yes ? { x: dice(100), y: dice(100) } : null } }), () => ({ kind: 'tidy-layout' }),
    () => ({ kind: 'edit-yaml', document: 'note.yaml', text: yes ? `apiVersion: v1\nkind: Namespace\nmetadata: {name: n${dice(9)}}\n` : null }),
    () => ({ kind: 'edit-yaml', document: pick(dice, documents).name, text: yes ? start[dice(start.length)]!.text : null }),
  ];
  return pick(dice, edits)();
}

/** The sandbox's answer, or null where it refused with a sentence; anything else is our own bug. */
async function orRefused<T>(run: () => Promise<T>): Promise<T | null> {
  try {
    return await run();
  } catch (thrown) {
    if (thrown instanceof ApiFailure && thrown.code === 'problem') return null;
    throw thrown;
  }
}

interface Model { readonly states: { readonly documents: readonly TextDocument[]; readonly sidecar: Sidecar }[]; at: number }

/** What a new engine makes of the same text, and of one question put to it. */
async function sameFromScratch(sandbox: Sandbox, opened: Opened, probe: { readonly from: string; readonly to: string; readonly port: number }): Promise<void> {
  const again = createSandbox();
  const rebuilt = await again.open(JSON.parse(JSON.stringify({ documents: opened.documents, title: opened.title, sidecar: opened.sidecar })) as Parameters<Sandbox['open']>[0]);
  expect(rebuilt.cluster).toEqual(opened.cluster);
  expect(rebuilt.problems).toEqual(opened.problems);
  const [ours, theirs] = [await orRefused(() => sandbox.ask({ probe })), await orRefused(() => again.ask({ probe }))];
  expect(theirs?.journey).toEqual(ours?.journey);
}

test(`${STEPS} random edits, undos, redos and sends leave the text, the cluster and the packets that a rebuild from scratch has`, { timeout: 120 * STEPS + 30_000 }, async () => {
  const { next } = createPrng(20_261_123);
  const dice: Dice = (n) => next() % n;
  const sandbox = createSandbox();
  let opened = await sandbox.open({ documents: start, title: 'model' });
  const model: Model = { states: [{ documents: start, sidecar: opened.sidecar! }], at: 0 };
  const done = new Map<string, number>();
  for (let step = 0; step < STEPS; step++) {
    const roll = dice(100);
    const probe = { from: `pod/${opened.cluster.pods.find((pod) => !pod.implied && pod.node !== '')?.name ?? 'none'}`, to: 'service/shop/api', port: 80 };
    if (roll < 15) {
      const undone = await orRefused(() => sandbox.undo({}));
      expect(undone !== null).toBe(model.at > 0);
      if (undone) [opened, model.at] = [undone.opened, model.at - 1];
    } else if (roll < 25) {
      const redone = await orRefused(() => sandbox.redo({}));
      expect(redone !== null).toBe(model.at < model.states.length - 1);
      if (redone) [opened, model.at] = [redone.opened, model.at + 1];
    } else if (roll < 35) await orRefused(() => sandbox.ask({ probe, remember: true }));
    else {
      const edit = someEdit(dice, opened);
      expect(schemas.edit.safeParse({ edit }).success).toBe(true);
      if (dice(4) === 0) await orRefused(() => sandbox.previewEdit({ edit }));
      const edited = await orRefused(() => sandbox.edit({ edit }));
      if (edited?.kind === 'done') {
        opened = edited.opened;
        model.states.splice(model.at + 1, Infinity, { documents: opened.documents, sidecar: opened.sidecar! });
        if (model.states.length > 201) model.states.shift();
        model.at = model.states.length - 1;
        done.set(edit.kind, (done.get(edit.kind) ?? 0) + 1);
      }
    }
    expect(opened.documents).toEqual(model.states[model.at]!.documents);
    expect(opened.sidecar).toEqual(model.states[model.at]!.sidecar);
    expect(sandbox.world()!.documents).toEqual(opened.documents);
    expect(opened.problems.filter((problem) => problem.severity === 'error' && problem.code !== 'duplicate-object')).toEqual([]);
    if (step % 10 === 0) await sameFromScratch(sandbox, opened, probe);
  }
  expect(done.size).toBeGreaterThan(20);
});
