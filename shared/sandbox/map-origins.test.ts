import { describe, expect, test } from 'vitest';
import type { Probe } from '../trace/types.ts';
import { openDocuments } from './testing/open-documents.ts';

const manifests = `apiVersion: apps/v1
kind: Deployment
metadata: { name: api, namespace: shop }
spec: { replicas: 2, selector: { matchLabels: { app: api } }, template: { metadata: { labels: { app: api } }, spec: { containers: [{ name: c, image: i, ports: [{ containerPort: 80 }] }] } } }
---
apiVersion: v1
kind: Service
metadata: { name: api, namespace: shop }
spec: { selector: { app: api }, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: empty, namespace: shop }
spec: { selector: { app: nobody }, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: here, namespace: shop }
spec: { selector: { app: web }, ports: [{ port: 80 }], internalTrafficPolicy: Local }
---
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop, labels: { app: web } }
spec: { nodeName: b, containers: [{ name: c, image: i, ports: [{ containerPort: 80 }] }] }
---
apiVersion: v1
kind: Pod
metadata: { name: far, namespace: shop }
spec: { nodeName: a, containers: [{ name: c, image: i }] }
---
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: MODE
`;

async function ask(mode: string, probe: Probe) {
  const sandbox = await openDocuments([{ name: 'm.yaml', text: manifests.replace('MODE', mode) }]);
  return sandbox.ask({ probe });
}

describe('the Service that decided is named alike in both modes', () => {
  test.each([
    ['no endpoint anywhere', 'service/shop/empty', 'refused', 'no-endpoints', 'empty'],
    ['none on this node where traffic must stay', 'service/shop/here', 'dropped', 'no-local-endpoints', 'here'],
    ['a plain delivery', 'service/shop/api', 'delivered', '', 'api'],
  ])('%s', async (_name, to, verdict, code, service) => {
    for (const mode of ['iptables', 'nftables']) {
      const { journey } = await ask(mode, { from: 'pod/shop/far', to, port: 80 });
      const [branch] = journey.branches;
      expect([mode, branch?.verdict, branch?.code, branch?.decidedBy.map(({ kind, namespace, name, file }) => ({ kind, namespace, name, file }))]).toEqual([mode, verdict, code, [{ kind: 'Service', namespace: 'shop', name: service, file: 'm.yaml' }]]);
    }
  });
});

test('[RN7] the rule that asks the map is explained by the element that the packet hit', async () => {
  const { journey, glossary } = await ask('nftables', { from: 'pod/shop/far', to: 'service/shop/api', port: 80 });
  const asked = journey.branches[0]!.legs[0]!.trace.hops.flatMap((hop) => hop.steps.flatMap((step) => (step.kind === 'rule' && step.chain === 'ip/kube-proxy/services' ? [`${hop.netns} ${step.rule}`] : [])));
  expect(asked.length).toBe(1);
  const { text, for: ref, at } = glossary[asked[0]!]!;
  expect({ text, ref, line: at?.line }).toEqual({ text: 'ip daddr . meta l4proto . th dport vmap @service-ips', ref: { kind: 'Service', namespace: 'shop', name: 'api' }, line: 9 });
});
