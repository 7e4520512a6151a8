import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { TextDocument } from '../api/shapes.ts';
import { openDocuments } from './testing/open-documents.ts';

const pod = (name: string, node: string, port: number, extra = ''): string => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, labels: { app: ${name} } }
spec: { nodeName: ${node}, ${extra}containers: [{ name: c, image: x, ports: [{ containerPort: ${port} }] }] }
---`;
const service = `
apiVersion: v1
kind: Service
metadata: { name: api }
spec: { selector: { app: api }, ports: [{ port: 80, targetPort: 8080 }] }
---`;
const policy = (name: string, spec: string): string => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${name} }
spec: ${spec}
---`;
const proxy = (mode: string): string => `\napiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nmode: ${mode}\n`;

const base = pod('web', 'a', 80) + pod('job', 'b', 80) + pod('api', 'b', 8080) + service;
const deny = policy('deny', '{ podSelector: {} }');
const allow = policy('allow', '{ podSelector: { matchLabels: { app: api } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: web } } }], ports: [{ port: 8080 }] }] }');
const documents = (text: string): readonly TextDocument[] => [{ name: 'all.yaml', text }];

describe.each(['iptables', 'nftables', 'ipvs'])('a drop names its policies, %s', (mode) => {
  const ask = async (text: string, from: string, to: string, port: number) => {
    const sandbox = await openDocuments(documents(text + proxy(mode)));
    return (await sandbox.ask({ probe: { from, to, port } })).journey.branches[0]!;
  };

  test('all that select the pod, where they stand, and why none of their rules matched', async () => {
    const branch = await ask(base + deny + allow, 'pod/job', 'service/api', 80);
    expect([branch.verdict, branch.code, branch.sentence, branch.decidedBy.map(({ kind, namespace, name, file, line }) => [kind, namespace, name, file, line])]).toEqual([
      'dropped', 'policy-default-deny',
      'Ingress is denied: the pod is selected by default/allow, default/deny; none of their rules matched because allow rule 1 (spec.ingress[0].from[0].podSelector): job (app=job) is not app=web.',
      [['NetworkPolicy', 'default', 'allow', 'all.yaml', 27], ['NetworkPolicy', 'default', 'deny', 'all.yaml', 22]],
    ]);
  });

  test('a policy without rules has none that could match', async () => {
    expect((await ask(base + deny, 'pod/web', 'pod/api', 8080)).sentence).toBe('Ingress is denied: the pod is selected by default/deny, which has no ingress rules.');
  });

  test('on the way out it is the sender\'s policy, and the port is the pod\'s', async () => {
    const egress = policy('out', '{ podSelector: { matchLabels: { app: web } }, policyTypes: [Egress], egress: [{ ports: [{ port: 80 }] }] }');
    expect((await ask(base + egress, 'pod/web', 'service/api', 80)).sentence).toBe("Egress is denied: the pod is selected by default/out; none of their rules matched because out rule 1 (spec.egress[0].ports[0].port): it is for port 80, the packet's is 8080 (policies see the pod's port, after the Service's rewrite).");
  });

  test('a drop by somebody else stays theirs', async () => {
    const local = base.replace('spec: { selector', 'spec: { internalTrafficPolicy: Local, selector');
    const branch = await ask(local + allow, 'pod/web', 'service/api', 80);
    expect([branch.verdict, branch.decidedBy.every(({ kind }) => kind === 'Service')]).toEqual([mode === 'ipvs' ? 'refused' : 'dropped', true]);
  });
});

describe('what changed from some documents to the open ones', () => {
  const diff = async (before: string, after: string) => {
    const sandbox = await openDocuments(documents(after));
    return sandbox.diffReach({ before: documents(before) });
  };

  test('the same is the same', async () => {
    expect(await diff(base + deny, base + deny)).toEqual({ same: true, connections: [], services: [], peersAdded: [], peersRemoved: [], questionsLeftOut: 0 });
  });

  test('a policy that closes: by NetworkPolicy, and by the calls to the Service, with the hop where the ways part', async () => {
    const { same, connections, services } = await diff(base, base + allow);
    expect([same, connections.map(({ src, dst, change }) => `${change} ${src} ${dst}`), services.map(({ from, to, change, before, after, partsAt }) => [change, from, to, before?.branches, after?.branches, partsAt])]).toEqual([false,
      ['closed default/job[Pod] default/api[Pod]', 'changed default/web[Pod] default/api[Pod]', 'closed 0.0.0.0-255.255.255.255 default/api[Pod]'],
      [['closed', 'default/job[Pod]', 'service/default/api', ['1 delivered default/api[Pod]:8080'], ['1 dropped policy-default-deny'], { hop: 1, before: 'node/b', after: 'node/b' }]],
    ]);
  });

  test('another way to the same Service: who answers, and how often', async () => {
    const second = pod('api2', 'a', 8080).replace('app: api2', 'app: api');
    const { services } = await diff(base, base + second);
    expect(services.find(({ from }) => from === 'default/web[Pod]')).toMatchObject({ change: 'changed', before: { branches: ['1 delivered default/api[Pod]:8080'] }, after: { branches: ['1/2 delivered default/api2[Pod]:8080', '1/2 delivered default/api[Pod]:8080'] } });
  });

  test('a Service that is gone', async () => {
    const { services } = await diff(base, base.replace(service, ''));
    expect(services.map(({ change, from, after }) => [change, from, after])).toEqual([['closed', 'default/api[Pod]', null], ['closed', 'default/job[Pod]', null], ['closed', 'default/web[Pod]', null]]);
  });
});

const shared = fileURLToPath(new URL('../../../shared/manifests/', import.meta.url));
const policies = `${shared}online-boutique-network-policies/`;
test.skipIf(!existsSync(policies))('Online Boutique with its policies: every call that the shop makes passes, others do not', async () => {
  const read = (path: string): TextDocument => ({ name: path, text: readFileSync(path, 'utf8') });
  const sandbox = await openDocuments([read(`${shared}online-boutique.yaml`), ...readdirSync(policies).map((name) => read(policies + name))]);
  expect(sandbox.world()!.problems.filter(({ severity }) => severity !== 'info')).toEqual([]);
  const calls: readonly (readonly [string, string, number, string])[] = [
    ['frontend', 'cartservice', 7070, 'delivered'], ['frontend', 'checkoutservice', 5050, 'delivered'], ['checkoutservice', 'paymentservice', 50_051, 'delivered'], ['cartservice', 'redis-cart', 6379, 'delivered'],
    ['loadgenerator', 'frontend', 80, 'delivered'], ['recommendationservice', 'productcatalogservice', 3550, 'delivered'], ['frontend', 'redis-cart', 6379, 'dropped'], ['frontend', 'paymentservice', 50_051, 'dropped'], ['loadgenerator', 'cartservice', 7070, 'dropped'],
  ];
  const answers = await Promise.all(calls.map(async ([from, to, port]) => [from, to, port, (await sandbox.ask({ probe: { from: `deployment/${from}`, to, port } })).journey.verdict]));
  expect(answers).toEqual(calls);
});
