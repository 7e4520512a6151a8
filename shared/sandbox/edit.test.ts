import { describe, expect, test } from 'vitest';
import type { ClusterEdit } from '../model/edit/types.ts';
import type { Sandbox } from './create-sandbox.ts';
import { openDocuments } from './testing/open-documents.ts';

const shop = `# the shop's api, three of them
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api # short for it
  namespace: shop
spec:
  replicas: 3
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      containers: [{name: api, image: api, ports: [{containerPort: 8080}]}]
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec:
  selector: {app: api}
  ports: [{port: 80, targetPort: 8080}]
`;
const web = `apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
  labels: {app: web}
spec: # bare
  containers: [{name: web, image: web}]
`;

async function opened(documents = [{ name: 'shop.yaml', text: shop }, { name: 'web.yaml', text: web }]): Promise<Sandbox> {
  return openDocuments(documents);
}
const pods = (sandbox: Sandbox): readonly string[] => sandbox.world()!.cluster.pods.filter((pod) => pod.namespace === 'shop').map((pod) => `${pod.name} ${pod.node} ${pod.ips.join()}`);
const textOf = (sandbox: Sandbox, name: string): string | undefined => sandbox.world()!.documents.find((document) => document.name === name)?.text;
async function edit(sandbox: Sandbox, one: ClusterEdit): Promise<string> {
  const edited = await sandbox.edit({ edit: one });
  if (edited.kind === 'choose') throw new Error(edited.question);
  return edited.title;
}

describe('edits by hand', () => {
  test('a bare pod moves by its nodeName alone, and its comments stay', async () => {
    const sandbox = await opened();
    expect(await edit(sandbox, { kind: 'move-pod', pod: { namespace: 'shop', name: 'web' }, node: 'c' })).toBe('Move web to node c');
    expect(textOf(sandbox, 'web.yaml')).toBe(`${web}  nodeName: c\n`);
    expect(textOf(sandbox, 'shop.yaml')).toBe(shop);
    expect(sandbox.world()!.cluster.pods.find((pod) => pod.name === 'web')!.node).toBe('c');
  });

  test('one of three pods of a Deployment moves by a manifest of its own, which the Deployment counts', async () => {
    const sandbox = await opened();
    const before = pods(sandbox);
    const [first] = sandbox.world()!.cluster.pods.filter((pod) => pod.owner?.name === 'api');
    const target = ['a', 'b', 'c'].find((node) => node !== first!.node)!;
    await edit(sandbox, { kind: 'move-pod', pod: { namespace: 'shop', name: first!.name }, node: target });
    const after = pods(sandbox);
    expect(after.filter((one) => !before.includes(one)).map((one) => one.split(' ').slice(0, 2))).toEqual([[first!.name, target]]);
    expect(after).toHaveLength(4);
    await sandbox.undo({});
    expect([textOf(sandbox, 'shop.yaml'), textOf(sandbox, 'web.yaml'), pods(sandbox)]).toEqual([shop, web, before]);
  });

  test('scale, delete and edit-yaml change the text they speak of and nothing else', async () => {
    const sandbox = await opened();
    await edit(sandbox, { kind: 'scale', workload: { kind: 'Deployment', namespace: 'shop', name: 'api' }, replicas: 1 });
    expect(textOf(sandbox, 'shop.yaml')).toBe(shop.replace('replicas: 3', 'replicas: 1'));
    await edit(sandbox, { kind: 'delete-object', target: { kind: 'Service', namespace: 'shop', name: 'api' } });
    expect(textOf(sandbox, 'shop.yaml')).toBe(shop.slice(0, shop.indexOf('---')).replace('replicas: 3', 'replicas: 1'));
    await edit(sandbox, { kind: 'delete-object', target: { kind: 'Pod', namespace: 'shop', name: 'web' } });
    expect(sandbox.world()!.documents.map((document) => document.name)).toEqual(['shop.yaml']);
    await edit(sandbox, { kind: 'edit-yaml', document: 'web.yaml', text: web });
    for (let i = 0; i < 4; i++) await sandbox.undo({});
    expect(sandbox.world()!.documents).toEqual([{ name: 'shop.yaml', text: shop }, { name: 'web.yaml', text: web }]);
    await expect(sandbox.undo({})).rejects.toThrow('There is nothing to undo');
  });

  test('deleting a made pod asks what is meant', async () => {
    const sandbox = await opened();
    const [first] = sandbox.world()!.cluster.pods.filter((pod) => pod.owner?.name === 'api');
    const asked = await sandbox.edit({ edit: { kind: 'delete-object', target: { kind: 'Pod', namespace: 'shop', name: first!.name } } });
    expect(asked.kind === 'choose' && asked.alternatives.map((one) => one.title)).toEqual(['Scale api to 2', 'Delete Deployment shop/api']);
  });
});
