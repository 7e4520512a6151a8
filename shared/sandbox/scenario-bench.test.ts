import { expect, test } from 'vitest';
import { readScenario } from '../scenario/read-scenario.ts';
import { printReport } from '../scenario/report.ts';
import { runScenario } from '../scenario/run-scenario.ts';
import { createScenarioBench } from './scenario-bench.ts';

const manifests = `
apiVersion: v1
kind: Service
metadata: { name: api }
spec: { type: NodePort, clusterIP: 10.96.1.1, sessionAffinity: ClientIP, selector: { app: api }, ports: [{ port: 80, targetPort: 8080, nodePort: 30080 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: api-1, labels: { app: api } }
spec: { nodeName: a, containers: [{ name: c, image: x, ports: [{ containerPort: 8080 }] }] }
---
apiVersion: v1
kind: Pod
metadata: { name: api-2, labels: { app: api } }
spec: { nodeName: b, containers: [{ name: c, image: x, ports: [{ containerPort: 8080 }] }] }
`;

const run = async (spec: string): Promise<readonly string[]> => {
  const read = readScenario(`apiVersion: podhop.dev/v1alpha1\nkind: Scenario\nmetadata: { name: t, title: t, module: m, order: 1 }\nspec:\n  manifests: [a.yaml]\n  datapaths: [kube-proxy-iptables, kube-proxy-ipvs]\n${spec}`, 'scenario.yaml');
  if (!read.ok) throw new Error(read.error.map((problem) => problem.what).join());
  const results = await runScenario(read.value, [{ name: 'a.yaml', text: manifests }], createScenarioBench());
  return results.map(({ variant, datapath, passed, detail }) => `${variant} ${datapath.replace('kube-proxy-', '')}${passed ? '' : `: ${detail}`}`);
};

const ask = 'probe: { from: node/a, to: node/b, port: 30080 }';

test('An expectation may differ per datapath; one that is left out is not asked', async () => {
  expect(await run(`  expect:\n    - { probe: { from: node/a, to: 127.0.0.1, port: 30080 }, verdict: { kube-proxy-iptables: delivered, kube-proxy-ipvs: refused }, branches: { kube-proxy-iptables: 3 } }`))
    .toEqual(['as-given iptables: branches: expected 3, got 2', 'as-given ipvs']);
});

test('Shares are sums of odds per pod, and machines can be ruled out', async () => {
  expect(await run(`  expect:\n    - { ${ask}, verdict: delivered, shares: { default/api-1: 1/2, default/api-2: 1/3 }, avoids: [router/lab, node/b] }`)).toEqual([
    'as-given iptables: avoids: expected node/b, got it came by there; share of default/api-2: expected 1/3, got 1/2', 'as-given ipvs: avoids: expected node/b, got it came by there; share of default/api-2: expected 1/3, got 1/2',
  ]);
});

test('AFF2 Earlier connections are remembered as long as the Service says', async () => {
  const after = (now: number, port = 30080): string => `    - { probe: { from: client/internet, to: node/a, port: 30080, now: ${now}, after: [{ from: client/internet, to: node/a, port: ${port} }] }, verdict: delivered, branches: 1 }`;
  expect(await run(`  expect:\n${after(1000)}\n${after(20_000_000)}`)).toEqual(['as-given iptables', 'as-given iptables: branches: expected 1, got 2', 'as-given ipvs', 'as-given ipvs: branches: expected 1, got 2']);
});

test('Variants are run like the broken state, each from the manifests as given', async () => {
  const spec = `  expect: []\n  broken: { patch: [{ target: service/default/api, set: { spec.selector: { app: x } } }], expect: [{ ${ask}, verdict: refused }] }\n  variants:\n    - { name: one pod, patch: [{ target: pod/default/api-2, set: { metadata.labels: { app: x } } }], expect: [{ ${ask}, verdict: delivered, branches: 1 }] }`;
  expect(await run(spec)).toEqual(['broken iptables', 'one pod iptables', 'broken ipvs', 'one pod ipvs']);
  expect(printReport([{ scenario: 't', results: [{ name: 'x', variant: 'one pod', datapath: 'd', passed: true, detail: '' }] }], 'text')).toBe('t\n  ✓ x [d, one pod]\n\n1 passed, 0 failed');
});
