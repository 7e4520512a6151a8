import { expect, test } from 'vitest';
import { explainDrop } from './explain-drop.ts';
import { decide, explainDecision, indexPolicies } from './oracle.ts';
import type { Fields } from '../json-fields.ts';
import { clusterWith, endFrom, np } from './testing/lab.ts';

const onA = { matchLabels: { pod: 'a' } };
const b = { podSelector: { matchLabels: { pod: 'b' } } };

/** Both decisions of one question, in words. */
function said(policies: readonly Fields[], from: string, to: string, port = 80): readonly string[] {
  const cluster = clusterWith(...policies);
  return decide(indexPolicies(cluster), endFrom(cluster, from), endFrom(cluster, to), 'tcp', port).map(explainDecision);
}
const p = (spec: Fields): readonly Fields[] => [np('x/p', { podSelector: onA, ...spec })];

const free = 'No NetworkPolicy selects the pod for egress, so everything may pass.';
const denied = 'Ingress is denied: the pod is selected by x/p; none of their rules matched because p rule 1 ';
const rows: readonly [what: string, policies: readonly Fields[], from: string, port: number, ingress: string][] = [
  ['nobody selects it', [], 'y/a', 80, 'No NetworkPolicy selects the pod for ingress, so everything may pass.'],
  ['a rule lets it pass', p({ ingress: [{ from: [b] }, { ports: [{ port: 80 }] }] }), 'y/a', 80, 'Ingress is allowed by rule 2 of NetworkPolicy x/p.'],
  ['there are no rules', p({}), 'y/a', 80, 'Ingress is denied: the pod is selected by x/p, which has no ingress rules.'],
  ['another namespace', p({ ingress: [{ from: [b] }] }), 'y/b', 80, `${denied}(spec.ingress[0].from[0].podSelector): without a namespaceSelector only pods of namespace x are meant, and b is in y.`],
  ['another label', p({ ingress: [{ from: [b] }] }), 'x/c', 80, `${denied}(spec.ingress[0].from[0].podSelector): c (pod=c, tier=db) is not pod=b.`],
  ['a namespace\'s label', p({ ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'red' } } }] }] }), 'y/b', 80, `${denied}(spec.ingress[0].from[0].namespaceSelector): namespace y (kubernetes.io/metadata.name=y, ns=y, team=blue) is not team=red.`],
  ['no pod', p({ ingress: [{ from: [b] }] }), '203.0.113.10', 80, `${denied}(spec.ingress[0].from[0]): selectors match pods, and 203.0.113.10 is no pod of the pod network.`],
  ['another network', p({ ingress: [{ from: [{ ipBlock: { cidr: '198.18.0.0/15' } }] }] }), '203.0.113.10', 80, `${denied}(spec.ingress[0].from[0].ipBlock.cidr): 203.0.113.10 is not in 198.18.0.0/15.`],
  ['an exception', p({ ingress: [{ from: [{ ipBlock: { cidr: '203.0.113.0/24', except: ['203.0.113.0/28'] } }] }] }), '203.0.113.10', 80, `${denied}(spec.ingress[0].from[0].ipBlock.except[0]): 203.0.113.10 lies in the exception 203.0.113.0/28.`],
  ['another port', p({ ingress: [{ ports: [{ port: 81 }] }] }), 'y/a', 80, `${denied}(spec.ingress[0].ports[0].port): it is for port 81, the packet's is 80 (policies see the pod's port, after the Service's rewrite).`],
  ['a range', p({ ingress: [{ ports: [{ port: 90, endPort: 99 }] }] }), 'y/a', 80, `${denied}(spec.ingress[0].ports[0].port): it is for port 90–99, the packet's is 80 (policies see the pod's port, after the Service's rewrite).`],
  ['another protocol', p({ ingress: [{ ports: [{ port: 80, protocol: 'UDP' }] }] }), 'y/a', 80, `${denied}(spec.ingress[0].ports[0].protocol): it is for UDP, this is TCP.`],
  ['a name', p({ ingress: [{ ports: [{ port: 'alt' }] }] }), 'y/a', 80, `${denied}(spec.ingress[0].ports[0].port): the destination has no TCP port named alt with number 80.`],
  ['every entry of a rule is named', p({ ingress: [{ from: [b, { ipBlock: { cidr: '198.18.0.0/15' } }] }] }), 'x/c', 80, `${denied}(spec.ingress[0].from[0].podSelector): c (pod=c, tier=db) is not pod=b; p rule 1 (spec.ingress[0].from[1].ipBlock.cidr): 10.244.3.10 is not in 198.18.0.0/15.`],
  ['the own node', p({}), 'node/a', 80, 'Traffic between a pod and its own node cannot be blocked.'],
];

test.each(rows)('the decision in words: %s', (_what, policies, from, port, ingress) => {
  const [egress, second] = said(policies, from, 'x/a', port);
  expect([from.includes('/') && !from.startsWith('node/') ? egress : free, second]).toEqual([free, ingress]);
});

test('a drop is explained by the direction that denied, with every policy that isolates; where policy allows it, by nobody', () => {
  const cluster = clusterWith(np('x/out', { podSelector: onA, policyTypes: ['Egress'] }), np('x/out2', { podSelector: {}, policyTypes: ['Egress'] }), np('y/in', { podSelector: {} }));
  const explain = (from: string, to: string) => explainDrop(cluster, endFrom(cluster, from), endFrom(cluster, to), 'tcp', 80);
  expect([explain('x/a', 'y/a')?.decidedBy.map(({ name }) => name), explain('z/a', 'y/a')?.decidedBy.map(({ name }) => name), explain('z/a', 'x/a')]).toEqual([['out', 'out2'], ['in'], null]);
});
