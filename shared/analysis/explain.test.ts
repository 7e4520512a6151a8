import { describe, expect, test } from 'vitest';
import { clusterWith, endFrom, np } from '../model/policy/testing/lab.ts';
import type { Fields } from '../model/json-fields.ts';
import { policyCoverage } from './coverage.ts';
import { diffReach } from './diff-reach.ts';
import { exposureOf, policyMeaning } from './exposure.ts';

const onA = { matchLabels: { pod: 'a' } };
const b = { podSelector: { matchLabels: { pod: 'b' } } };
const all = [{ protocol: 'TCP', ports: 'all' }, { protocol: 'UDP', ports: 'all' }, { protocol: 'SCTP', ports: 'all' }];
const exposure = (name: string, ...policies: readonly Fields[]) => {
  const cluster = clusterWith(...policies);
  return exposureOf(cluster, cluster.pods.find((pod) => `${pod.namespace}/${pod.name}` === name)!);
};

describe('exposure: who could reach a pod, pods that do not exist yet among them', () => {
  test('nothing isolates it: everyone', () => {
    const { isolated, ingress } = exposure('x/a');
    expect([isolated, ingress]).toEqual([{ ingress: false, egress: false }, [{ peer: { kind: 'everyone' }, words: 'everyone, inside and outside', allowed: all, by: null, now: 8 }]]);
  });
  test('denied: nobody', () => {
    expect(exposure('x/a', np('x/deny', { podSelector: {} })).ingress).toEqual([]);
  });
  const rows: readonly [words: string, now: number, peer: Fields][] = [
    ['any pod of namespace x', 2, { podSelector: {} }],
    ['any pod with pod=b of namespace x', 1, b],
    ['any pod of any namespace', 8, { namespaceSelector: {} }],
    ['any pod of any namespace with team=blue', 6, { namespaceSelector: { matchLabels: { team: 'blue' } } }],
    ['any pod with pod=b of any namespace with team=blue', 2, { namespaceSelector: { matchLabels: { team: 'blue' } }, ...b }],
    ['any pod with tier other than db of namespace x', 1, { podSelector: { matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['db'] }] } }],
    ['any pod with no label tier of any namespace with a label team', 4, { namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'Exists' }] }, podSelector: { matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] } }],
    ['any pod with pod in (b, c) of namespace x', 2, { podSelector: { matchExpressions: [{ key: 'pod', operator: 'In', values: ['b', 'c'] }] } }],
    ['any pod with app=later of namespace x', 0, { podSelector: { matchLabels: { app: 'later' } } }],
    ['addresses of 10.244.0.0/16 except 10.244.1.0/24', 6, { ipBlock: { cidr: '10.244.0.0/16', except: ['10.244.1.0/24'] } }],
  ];
  test.each(rows)('%s', (words, now, peer) => {
    expect(exposure('x/a', np('x/p', { podSelector: onA, ingress: [{ from: [peer], ports: [{ port: 'http' }] }] })).ingress.map((one) => [one.words, one.now, one.allowed, one.by?.field])).toEqual([[words, now, [{ protocol: 'TCP', ports: '80' }], 'spec.ingress[0].from[0]']]);
  });
  test('a rule for a name that the pod does not have lets nobody in', () => {
    expect(exposure('x/a', np('x/p', { podSelector: onA, ingress: [{ ports: [{ port: 'nope' }] }] })).ingress).toEqual([]);
  });
});

test('the meaning of a policy in one sentence', () => {
  const meaning = (spec: Fields): string => policyMeaning(clusterWith(np('x/p', spec)).policies[0]!);
  expect([
    meaning({ podSelector: {} }), meaning({ podSelector: onA, ingress: [{}] }),
    meaning({ podSelector: onA, policyTypes: ['Egress'], egress: [{ to: [b, { ipBlock: { cidr: '192.0.2.0/24' } }], ports: [{ port: 80, endPort: 90 }, { protocol: 'UDP' }] }] }),
    meaning({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] }),
  ]).toEqual([
    'Every pod of namespace x accepts no connections (besides what other policies allow).',
    'Every pod with pod=a of namespace x accepts connections from everyone, inside and outside (besides what other policies allow).',
    'Every pod with pod=a of namespace x opens connections to any pod with pod=b of namespace x or addresses of 192.0.2.0/24 on TCP 80–90, any UDP port, and no others (besides what other policies allow).',
    'Every pod of namespace x accepts no connections; opens no connections (besides what other policies allow).',
  ]);
});

describe('coverage: which rules a set of probes met', () => {
  const cluster = clusterWith(
    np('x/p', { podSelector: onA, ingress: [{ from: [b], ports: [{ port: 80 }] }, { from: [{ podSelector: { matchLabels: { pod: 'c' } } }] }, { from: [{ podSelector: { matchLabels: { pod: 'later' } } }] }, { from: [{ podSelector: { matchLabels: { pod: 'b' } } }], ports: [{ port: 80 }, { port: 81 }] }] }),
    np('x/none', { podSelector: { matchLabels: { pod: 'later' } }, ingress: [{}] }),
  );
  const probe = (from: string, to: string, port: number) => ({ from: endFrom(cluster, from), to: endFrom(cluster, to), protocol: 'tcp' as const, port });
  test('met, shadowed, unmet with the cheapest probe, selecting nothing', () => {
    expect(policyCoverage(cluster, [probe('x/b', 'x/a', 81), probe('x/b', 'x/a', 80), probe('y/b', 'x/a', 80)]).map(({ policy, field, hits, state, probe: next }) => [`${policy.name} ${field}`, hits, state, next])).toEqual([
      ['none spec.ingress[0]', 0, 'selects-nothing', null],
      ['p spec.ingress[0]', 1, 'shadowed', null],
      ['p spec.ingress[1]', 0, 'unmet', { from: 'pod/x/c', to: 'pod/x/a', protocol: 'tcp', port: 80 }],
      ['p spec.ingress[2]', 0, 'selects-nothing', null],
      ['p spec.ingress[3]', 2, 'met', null],
    ]);
  });
});

describe('diff: what opened, closed, changed', () => {
  const rule = (...rules: readonly Fields[]): Fields => np('x/p', { podSelector: onA, ingress: rules });
  const changes = (before: readonly Fields[], after: readonly Fields[]) => diffReach(clusterWith(...before), clusterWith(...after)).connections.map(({ src, dst, change, before: was, after: is }) => `${change} ${src} ${dst}: ${was.map((one) => one.ports).join()} ⇒ ${is.map((one) => one.ports).join()}`);
  test('the same is no difference', () => {
    expect(diffReach(clusterWith(rule({ from: [b] })), clusterWith(rule({ from: [b] })))).toEqual({ connections: [], peersAdded: [], peersRemoved: [] });
  });
  test('a peer, a port, a range', () => {
    expect(changes([rule({ from: [b], ports: [{ port: 80 }] })], [rule({ from: [b], ports: [{ port: 80 }, { port: 81 }] })])).toEqual(['changed x/b[Pod] x/a[Pod]: 80 ⇒ 80-81']);
    expect(changes([rule({ from: [b], ports: [{ port: 80 }] })], [rule({ from: [{ podSelector: { matchLabels: { pod: 'c' } } }], ports: [{ port: 80 }] })])).toEqual(['closed x/b[Pod] x/a[Pod]: 80 ⇒ ', 'opened x/c[Pod] x/a[Pod]:  ⇒ 80']);
    expect(changes([rule()], [rule({ from: [{ ipBlock: { cidr: '203.0.113.0/24', except: ['203.0.113.64/26'] } }], ports: [{ port: 80 }] })])).toEqual(['opened 203.0.113.0-203.0.113.63 x/a[Pod]:  ⇒ 80', 'opened 203.0.113.128-203.0.113.255 x/a[Pod]:  ⇒ 80']);
  });
  test('ranges with the same change are one, however they were cut', () => {
    expect(changes([rule({ from: [{ ipBlock: { cidr: '203.0.113.0/25' } }] }, { from: [{ ipBlock: { cidr: '203.0.113.128/25' } }] })], [rule()])).toEqual(['closed 203.0.113.0-203.0.113.255 x/a[Pod]: all,all,all ⇒ ']);
  });
  test('a peer that is new is said', () => {
    const one = clusterWith();
    const found = diffReach({ ...one, pods: one.pods.filter((pod) => `${pod.namespace}/${pod.name}` !== 'z/c') }, one);
    expect([found.peersAdded, found.peersRemoved, found.connections.every(({ change, src, dst }) => change === 'opened' && (src === 'z/c[Pod]' || dst === 'z/c[Pod]'))]).toEqual([['z/c[Pod]'], [], true]);
  });
});
