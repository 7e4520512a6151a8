import { expect, test } from 'vitest';
import { createSandbox } from './create-sandbox.ts';
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
`;
const rulesOf = async (sandbox: ReturnType<typeof createSandbox>, node: string): Promise<readonly string[]> => (await sandbox.rules({ netns: `node/${node}`, format: null })).lines.map(({ text }) => text).filter((text) => text.includes('DNAT'));

test('a node whose kube-proxy stopped keeps the rules of that moment, until it starts again or the stop is undone', async () => {
  const sandbox = await openDocuments([{ name: 'shop.yaml', text: shop }]);
  const before = await rulesOf(sandbox, 'a');
  await sandbox.edit({ edit: { kind: 'stop-kube-proxy', node: 'a' } });
  expect(await rulesOf(sandbox, 'a')).toEqual(before);
  await sandbox.edit({ edit: { kind: 'scale', workload: { kind: 'Deployment', name: 'api' }, replicas: 4 } });
  const more = await rulesOf(sandbox, 'b');
  expect(more.length).toBe(before.length + 2);
  expect(await rulesOf(sandbox, 'a')).toEqual(before);

  const world = sandbox.world()!;
  const { sidecar } = (await sandbox.edit({ edit: { kind: 'set-layout', positions: {} } }) as { opened: { sidecar: NonNullable<Parameters<typeof sandbox.open>[0]['sidecar']> } }).opened;
  const again = createSandbox();
  await again.open({ documents: world.documents, title: 'shop', sidecar: JSON.parse(JSON.stringify(sidecar)) as typeof sidecar });
  expect(await rulesOf(again, 'a')).toEqual(before);
  const bare = createSandbox();
  const opened = await bare.open({ documents: world.documents, title: 'shop' });
  expect([await rulesOf(bare, 'a'), opened.problems.map((problem) => problem.code)]).toEqual([more, ['stale-since-unknown']]);

  await sandbox.edit({ edit: { kind: 'start-kube-proxy', node: 'a' } });
  expect(await rulesOf(sandbox, 'a')).toEqual(more);
  for (let i = 0; i < 4; i++) await sandbox.undo({});
  expect(await rulesOf(sandbox, 'a')).toEqual(before);
  expect(sandbox.world()!.documents).toEqual([{ name: 'shop.yaml', text: shop }]);
});
