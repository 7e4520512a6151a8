import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fraction, multiplyFractions, one, complement, type Fraction } from '../../base/fraction.ts';
import { ip } from '../../base/ip.ts';
import type { Chain } from '../../dataplane/rules.ts';
import type { Cluster, Endpoint } from '../../model/types.ts';
import { compiledNode, endpoint, proxyCluster, service, servicePort, slice } from '../testing/proxy-cases.ts';
import { kubeProxyIptables } from './index.ts';

const clusterOf = (slices: readonly (readonly Endpoint[])[]): Cluster => proxyCluster(
  [service('ns/svc', '172.30.0.41', { type: 'NodePort', externalTrafficPolicy: 'Local', externalIps: [ip('192.168.99.11')], ports: [servicePort({ nodePort: 30080 })] })],
  slices.map((endpoints, i) => slice('ns/svc', endpoints, { name: `svc-${i}` })),
);
const natOf = (cluster: Cluster): readonly Chain[] => compiledNode(kubeProxyIptables, cluster).tables.find((table) => table.name === 'nat')!.chains;

const anyEndpoints = fc.uniqueArray(fc.record({ host: fc.integer({ min: 1, max: 254 }), here: fc.boolean(), state: fc.constantFrom('ready', 'unready', 'terminating') }), { maxLength: 12, selector: (e) => e.host })
  .map((list) => list.map(({ host, here, state }) => endpoint(`10.180.0.${host}`, here ? 'a' : 'b', { ready: state === 'ready', serving: state !== 'unready', terminating: state === 'terminating' })));

describe('the order and split of slices does not matter', () => {
  test('EPS5 endpoints permuted give the same chains', () => {
    fc.assert(fc.property(anyEndpoints.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))), ([list, shuffled]) => {
      expect(natOf(clusterOf([shuffled]))).toEqual(natOf(clusterOf([list])));
    }));
  });

  test('EPS5 endpoints duplicated and split over slices give the same chains', () => {
    fc.assert(fc.property(anyEndpoints, fc.nat(), (list, seed) => {
      const cut = seed % (list.length + 1);
      expect(natOf(clusterOf([list.slice(0, cut), list.slice(Math.max(0, cut - 2)), list.slice(0, 1)]))).toEqual(natOf(clusterOf([list])));
    }));
  });
});

/** The chance that a chain's walk takes each of its jumps to an endpoint, every rule tried in order. */
function chances(chain: Chain): readonly Fraction[] {
  let left = one;
  const taken: Fraction[] = [];
  for (const rule of chain.rules) {
    const action = rule.do[0];
    if (action?.kind !== 'verdict' || action.verdict.kind !== 'jump' || !action.verdict.chain.startsWith('KUBE-SEP-')) continue;
    const test = rule.match.find((match) => match.kind === 'statistic');
    const p = test?.probability ?? one;
    taken.push(multiplyFractions(left, p));
    left = multiplyFractions(left, complement(p));
  }
  return taken;
}

test('KPI14 every endpoint of n is taken with exactly 1/n', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 60 }), (n) => {
    const endpoints = Array.from({ length: n }, (_, i) => endpoint(`10.180.1.${i + 1}`));
    const chain = natOf(clusterOf([endpoints])).find(({ name }) => name.startsWith('KUBE-SVC-'))!;
    expect(chances(chain)).toEqual(Array.from({ length: n }, () => fraction(1, n)));
  }));
});

test('every chain that a rule names exists in its table', () => {
  fc.assert(fc.property(anyEndpoints, (list) => {
    for (const table of compiledNode(kubeProxyIptables, clusterOf([list])).tables) {
      const names = new Set(table.chains.map(({ name }) => name));
      const targets = table.chains.flatMap((chain) => chain.rules.flatMap((rule) => rule.do.flatMap((action) => (action.kind === 'verdict' && 'chain' in action.verdict ? [action.verdict.chain] : []))));
      expect(targets.filter((name) => !names.has(name))).toEqual([]);
    }
  }));
});

test('two nodes that see the same endpoints share the chains as objects; an edit to one Service keeps the others\'', () => {
  const services = [service('ns/one', '172.30.0.41'), service('ns/two', '172.30.0.42')];
  const slices = [slice('ns/one', [endpoint('10.180.0.1')]), slice('ns/two', [endpoint('10.180.0.2')])];
  const own = (cluster: Cluster): readonly Chain[] => natOf(cluster).filter(({ name }) => /-[A-Z2-7]{16}$/.test(name));
  const [before, after] = [own(proxyCluster(services, slices)), own(proxyCluster([services[0]!, { ...services[1]!, sessionAffinitySeconds: 60 }], slices))];
  expect(before.map((chain, i) => chain === after[i])).toEqual([true, true, false, false]);
});

test('every rule says for whom and why', () => {
  const rules = compiledNode(kubeProxyIptables, clusterOf([[endpoint('10.180.0.1', 'a', { target: { kind: 'Pod', namespace: 'ns', name: 'svc-0' } })]])).tables.flatMap((table) => table.chains.flatMap((chain) => chain.rules));
  expect(rules.filter((rule) => rule.origin.by !== 'kube-proxy-iptables' || rule.origin.why.length < 20)).toEqual([]);
  expect(rules.find((rule) => rule.do[0]?.kind === 'dnat')!.origin).toEqual({ by: 'kube-proxy-iptables', for: { kind: 'Service', namespace: 'ns', name: 'svc' }, field: 'spec.ports[0]', why: 'Service svc selects pod svc-0' });
});
