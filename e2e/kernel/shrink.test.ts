import { expect, test } from 'vitest';
import type { Manifest } from './chooser.ts';
import { shrink } from './shrink.ts';

test('A failing case keeps only the documents and fields that it needs to fail', async () => {
  const manifests = [
    { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { hostNetwork: true } },
    { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30_080 }, { port: 53 }], selector: { app: 'web' } } },
  ];
  const fails = async (fewer: readonly Manifest[]): Promise<boolean> => fewer.some((one) => JSON.stringify(one).includes('"nodePort":30080'));
  expect(await shrink(manifests, fails)).toEqual([{ apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec: { ports: [{ nodePort: 30_080 }] } }]);
});
