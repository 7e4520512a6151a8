import { describe, expect, test, vi } from 'vitest';
import { ip } from '../base/ip.ts';
import { equal, isEmpty } from '../model/policy/connection-set.ts';
import { allowedBetween, indexPolicies, isPolicyPod, podEnd } from '../model/policy/oracle.ts';
import type { PolicyEnd } from '../model/policy/match-rule.ts';
import { generateCluster } from '../model/policy/testing/generate.ts';
import { clusterWith, np } from '../model/policy/testing/lab.ts';
import { buildCluster } from '../model/build-cluster.ts';
import { manifest, manifestsForTest } from '../model/objects-for-tests.ts';
import type { Fields } from '../model/json-fields.ts';
import type { Peer } from './ends.ts';
import { formatReach } from './format-reach.ts';
import { reach, reachJson } from './reach.ts';

// Room for a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const options = { listeningOnly: false, ipBlocksMatchPods: true };

describe('reach is the oracle asked for every pair', () => {
  test.each([true, false])('on generated clusters, ipBlocks matching pods: %s', (ipBlocksMatchPods) => {
    let [allowed, denied] = [0, 0];
    for (let seed = 0; seed < 150; seed++) {
      const cluster = generateCluster(seed);
      const index = indexPolicies(cluster);
      const endOf = (peer: Peer): PolicyEnd => {
        const pod = peer.pods?.[0];
        return pod ? (isPolicyPod(pod) ? podEnd(index, pod) : { kind: 'address', ip: pod.ips[0]! }) : { kind: 'address', ip: peer.segment!.from };
      };
      const result = reach(cluster, { listeningOnly: false, ipBlocksMatchPods });
      for (const from of result.peers) for (const to of result.peers) {
        if (from === to || (from.kind === 'range' && to.kind === 'range')) continue;
        const set = result.between(from, to);
        if (isEmpty(set)) denied++;
        else allowed++;
        const naive = allowedBetween(index, endOf(from), endOf(to), { ipBlocksMatchPods });
        expect({ seed, from: from.name, to: to.name, set }).toEqual({ seed, from: from.name, to: to.name, set: naive });
      }
    }
    expect(Math.min(allowed, denied)).toBeGreaterThan(1000);
  });

  test('merged ranges answer for every address in them', () => {
    for (let seed = 0; seed < 60; seed++) {
      const cluster = generateCluster(seed);
      const index = indexPolicies(cluster);
      const result = reach(cluster, options);
      const workloads = result.peers.filter((peer) => peer.kind === 'workload' && isPolicyPod(peer.pods![0]!));
      for (const range of result.peers.filter((peer) => peer.kind === 'range')) for (const peer of workloads) for (const one of [range.segment!.from, range.segment!.to]) {
        const [pod, outside] = [podEnd(index, peer.pods![0]!), { kind: 'address', ip: one } as const];
        expect([equal(result.between(range, peer), allowedBetween(index, outside, pod)), equal(result.between(peer, range), allowedBetween(index, pod, outside))]).toEqual([true, true]);
      }
    }
  });
});

const deployment = (name: string, labels: Fields, ports: readonly number[]): Fields => manifest('Deployment', `shop/${name}`, {
  spec: { replicas: 2, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'x', ports: ports.map((containerPort) => ({ containerPort })) }] } } },
});
const shop = [deployment('web', { app: 'web' }, [80]), deployment('api', { app: 'api' }, [8080, 9090]), manifest('Pod', 'shop/lone', { spec: { containers: [{ name: 'c', image: 'x' }] } }, { labels: { app: 'lone' } })];
const json = (objects: readonly Fields[], over = {}) => reachJson(reach(buildCluster(manifestsForTest(...shop, ...objects)).cluster, { ...options, ...over }));
const every = [{ protocol: 'TCP', ports: 'all' }, { protocol: 'UDP', ports: 'all' }, { protocol: 'SCTP', ports: 'all' }];

describe('CLI.md, JSON of reach', () => {
  test('a workload is one peer and none of itself; outside is one range', () => {
    expect(json([])).toEqual({
      peers: ['shop/api[Deployment]', 'shop/lone[Pod]', 'shop/web[Deployment]', '0.0.0.0-255.255.255.255'],
      connections: ['shop/api[Deployment]', 'shop/lone[Pod]', 'shop/web[Deployment]', '0.0.0.0-255.255.255.255'].flatMap((src, _i, all) => all.filter((dst) => dst !== src).map((dst) => ({ src, dst, allowed: every }))),
    });
  });

  const onApi = np('shop/api', { podSelector: { matchLabels: { app: 'api' } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }], ports: [{ port: 8080 }, { port: 9000, endPort: 9100 }] }, { from: [{ ipBlock: { cidr: '203.0.113.0/24' } }], ports: [{ port: 53, protocol: 'UDP' }] }] });
  const toApi = (list: ReturnType<typeof json>) => list.connections.filter(({ dst }) => dst === 'shop/api[Deployment]').map(({ src, allowed }) => [src, allowed]);

  test('pairs with nothing allowed are left out, and ranges are what policies tell apart', () => {
    const found = json([onApi]);
    expect(toApi(found)).toEqual([['shop/web[Deployment]', [{ protocol: 'TCP', ports: '8080,9000-9100' }]], ['203.0.113.0-203.0.113.255', [{ protocol: 'UDP', ports: '53' }]]]);
    expect(found.peers.slice(3)).toEqual(['0.0.0.0-203.0.112.255', '203.0.113.0-203.0.113.255', '203.0.114.0-255.255.255.255']);
  });

  test('--ports listening keeps what a container declares', () => {
    expect(toApi(json([onApi], { listeningOnly: true }))).toEqual([['shop/web[Deployment]', [{ protocol: 'TCP', ports: '8080,9090' }]]]);
    expect(json([], { listeningOnly: true }).connections.filter(({ src }) => src === 'shop/web[Deployment]')).toEqual([
      { src: 'shop/web[Deployment]', dst: 'shop/api[Deployment]', allowed: [{ protocol: 'TCP', ports: '8080,9090' }] },
      { src: 'shop/web[Deployment]', dst: '0.0.0.0-255.255.255.255', allowed: every },
    ]);
  });

  test('--ip-block outside: an ipBlock means no pods', () => {
    const wide = np('shop/api', { podSelector: { matchLabels: { app: 'api' } }, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] });
    expect([toApi(json([wide])).map(([src]) => src), toApi(json([wide], { ipBlocksMatchPods: false })).map(([src]) => src)]).toEqual([['shop/lone[Pod]', 'shop/web[Deployment]', '10.0.0.0-10.255.255.255'], ['10.0.0.0-10.255.255.255']]);
  });

  test('of a workload whose pods differ in what a policy reads, what any of them may', () => {
    const pods = ['10.244.1.10', '10.244.2.10'].map((podIP, i) => manifest('Pod', `shop/w-${i}`, { spec: { nodeName: i === 0 ? 'a' : 'b', containers: [{ name: 'c', image: 'x' }] }, status: { podIP } }, { ownerReferences: [{ kind: 'ReplicaSet', name: 'w', controller: true }] }));
    const first = np('shop/api', { podSelector: { matchLabels: { app: 'api' } }, ingress: [{ from: [{ ipBlock: { cidr: '10.244.1.10/32' } }] }] });
    expect(toApi(json([...pods, first])).map(([src]) => src)).toEqual(['shop/w[ReplicaSet]', '10.244.1.10-10.244.1.10']);
  });

  const service = manifest('Service', 'shop/api', { spec: { selector: { app: 'api' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] } });
  const ingress = manifest('Ingress', 'shop/in', { spec: { rules: [{ http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'api', port: { name: 'http' } } } }] } }] } });
  const controller = '{ingress-controller}';

  test('an Ingress makes its controller a peer of what it exposes, on the pods\' own ports', () => {
    const found = json([service, ingress]);
    expect([found.peers.at(-1), found.connections.filter(({ src, dst }) => src === controller || dst === controller)]).toEqual([controller, [{ src: controller, dst: 'shop/api[Deployment]', allowed: [{ protocol: 'TCP', ports: '8080' }] }]]);
  });

  test('a backend may name the target port instead, as ingress-nginx allows; a port that is neither exposes nothing', () => {
    const named = (number: number) => json([service, manifest('Ingress', 'shop/in', { spec: { defaultBackend: { service: { name: 'api', port: { number } } } } })]).connections.filter(({ src }) => src === controller).map(({ allowed }) => allowed[0]!.ports);
    expect([named(80), named(8080), named(9999)]).toEqual([['8080'], ['8080'], []]);
  });

  test('policies hold for the controller as for any pod of another namespace', () => {
    const rows: readonly [Fields, number][] = [[{ from: [{ podSelector: {} }] }, 0], [{ from: [{ namespaceSelector: {} }] }, 1], [{}, 1], [{ ports: [{ port: 9090 }] }, 0]];
    expect(rows.map(([rule]) => json([service, ingress, np('shop/p', { podSelector: {}, ingress: [rule] })]).connections.filter(({ src }) => src === controller).length)).toEqual(rows.map(([, count]) => count));
  });

  test('a CronJob is a workload between its runs, too', () => {
    const cron = manifest('CronJob', 'shop/nightly', { spec: { schedule: '0 3 * * *', jobTemplate: { spec: { template: { metadata: { labels: { app: 'nightly' } }, spec: { containers: [{ name: 'c', image: 'x' }] } } } } } });
    const onlyNightly = np('shop/api', { podSelector: { matchLabels: { app: 'api' } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: 'nightly' } } }] }] });
    expect(toApi(json([cron, onlyNightly])).map(([src]) => src)).toEqual(['shop/nightly[CronJob]']);
  });

  test('finished pods are nobody', () => {
    expect(reach(clusterWith(), options).peers.map(({ name }) => name)).not.toContain('x/old[Pod]');
  });

  test('an ipBlock of IPv6 brings the ranges of IPv6', () => {
    const six = np('shop/api', { podSelector: { matchLabels: { app: 'api' } }, ingress: [{ from: [{ ipBlock: { cidr: '2001:db8::/32' } }] }] });
    expect(json([six]).peers.slice(3)).toEqual(['0.0.0.0-255.255.255.255', '::-2001:db7:ffff:ffff:ffff:ffff:ffff:ffff', '2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', '2001:db9::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff']);
  });

  test('the list for people groups destinations with the same answer', () => {
    const lines = formatReach(reach(buildCluster(manifestsForTest(...shop, onApi)).cluster, { ...options, listeningOnly: true })).split('\n');
    const start = lines.indexOf('shop/web[Deployment]');
    expect(lines.slice(start, start + 9)).toEqual([
      'shop/web[Deployment]', '  TCP 8080,9090', '    → shop/api[Deployment]', '  all', '    → 0.0.0.0-203.0.112.255', '    → 203.0.113.0-203.0.113.255', '    → 203.0.114.0-255.255.255.255', '0.0.0.0-203.0.112.255', '  TCP 80',
    ]);
  });
});

test('the cost grows with what policies tell apart, not with pods', () => {
  const pods = Array.from({ length: 400 }, (_, i) => manifest('Pod', `shop/p${i}`, { spec: { containers: [{ name: 'c', image: 'x' }] } }, { labels: { app: `a${i}`, tier: i % 2 === 0 ? 'x' : 'y' } }));
  const policy = np('shop/p', { podSelector: { matchLabels: { tier: 'x' } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: 'a7' } } }] }] });
  const { ends, peers } = reach(buildCluster(manifestsForTest(...pods, policy)).cluster, options);
  expect([peers.length, ends]).toEqual([401, 4]);
  expect(ip('0.0.0.0')).toBe(peers.at(-1)!.segment!.from);
});
