import { describe, expect, test } from 'vitest';
import { printFraction } from '../../base/fraction.ts';
import type { Journey } from '../../trace/types.ts';
import { createSandbox } from '../create-sandbox.ts';
import { openDocuments } from '../testing/open-documents.ts';

const pods = `
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: shop, labels: { app: web } }
spec: { nodeName: c, containers: [{ name: web, image: web }] }
---
apiVersion: v1
kind: Pod
metadata: { name: api, namespace: shop, labels: { app: api } }
spec: { nodeName: c, containers: [{ name: api, image: api, ports: [{ containerPort: 8080 }] }] }
---
apiVersion: v1
kind: Pod
metadata: { name: hostly, namespace: shop }
spec: { nodeName: c, hostNetwork: true, containers: [{ name: x, image: x }] }
---
apiVersion: v1
kind: Service
metadata: { name: api, namespace: shop }
spec: { selector: { app: api }, ports: [{ port: 80, targetPort: 8080 }] }
---
apiVersion: v1
kind: Service
metadata: { name: alias, namespace: shop }
spec: { type: ExternalName, externalName: api.github.com }
`;
const sandboxDocument = (spec: string): string => `---\napiVersion: podhop.dev/v1alpha1\nkind: Sandbox\nmetadata: { name: s }\nspec: ${spec}\n`;
const lostReplica = sandboxDocument('{ faults: [{ kind: node-stopped, node: b }] }');
const egressDenied = `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: only-api, namespace: shop }
spec: { podSelector: { matchLabels: { app: web } }, policyTypes: [Egress], egress: [{ to: [{ podSelector: {} }] }EXTRA] }
`;
const noReplica = `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: coredns, namespace: kube-system }
spec: { replicas: 0, selector: { matchLabels: { k8s-app: kube-dns } }, template: { metadata: { labels: { k8s-app: kube-dns } }, spec: { containers: [{ name: coredns, image: coredns }] } } }
`;

async function ask(text: string, from: string, to: string, port = 80): Promise<Journey> {
  const sandbox = await openDocuments(pods + text);
  return (await sandbox.ask({ probe: { from, to, port } })).journey;
}
const told = (journey: Journey): readonly string[] => journey.branches.map((branch) => `${printFraction(branch.odds)} ${branch.verdict}${branch.code === '' ? '' : ` ${branch.code}`}`);
const asked = (journey: Journey): readonly string[] => journey.branches[0]!.legs.filter((leg) => leg.kind === 'lookup').map((leg) => `${leg.what} = ${leg.answer} (${leg.queries})`);

describe('lookups are packets', () => {
  test('a name of the own namespace is found by the first of the search list; which CoreDNS pod answers makes no further branch', async () => {
    const journey = await ask('', 'pod/shop/web', 'api');
    expect(told(journey)).toEqual(['1 delivered']);
    expect(asked(journey)).toEqual([expect.stringMatching(/^A api\.shop\.svc\.cluster\.local = 10\..* \(2\)$/)]);
    expect(journey.resolution?.how).toBe('lookup');
    expect(journey.branches[0]!.legs[0]!.trace.outcome).toMatchObject({ kind: 'delivered', as: { l4: { proto: 'udp', dport: 53 } } });
  });
  test('api.github.com costs eight questions, with the dot two (resolv.conf(5) ndots; course 20)', async () => {
    expect(asked(await ask('', 'pod/shop/web', 'example.com'))).toEqual([
      'A example.com.shop.svc.cluster.local = NXDOMAIN (2)', 'A example.com.svc.cluster.local = NXDOMAIN (2)', 'A example.com.cluster.local = NXDOMAIN (2)', 'A example.com = 192.0.2.80 (2)',
    ]);
    expect(asked(await ask('', 'pod/shop/web', 'example.com.'))).toEqual(['A example.com = 192.0.2.80 (2)']);
  });
  test('a name that does not exist was asked for all the same', async () => {
    const journey = await ask('', 'pod/shop/web', 'nobody');
    expect(told(journey)).toEqual(['1 nxdomain nxdomain']);
    expect(asked(journey)).toHaveLength(4);
  });
  test.each([
    ['DNS9 found at its first name: lost half of the time, and what the name as it is says is told', 'api', ['1/2 delivered', '1/4 nxdomain nxdomain', '1/4 dns-timeout host-down']],
    ['DNS9 found at its second name: each name is a chance of its own to meet the lost one', 'api.shop', ['1/4 delivered', '3/8 nxdomain nxdomain', '3/8 dns-timeout host-down']],
    ['DNS9 found as it is: a lost name of the list changes nothing', 'example.com', ['1/2 delivered', '1/2 dns-timeout host-down']],
    ['DNS9 found as it is, with a dot at its end', 'example.com.', ['1/2 delivered', '1/2 dns-timeout host-down']],
    ['DNS9 nobody’s name', 'nobody', ['1/2 nxdomain nxdomain', '1/2 dns-timeout host-down']],
    ['DNS9 with its dots it is asked as it is first: lost, the list is searched all the same, and the loss is told', 'a.b.c.d.e.nobody', ['1/2 nxdomain nxdomain', '1/2 dns-timeout host-down']],
    ['DNS9 with its dots and found as it is', 'api.shop.svc.cluster.local.', ['1/2 delivered', '1/2 dns-timeout host-down']],
  ])('of two CoreDNS pods one is lost; %s', async (_, name, fates) => {
    expect(told(await ask(lostReplica, 'pod/shop/web', name))).toEqual(fates);
  });
  test('DNS9 a name that is there and is said not to exist names the query that got no answer', async () => {
    const journey = await ask(lostReplica, 'pod/shop/web', 'api');
    expect(journey.branches[1]!.sentence).toBe('There is no name api, says the resolver: the query for api.shop.svc.cluster.local got no answer, which ends the search list, and the name as it is does not exist.');
    expect(journey.branches[1]!.legs.map(({ what, answer }) => `${what} = ${answer}`)).toEqual(['A api.shop.svc.cluster.local = no answer', 'A api = NXDOMAIN']);
  });
  test('a policy that forbids port 53 to CoreDNS yields dns-timeout and names itself, and the pod’s address needs no lookup (course 30)', async () => {
    const journey = await ask(egressDenied.replace('EXTRA', ''), 'pod/shop/web', 'api');
    expect(journey.verdict).toBe('dns-timeout');
    expect(journey.branches[0]!.decidedBy).toMatchObject([{ kind: 'NetworkPolicy', namespace: 'shop', name: 'only-api' }]);
    expect((await ask(egressDenied.replace('EXTRA', ''), 'pod/shop/web', 'pod/shop/api', 8080)).verdict).toBe('delivered');
    const opened = egressDenied.replace('EXTRA', ', { to: [{ namespaceSelector: {}, podSelector: { matchLabels: { k8s-app: kube-dns } } }], ports: [{ port: 53, protocol: UDP }, { port: 53 }] }');
    expect((await ask(opened, 'pod/shop/web', 'api')).verdict).toBe('delivered');
  });
  test('a cluster DNS without a pod refuses at once, which is no timeout', async () => {
    const journey = await ask(noReplica, 'pod/shop/web', 'api');
    expect(told(journey)).toEqual(['1 refused no-endpoints']);
    expect(journey.branches[0]!.legs.map((leg) => leg.kind)).toEqual(['lookup']);
  });
  test.each([
    ['a literal address', 'pod/shop/web', '192.0.2.80'], ['an object', 'pod/shop/web', 'service/shop/api'], ['an ExternalName object', 'pod/shop/web', 'service/shop/alias'],
    ['a hostNetwork pod, which asks its node’s resolver', 'pod/shop/hostly', 'example.com'], ['a client outside', 'client/internet', 'example.com'],
  ])('no lookup crosses the cluster for %s', async (_, from, to) => {
    expect((await ask('', from, to)).branches[0]!.legs.map((leg) => leg.kind)).toEqual(['connection']);
  });
  test('the implied CoreDNS moves no address and stands in no list of the documents', async () => {
    const sandbox = createSandbox();
    const opened = await sandbox.open({ documents: [{ name: 'a.yaml', text: pods }], title: '' });
    const made = [...opened.cluster.pods, ...opened.cluster.services, ...opened.cluster.namespaces].filter((thing) => thing.implied).map((thing) => thing.name.replace(/-.*-/, '-…-'));
    expect(made).toEqual(['coredns-…-' + made[0]!.slice(-5), 'coredns-…-' + made[1]!.slice(-5), 'kubernetes', 'kube-dns', 'default', 'kube-system', 'shop']);
    expect(opened.cluster.pods.filter((pod) => pod.implied).map((pod) => `${pod.node} ${pod.ips.join()}`).toSorted()).toEqual(['a 10.244.1.250', 'b 10.244.2.250']);
    expect(opened.cluster.services.find((service) => service.name === 'kube-dns')!.clusterIps).toEqual(['10.96.0.10']);
    expect(opened.counts['Pod']).toBe(3);
    expect((await sandbox.reach({ listeningOnly: false, ipBlocksMatchPods: true })).peers.filter((peer) => peer.includes('coredns'))).toEqual([]);
  });
  test('a sampled question loses as many lookups as the odds say', async () => {
    const sandbox = await openDocuments(pods + lostReplica);
    const { bins } = await sandbox.sample({ probe: { from: 'pod/shop/web', to: 'api', port: 80 }, count: 200 });
    expect(bins.map(({ count }) => count > 70 && count < 130)).toEqual([true, false, false]);
    expect(bins.slice(1).map(({ count }) => count > 25 && count < 75)).toEqual([true, true]);
  });
});
