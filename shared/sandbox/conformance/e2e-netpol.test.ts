import { describe, expect, test } from 'vitest';
import { reach } from '../../analysis/reach.ts';
import type { L4Protocol } from '../../model/types.ts';
import type { Sandbox } from '../create-sandbox.ts';
import { openDocuments } from '../testing/open-documents.ts';

/**
 * Kubernetes' own NetworkPolicy cases (test/e2e/network/netpol/network_policy.go): pods a, b and c in the namespaces x, y and z, each listening on
 * 80 and 81 of TCP, UDP and SCTP, and the truth table of every pair, asked of `reach` and of packets, straight to the pod and by its Service.
 */
type Rule = readonly [from: string, to: string, passes: boolean];
interface Step { readonly ask: string; readonly rules: readonly Rule[] }
interface Case { readonly title: string; readonly policies: readonly (readonly [namespace: string, spec: string])[]; readonly labels?: Readonly<Record<string, string>>; readonly steps: readonly Step[] }

const names = ['x', 'y', 'z'].flatMap((ns) => ['a', 'b', 'c'].map((pod) => `${ns}/${pod}`));
// Some pairs share a node and some do not.
const placed: Readonly<Record<string, string>> = { 'x/a': 'a', 'x/b': 'b', 'x/c': 'a', 'y/a': 'b', 'y/b': 'a', 'y/c': 'c', 'z/a': 'c', 'z/b': 'b', 'z/c': 'a' };
const address = (name: string): string => `10.244.${'abc'.indexOf(placed[name]!) + 1}.${20 + names.indexOf(name)}`;
const protocols = ['TCP', 'UDP', 'SCTP'];
const every = (format: (port: number, protocol: string) => string): string => [80, 81].flatMap((port) => protocols.map((protocol) => format(port, protocol))).join(', ');

const onA = 'podSelector: {matchLabels: {pod: a}}';
const all = 'podSelector: {}';
const nsY = 'namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: "y"}}';
const notX = 'namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: NotIn, values: [x]}]}';
const podB = 'podSelector: {matchLabels: {pod: b}}';
const from = (...peers: readonly string[]): string => `{from: [${peers.map((peer) => `{${peer}}`).join(', ')}]}`;
const to = (...peers: readonly string[]): string => `{to: [${peers.map((peer) => `{${peer}}`).join(', ')}]}`;
const ports = (...list: readonly string[]): string => `{ports: [${list.map((port) => `{${port}}`).join(', ')}]}`;
const ingress = (selector: string, ...rules: readonly string[]): readonly [string, string] => ['x', `${selector}, policyTypes: [Ingress], ingress: [${rules.join(', ')}]`];
const egress = (selector: string, ...rules: readonly string[]): readonly [string, string] => ['x', `${selector}, policyTypes: [Egress], egress: [${rules.join(', ')}]`];
const only = (...sources: readonly string[]): readonly Rule[] => [['*', 'x/a', false], ...sources.map((source): Rule => [source, 'x/a', true])];
const ask = (rules: readonly Rule[], question = 'tcp/80'): Step => ({ ask: question, rules });
const noWay: readonly Rule[] = [['*', 'x/*', false]];
const y81 = 'ports: [{port: 81, protocol: TCP}]';

const cases: readonly Case[] = [
  { title: 'a default-deny-ingress policy', policies: [ingress(all)], steps: [ask(noWay)] },
  { title: 'a default-deny-all policy', policies: [['x', `${all}, policyTypes: [Ingress, Egress], ingress: [], egress: []`]], steps: [ask([['*', 'x/*', false], ['x/*', '*', false]])] },
  { title: 'traffic from pods within server namespace based on PodSelector', policies: [ingress(onA, from(podB))], steps: [ask(only('x/b'))] },
  { title: 'ingress traffic for a target', policies: [ingress(all), ingress(onA, from('podSelector: {}, namespaceSelector: {}'))], steps: [ask([['*', 'x/*', false], ['*', 'x/a', true]])] },
  { title: 'ingress traffic from pods in all namespaces', policies: [ingress(onA, from('namespaceSelector: {matchLabels: {}}'))], steps: [ask([])] },
  { title: 'traffic only from a different namespace, based on NamespaceSelector', policies: [ingress(onA, from(nsY))], steps: [ask(only('y/*'))] },
  { title: 'PodSelector with MatchExpressions', policies: [ingress(onA, from('podSelector: {matchExpressions: [{key: pod, operator: In, values: [b]}]}'))], steps: [ask(only('x/b'))] },
  { title: 'NamespaceSelector with MatchExpressions', policies: [ingress(onA, from('namespaceSelector: {matchExpressions: [{key: kubernetes.io/metadata.name, operator: In, values: ["y"]}]}'))], steps: [ask(only('y/*'))] },
  { title: 'PodSelector or NamespaceSelector', policies: [ingress(onA, from(notX, podB))], steps: [ask([['x/c', 'x/a', false]])] },
  { title: 'PodSelector and NamespaceSelector', policies: [ingress(onA, from(`${notX}, ${podB}`))], steps: [ask(only('y/b', 'z/b'))] },
  { title: 'Multiple PodSelectors and NamespaceSelectors', policies: [ingress(onA, from(`${notX}, podSelector: {matchExpressions: [{key: pod, operator: In, values: [b, c]}]}`))], steps: [ask(only('y/b', 'y/c', 'z/b', 'z/c'))] },
  { title: 'any PodSelectors', policies: [ingress(onA, from(podB, 'podSelector: {matchLabels: {pod: c}}'))], steps: [ask(only('x/b', 'x/c'))] },
  { title: 'a pod in a different namespace based on PodSelector and NamespaceSelector', policies: [ingress(onA, from(`${nsY}, ${onA}`))], steps: [ask(only('y/a'))] },
  { title: 'Ports', policies: [ingress(onA, `{from: [{${nsY}}], ${y81}}`)], steps: [ask(only('y/*'), 'tcp/81'), ask(only())] },
  { title: 'stacked policies with overlapping podSelectors', policies: [ingress(onA, `{from: [{${nsY}}], ${y81}}`), ingress(onA, `{from: [{${nsY}}], ports: [{port: 80}]}`)], steps: [ask(only('y/*'), 'tcp/81'), ask(only('y/*'))] },
  { title: 'allow-all policy', policies: [ingress('podSelector: {matchLabels: {}}', '{}')], steps: [ask([]), ask([], 'tcp/81')] },
  { title: 'ingress access on one named port', policies: [ingress(all, ports('port: serve-81-tcp'))], steps: [ask([], 'tcp/81'), ask(noWay), ask(noWay, 'udp/81')] },
  { title: 'ingress access from namespace on one named port', policies: [ingress(onA, `{from: [{${nsY}}], ports: [{port: serve-80-tcp, protocol: TCP}]}`)], steps: [ask(only('y/*')), ask(only(), 'tcp/81')] },
  { title: 'egress access on one named port', policies: [egress(all, ports('port: serve-80-tcp'))], steps: [ask([]), ask([['x/*', '*', false]], 'tcp/81')] },
  { title: 'updated policy: allow all becomes deny all', policies: [ingress('podSelector: {matchLabels: {}}')], steps: [ask(noWay, 'tcp/81')] },
  { title: 'ingress access from a namespace without the label', policies: [ingress(onA, from('namespaceSelector: {matchLabels: {ns2: updated}}'))], steps: [ask(only())] },
  { title: 'ingress access from updated namespace', policies: [ingress(onA, from('namespaceSelector: {matchLabels: {ns2: updated}}'))], labels: { y: 'ns2: updated' }, steps: [ask(only('y/*'))] },
  { title: 'ingress access from updated pod', policies: [ingress(onA, from('podSelector: {matchLabels: {pod: b, pod2: updated}}'))], labels: { 'x/b': 'pod2: updated' }, steps: [ask(only('x/b'))] },
  { title: 'deny ingress from pods on other namespaces', policies: [ingress(all, from('podSelector: {matchLabels: {}}'))], steps: [ask([['y/*', 'x/*', false], ['z/*', 'x/*', false]])] },
  { title: 'deny ingress access to updated pod', policies: [ingress('podSelector: {matchLabels: {target: isolated}}')], labels: { 'x/a': 'target: isolated' }, steps: [ask(only())] },
  { title: 'deny egress from pods based on PodSelector', policies: [egress(onA)], steps: [ask([['x/a', '*', false]])] },
  { title: 'deny egress from all pods in a namespace', policies: [egress(all)], steps: [ask([['x/*', '*', false]])] },
  {
    title: 'Ingress, Egress specified together', policies: [['x', `${onA}, policyTypes: [Egress, Ingress], ingress: [${from(podB)}], egress: [${ports('port: 80')}]`]],
    steps: [ask(only('x/b')), ask([['*', 'x/a', false], ['x/a', '*', false], ['x/b', 'x/a', true]], 'tcp/81')],
  },
  {
    title: 'denying of egress traffic on the client side (even if the server explicitly allows this traffic)',
    policies: [egress(onA, to(`${nsY}, ${onA}`)), ...['a', 'b'].map((pod) => ['y', `podSelector: {matchLabels: {pod: ${pod}}}, ingress: [${from(`namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: "x"}}, ${onA}`)}]`] as const)],
    steps: [ask([['x/a', '*', false], ['*', 'y/a', false], ['x/a', 'y/a', true], ['*', 'y/b', false]])],
  },
  { title: 'egress to a server in a different namespace based on PodSelector and NamespaceSelector', policies: [egress(onA, to(`${nsY}, ${onA}`))], steps: [ask([['x/a', '*', false], ['x/a', 'y/a', true]])] },
  { title: 'any port traffic to a server on a specific protocol', policies: [ingress(onA, ports('protocol: TCP'))], steps: [ask([]), ask(only(), 'udp/80'), ask(only(), 'sctp/81')] },
  { title: 'multiple ingress policies with ingress allow-all policy taking precedence', policies: [ingress('podSelector: {matchLabels: {}}', ports('port: 80, protocol: TCP')), ingress('podSelector: {matchLabels: {}}', '{}')], steps: [ask([]), ask([], 'tcp/81')] },
  { title: 'multiple egress policies with egress allow-all policy taking precedence', policies: [egress('podSelector: {matchLabels: {}}', ports('port: 80, protocol: TCP')), egress('podSelector: {matchLabels: {}}', '{}')], steps: [ask([]), ask([], 'tcp/81')] },
  { title: 'multiple egress policies, before the allow-all one', policies: [egress('podSelector: {matchLabels: {}}', ports('port: 80, protocol: TCP'))], steps: [ask([]), ask([['x/*', '*', false]], 'tcp/81')] },
  { title: 'stop enforcing policies after they are deleted', policies: [], steps: [ask([]), ask([], 'sctp/80')] },
  { title: 'egress to a server in CIDR block', policies: [egress(onA, to(`ipBlock: {cidr: ${address('y/b')}/32}`))], steps: [ask([['x/a', '*', false], ['x/a', 'y/b', true]])] },
  { title: 'except clause while egress access to server in CIDR block', policies: [egress(onA, to(`ipBlock: {cidr: 10.244.0.0/16, except: [${address('x/b')}/32]}`))], steps: [ask([['x/a', 'x/b', false]])] },
  {
    title: 'an IP overlapping both IPBlock.CIDR and IPBlock.Except is allowed by a second policy',
    policies: [egress(onA, to(`ipBlock: {cidr: 10.244.0.0/16, except: [${address('x/b')}/32]}`)), egress(onA, to(`ipBlock: {cidr: ${address('x/b')}/32}`))], steps: [ask([])],
  },
  { title: 'policies to check ingress and egress policies can be controlled independently based on PodSelector: both open', policies: [egress(onA, to(podB)), ingress(podB, from(onA))], steps: [ask([['x/a', '*', false], ['x/a', 'x/b', true], ['*', 'x/b', false], ['x/a', 'x/b', true]])] },
  { title: 'and egress closed while ingress is open', policies: [egress(onA), ingress(podB, from(onA))], steps: [ask([['x/a', '*', false], ['*', 'x/b', false]])] },
  { title: 'protocol: SCTP is not treated as protocol: TCP', policies: [ingress(onA, ports('port: 81, protocol: SCTP'))], steps: [ask(only(), 'tcp/81'), ask([], 'sctp/81'), ask(only())] },
  { title: 'no TCP where a policy specifies only SCTP', policies: [ingress(onA, ports('port: 80, protocol: SCTP'))], steps: [ask(only()), ask([], 'sctp/80'), ask(only(), 'sctp/81')] },
  { title: 'no TCP where a policy specifies only UDP', policies: [ingress(onA, ports('port: 81, protocol: UDP'))], steps: [ask(only(), 'tcp/81'), ask([], 'udp/81')] },
  { title: 'UDP: a default-deny-ingress policy', policies: [ingress(all)], steps: [ask(noWay, 'udp/80')] },
  { title: 'UDP: Ports', policies: [ingress(onA, `{from: [{${nsY}}], ports: [{port: 81, protocol: UDP}]}`)], steps: [ask(only('y/*'), 'udp/81'), ask(only(), 'udp/80')] },
  { title: 'UDP: a pod in a different namespace', policies: [ingress(onA, from(`${nsY}, ${onA}`))], steps: [ask(only('y/a'), 'udp/80')] },
  { title: 'SCTP: a default-deny-ingress policy', policies: [ingress(all)], steps: [ask(noWay, 'sctp/80')] },
  { title: 'SCTP: Ports', policies: [ingress(onA, `{from: [{${nsY}}], ports: [{port: 81, protocol: SCTP}]}`)], steps: [ask(only('y/*'), 'sctp/81'), ask(only(), 'sctp/80')] },
  { title: 'EndPort: ingress to a range', policies: [ingress(onA, ports('port: 81, endPort: 82'))], steps: [ask([], 'tcp/81'), ask(only())] },
  { title: 'EndPort: egress to a range', policies: [egress(onA, ports('port: 79, endPort: 80'))], steps: [ask([]), ask([['x/a', '*', false]], 'tcp/81')] },
];

const pod = (name: string, labels = ''): string => {
  const [ns, short] = name.split('/');
  return `{apiVersion: v1, kind: Pod, metadata: {namespace: "${ns}", name: ${short}, labels: {pod: ${short}${labels ? `, ${labels}` : ''}}}, spec: {nodeName: ${placed[name]}, containers: [{name: c, image: i, ports: [${every((port, protocol) => `{containerPort: ${port}, protocol: ${protocol}, name: serve-${port}-${protocol.toLowerCase()}}`)}]}]}, status: {podIP: ${address(name)}}}
---
{apiVersion: v1, kind: Service, metadata: {namespace: "${ns}", name: s-${short}}, spec: {clusterIP: ${address(name).replace('10.244.', '10.96.')}, selector: {pod: ${short}}, ports: [${every((port, protocol) => `{name: p-${port}-${protocol.toLowerCase()}, port: ${port}, protocol: ${protocol}}`)}]}}`;
};
const manifests = ({ policies, labels = {} }: Case, mode: string): string => [
  `{apiVersion: kubeproxy.config.k8s.io/v1alpha1, kind: KubeProxyConfiguration, mode: ${mode}, clusterCIDR: 10.244.0.0/16}`,
  ...['x', 'y', 'z'].map((ns) => `{apiVersion: v1, kind: Namespace, metadata: {name: "${ns}", labels: {${labels[ns] ?? ''}}}}`),
  ...names.map((name) => pod(name, labels[name])),
  ...policies.map(([ns, spec], i) => `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: "${ns}", name: p${i}}, spec: {${spec}}}`),
].join('\n---\n');

const meant = (pattern: string, name: string): boolean => pattern === '*' || pattern === name || pattern === `${name.split('/')[0]}/*`;
// A pod and itself is left to every plugin (ignoreLoopback).
const pairs = names.flatMap((a) => names.filter((b) => b !== a).map((b) => [a, b] as const));
const expected = ({ rules }: Step): readonly string[] => pairs.filter(([a, b]) => rules.reduce((passes, [source, target, then]) => (meant(source, a) && meant(target, b) ? then : passes), true)).map(([a, b]) => `${a} ${b}`);
// Packets between six of the nine, so that this stays short; upstream, too, takes the pods that a case needs.
const asked = pairs.filter((pair) => pair.every((name) => !['y/c', 'z/a', 'z/c'].includes(name)));
const questionOf = ({ ask: question }: Step): { protocol: L4Protocol; port: number } => ({ protocol: question.split('/')[0] as L4Protocol, port: Number(question.split('/')[1]) });

async function sent(sandbox: Sandbox, step: Step, target: (name: string) => string): Promise<readonly string[]> {
  const passing: string[] = [];
  for (const [a, b] of asked) {
    const { journey } = await sandbox.ask({ probe: { from: `pod/${a}`, to: target(b), ...questionOf(step) } });
    if (journey.verdict === 'delivered') passing.push(`${a} ${b}`);
  }
  return passing;
}

function reached(sandbox: Sandbox, step: Step): readonly string[] {
  const found = reach(sandbox.world()!.cluster, { listeningOnly: true, ipBlocksMatchPods: true });
  const peers = new Map(found.peers.map((peer) => [peer.name, peer]));
  const { protocol, port } = questionOf(step);
  return pairs.filter(([a, b]) => found.between(peers.get(`${a}[Pod]`)!, peers.get(`${b}[Pod]`)!)[protocol].some(([low, high]) => low <= port && port <= high)).map(([a, b]) => `${a} ${b}`);
}

const rows = cases.flatMap((one) => one.steps.map((step) => [one.title, step.ask, one, step] as const));

describe.each(['iptables', 'nftables'])('Kubernetes\' own NetworkPolicy cases, in %s mode', (mode) => {
  test.each(rows)('NP12 %s: %s', async (_title, _question, one, step) => {
    const sandbox = await openDocuments(manifests(one, mode));
    expect(sandbox.world()!.problems.filter((problem) => problem.severity === 'error')).toEqual([]);
    const wanted = expected(step);
    expect(reached(sandbox, step)).toEqual(wanted);
    const passing = wanted.filter((pair) => asked.some(([a, b]) => pair === `${a} ${b}`));
    expect(await sent(sandbox, step, (name) => `pod/${name}`)).toEqual(passing);
    if (mode === 'iptables') expect(await sent(sandbox, step, (name) => `service/${name.replace('/', '/s-')}`)).toEqual(passing);
  });
});
