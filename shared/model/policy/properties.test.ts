import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { baseOf, cidr, cidrFamily, prefixLength, type Cidr } from '../../base/cidr.ts';
import { ip, ipFromU32, toU32, type Ip } from '../../base/ip.ts';
import type { Cluster, L4Protocol, Labels, LabelSelector, Pod, Policy, PolicyPeer, PolicyPort, PolicyRule } from '../types.ts';
import { equal, has, intersect, PROTOCOLS, type ConnectionSet } from './connection-set.ts';
import { addressEnd, allowedBetween, decide, directionAllows, explainDecision, indexPolicies, isPolicyPod, podEnd } from './oracle.ts';
import { chooser, generateCluster, namespaceOf, podOf, policyOf, portOf, ruleOf } from './testing/generate.ts';

// Room for a busy machine.
vi.setConfig({ testTimeout: 120_000 });

// Addresses that the generated ipBlocks tell apart.
const outside: readonly Ip[] = ['203.0.113.10', '203.0.113.200', '8.8.8.8', '192.0.2.80', '10.1.1.1', '2001:db8::1'].map(ip);
const seed = fc.integer({ min: 0, max: 0xffff_ffff });
const holds = (check: (seed: number) => void): void => fc.assert(fc.property(seed, check), { numRuns: 250 });

type Row = readonly [from: string, to: string, allowed: ConnectionSet];
/** Everybody to everybody, pods by name and addresses by themselves. */
function matrix(cluster: Cluster, rename: (text: string) => string = (text) => text): readonly Row[] {
  const index = indexPolicies(cluster);
  const ends = [...cluster.pods.map((pod) => [`${pod.namespace}/${pod.name}`, isPolicyPod(pod) ? podEnd(index, pod) : addressEnd(index, pod.ips[0]!)] as const), ...outside.map((one) => [one as string, addressEnd(index, one)] as const)];
  return ends.flatMap(([a, from]) => ends.map(([b, to]): Row => [rename(a), rename(b), allowedBetween(index, from, to)])).toSorted((p, q) => (`${p[0]} ${p[1]}` < `${q[0]} ${q[1]}` ? -1 : 1));
}
const subset = (a: ConnectionSet, b: ConnectionSet): boolean => equal(intersect(a, b), a);
const sorted = <T>(list: readonly T[], key: (item: T) => string): readonly T[] => list.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
const withPolicies = (cluster: Cluster, policies: readonly Policy[]): Cluster => ({ ...cluster, policies: sorted(policies, (p) => `${p.namespace}/${p.name}`) });
const mapRules = (policy: Policy, change: (rule: PolicyRule) => readonly PolicyRule[]): Policy => ({ ...policy, ingress: policy.ingress?.flatMap(change) ?? null, egress: policy.egress?.flatMap(change) ?? null });
const mapPeers = (policy: Policy, change: (peer: PolicyPeer) => readonly PolicyPeer[]): Policy => mapRules(policy, (rule) => [{ ...rule, peers: rule.peers?.flatMap(change) ?? null }]);
const mapPorts = (policy: Policy, change: (port: PolicyPort) => readonly PolicyPort[]): Policy => mapRules(policy, (rule) => [{ ...rule, ports: rule.ports?.flatMap(change) ?? null }]);
const changed = (cluster: Cluster, change: (policy: Policy) => Policy): readonly Row[] => matrix(withPolicies(cluster, cluster.policies.map(change)));

describe('laws of NetworkPolicy, each with its precondition (reliability §3)', () => {
  test('[M1] a rule more never closes anything, where the policy selects in that direction already', () => holds((n) => {
    const cluster = generateCluster(n);
    const first = cluster.policies.find((policy) => policy.ingress !== null);
    if (!first) return;
    const after = withPolicies(cluster, cluster.policies.map((policy) => (policy === first ? { ...policy, ingress: [...policy.ingress!, ruleOf(chooser(n + 1))] } : policy)));
    const rows = matrix(after);
    expect(matrix(cluster).every(([, , before], i) => subset(before, rows[i]![2]))).toBe(true);
  }));

  test('[M2] a policy that selects pods nobody isolated never opens anything', () => holds((n) => {
    const cluster = withPolicies(generateCluster(n), []);
    const rows = matrix(withPolicies(cluster, [policyOf(chooser(n + 1), 0)]));
    expect(matrix(cluster).every(([, , before], i) => subset(rows[i]![2], before))).toBe(true);
  }));

  test('[M3] a policy added and deleted leaves everything as it was', () => holds((n) => {
    const cluster = generateCluster(n);
    const added = withPolicies(cluster, [...cluster.policies, policyOf(chooser(n + 1), 99)]);
    expect(matrix(withPolicies(added, added.policies.filter((policy) => policy.name !== 'np99')))).toEqual(matrix(cluster));
  }));

  test('[M4] names decide nothing: renaming everything consistently gives the same matrix', () => holds((n) => {
    const cluster = generateCluster(n);
    const word = (text: string): string => `${text}-renamed`;
    const labels = (given: Labels): Labels => Object.fromEntries(Object.entries(given).map(([k, v]) => (k === 'kubernetes.io/metadata.name' ? [k, word(v)] : [word(k), word(v)])));
    const selector = (s: LabelSelector): LabelSelector => ({
      matchLabels: labels(s.matchLabels),
      matchExpressions: s.matchExpressions.map((e) => ({ ...e, key: e.key === 'kubernetes.io/metadata.name' ? e.key : word(e.key), values: e.values.map(word) })),
    });
    const peer = (p: PolicyPeer): PolicyPeer => ({ ...p, podSelector: p.podSelector && selector(p.podSelector), namespaceSelector: p.namespaceSelector && selector(p.namespaceSelector) });
    const renamed: Cluster = {
      ...cluster,
      namespaces: cluster.namespaces.map((ns) => ({ ...ns, name: word(ns.name), labels: labels(ns.labels) })),
      pods: cluster.pods.map((pod): Pod => ({ ...pod, namespace: word(pod.namespace), name: word(pod.name), labels: labels(pod.labels) })),
      policies: cluster.policies.map((policy) => mapPeers({ ...policy, namespace: word(policy.namespace), name: word(policy.name), podSelector: selector(policy.podSelector) }, (p) => [peer(p)])),
    };
    expect(matrix(renamed)).toEqual(matrix(cluster, (text) => (text.includes('/') ? text.split('/').map(word).join('/') : text)));
  }));

  test('[M5] the order of policies, rules, peers and ports decides nothing', () => holds((n) => {
    const cluster = generateCluster(n);
    const turned = cluster.policies.toReversed().map((policy) => {
      const turn = (rules: readonly PolicyRule[] | null): readonly PolicyRule[] | null => rules?.map((rule) => ({ peers: rule.peers?.toReversed() ?? null, ports: rule.ports?.toReversed() ?? null })).toReversed() ?? null;
      return { ...policy, ingress: turn(policy.ingress), egress: turn(policy.egress) };
    });
    expect(matrix({ ...cluster, policies: turned })).toEqual(matrix(cluster));
  }));

  test('[M8] a namespace more, with pods of its own, changes nothing between those that were there', () => holds((n) => {
    const cluster = generateCluster(n);
    const more: Cluster = { ...cluster, namespaces: [...cluster.namespaces, namespaceOf('zz')], pods: [...cluster.pods, podOf('zz/q', 'a', '10.244.1.200', { app: 'web' }, [portOf(8000, 'http')])] };
    const known = new Set(matrix(cluster).map(([a]) => a));
    expect(matrix(more).filter(([a, b]) => known.has(a) && known.has(b))).toEqual(matrix(cluster));
  }));

  test('[M9] a label that no selector reads changes nothing', () => holds((n) => {
    const cluster = generateCluster(n);
    expect(matrix({ ...cluster, pods: cluster.pods.map((pod) => ({ ...pod, labels: { ...pod.labels, unread: 'yes' } })) })).toEqual(matrix(cluster));
  }));

  test('[M10] a label wanted is the same as In with one value', () => holds((n) => {
    const cluster = generateCluster(n);
    const asIn = (s: LabelSelector): LabelSelector => ({ matchLabels: {}, matchExpressions: [...Object.entries(s.matchLabels).map(([key, one]) => ({ key, operator: 'In' as const, values: [one] })), ...s.matchExpressions] });
    expect(changed(cluster, (policy) => mapPeers({ ...policy, podSelector: asIn(policy.podSelector) }, (p) => [{ ...p, podSelector: p.podSelector && asIn(p.podSelector), namespaceSelector: p.namespaceSelector && asIn(p.namespaceSelector) }]))).toEqual(matrix(cluster));
  }));

  test('[M10] In with two values is two peers', () => holds((n) => {
    const cluster = generateCluster(n);
    const both = (values: readonly string[]): PolicyPeer => ({ podSelector: { matchLabels: {}, matchExpressions: [{ key: 'app', operator: 'In', values }] }, namespaceSelector: null, ipBlock: null });
    const rule = (peers: readonly PolicyPeer[]): Policy => ({ namespace: 'red', name: 'np50', podSelector: { matchLabels: {}, matchExpressions: [] }, ingress: [{ peers, ports: null }], egress: null, at: null, implied: false });
    expect(matrix(withPolicies(cluster, [...cluster.policies, rule([both(['web', 'api'])])]))).toEqual(matrix(withPolicies(cluster, [...cluster.policies, rule([both(['web']), both(['api'])])])));
  }));

  test('[M11] a network is its two halves, and an exception takes out exactly itself', () => holds((n) => {
    const cluster = generateCluster(n);
    const halves = (network: Cidr): readonly Cidr[] => {
      const bits = prefixLength(network) + 1;
      if (cidrFamily(network) === 6 || bits > 32) return [network];
      return [cidr(`${baseOf(network)}/${bits}`), cidr(`${ipFromU32(toU32(baseOf(network)) + 2 ** (32 - bits))}/${bits}`)];
    };
    expect(changed(cluster, (policy) => mapPeers(policy, (peer) => (peer.ipBlock ? halves(peer.ipBlock.cidr).map((half) => ({ ...peer, ipBlock: { cidr: half, except: peer.ipBlock!.except } })) : [peer])))).toEqual(matrix(cluster));
  }));

  test('[M12] a range of ports is its two parts, and a name is its number where all destinations agree', () => holds((n) => {
    const cluster = generateCluster(n);
    expect(changed(cluster, (policy) => mapPorts(policy, (entry) => (typeof entry.port === 'number' && entry.endPort !== null && entry.endPort > entry.port ? [{ ...entry, endPort: entry.port }, { ...entry, port: entry.port + 1 }] : [entry])))).toEqual(matrix(cluster));
    const agreeing: Cluster = { ...cluster, pods: cluster.pods.map((pod) => ({ ...pod, ports: [portOf(8000, 'http')] })), policies: cluster.policies.map((policy) => mapRules(policy, (rule) => [{ ...rule, peers: rule.peers ?? [{ podSelector: null, namespaceSelector: { matchLabels: {}, matchExpressions: [] }, ipBlock: null }] }])).map((policy) => mapPeers(policy, (peer) => (peer.ipBlock ? [] : [peer]))) };
    expect(changed(agreeing, (policy) => mapPorts(policy, (entry) => [entry.port === 'http' && entry.protocol === 'tcp' ? { ...entry, port: 8000 } : entry]))).toEqual(matrix(agreeing));
  }));

  test('[M13] a change to TCP ports alone leaves UDP and SCTP as they were', () => holds((n) => {
    const cluster = generateCluster(n);
    const changed = withPolicies(cluster, cluster.policies.map((policy) => mapPorts(policy, (entry) => [entry.protocol === 'tcp' ? { ...entry, port: 4242, endPort: null } : entry])));
    const others = (rows: readonly Row[]) => rows.map(([a, b, set]) => [a, b, set.udp, set.sctp]);
    expect(others(matrix(changed))).toEqual(others(matrix(cluster)));
  }));

  test('[M14] allowed is egress and ingress, and the deciding side is named', () => holds((n) => {
    const cluster = generateCluster(n);
    const index = indexPolicies(cluster);
    const ends = [...cluster.pods.map((pod) => addressEnd(index, pod.ips[0]!)), ...outside.map((one) => addressEnd(index, one))];
    const random = chooser(n);
    for (let i = 0; i < 12; i++) {
      const [from, to, protocol, port] = [random.pick(ends), random.pick(ends), random.pick(PROTOCOLS) as L4Protocol, 8000 + random.below(3)];
      const [egress, ingress] = decide(index, from, to, protocol, port);
      const free = (how: string): boolean => how === 'own-node' || how === 'self';
      if ([egress, ingress].some((one) => one.allowed && free(one.how))) continue;
      expect([egress.allowed, ingress.allowed]).toEqual([has(directionAllows(index, 'egress', from, to), protocol, port), has(directionAllows(index, 'ingress', to, from), protocol, port)]);
      for (const one of [egress, ingress]) if (!one.allowed) expect(explainDecision(one)).toMatch(/^(Egress|Ingress) is denied: /);
    }
  }));
});

test('[M25] the policies that a denial names suffice for it', () => holds((n) => {
  const cluster = generateCluster(n);
  const index = indexPolicies(cluster);
  const pods = cluster.pods.filter(isPolicyPod);
  for (const a of pods) for (const b of pods) {
    const [, ingress] = decide(index, podEnd(index, a), podEnd(index, b), 'tcp', 8000);
    if (ingress.allowed) continue;
    const only = indexPolicies(withPolicies(cluster, ingress.isolatedBy));
    expect(explainDecision(decide(only, podEnd(only, a), podEnd(only, b), 'tcp', 8000)[1])).toBe(explainDecision(ingress));
  }
}));
