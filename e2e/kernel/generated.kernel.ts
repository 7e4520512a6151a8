import { describe, expect } from 'vitest';
import { generateCase, type Backend, type GeneratedCase } from './generate-cluster.ts';
import { kernelHere, kernelTest, labPool, missingBackend } from './lab-pool.ts';
import { notToTheLetter } from './normal-form.ts';
import { questionsOf } from './questions.ts';
import { reportFailure } from './report-failure.ts';
import { askBoth, buildInLab, hasV6, inWords } from './run-case.ts';

const cases = Number(process.env['PODHOP_KERNEL_CASES'] ?? 300);
const seed = Number(process.env['PODHOP_KERNEL_SEED'] ?? 1);
const backends: readonly Backend[] = ['iptables-nft', 'nftables', 'iptables-legacy'];
const LABS = 4;

describe.concurrent(`generated clusters, seeds ${seed} to ${seed + cases - 1} (${kernelHere})`, () => {
  const inLab = labPool(LABS);
  for (let i = 0; i < cases; i++) {
    const one = generateCase(seed + i, backends[(seed + i) % backends.length]!);
    kernelTest(missingBackend(one.backend), `seed ${one.seed}, ${one.backend}: kernel and engine agree, and the kernel's tools print our text`, () => inLab(async (lab) => {
      const standing = await buildInLab(lab, one, questionsOf);
      expect(await notToTheLetter(lab, standing.dataplane, one.backend, hasV6(standing.asked))).toEqual([]);
      const suspects = await askBoth(lab, one, standing);
      // What the kernel really does differently it does again in a fresh lab; what a starved machine did it does not.
      const failures = suspects.length === 0 ? [] : await askBoth(lab, one, await buildInLab(lab, one, () => suspects.map(({ question }) => question)));
      const [first] = failures;
      if (first) expect.fail([await reportFailure(lab, one, first), ...failures.slice(0, 20).map(inWords)].join('\n'));
    }));
  }
});

describe('the comparison itself', () => {
  const inLab = labPool(1);
  kernelTest(missingBackend('iptables-nft'), 'an engine that forgets externalTrafficPolicy is found, and the case is shrunk to what it takes', () => inLab(async (lab) => {
    const base = generateCase(22, 'iptables-nft');
    const local = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'own', namespace: 'default' }, spec: { type: 'NodePort', externalTrafficPolicy: 'Local', selector: { app: 'own' }, ports: [{ port: 80, nodePort: 30_300, protocol: 'TCP', targetPort: 8080 }] } };
    const behind = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'own', namespace: 'default', labels: { app: 'own' } }, spec: { nodeName: 'a', containers: [{ name: 'c', image: 'x', ports: [{ containerPort: 8080 }] }] } };
    const one: GeneratedCase = { ...base, manifests: [...base.manifests.filter(({ kind }) => kind === 'Pod'), local, behind], engineIsTold: (all) => all.map((document) => (document['kind'] === 'Service' ? { ...document, spec: { ...(document['spec'] as object), externalTrafficPolicy: 'Cluster' } } : document)) };
    const standing = await buildInLab(lab, one, (cluster) => questionsOf(cluster).filter(({ from, port }) => from === 'client/internet' && port === 30_300));
    const failures = await askBoth(lab, one, standing);
    expect(failures.map(({ question }) => question.dst)).toEqual(['192.168.56.11', '192.168.56.12', '192.168.56.13']);
    const report = await reportFailure(lab, one, failures[0]!);
    expect(report.split('\n').filter((line) => line.startsWith('{')).map((line) => (JSON.parse(line) as { kind: string }).kind)).toEqual(['Service', 'Pod']);
    expect(report).toContain('# probe: { from: client/internet, to: 192.168.56.11, port: 30300, protocol: tcp }');
    expect(report).toContain('# the kernel did delivered|pod/default/own|203.0.113.10|');
  }));
});
