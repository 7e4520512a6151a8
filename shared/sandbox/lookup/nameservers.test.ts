import { describe, expect, test } from 'vitest';
import { printFraction } from '../../base/fraction.ts';
import type { Journey, Probe } from '../../trace/types.ts';
import { openDocuments } from '../testing/open-documents.ts';

const base = `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: shop }
spec: { serviceName: db, replicas: 2, selector: { matchLabels: { app: db } }, template: { metadata: { labels: { app: db } }, spec: { containers: [{ name: c, image: c, ports: [{ name: pg, containerPort: 5432 }] }] } } }
---
apiVersion: v1
kind: Service
metadata: { name: db, namespace: shop }
spec: { clusterIP: None, selector: { app: db }, ports: [{ name: pg, port: 5555, targetPort: pg }] }
---
apiVersion: v1
kind: Service
metadata: { name: api, namespace: shop }
spec: { clusterIP: 10.96.1.1, selector: { app: db }, ports: [{ name: http, port: 80, targetPort: pg }, { name: dns, protocol: UDP, port: 53, targetPort: pg }] }
---
apiVersion: v1
kind: Service
metadata: { name: plain, namespace: shop }
spec: { clusterIP: 10.96.1.2, selector: { app: db }, ports: [{ port: 80, targetPort: pg }] }
---
apiVersion: v1
kind: Service
metadata: { name: alias, namespace: shop }
spec: { type: ExternalName, externalName: db.partner.test }
`;
const pod = (spec: string): string => `---\napiVersion: v1\nkind: Pod\nmetadata: { name: cli, namespace: shop, labels: { app: cli } }\nspec: { nodeName: c, ${spec}containers: [{ name: c, image: c }] }\n---\napiVersion: v1\nkind: Pod\nmetadata: { name: other, namespace: shop }\nspec: { nodeName: c, containers: [{ name: c, image: c }] }\n`;
const hosts = 'hosts: [{ name: partner, address: 192.0.2.99, dnsNames: [db.partner.test] }, { name: quad, address: 192.0.2.8, ports: ["53/udp"] }, { name: deaf, address: 192.0.2.9, ports: [443] }]';
const settings = (more = ''): string => `---\napiVersion: podhop.dev/v1alpha1\nkind: Sandbox\nmetadata: { name: s }\nspec: { ${hosts}${more} }\n`;
const lostReplica = ', faults: [{ kind: node-stopped, node: b }]';
const egress = (ports: string): string => `---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: out, namespace: shop }\nspec: { podSelector: { matchLabels: { app: cli } }, policyTypes: [Egress], egress: [{ ports: [${ports}] }] }\n`;

async function ask(spec: string, probe: Omit<Probe, 'from'>, more = '', documents = ''): Promise<Journey> {
  const sandbox = await openDocuments(base + pod(spec) + settings(more) + documents);
  return (await sandbox.ask({ probe: { from: 'pod/shop/cli', ...probe } })).journey;
}
const told = (journey: Journey): readonly string[] => journey.branches.map((branch) => `${printFraction(branch.odds)} ${branch.verdict}${branch.endpoint ? ` ${branch.endpoint.pod ?? branch.endpoint.ip}:${branch.endpoint.port}` : ''}`);
const asked = (journey: Journey, branch = 0): readonly string[] => journey.branches[branch]!.legs.filter(({ kind }) => kind === 'lookup').map(({ what, answer, server }) => `${what} = ${answer}${server ? ` (${server})` : ''}`);
const none = (servers: string, more = ''): string => `dnsPolicy: None, dnsConfig: { nameservers: [${servers}]${more} }, `;

describe('the nameservers of resolv.conf (resolv.conf(5); glibc __res_context_send)', () => {
  test('DNS4 another nameserver is asked by packets of its own, and knows the names outside', async () => {
    const journey = await ask(none('192.0.2.8'), { to: 'db.partner.test', port: 443 });
    expect(told(journey)).toEqual(['1 delivered 192.0.2.99:443']);
    expect(asked(journey)).toEqual(['A db.partner.test = 192.0.2.99']);
    expect(journey.branches[0]!.legs[0]!.trace.flow.packet).toMatchObject({ dst: '192.0.2.8', l4: { proto: 'udp', dport: 53 } });
  });
  test('DNS4 but not the cluster’s', async () => {
    expect(told(await ask(none('192.0.2.8', ', searches: [shop.svc.cluster.local]'), { to: 'api', port: 80 }))).toEqual(['1 nxdomain']);
  });
  test('DNS4 an address that nobody here has is a server outside, and answers', async () => {
    expect(told(await ask(none('8.8.8.8'), { to: 'db.partner.test', port: 443 }))).toEqual(['1 delivered 192.0.2.99:443']);
  });
  test('DNS4 the address of kube-dns is kube-dns, whatever the policy says', async () => {
    expect(told(await ask(none('10.96.0.10', ', searches: [shop.svc.cluster.local]'), { to: 'plain', port: 80 }))).toEqual(['1/2 delivered shop/db-0:5432', '1/2 delivered shop/db-1:5432']);
  });
  test('DNS5 a server that refuses leaves it to the next one', async () => {
    const journey = await ask(none('192.0.2.9, 192.0.2.8'), { to: 'db.partner.test', port: 443 });
    expect(told(journey)).toEqual(['1 delivered 192.0.2.99:443']);
    expect(asked(journey)).toEqual(['A db.partner.test = no answer, so after 5 s the next nameserver is asked (192.0.2.9)', 'A db.partner.test = 192.0.2.99 (192.0.2.8)']);
  });
  test('DNS5 an answer is an answer: NXDOMAIN of the first server is not asked again of the second', async () => {
    const journey = await ask(none('192.0.2.8, 10.96.0.10', ', searches: [shop.svc.cluster.local]'), { to: 'api', port: 80 });
    expect(told(journey)).toEqual(['1 nxdomain']);
  });
  test('DNS5 half of the first server’s answers are lost: the second one is asked, and says what it knows', async () => {
    const journey = await ask('dnsConfig: { nameservers: [192.0.2.8] }, ', { to: 'db.partner.test.', port: 443 }, lostReplica);
    expect(told(journey)).toEqual(['1/2 delivered 192.0.2.99:443', '1/2 delivered 192.0.2.99:443']);
    expect(journey.branches.map(({ legs }) => legs.length)).toEqual([2, 3]);
    const inside = await ask('dnsConfig: { nameservers: [192.0.2.8] }, ', { to: 'api.shop.svc.cluster.local.', port: 80 }, lostReplica);
    expect(inside.branches.filter(({ verdict }) => verdict === 'nxdomain').map(({ odds, legs }) => [printFraction(odds), legs.length])).toEqual([['1/2', 2]]);
  });
  test('DNS5 one lost CoreDNS replica of two is half of the lookups', async () => {
    const journey = await ask('', { to: 'db.partner.test.', port: 443 }, lostReplica);
    expect(told(journey)).toEqual(['1/2 delivered 192.0.2.99:443', '1/2 dns-timeout']);
  });
  test('DNS5 a first server that never answers: all is asked of the second, the cluster’s names too', async () => {
    const journey = await ask(none('192.0.2.9, 10.96.0.10', ', searches: [shop.svc.cluster.local]'), { to: 'plain', port: 80 });
    expect(told(journey)).toEqual(['1/2 delivered shop/db-0:5432', '1/2 delivered shop/db-1:5432']);
  });
  test('DNS5 where no server answers the lookup fails with the last one’s reason', async () => {
    expect(told(await ask(none('192.0.2.9, 192.0.2.9'), { to: 'db.partner.test', port: 443 }))).toEqual(['1 refused']);
    expect(told(await ask('dnsConfig: { nameservers: [192.0.2.8] }, ', { to: 'db.partner.test.', port: 443 }, '', egress('{ port: 443 }')))).toEqual(['1 dns-timeout']);
  });
  test.each<[string, string, string, number, number]>([
    ['DNS6 ndots:1 asks a name with a dot as it is first', 'dnsConfig: { options: [{ name: ndots, value: "1" }] }, ', 'db.partner.test', 1, 2],
    ['DNS6 no-aaaa halves the questions', 'dnsConfig: { options: [{ name: no-aaaa }] }, ', 'db.partner.test', 4, 4],
    ['DNS6 a search name more is a lookup more', 'dnsConfig: { searches: [corp.test] }, ', 'db.partner.test', 5, 10],
  ])('%s', async (_, spec, to, lookups, queries) => {
    const { branches } = await ask(spec, { to, port: 443 });
    const legs = branches[0]!.legs.filter(({ kind }) => kind === 'lookup');
    expect([legs.length, legs.reduce((sum, leg) => sum + (leg.queries ?? 0), 0)]).toEqual([lookups, queries]);
  });
  test('DNS6 use-vc asks by TCP, which a policy for UDP stops', async () => {
    const vc = 'dnsConfig: { options: [{ name: use-vc }] }, ';
    const journey = await ask(vc, { to: 'db.partner.test.', port: 443 });
    expect(journey.branches[0]!.legs[0]!.trace.flow.packet.l4).toMatchObject({ proto: 'tcp', dport: 53 });
    expect(told(await ask(vc, { to: 'db.partner.test.', port: 443 }, '', egress('{ port: 53, protocol: UDP }, { port: 443 }')))).toEqual(['1 dns-timeout']);
  });
  test('DNS7 every record type that was asked for is listed with its answer', async () => {
    const questions = async (to: string): Promise<readonly string[]> => ((await ask('', { to, port: 443 })).branches[0]!.legs.filter(({ kind }) => kind === 'lookup').at(-1)!.questions ?? []).map(({ type, answer }) => `${type} ${answer}`);
    expect(await questions('plain')).toEqual(['A 10.96.1.2', 'AAAA no such record']);
    expect(await questions('alias')).toEqual(['A CNAME db.partner.test, 192.0.2.99', 'AAAA CNAME db.partner.test, no such record']);
    expect(await questions('nobody')).toEqual(['A NXDOMAIN', 'AAAA NXDOMAIN']);
  });
});

describe('SRV answers (DNS specification 2.3.2 and 2.4.2)', () => {
  test('DNS8 a Service has one record with its own name: it is looked up and its port dialled', async () => {
    const journey = await ask('', { to: '_http._tcp.api' });
    expect(told(journey)).toEqual(['1/2 delivered shop/db-0:5432', '1/2 delivered shop/db-1:5432']);
    expect(journey).toMatchObject({ port: 80, protocol: 'tcp', to: { kind: 'Service', name: 'api' } });
    expect(asked(journey)).toEqual(['SRV _http._tcp.api.shop.svc.cluster.local = 0 100 80 api.shop.svc.cluster.local.', 'A api.shop.svc.cluster.local = 10.96.1.1']);
    expect(journey.branches[0]!.legs.map(({ queries }) => queries)).toEqual([1, 2, undefined]);
  });
  test('DNS8 a headless Service has one for each ready endpoint, with its host name and the pod’s own port', async () => {
    const journey = await ask('', { to: '_pg._tcp.db.shop.svc.cluster.local.' });
    expect(told(journey)).toEqual(['1/2 delivered shop/db-0:5432', '1/2 delivered shop/db-1:5432']);
    expect(journey.branches[0]!.legs[0]!.questions).toEqual([0, 1].map((n) => ({ type: 'SRV', answer: `0 50 5432 db-${n}.db.shop.svc.cluster.local.` })));
    expect(asked(journey, 1)).toEqual(['SRV _pg._tcp.db.shop.svc.cluster.local = 2 records', expect.stringMatching(/^A db-1\.db\.shop\.svc\.cluster\.local = 10\./)]);
  });
  test.each<[string, string, string]>([
    ['the protocol of the name is the protocol of the question', '_dns._udp.api', 'udp 53'], ['upper case', '_HTTP._TCP.API', 'tcp 80'], ['with its namespace', '_http._tcp.api.shop', 'tcp 80'],
  ])('DNS8 %s', async (_, to, expected) => {
    const { protocol, port } = await ask('', { to });
    expect(`${protocol} ${port}`).toBe(expected);
  });
  test.each<[string, string, string]>([
    ['an unnamed port has none', '_http._tcp.plain', 'has no port named http/tcp, and ports without a name have no SRV record'], ['nor has another protocol', '_http._udp.api', 'has no port named http/udp'],
    ['nor an ExternalName', '_http._tcp.alias', 'is an ExternalName, which has no ports in DNS'], ['nor a Service that does not exist', '_http._tcp.apis', 'no Service apis in namespace shop'],
  ])('DNS8 %s', async (_, to, why) => {
    const journey = await ask('', { to });
    expect(journey.verdict).toBe('nxdomain');
    expect(journey.branches[0]!.sentence).toContain(why);
    expect(journey.branches[0]!.legs.map(({ what }) => what.split(' ')[0])).toEqual(['SRV', 'SRV', 'SRV', 'SRV']);
  });
  test('DNS8 the record says the port: another one beside it is refused', async () => {
    await expect(ask('', { to: '_http._tcp.api', port: 81 })).rejects.toThrow('say port 80: leave port 81 out');
    expect((await ask('', { to: '_http._tcp.api', port: 80 })).verdict).toBe('delivered');
    await expect(ask('', { to: '_http._tcp.api', protocol: 'udp' })).rejects.toThrow('leave udp out');
  });
  test('DNS8 the lookup of the target is a chance of its own to be lost', async () => {
    const journey = await ask('', { to: '_http._tcp.api.shop.svc.cluster.local.' }, lostReplica);
    const lost = journey.branches.filter(({ verdict }) => verdict === 'dns-timeout');
    expect(lost.map(({ odds }) => printFraction(odds))).toEqual(['1/4', '1/2']);
  });
});
