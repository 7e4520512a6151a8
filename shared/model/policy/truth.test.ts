import { describe, expect, test } from 'vitest';
import type { Fields } from '../json-fields.ts';
import { clusterWith, np, passes } from './testing/lab.ts';

/** Where it is written; the policies; which questions pass and which do not. */
type Case = readonly [source: string, what: string, policies: readonly Fields[], pass: readonly string[], drop: readonly string[]];

const all = {};
const onA = { matchLabels: { pod: 'a' } };
const x = (name: string, spec: Fields): Fields => np(`x/${name}`, spec);
const from = (...peers: readonly Fields[]): readonly Fields[] => [x('p', { podSelector: onA, ingress: [{ from: peers }] })];
const to = (...peers: readonly Fields[]): readonly Fields[] => [x('p', { podSelector: onA, policyTypes: ['Egress'], egress: [{ to: peers }] })];
const ports = (...list: readonly Fields[]): readonly Fields[] => [x('p', { podSelector: onA, ingress: [{ ports: list }] })];
const toPorts = (...list: readonly Fields[]): readonly Fields[] => [x('p', { podSelector: onA, policyTypes: ['Egress'], egress: [{ ports: list }] })];
const block = (cidr: string, ...except: readonly string[]): Fields => ({ ipBlock: { cidr, ...(except.length > 0 ? { except } : {}) } });
const expression = (key: string, operator: string, ...values: readonly string[]): Fields => ({ podSelector: { matchExpressions: [{ key, operator, ...(values.length > 0 ? { values } : {}) }] } });

const isolation: readonly Case[] = [
  ['docs, two sorts of isolation', 'without any policy everything passes', [], ['y/a > x/a 80', 'x/a > y/a 80', 'x/a > 192.0.2.80 443', '203.0.113.10 > x/a 80', 'x/a > x/b udp/53', 'x/a > x/b sctp/132'], []],
  ['docs, default deny all ingress', 'an empty podSelector isolates every pod of its namespace', [x('deny', { podSelector: all })], ['x/a > y/a 80', 'y/a > z/a 80', 'x/a > 192.0.2.80 443'], ['y/a > x/a 80', 'x/b > x/a 80', '203.0.113.10 > x/c 80']],
  ['e2e: should support a default-deny-all policy', 'both directions, no rules', [x('deny', { podSelector: all, policyTypes: ['Ingress', 'Egress'] })], ['y/a > z/a 80'], ['x/a > y/a 80', 'y/a > x/a 80', 'x/a > x/b 80', 'x/a > x/b udp/53']],
  ['docs, default deny all egress', 'only egress is isolated', [x('deny', { podSelector: all, policyTypes: ['Egress'] })], ['y/a > x/a 80'], ['x/a > y/a 80', 'x/a > 192.0.2.80 443']],
  ['docs: policies are additive', 'two policies on one pod: either may allow', [x('p1', { podSelector: onA, ingress: [{ from: [{ podSelector: { matchLabels: { pod: 'b' } } }] }] }), x('p2', { podSelector: onA, ingress: [{ from: [{ podSelector: { matchLabels: { pod: 'c' } } }] }] })], ['x/b > x/a 80', 'x/c > x/a 80'], ['y/b > x/a 80']],
  ['docs: policies are additive', 'allow all beside deny all allows', [x('deny', { podSelector: all }), x('allow', { podSelector: all, ingress: [{}] })], ['y/a > x/a 80', '203.0.113.10 > x/b udp/53'], []],
  ['docs: both ends must allow', 'egress allows, ingress does not', [x('out', { podSelector: onA, policyTypes: ['Egress'], egress: [{}] }), np('y/in', { podSelector: all })], ['x/a > z/a 80'], ['x/a > y/a 80']],
  ['docs: both ends must allow', 'ingress allows, egress does not', [x('out', { podSelector: onA, policyTypes: ['Egress'] }), np('y/in', { podSelector: all, ingress: [{}] })], ['x/b > y/a 80'], ['x/a > y/a 80']],
  ['docs: both ends must allow', 'both allow', [x('out', { podSelector: onA, policyTypes: ['Egress'], egress: [{ ports: [{ port: 80 }] }] }), np('y/in', { podSelector: all, ingress: [{ ports: [{ port: 80 }, { port: 81 }] }] })], ['x/a > y/a 80'], ['x/a > y/a 81']],
  ['reference 2', 'selected is isolated, although its only rule can never match a TCP connection', [x('p', { podSelector: onA, ingress: [{ ports: [{ port: 80, protocol: 'SCTP' }] }] })], ['y/a > x/a sctp/80'], ['y/a > x/a 80', 'y/a > x/a udp/80']],
  ['reference 2', 'a port name that no pod has', ports({ port: 'nope' }), [], ['y/a > x/a 80']],
  ['reference 2', 'an ipBlock where nobody is', from(block('198.18.0.0/15')), ['198.18.3.4 > x/a 80'], ['y/a > x/a 80']],
  ['docs: policies are of one namespace', 'the same labels in another namespace are not selected', [x('deny', { podSelector: onA })], ['x/b > y/a 80', 'x/a > x/b 80'], ['x/b > x/a 80']],
  ['types.go podSelector', 'matchExpressions select too', [x('deny', { podSelector: { matchExpressions: [{ key: 'pod', operator: 'NotIn', values: ['a'] }] } })], ['y/a > x/a 80'], ['y/a > x/b 80', 'y/a > x/c 80']],
];

const types: readonly Case[] = [
  ['types.go policyTypes', 'by default ingress, always', [x('p', { podSelector: onA })], ['x/a > y/a 80'], ['y/a > x/a 80']],
  ['types.go policyTypes', 'egress rules bring the type Egress, ingress stays', [x('p', { podSelector: onA, egress: [{ to: [{ podSelector: all }] }] })], ['x/a > x/b 80'], ['x/a > y/b 80', 'x/b > x/a 80']],
  ['defaults.go SetDefaults_NetworkPolicy', 'an empty egress list brings nothing', [x('p', { podSelector: onA, egress: [] })], ['x/a > y/a 80'], ['y/a > x/a 80']],
  ['defaults.go SetDefaults_NetworkPolicy', 'unless the type is spelled out', [x('p', { podSelector: onA, policyTypes: ['Egress'], egress: [] })], ['y/a > x/a 80'], ['x/a > y/a 80']],
  ['types.go policyTypes', 'only Egress: ingress rules that stand there say nothing', [x('p', { podSelector: onA, policyTypes: ['Egress'], ingress: [], egress: [{}] })], ['y/a > x/a 80', 'x/a > y/a 80'], []],
  ['types.go policyTypes', 'only Ingress: egress rules that stand there say nothing', [x('p', { podSelector: onA, policyTypes: ['Ingress'], ingress: [{}], egress: [{ to: [{ podSelector: onA }] }] })], ['x/a > y/b 80', 'y/a > x/a 80'], []],
];

const peers: readonly Case[] = [
  ['types.go from', 'absent: everyone, the outside too', [x('p', { podSelector: onA, ingress: [{ ports: [{ port: 80 }] }] })], ['y/a > x/a 80', '203.0.113.10 > x/a 80'], ['y/a > x/a 81']],
  ['types.go from', 'empty list: as absent', [x('p', { podSelector: onA, ingress: [{ from: [] }] })], ['y/a > x/a 80', '203.0.113.10 > x/a udp/9'], []],
  ['types.go to', 'empty list: as absent', to(), ['x/a > y/a 80', 'x/a > 192.0.2.80 443'], []],
  ['docs, allow all', 'one empty rule is everything', [x('p', { podSelector: all, ingress: [{}] })], ['z/c > x/b sctp/132', '203.0.113.10 > x/b 1'], []],
  ['types.go podSelector of a peer', 'alone: pods of the policy\'s own namespace', from({ podSelector: { matchLabels: { pod: 'b' } } }), ['x/b > x/a 80'], ['y/b > x/a 80', 'x/c > x/a 80', '203.0.113.10 > x/a 80']],
  ['types.go podSelector of a peer', '{}: all pods of the own namespace, nobody outside', from({ podSelector: all }), ['x/b > x/a 80', 'x/c > x/a 80'], ['y/a > x/a 80', '203.0.113.10 > x/a 80']],
  ['types.go namespaceSelector', 'all pods of matching namespaces', from({ namespaceSelector: { matchLabels: { ns: 'y' } } }), ['y/a > x/a 80', 'y/c > x/a 80'], ['z/a > x/a 80', 'x/b > x/a 80']],
  ['types.go namespaceSelector', '{}: every pod, no outside address', from({ namespaceSelector: all }), ['y/a > x/a 80', 'x/b > x/a 80'], ['203.0.113.10 > x/a 80', '192.168.56.12 > x/a 80']],
  ['docs, namespaces by name', 'every namespace carries its name as a label', from({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'z' } } }), ['z/b > x/a 80'], ['y/b > x/a 80']],
  ['docs, one entry with both', 'namespaceSelector and podSelector together: AND', from({ namespaceSelector: { matchLabels: { ns: 'y' } }, podSelector: { matchLabels: { pod: 'b' } } }), ['y/b > x/a 80'], ['y/a > x/a 80', 'x/b > x/a 80', 'z/b > x/a 80']],
  ['docs, two entries', 'one dash more: OR', from({ namespaceSelector: { matchLabels: { ns: 'y' } } }, { podSelector: { matchLabels: { pod: 'b' } } }), ['y/b > x/a 80', 'y/a > x/a 80', 'x/b > x/a 80'], ['x/c > x/a 80', 'z/b > x/a 80']],
  ['docs, one entry with both', 'namespaceSelector {} with a podSelector: that pod of any namespace', from({ namespaceSelector: all, podSelector: { matchLabels: { pod: 'b' } } }), ['x/b > x/a 80', 'z/b > x/a 80'], ['z/a > x/a 80']],
  ['docs, one entry with both', 'podSelector {} with a namespaceSelector says no more than the latter', from({ namespaceSelector: { matchLabels: { ns: 'y' } }, podSelector: all }), ['y/c > x/a 80'], ['z/c > x/a 80']],
  ['e2e: based on PodSelector with MatchExpressions', 'In', from(expression('pod', 'In', 'b', 'c')), ['x/b > x/a 80', 'x/c > x/a 80'], ['y/b > x/a 80']],
  ['apimachinery labels.Requirement', 'NotIn holds where the key is absent', from(expression('tier', 'NotIn', 'db')), ['x/b > x/a 80'], ['x/c > x/a 80']],
  ['apimachinery labels.Requirement', 'DoesNotExist', from(expression('tier', 'DoesNotExist')), ['x/b > x/a 80'], ['x/c > x/a 80']],
  ['apimachinery labels.Requirement', 'Exists', from(expression('tier', 'Exists')), ['x/c > x/a 80'], ['x/b > x/a 80']],
  ['apimachinery labels.Requirement', 'matchLabels and matchExpressions: all of them', from({ podSelector: { matchLabels: { pod: 'c' }, matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] } }), [], ['x/c > x/a 80', 'x/b > x/a 80']],
  ['e2e: based on NamespaceSelector with MatchExpressions', 'a namespace without the label', from({ namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'DoesNotExist' }] } }), ['x/b > x/a 80'], ['y/a > x/a 80', 'z/a > x/a 80']],
  ['e2e: based on NamespaceSelector with MatchExpressions', 'NotIn', from({ namespaceSelector: { matchExpressions: [{ key: 'ns', operator: 'NotIn', values: ['z', 'x'] }] } }), ['y/a > x/a 80'], ['z/a > x/a 80', 'x/b > x/a 80']],
  ['types.go to', 'egress peers are selected alike', to({ namespaceSelector: { matchLabels: { ns: 'y' } }, podSelector: { matchLabels: { pod: 'b' } } }), ['x/a > y/b 80'], ['x/a > y/a 80', 'x/a > x/b 80', 'x/a > 192.0.2.80 443']],
  ['types.go to', 'podSelector alone on the way out: the own namespace', to({ podSelector: all }), ['x/a > x/c 80'], ['x/a > y/c 80']],
  ['docs, several rules', 'rules of one policy are joined', [x('p', { podSelector: onA, ingress: [{ from: [{ podSelector: { matchLabels: { pod: 'b' } } }], ports: [{ port: 80 }] }, { from: [{ podSelector: { matchLabels: { pod: 'c' } } }], ports: [{ port: 81 }] }] })], ['x/b > x/a 80', 'x/c > x/a 81'], ['x/b > x/a 81', 'x/c > x/a 80']],
];

const portRows: readonly Case[] = [
  ['types.go ports', 'absent: every protocol and port', [x('p', { podSelector: onA, ingress: [{ from: [{ namespaceSelector: all }] }] })], ['y/a > x/a 1', 'y/a > x/a udp/65535', 'y/a > x/a sctp/9'], []],
  ['types.go ports', 'empty list: as absent', ports(), ['y/a > x/a 1', 'y/a > x/a udp/53'], []],
  ['types.go NetworkPolicyPort.protocol', 'TCP where none is said', ports({ port: 80 }), ['y/a > x/a 80'], ['y/a > x/a udp/80', 'y/a > x/a sctp/80', 'y/a > x/a 81']],
  ['types.go NetworkPolicyPort.port', 'a protocol alone: all of its ports', ports({ protocol: 'UDP' }), ['y/a > x/a udp/1', 'y/a > x/a udp/65535'], ['y/a > x/a 80']],
  ['types.go NetworkPolicyPort.port', 'an empty entry: all TCP ports', ports({}), ['y/a > x/a 1', 'y/a > x/a 65535'], ['y/a > x/a udp/53']],
  ['types.go ports', 'entries are joined', ports({ port: 80 }, { port: 53, protocol: 'UDP' }), ['y/a > x/a 80', 'y/a > x/a udp/53'], ['y/a > x/a 53', 'y/a > x/a udp/80']],
  ['types.go NetworkPolicyPort.endPort', 'both ends included', ports({ port: 80, endPort: 82 }), ['y/a > x/a 80', 'y/a > x/a 81', 'y/a > x/a 82'], ['y/a > x/a 79', 'y/a > x/a 83', 'y/a > x/a udp/81']],
  ['types.go NetworkPolicyPort.endPort', 'equal to the port: that one', ports({ port: 80, endPort: 80 }), ['y/a > x/a 80'], ['y/a > x/a 81']],
  ['docs, range of ports', 'on the way out', toPorts({ port: 8080, endPort: 8090 }), ['x/a > y/a 8085', 'x/a > 192.0.2.80 8090'], ['x/a > y/a 80']],
  ['types.go NetworkPolicyPort.port', 'a name is looked up on the selected pod', ports({ port: 'http' }), ['y/a > x/a 80'], ['y/a > x/a 81']],
  ['types.go NetworkPolicyPort.port', 'each pod by its own number', [np('z/p', { podSelector: all, ingress: [{ ports: [{ port: 'http' }] }] })], ['x/a > z/a 8080'], ['x/a > z/a 80']],
  ['types.go NetworkPolicyPort.port', 'on the way out: on the destination', toPorts({ port: 'http' }), ['x/a > y/a 80', 'x/a > z/a 8080'], ['x/a > z/a 80', 'x/a > y/a 8080']],
  ['types.go NetworkPolicyPort.port', 'an address without a pod has no names', toPorts({ port: 'http' }), [], ['x/a > 192.0.2.80 80']],
  ['types.go NetworkPolicyPort', 'the name must have the same protocol', ports({ port: 'dns' }), [], ['y/a > x/a 53', 'y/a > x/a udp/53']],
  ['types.go NetworkPolicyPort', 'and with it, it is found', ports({ port: 'dns', protocol: 'UDP' }), ['y/a > x/a udp/53'], ['y/a > x/a 53']],
  ['types.go NetworkPolicyPort', 'SCTP names', ports({ port: 'sig', protocol: 'SCTP' }), ['y/a > x/a sctp/132'], ['y/a > x/a 132']],
  ['reference 8', 'the pod\'s port counts: a rule for a Service\'s port does nothing for targetPort 8080', [np('z/p', { podSelector: all, ingress: [{ ports: [{ port: 80 }] }] })], ['x/a > z/a 80'], ['x/a > z/a 8080']],
  ['reference 10', 'ICMP is undefined: a rule without ports lets it pass, ports never cover it', ports({ port: 80 }), [], ['y/a > x/a icmp/0']],
  ['reference 10', 'ICMP passes with a rule without ports', [x('p', { podSelector: onA, ingress: [{ from: [{ namespaceSelector: all }] }] })], ['y/a > x/a icmp/0'], ['203.0.113.10 > x/a icmp/0']],
  ['e2e: egress port, then DNS', 'DNS forgotten', toPorts({ port: 80 }), ['x/a > y/a 80'], ['x/a > y/a udp/53']],
];

const blocks: readonly Case[] = [
  ['types.go ipBlock', 'outside addresses in it', from(block('203.0.113.0/24')), ['203.0.113.10 > x/a 80', '203.0.113.0 > x/a 80', '203.0.113.255 > x/a 80'], ['203.0.114.0 > x/a 80', '203.0.112.255 > x/a 80', 'y/a > x/a 80']],
  ['types.go except', 'taken out again', from(block('203.0.113.0/24', '203.0.113.0/28')), ['203.0.113.16 > x/a 80'], ['203.0.113.15 > x/a 80']],
  ['types.go except', 'limits only its own entry', from(block('203.0.113.0/24', '203.0.113.0/28'), block('203.0.113.8/32')), ['203.0.113.8 > x/a 80'], ['203.0.113.9 > x/a 80']],
  ['types.go except', 'several', from(block('203.0.113.0/24', '203.0.113.0/28', '203.0.113.240/28')), ['203.0.113.100 > x/a 80'], ['203.0.113.250 > x/a 80', '203.0.113.1 > x/a 80']],
  ['e2e: allow egress to a CIDR', 'on the way out', to(block('192.0.2.0/24')), ['x/a > 192.0.2.80 443'], ['x/a > 198.51.100.1 443', 'x/a > y/a 80']],
  ['e2e: except, then allowed by another policy', 'policies are joined, exceptions are not', [x('p1', { podSelector: onA, policyTypes: ['Egress'], egress: [{ to: [block('192.0.2.0/24', '192.0.2.80/32')] }] }), x('p2', { podSelector: onA, policyTypes: ['Egress'], egress: [{ to: [block('192.0.2.80/32')] }] })], ['x/a > 192.0.2.80 443'], []],
  ['e2e: ipBlock and pod addresses', 'it does match pods', from(block('10.244.1.0/24')), ['y/a > x/a 80'], ['y/b > x/a 80']],
  ['e2e: except and pod addresses', 'a pod in the exception', to(block('10.244.0.0/16', '10.244.2.0/24')), ['x/a > y/c 80'], ['x/a > y/b 80']],
  ['reference 9', 'everything, outside and pods', from(block('0.0.0.0/0')), ['y/a > x/a 80', '8.8.8.8 > x/a 80'], []],
  ['reliability M11', '0.0.0.0/0 says nothing of IPv6', from(block('0.0.0.0/0')), ['8.8.8.8 > x/a 80'], ['2001:db8::1 > x/a 80']],
  ['types.go ipBlock', 'IPv6', from(block('2001:db8::/32', '2001:db8:1::/48')), ['2001:db8::1 > x/a 80'], ['2001:db8:1::9 > x/a 80', '8.8.8.8 > x/a 80']],
  ['reference 9, validation ParseCIDRSloppy', 'host bits are masked', from(block('203.0.113.77/24')), ['203.0.113.10 > x/a 80'], ['203.0.114.10 > x/a 80']],
  ['reference 4', 'an ipBlock beside a selector entry: OR', from(block('203.0.113.0/24'), { podSelector: { matchLabels: { pod: 'b' } } }), ['203.0.113.10 > x/a 80', 'x/b > x/a 80'], ['x/c > x/a 80']],
  ['types.go ipBlock', 'one address', from(block('203.0.113.10/32')), ['203.0.113.10 > x/a 80'], ['203.0.113.11 > x/a 80']],
];

const special: readonly Case[] = [
  ['docs: the own node', 'a kubelet reaches its pods whatever the policy', [x('deny', { podSelector: all })], ['node/a > x/a 80', 'node/b > x/b 80'], ['node/b > x/a 80', 'node/a > x/b 80']],
  ['docs: the own node', 'also by the address of its pod bridge', [x('deny', { podSelector: all })], ['10.244.1.1 > x/a 80'], ['10.244.2.1 > x/a 80']],
  ['docs: the own node', 'and the pod reaches its node', [x('deny', { podSelector: all, policyTypes: ['Egress'] })], ['x/a > node/a 10250'], ['x/a > node/b 10250']],
  ['reference 10', 'other nodes by ipBlock', from(block('192.168.56.12/32')), ['node/b > x/a 80'], ['node/c > x/a 80']],
  ['docs: hostNetwork pods', 'selectors do not see them: they are their node', from({ namespaceSelector: all }), [], ['y/h > x/a 80']],
  ['docs: hostNetwork pods', 'an ipBlock does', from(block('192.168.56.0/24')), ['y/h > x/a 80'], []],
  ['docs: hostNetwork pods', 'and no policy isolates them', [np('y/deny', { podSelector: all, policyTypes: ['Ingress', 'Egress'] })], ['x/a > y/h 80', 'y/h > x/a 80'], ['x/a > y/a 80']],
  ['reference 10', 'a pod reaches itself', [x('deny', { podSelector: all, policyTypes: ['Ingress', 'Egress'] })], ['x/a > x/a 80'], ['x/a > x/b 80']],
  ['reference 10', 'a finished pod is nobody: its address is just an address', from({ podSelector: { matchLabels: { pod: 'old' } } }), [], ['10.244.1.99 > x/a 80']],
];

const groups: Readonly<Record<string, readonly Case[]>> = { 'NP1 isolation': isolation, 'NP2 types': types, 'NP3 peers': peers, 'NP4 ports': portRows, 'NP5 blocks': blocks, 'NP6 special cases': special };

describe.each(Object.entries(groups))('%s', (_group, cases) => {
  const rows = cases.flatMap(([source, what, policies, pass, drop]) => [...pass.map((question) => [source, what, question, 'passes', policies] as const), ...drop.map((question) => [source, what, question, 'is dropped', policies] as const)]);
  test.each(rows)('%s — %s: %s %s', (_source, _what, question, verdict, policies) => {
    expect(passes(clusterWith(...policies), question) ? 'passes' : 'is dropped').toBe(verdict);
  });
});

test('ipBlocks may be read as meaning outside addresses only', () => {
  const cluster = clusterWith(...from(block('10.0.0.0/8')));
  expect([passes(cluster, 'y/a > x/a 80', { ipBlocksMatchPods: false }), passes(cluster, '10.9.9.9 > x/a 80', { ipBlocksMatchPods: false })]).toEqual([false, true]);
});
