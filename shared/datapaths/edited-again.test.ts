import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readManifests } from '../kube/read-manifests.ts';
import { buildCluster } from '../model/build-cluster.ts';
import type { Cluster, EndpointSlice, Service } from '../model/types.ts';
import { compileDataplane } from './index.ts';

const documents = (mode: string): string => [
  ...['a', 'b'].map((name, i) => `apiVersion: v1\nkind: Node\nmetadata: {name: ${name}}\nspec: {podCIDR: 10.244.${i}.0/24}\nstatus: {addresses: [{type: InternalIP, address: 172.16.0.${i + 1}}], conditions: [{type: Ready, status: "True"}]}\n`),
  `apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nmode: ${mode}\n`,
  ...Array.from({ length: 8 }, (_, i) => `apiVersion: v1\nkind: Service\nmetadata: {name: s${i}}\nspec:\n  type: ${i % 3 === 0 ? 'LoadBalancer' : 'ClusterIP'}\n  ports: [{name: web, port: 80}, {name: dns, port: 81, protocol: UDP}]\n`),
  ...Array.from({ length: 8 }, (_, i) => `apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: s${i}-1, labels: {kubernetes.io/service-name: s${i}}}\naddressType: IPv4\nports: [{name: web, port: 8080}, {name: dns, protocol: UDP, port: 8081}]\nendpoints: [{addresses: [10.244.0.${i + 9}], nodeName: a}, {addresses: [10.244.1.${i + 9}], nodeName: b}]\n`),
].join('---\n');

type Change = { readonly at: number; readonly n: number; readonly kind: 'port' | 'affinity' | 'local' | 'ranges' | 'address' | 'remove' | 'copy' | 'slice-ready' | 'slice-remove' | 'slice-grow' | 'place' | 'many' | 'masquerade-all' };
const kinds: readonly Change['kind'][] = ['port', 'affinity', 'local', 'ranges', 'address', 'remove', 'copy', 'slice-ready', 'slice-remove', 'slice-grow', 'place', 'many', 'masquerade-all'];

function serviceChanged(service: Service, { kind, n }: Change): readonly Service[] {
  switch (kind) {
    case 'port': return [{ ...service, ports: service.ports.map((port, i) => (i === 0 ? { ...port, port: 1000 + n } : port)).slice(0, 1 + (n % 2)) }];
    case 'affinity': return [{ ...service, sessionAffinitySeconds: n % 2 === 0 ? null : n }];
    case 'local': return [{ ...service, internalTrafficPolicy: n % 2 === 0 ? 'Local' : 'Cluster', externalTrafficPolicy: n % 3 === 0 ? 'Local' : 'Cluster' }];
    case 'ranges': return [{ ...service, loadBalancerSourceRanges: n % 2 === 0 ? [] : ['172.16.0.0/24' as Service['loadBalancerSourceRanges'][number]] }];
    // now and then the address that another Service has, which nftables' maps must settle
    case 'address': return [{ ...service, clusterIps: [`10.96.7.${n % 5}` as Service['clusterIps'][number]] }];
    case 'remove': return [];
    case 'copy': return [service, { ...service, name: `${service.name}-${n}`, clusterIps: [`10.96.8.${n}` as Service['clusterIps'][number]] }];
    default: return [service];
  }
}

function sliceChanged(slice: EndpointSlice, { kind, n }: Change): readonly EndpointSlice[] {
  switch (kind) {
    case 'slice-ready': return [{ ...slice, endpoints: slice.endpoints.map((endpoint, i) => (i === n % 2 ? { ...endpoint, ready: n % 3 === 0, terminating: n % 4 === 0 } : endpoint)) }];
    case 'slice-remove': return [];
    // beyond 1000 endpoints iptables mode leaves comments out, for every Service
    case 'slice-grow': return [{ ...slice, endpoints: [...slice.endpoints.slice(0, 2), ...Array.from({ length: n % 4 === 0 ? 1100 : n % 4 }, (_, i) => ({ ...slice.endpoints[0]!, addresses: [`10.245.${i >> 8}.${i & 255}`] }))] }];
    default: return [slice];
  }
}

function changed(cluster: Cluster, change: Change): Cluster {
  const { at, n, kind } = change;
  if (kind === 'masquerade-all') return { ...cluster, settings: { ...cluster.settings, masqueradeAll: n % 2 === 0 } };
  // what reading the text again after an inserted line does: every object is new, and only its place differs
  if (kind === 'place') return { ...cluster, services: cluster.services.map((one) => ({ ...one, at: { file: 'x', line: n, col: 1 } })), endpointSlices: cluster.endpointSlices.map((one) => ({ ...one, at: { file: 'x', line: n, col: 1 } })) };
  if (kind === 'many') return [0, 3, 5].reduce((now, step) => changed(now, { at: at + step, n: n + step, kind: kinds[(n + step) % 10]! }), cluster);
  if (kind.startsWith('slice-')) return { ...cluster, endpointSlices: cluster.endpointSlices.flatMap((slice, i) => (i === at % cluster.endpointSlices.length ? sliceChanged(slice, change) : [slice])) };
  return { ...cluster, services: cluster.services.flatMap((service, i) => (i === at % cluster.services.length ? serviceChanged(service, change) : [service])) };
}

const change: fc.Arbitrary<Change> = fc.record({ at: fc.nat(40), n: fc.nat(250), kind: fc.constantFrom(...kinds) });
const allOf = (cluster: Cluster): unknown => {
  const dataplane = compileDataplane(cluster);
  return dataplane.ids.map((id) => dataplane.netns(id));
};

test.each(['iptables', 'nftables', 'ipvs'])('after each of 200 random edits, %s mode holds on every machine what a compile from scratch gives', (mode) => {
  const first = buildCluster(readManifests([{ name: 'lab.yaml', text: documents(mode) }])).cluster;
  expect([first.services.length, first.endpointSlices.length]).toEqual([8, 8]);
  fc.assert(fc.property(fc.array(change, { minLength: 20, maxLength: 20 }), (changes) => {
    let cluster = first;
    for (const one of changes) {
      const next = changed(cluster, one);
      // nothing that was remembered knows a copy's objects
      expect(allOf(next)).toEqual(allOf(structuredClone(next)));
      cluster = one.n % 7 === 0 ? cluster : next;
    }
  }), { numRuns: 10, seed: 27 });
}, 120_000);
