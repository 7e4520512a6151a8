import { describe, expect, test } from 'vitest';
import { readManifests } from '../kube/read-manifests.ts';
import { buildCluster } from './build-cluster.ts';
import { withImpliedDns } from './coredns-implied.ts';
import { printResolvConf, resolvConfOf } from './resolv-conf.ts';

function open(spec: string) {
  const text = `apiVersion: v1\nkind: Pod\nmetadata: { name: p, namespace: shop }\nspec: { nodeName: a, ${spec}containers: [{ name: c, image: c }] }\n---\napiVersion: v1\nkind: Pod\nmetadata: { name: other, namespace: shop }\nspec: { nodeName: a, containers: [{ name: c, image: c }] }\n`;
  const { cluster: given, problems } = buildCluster(readManifests([{ name: 'a.yaml', text }]));
  const cluster = withImpliedDns(given);
  return { conf: resolvConfOf(cluster, cluster.pods.find(({ name }) => name === 'p')!), problems };
}
const names = (n: number, length = 5): string => Array.from({ length: n }, (_, i) => `n${i}.`.padEnd(length, 'x')).join(', ');

describe('resolv.conf as the kubelet writes it (pkg/kubelet/network/dns, GetPodDNS)', () => {
  const searches = 'search shop.svc.cluster.local svc.cluster.local cluster.local';
  test.each<[string, string, readonly string[]]>([
    ['DNS1 ClusterFirst is the default', '', [searches, 'nameserver 10.96.0.10', 'options ndots:5']],
    ['DNS1 with hostNetwork it is the node’s own file', 'hostNetwork: true, ', []],
    ['DNS1 unless ClusterFirstWithHostNet says otherwise', 'hostNetwork: true, dnsPolicy: ClusterFirstWithHostNet, ', [searches, 'nameserver 10.96.0.10', 'options ndots:5']],
    ['DNS1 Default is the node’s own file', 'dnsPolicy: Default, ', []],
    ['DNS1 None is what dnsConfig says', 'dnsPolicy: None, dnsConfig: { nameservers: [1.1.1.1, 8.8.8.8], searches: [corp.example], options: [{ name: ndots, value: "2" }, { name: edns0 }] }, ', ['search corp.example', 'nameserver 1.1.1.1', 'nameserver 8.8.8.8', 'options ndots:2 edns0']],
    ['DNS2 dnsConfig adds servers and names behind the policy’s', 'dnsConfig: { nameservers: [8.8.8.8], searches: [corp.example] }, ', [`${searches} corp.example`, 'nameserver 10.96.0.10', 'nameserver 8.8.8.8', 'options ndots:5']],
    ['DNS2 what stands there already is not added again', 'dnsConfig: { nameservers: [10.96.0.10], searches: [cluster.local, corp.example] }, ', [`${searches} corp.example`, 'nameserver 10.96.0.10', 'options ndots:5']],
    ['DNS2 an option replaces the policy’s', 'dnsConfig: { options: [{ name: ndots, value: "1" }, { name: timeout, value: "2" }] }, ', [searches, 'nameserver 10.96.0.10', 'options ndots:1 timeout:2']],
    ['DNS2 of four servers three are written', 'dnsConfig: { nameservers: [1.1.1.1, 8.8.8.8, 9.9.9.9] }, ', [searches, 'nameserver 10.96.0.10', 'nameserver 1.1.1.1', 'nameserver 8.8.8.8', 'options ndots:5']],
  ])('%s', (_, spec, expected) => {
    expect(printResolvConf(open(spec).conf)).toEqual(expected);
  });
  test.each<[string, string, number]>([
    ['the option’s number', '{ name: ndots, value: "2" }', 2], ['at most fifteen', '{ name: ndots, value: "99" }', 15], ['without a number what programs take by themselves', '{ name: ndots }', 1], ['no number at all', '{ name: ndots, value: many }', 1],
  ])('DNS2 ndots: %s (resolv.conf(5))', (_, option, expected) => {
    expect(open(`dnsConfig: { options: [${option}] }, `).conf.ndots).toBe(expected);
  });
  test('DNS2 a file holds 32 names and 2,048 characters of them (validation.go MaxDNSSearchPaths, MaxDNSSearchListChars)', () => {
    expect(open(`dnsConfig: { searches: [${names(32)}] }, `).conf).toMatchObject({ search: { length: 32 }, leftOut: { length: 3 } });
    expect(open(`dnsConfig: { searches: [${names(14, 142)}] }, `).conf).toMatchObject({ search: { length: 16 }, leftOut: { length: 1 } });
  });
});

describe('what the kubelet leaves out is said where it stands', () => {
  const told = (spec: string): readonly string[] => open(spec).problems.filter(({ code }) => code.startsWith('dns')).map(({ what, at, severity }) => `${at?.line}:${at?.col}: ${severity}: ${what}`);
  test.each<[string, string, readonly string[]]>([
    ['DNS3 a fourth nameserver', 'dnsConfig: { nameservers: [1.1.1.1, 8.8.8.8, 9.9.9.9] }, ', ['4:65: warning: resolv.conf holds three nameservers, so 9.9.9.9 is left out']],
    ['DNS3 a name too many', `dnsConfig: { searches: [${names(30)}] }, `, ['4:219: warning: resolv.conf holds 32 search names of 2,048 characters, so n29.x is left out']],
    ['DNS3 what fits', 'dnsConfig: { nameservers: [1.1.1.1] }, ', []],
    ['DNS3 a node’s own file hides what dnsConfig adds', 'dnsPolicy: Default, dnsConfig: { nameservers: [1.1.1.1] }, ', []],
    ['DNS3 rotate', 'dnsConfig: { nameservers: [1.1.1.1], options: [{ name: rotate }] }, ', ['4:65: warning: option rotate is not simulated: the nameservers are asked in the order of the file']],
  ])('%s', (_, spec, expected) => {
    expect(told(spec).map((line) => line.replace(/^4:\d+/, '4:_'))).toEqual(expected.map((line) => line.replace(/^4:\d+/, '4:_')));
  });
});
