import { describe, expect, test } from 'vitest';
import type { Output } from '../api/contract.ts';
import type { ClusterEdit } from '../model/edit/types.ts';
import type { Sandbox } from './create-sandbox.ts';
import { openDocuments } from './testing/open-documents.ts';

const shop = `apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  replicas: 2
  selector: {matchLabels: {app: api}}
  template: {metadata: {labels: {app: api}}, spec: {containers: [{name: api, image: api, ports: [{containerPort: 8080}]}]}}
---
apiVersion: v1
kind: Service
metadata: {name: api}
spec: {selector: {app: api}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec: {containers: [{name: web, image: web}]}
---
apiVersion: v1
kind: Pod
metadata: {name: cron, labels: {app: cron}}
spec: {nodeSelector: {kubernetes.io/hostname: a}, containers: [{name: cron, image: cron}]}
`;
const wall = `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: wall}
spec: {podSelector: {matchLabels: {app: api}}, policyTypes: [Ingress]}
`;
async function opened(text = shop): Promise<Sandbox> {
  return openDocuments([{ name: 'shop.yaml', text }], 'shop');
}
const api = { ref: { kind: 'Deployment', name: 'api' } };
const web = { ref: { kind: 'Pod', name: 'web' } };
async function preview(sandbox: Sandbox, edit: ClusterEdit): Promise<Extract<Output<'previewEdit'>, { kind: 'effect' }>> {
  const seen = await sandbox.previewEdit({ edit, rulesOf: 'node/a' });
  if (seen.kind === 'choose') throw new Error(seen.question);
  return seen;
}
const verdict = async (sandbox: Sandbox, from: string): Promise<string> => (await sandbox.ask({ probe: { from: `pod/${from}`, to: 'service/api', port: 80 } })).journey.verdict;

describe('a preview', () => {
  test('tells rules, endpoints, pods and text of an edit and changes nothing', async () => {
    const sandbox = await opened();
    const before = sandbox.world();
    const seen = await preview(sandbox, { kind: 'scale', workload: api.ref, replicas: 3 });
    expect(sandbox.world()).toBe(before);
    expect([seen.title, seen.effect.summary, seen.effect.pods.map(({ before: was, after }) => [was, after?.ready])]).toEqual(['Scale api to 3', '1 pod more, other endpoints for 1 Service', [[null, true]]]);
    expect(seen.effect.endpoints.map(({ service, added, removed }) => [service.name, added.length, removed])).toEqual([['api', 1, []]]);
    expect(seen.rules.map(({ netns }) => netns)).toEqual(['node/a', 'node/b', 'node/c']);
    expect(seen.text!.added.some((line) => line.includes('DNAT'))).toBe(true);
    expect(seen.documents).toEqual([{ name: 'shop.yaml', text: shop.replace('replicas: 2', 'replicas: 3') }]);
    expect([seen.opens, seen.closes, seen.changes]).toEqual([[], [], []]);
  });

  test('tells which pairs a policy closes, and which one opens', async () => {
    const sandbox = await opened();
    const denied = await preview(sandbox, { kind: 'deny', from: web, to: api });
    // Addresses of the pod network that no pod has are nobody, and not outside.
    expect(denied.closes).toEqual(['default/web[Pod]', '10.244.0.0-10.244.255.255'].map((from) => ({ from, to: 'default/api[Deployment]', before: 'all', after: '' })));
    expect(denied.opens).toEqual([]);
    const walled = await opened(shop + wall);
    const allowed = await preview(walled, { kind: 'allow', from: web, to: api, port: 8080 });
    expect(allowed.opens).toEqual([{ from: 'default/web[Pod]', to: 'default/api[Deployment]', before: '', after: 'TCP 8080' }]);
  });
});

describe('policies drawn from source to destination', () => {
  test('deny stops the source and nobody else; undo lets it in again', async () => {
    const sandbox = await opened();
    await sandbox.edit({ edit: { kind: 'deny', from: web, to: api } });
    expect([await verdict(sandbox, 'web'), await verdict(sandbox, 'cron')]).toEqual(['dropped', 'delivered']);
    await sandbox.undo({});
    expect(await verdict(sandbox, 'web')).toBe('delivered');
  });

  test('allow lets the source in and nobody else', async () => {
    const sandbox = await opened(shop + wall);
    await sandbox.edit({ edit: { kind: 'allow', from: web, to: api } });
    expect([await verdict(sandbox, 'web'), await verdict(sandbox, 'cron')]).toEqual(['delivered', 'dropped']);
  });

  test.each([
    ['where nothing refuses, allow writes no policy: it would shut everyone else out', shop, { kind: 'allow', from: web, to: api }, 'no NetworkPolicy refuses web → api'],
    ['policies only add up, so deny cannot take back what another lets in', `${shop}${wall.replace('policyTypes: [Ingress]', 'ingress: [{}]')}`, { kind: 'deny', from: web, to: api }, 'default/wall lets it pass'],
    ['what the API server would refuse is refused', shop.replace('selector: {app: api}, ports', 'clusterIP: None, selector: {app: api}, ports'), { kind: 'set-service', service: { namespace: 'default', name: 'api' }, set: { type: 'LoadBalancer' } }, 'spec.clusterIP may not be None'],
    ['a node that is not there', shop, { kind: 'move-pod', pod: { namespace: 'default', name: 'web' }, node: 'z' }, 'there is no node z'],
  ] as const satisfies readonly (readonly [string, string, ClusterEdit, string])[])('%s', async (_, text, edit, why) => {
    const sandbox = await opened(text);
    await expect(sandbox.edit({ edit })).rejects.toThrow(why);
    expect(sandbox.world()!.documents).toEqual([{ name: 'shop.yaml', text }]);
  });
});

describe('the timeline', () => {
  test('holds edits and packets; any moment can be gone back to, and a packet after undo keeps redo', async () => {
    const sandbox = await opened();
    await sandbox.edit({ edit: { kind: 'scale', workload: api.ref, replicas: 3 } });
    await sandbox.ask({ probe: { from: 'pod/web', to: 'service/api', port: 80 }, remember: true });
    await sandbox.edit({ edit: { kind: 'scale', workload: api.ref, replicas: 4 } });
    const { entries, current } = await sandbox.history({});
    expect(entries.map(({ kind, title }) => [kind, title])).toEqual([['opened', 'Open shop'], ['edited', 'Scale api to 3'], ['packet', 'pod/default/web → service/default/api:80'], ['edited', 'Scale api to 4']]);
    expect(current).toBe(entries[3]!.id);
    const undone = await sandbox.undo({});
    expect([undone.title, undone.opened.undo, undone.opened.redo]).toEqual(['Undo scale api to 4', 'Scale api to 3', 'Scale api to 4']);
    await sandbox.ask({ probe: { from: 'pod/web', to: 'service/api', port: 80 }, remember: true });
    expect((await sandbox.redo({})).opened.documents[0]!.text).toContain('replicas: 4');
    expect((await sandbox.restartFrom({ entry: entries[0]!.id })).opened.documents[0]!.text).toBe(shop);
    expect((await sandbox.redo({})).opened.documents[0]!.text).toContain('replicas: 3');
    await expect(sandbox.restartFrom({ entry: 99 })).rejects.toThrow('no longer kept');
  });

  test('typing joins into one step, and 200 steps can be taken back', async () => {
    const sandbox = await opened();
    for (const text of ['# a\n', '# ab\n', '# abc\n']) await sandbox.edit({ edit: { kind: 'edit-yaml', document: 'note.yaml', text }, join: true });
    expect((await sandbox.history({})).entries).toHaveLength(2);
    for (let i = 0; i < 205; i++) await sandbox.edit({ edit: { kind: 'set-layout', positions: { 'node/a': { x: i, y: 0 } } } });
    let steps = 0;
    while ((await sandbox.undo({})).opened.undo !== null) steps++;
    expect(steps + 1).toBe(200);
  });

  test('places stand beside the documents, and tidying up is one step back', async () => {
    const sandbox = await opened();
    await sandbox.edit({ edit: { kind: 'set-layout', positions: { 'node/a': { x: 1, y: 2 }, 'node/b': { x: 3, y: 4 } } } });
    const tidied = await sandbox.edit({ edit: { kind: 'tidy-layout' } });
    expect(tidied.kind === 'done' && [tidied.title, tidied.opened.sidecar!.positions, tidied.opened.documents[0]!.text]).toEqual(['Tidy up', {}, shop]);
    expect((await sandbox.undo({})).opened.sidecar!.positions).toEqual({ 'node/a': { x: 1, y: 2 }, 'node/b': { x: 3, y: 4 } });
  });

  test('a pod whose own text asks for another place is placed anew', async () => {
    const sandbox = await opened();
    await sandbox.edit({ edit: { kind: 'edit-yaml', document: 'shop.yaml', text: shop.replace('hostname: a', 'hostname: c') } });
    expect(sandbox.world()!.cluster.pods.find((pod) => pod.name === 'cron')!.node).toBe('c');
  });
});
