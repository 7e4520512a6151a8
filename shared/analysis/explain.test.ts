import { describe, expect, test } from 'vitest';
import { clusterWith, endFrom, np } from '../model/policy/testing/lab.ts';
import type { Fields } from '../model/json-fields.ts';
import { policyCoverage } from './coverage.ts';
import { diffReach } from './diff-reach.ts';
import { policyMeaning } from '../model/policy/meaning.ts';
import { exposureOf } from './exposure.ts';

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
    const today = ['x/b[Pod]', 'x/c[Pod]', 'y/a[Pod]', 'y/b[Pod]', 'y/c[Pod]', 'z/a[Pod]', 'z/b[Pod]', 'z/c[Pod]'];
    expect([isolated, ingress]).toEqual([{ ingress: false, egress: false }, [{ peer: { kind: 'everyone' }, words: 'everyone, inside and outside', allowed: all, by: null, now: 8, today, alsoJudgedBy: [] }]]);
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
  test('a pod that does not exist yet may be judged on its own side, too', () => {
    const later = { podSelector: { matchLabels: { app: 'later' } } };
    const found = exposure('x/a', np('x/in', { podSelector: onA, ingress: [{ from: [later] }, { from: [{ namespaceSelector: {}, ...later }] }] }), np('x/out', { podSelector: {}, policyTypes: ['Egress'] }));
    expect(found.ingress.map(({ words, now, alsoJudgedBy }) => [words, now, alsoJudgedBy])).toEqual([
      ['any pod with app=later of namespace x', 0, ['x/out']],
      ['any pod with app=later of any namespace', 0, []],
    ]);
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

describe('coverage: which policy rules a set of questions met', () => {
  const judge = (cluster: ReturnType<typeof clusterWith>, from: string, to: string, port: number, protocol: 'tcp' | 'icmp' = 'tcp') => [{ direction: 'ingress' as const, from: endFrom(cluster, from), to: endFrom(cluster, to), protocol, port }];
  const lines = (cluster: ReturnType<typeof clusterWith>, ...questions: ReturnType<typeof judge>[]) => policyCoverage(cluster, questions).map(({ policy, field, hits, state, why, probe }) => [`${policy.name} ${field.replace('spec.', '')}`, hits, state, why, probe && `${probe.from} ${probe.to} ${probe.protocol}/${probe.port}`]);
  const podC = { podSelector: { matchLabels: { pod: 'c' } } };
  const later = { podSelector: { matchLabels: { pod: 'later' } } };

  test('met, shadowed, unmet with the cheapest question, selecting nothing', () => {
    const cluster = clusterWith(
      np('x/p', { podSelector: onA, ingress: [{ from: [b], ports: [{ port: 80 }] }, { from: [podC] }, { from: [later] }, { from: [b], ports: [{ port: 80 }, { port: 81 }] }] }),
      np('x/none', { ...later, ingress: [{}] }),
    );
    expect(lines(cluster, judge(cluster, 'x/b', 'x/a', 81), judge(cluster, 'x/b', 'x/a', 80), judge(cluster, 'y/b', 'x/a', 80))).toEqual([
      ['none ingress[0]', 0, 'selects-nothing', 'No pod of namespace x is selected by this policy today.', null],
      ['p ingress[0]', 1, 'shadowed', 'All that it allows is allowed by x/p spec.ingress[3] as well.', null],
      ['p ingress[1]', 0, 'unmet', '', 'pod/x/c pod/x/a tcp/80'],
      ['p ingress[2]', 0, 'selects-nothing', 'Nobody is meant by its from today.', null],
      ['p ingress[3]', 2, 'met', '', null],
    ]);
  });
  test('an ipBlock outside speaks of addresses, not of nobody; where no machine stands nobody can ask', () => {
    const block = (cidr: string): Fields => np('x/p', { podSelector: onA, ingress: [{ from: [{ ipBlock: { cidr } }], ports: [{ port: 80 }] }] });
    expect(lines(clusterWith(block('203.0.113.0/24')))).toEqual([['p ingress[0]', 0, 'unmet', '', 'client/internet pod/x/a tcp/80']]);
    expect(lines(clusterWith(block('198.51.100.0/24')))).toEqual([['p ingress[0]', 0, 'unmet', 'Only addresses at which no machine stands could meet it.', null]]);
    const out = np('x/p', { podSelector: onA, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '198.51.100.0/24' } }], ports: [{ port: 443 }] }] });
    expect(lines(clusterWith(out))).toEqual([['p egress[0]', 0, 'unmet', '', 'pod/x/a 198.51.100.0 tcp/443']]);
  });
  test('a rule is no shadow for pods that its policy does not select, nor in another namespace or direction', () => {
    const one = np('x/one', { podSelector: {}, ingress: [{ from: [b] }] });
    expect(lines(clusterWith(one, np('x/two', { podSelector: onA, ingress: [{ from: [b] }] }))).map((line) => line[2])).toEqual(['unmet', 'shadowed']);
    expect(lines(clusterWith(one, np('y/two', { podSelector: {}, ingress: [{ from: [{ namespaceSelector: {} }] }] }))).map((line) => line[2])).toEqual(['unmet', 'unmet']);
    expect(lines(clusterWith(one, np('x/out', { podSelector: {}, policyTypes: ['Egress'], egress: [{}] }))).map((line) => line[2])).toEqual(['unmet', 'unmet']);
  });
  test('several rules can shadow one together, and equal rules shadow each other', () => {
    const ports = (...numbers: readonly number[]): Fields => ({ from: [b], ports: numbers.map((port) => ({ port })) });
    expect(lines(clusterWith(np('x/p', { podSelector: onA, ingress: [ports(80), ports(81), ports(80, 81)] }))).map((line) => [line[2], line[3]])).toEqual([
      ['shadowed', 'All that it allows is allowed by x/p spec.ingress[2] as well.'],
      ['shadowed', 'All that it allows is allowed by x/p spec.ingress[2] as well.'],
      ['shadowed', 'All that it allows is allowed by several other rules together as well.'],
    ]);
  });
  test('a name that no pod has, a pod alone with itself, ICMP by a rule without ports', () => {
    const rules = (...ingress: readonly Fields[]) => clusterWith(np('x/p', { podSelector: onA, ingress }));
    expect(lines(rules({ ports: [{ port: 'nope' }] }))[0]!.slice(2, 4)).toEqual(['selects-nothing', 'No pod that it speaks of has a port of that name and protocol.']);
    expect(lines(rules({ from: [{ podSelector: onA }] }))[0]!.slice(2, 4)).toEqual(['selects-nothing', 'It means only the selected pod itself, which no policy judges.']);
    const cluster = rules({ from: [b] }, { from: [b], ports: [{ port: 80 }] });
    expect(lines(cluster, judge(cluster, 'x/b', 'x/a', 0, 'icmp')).map((line) => line[1])).toEqual([1, 0]);
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
