import { expect, test } from 'vitest';
import { openDocuments } from './testing/open-documents.ts';

// What kube-proxy's own tests ask: sources that no Pod object stands for, before endpoints that none stands for either.
const manifests = (mode: string): string => `apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: ${mode}
clusterCIDR: 10.244.0.0/16
---
apiVersion: v1
kind: Service
metadata: { name: db }
spec: { clusterIP: 10.96.20.6, ports: [{ name: pg, port: 5432 }] }
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: db-1, labels: { kubernetes.io/service-name: db } }
addressType: IPv4
ports: [{ name: pg, port: 15432, protocol: TCP }]
endpoints: [{ addresses: [10.244.2.78], nodeName: b }]
`;

test.each<[string, string, string, string]>(['iptables', 'nftables', 'ipvs'].flatMap((mode): [string, string, string, string][] => [
  [mode, 'ip/10.244.2.200', 'node/b', '10.244.2.200'],
  [mode, 'ip/10.244.1.200', 'node/a', '10.244.1.200'],
  [mode, 'ip/198.51.100.200', 'node/b', '10.244.2.1'],
]))('[CLI] %s: %s handed to %s gets its answer, on one bridge with the endpoint too', async (mode, from, at, seen) => {
  const sandbox = await openDocuments(manifests(mode));
  const { journey } = await sandbox.ask({ probe: { from, at, to: '10.96.20.6', port: 5432 } });
  expect(journey.branches.map(({ verdict, code, dnat, sourceSeen }) => [verdict, code, dnat?.ip, dnat?.port, sourceSeen?.ip])).toEqual([['delivered', '', '10.244.2.78', 15_432, seen]]);
});

test('[CLI] an address outside that an EndpointSlice names is who answered; another one outside is not known', async () => {
  const sandbox = await openDocuments(manifests('iptables').replace('10.244.2.78', '192.0.2.99'));
  const who = async (to: string) => (await sandbox.ask({ probe: { from: 'node/a', to, port: 5432 } })).journey.branches.map(({ verdict, endpoint }) => [verdict, endpoint?.ip, endpoint?.port]);
  expect(await who('service/db')).toEqual([['delivered', '192.0.2.99', 15_432]]);
  expect(await who('192.0.2.98')).toEqual([['delivered', undefined, undefined]]);
});
