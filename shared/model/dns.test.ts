import { describe, expect, test } from 'vitest';
import { readManifests } from '../kube/read-manifests.ts';
import { buildCluster } from './build-cluster.ts';
import { lookupName, searchNames, type Asker } from './dns.ts';
import { indexCluster } from './index-cluster.ts';

const service = (name: string, spec: string, namespace = 'shop'): string => `---\napiVersion: v1\nkind: Service\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: ${spec}\n`;
const pod = (name: string, ip: string, labels: string, spec = '', status = ''): string => `---
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: ${labels} }
spec: { nodeName: a, ${spec}containers: [{ name: c, image: c, ports: [{ containerPort: 8080 }] }] }
status: { podIP: ${ip}${status} }
`;
const notReady = ', phase: Running, conditions: [{ type: Ready, status: "False" }]';
const text = [
  service('api', '{ clusterIP: 10.96.1.1, selector: { app: api }, ports: [{ port: 80 }] }'),
  service('db', '{ clusterIP: None, selector: { app: db }, ports: [{ name: pg, port: 5432 }] }'),
  service('all', '{ clusterIP: None, publishNotReadyAddresses: true, selector: { app: db }, ports: [{ port: 5432 }] }'),
  service('empty', '{ clusterIP: None, selector: { app: nobody }, ports: [{ port: 1 }] }'),
  service('out', '{ type: ExternalName, externalName: www.example.com }'),
  service('inner', '{ type: ExternalName, externalName: api.shop.svc.cluster.local }'),
  service('twice', '{ type: ExternalName, externalName: inner.shop.svc.cluster.local }'),
  service('ring', '{ type: ExternalName, externalName: ring.shop.svc.cluster.local }'),
  service('gone', '{ type: ExternalName, externalName: nobody.shop.svc.cluster.local }'),
  service('digits', '{ type: ExternalName, externalName: 10.0.0.1 }'),
  service('web', '{ clusterIP: 10.96.2.1, ports: [{ port: 80 }] }', 'prod'),
  service('com', '{ clusterIP: 10.96.2.2, ports: [{ port: 80 }] }', 'example'),
  pod('db-0', '10.244.1.10', '{ app: db }', 'hostname: db-0, subdomain: db, '), pod('db-1', '10.244.1.11', '{ app: db }', 'hostname: db-1, subdomain: db, '),
  pod('db-2', '10.244.1.12', '{ app: db }', 'hostname: db-2, subdomain: db, ', notReady), pod('db-3', '10.244.1.13', '{ app: db }', 'hostname: db-3, subdomain: other, '),
  '---\napiVersion: podhop.dev/v1alpha1\nkind: Sandbox\nmetadata: { name: s }\nspec: { hosts: [{ name: partner, address: 192.0.2.99, dnsNames: [db.partner.test, "*.wild.test"] }] }\n',
].join('');
const index = indexCluster(buildCluster(readManifests([{ name: 'a.yaml', text }])).cluster);
const shop: Asker = { kind: 'cluster', namespace: 'shop' };
const upstream: Asker = { kind: 'upstream' };
function answer(asker: Asker, name: string): string {
  const found = lookupName(index, asker, name);
  return found.kind === 'found' ? `${found.ips.join(' ')} in ${found.tried.length}` : 'nxdomain';
}

describe('names as CoreDNS answers them (DNS specification of Kubernetes 1.1.0; coredns plugin/kubernetes)', () => {
  test.each<[string, string, string]>([
    ['2.3.1 A of a ClusterIP Service', 'api.shop.svc.cluster.local.', '10.96.1.1 in 1'],
    ['the bare name, in its namespace', 'api', '10.96.1.1 in 1'], ['with the namespace', 'api.shop', '10.96.1.1 in 2'], ['with svc', 'api.shop.svc', '10.96.1.1 in 3'], ['in full without a dot: the search list comes first (ndots:5)', 'api.shop.svc.cluster.local', '10.96.1.1 in 4'],
    ['upper case', 'API.Shop', '10.96.1.1 in 2'], ['another namespace', 'web.prod', '10.96.2.1 in 2'], ['another namespace’s bare name', 'web', 'nxdomain'], ['a namespace that does not exist', 'api.nowhere', 'nxdomain'],
    ['a Service of no such name', 'apis', 'nxdomain'], ['a bare name with its dot is no cluster name', 'api.', 'nxdomain'], ['a name of two labels that a Service answers before the world does', 'com.example', '10.96.2.2 in 2'],
    ['another cluster domain', 'api.shop.svc.cluster.test.', 'nxdomain'], ['svc alone', 'svc.cluster.local.', 'nxdomain'], ['the domain alone', 'cluster.local.', 'nxdomain'],
    ['2.4.1 headless: every ready endpoint', 'db', '10.244.1.10 10.244.1.11 10.244.1.13 in 1'], ['publishNotReadyAddresses adds the rest', 'all', '10.244.1.10 10.244.1.11 10.244.1.12 10.244.1.13 in 1'], ['headless without a ready endpoint', 'empty', 'nxdomain'],
    ['2.4.1 an endpoint by its host name', 'db-0.db', '10.244.1.10 in 1'], ['the second', 'db-1.db.shop', '10.244.1.11 in 2'], ['one that is not ready', 'db-2.db', 'nxdomain'], ['but published', 'db-2.all', 'nxdomain'],
    ['a host name under another subdomain', 'db-3.db', 'nxdomain'], ['an endpoint without one is named by its address', '10-244-1-13.db', '10.244.1.13 in 1'], ['and one with a host name is not', '10-244-1-10.db', 'nxdomain'], ['no endpoint of a ClusterIP Service has that name', 'api-0.api', 'nxdomain'],
    ['2.5 ExternalName to the world', 'out', '192.0.2.80 in 1'], ['to a Service', 'inner', '10.96.1.1 in 1'], ['through two of them', 'twice', '10.96.1.1 in 1'], ['to itself', 'ring', 'nxdomain'], ['to nobody', 'gone', 'nxdomain'], ['to an address, which is no name', 'digits', 'nxdomain'], ['nothing stands below an ExternalName', 'x.out', 'nxdomain'],
    ['a pod’s record (pods insecure)', '10-244-1-10.shop.pod.cluster.local.', '10.244.1.10 in 1'], ['of an address that nobody has', '10-9-9-9.shop.pod.cluster.local.', '10.9.9.9 in 1'], ['of a namespace that does not exist', '10-244-1-10.nowhere.pod.cluster.local.', 'nxdomain'], ['of no address', 'x.shop.pod.cluster.local.', 'nxdomain'],
    ['a host of the world: the search list first', 'db.partner.test', '192.0.2.99 in 4'], ['with its dot at once', 'db.partner.test.', '192.0.2.99 in 1'], ['by wildcard', 'a.b.wild.test.', '192.0.2.99 in 1'], ['nobody of the world', 'nobody.test.', 'nxdomain'],
    ['five dots and more are asked as they are first', 'a.b.c.d.e.wild.test', '192.0.2.99 in 1'], ['SRV names have no address', '_pg._tcp.db.shop.svc.cluster.local.', 'nxdomain'],
  ])('%s: %s', (_, name, expected) => {
    expect(answer(shop, name)).toBe(expected);
  });
  test.each<[string, string, string]>([['no cluster name', 'api.shop.svc.cluster.local', 'nxdomain'], ['the world', 'www.example.com', '192.0.2.80 in 1'], ['and nothing by search', 'api', 'nxdomain']])('a resolver outside knows %s', (_, name, expected) => {
    expect(answer(upstream, name)).toBe(expected);
  });
  test.each<[string, string, readonly string[]]>([
    ['no dot', 'api', ['api.shop.svc.cluster.local', 'api.svc.cluster.local', 'api.cluster.local', 'api']],
    ['four dots', 'a.b.c.d.e', ['a.b.c.d.e.shop.svc.cluster.local', 'a.b.c.d.e.svc.cluster.local', 'a.b.c.d.e.cluster.local', 'a.b.c.d.e']],
    ['five dots', 'a.b.c.d.e.f', ['a.b.c.d.e.f', 'a.b.c.d.e.f.shop.svc.cluster.local', 'a.b.c.d.e.f.svc.cluster.local', 'a.b.c.d.e.f.cluster.local']],
    ['a dot at the end', 'api.', ['api']],
  ])('the search list with %s (resolv.conf(5))', (_, name, expected) => {
    expect(searchNames(shop, name, 'cluster.local')).toEqual(expected);
  });
});
