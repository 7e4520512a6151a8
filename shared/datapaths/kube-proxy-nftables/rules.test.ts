import { describe, expect, test } from 'vitest';
import { cidr } from '../../base/cidr.ts';
import { ip } from '../../base/ip.ts';
import { printNft } from '../../dataplane/text/print-nft.ts';
import type { Cluster, Service, Settings } from '../../model/types.ts';
import { compiledNode, endpoint, proxyCluster, service, servicePort, slice } from '../testing/proxy-cases.ts';
import { kubeProxyNftables } from './index.ts';

/** The lines between `map NAME {` (or set, or chain) and its end, without indent; hashes are dropped from names. */
function block(cluster: Cluster, head: RegExp): readonly string[] {
  const lines = printNft(compiledNode(kubeProxyNftables, cluster)).map((line) => line.text.replace(/(service|local|external|firewall|endpoint|affinity)-[A-Z2-7]{8}-/g, '$1-').trim());
  const from = lines.findIndex((line) => head.test(line));
  return from < 0 ? [] : lines.slice(from + 1, lines.indexOf('}', from));
}
const elements = (cluster: Cluster, name: string): readonly string[] => block(cluster, new RegExp(`^(set|map) ${name} \\{`)).join(' ').replace(/^.*?elements = \{ (.*) \}$/, '$1').split(', ').filter((text) => / : |^\d|^\w+ \. /.test(text) && !text.startsWith('type '));

const one = (over: Partial<Service>, endpoints = [endpoint('10.180.0.1', 'b')], settings: Partial<Settings> = {}): Cluster =>
  proxyCluster([service('ns/svc', '172.30.0.41', over)], [slice('ns/svc', endpoints)], settings);
const vip = { type: 'LoadBalancer', loadBalancer: [{ ip: ip('1.2.3.4'), hostname: '', ipMode: 'VIP' }] } as const;
const local = [endpoint('10.180.0.2', 'a')];
const ranged = { ...vip, loadBalancerSourceRanges: [cidr('203.0.113.0/25')] };
const nodePort = { type: 'NodePort', ports: [servicePort({ nodePort: 30080 })] } as const;
const svc = 'ns/svc/tcp/p80';

describe('reference §7: which map holds what', () => {
  const rows: readonly [name: string, cluster: Cluster, map: string, found: readonly string[]][] = [
    ['NFT2 a cluster IP', one({}), 'service-ips', [`172.30.0.41 . tcp . 80 : goto service-${svc}`]],
    ['NFT2 internalTrafficPolicy Local', one({ internalTrafficPolicy: 'Local' }, local), 'service-ips', [`172.30.0.41 . tcp . 80 : goto local-${svc}`]],
    ['NFT3 no endpoints anywhere: refused', one({}, []), 'no-endpoint-services', ['172.30.0.41 . tcp . 80 comment "ns/svc:p80" : goto reject-chain']],
    ['NFT3 none on this node: dropped', one({ internalTrafficPolicy: 'Local' }), 'no-endpoint-services', ['172.30.0.41 . tcp . 80 comment "ns/svc:p80" : drop']],
    ['NFT5 a known cluster IP stays known without endpoints', one({}, []), 'cluster-ips', ['172.30.0.41']],
    ['NFT2 a load balancer address', one(vip), 'service-ips', [`1.2.3.4 . tcp . 80 : goto external-${svc}`, `172.30.0.41 . tcp . 80 : goto service-${svc}`]],
    ['NFT4 source ranges are checked even without endpoints', one(ranged, []), 'firewall-ips', [`1.2.3.4 . tcp . 80 : goto firewall-${svc}`]],
    ['NFT2 a node port', one(nodePort), 'service-nodeports', [`tcp . 30080 : goto external-${svc}`]],
    ['NFT3 a node port without endpoints', one(nodePort, []), 'no-endpoint-nodeports', ['tcp . 30080 comment "ns/svc:p80" : goto reject-chain']],
    ['NPT4 node ports answer on the primary address by default', one({}), 'nodeport-ips', ['192.168.0.2']],
    ['NPT4 never on loopback', one({}, [], { nodePortAddresses: ['127.0.0.0/8', '192.168.0.0/24'] }), 'nodeport-ips', ['192.168.0.2']],
  ];
  test.each(rows)('%s', (_name, cluster, map, found) => {
    expect(elements(cluster, map)).toEqual(found);
  });
});

describe('reference §6 and §7: the chains', () => {
  const rows: readonly [name: string, cluster: Cluster, chain: RegExp, rules: readonly string[]][] = [
    ['MSQ2 whoever is not a local pod is masqueraded', one({}), /^chain service-ns/, ['ip daddr 172.30.0.41 ip saddr != 10.0.0.0/8 jump mark-for-masquerade', `numgen random mod 1 vmap { 0 : goto endpoint-${svc}__10.180.0.1/80 }`]],
    ['MSQ2 nobody without a detector', one({}, undefined, { detectLocal: { kind: 'none' } }), /^chain service-ns/, [`numgen random mod 1 vmap { 0 : goto endpoint-${svc}__10.180.0.1/80 }`]],
    ['MSQ8 everybody with masqueradeAll', one({}, undefined, { masqueradeAll: true }), /^chain service-ns/, ['ip daddr 172.30.0.41 jump mark-for-masquerade', `numgen random mod 1 vmap { 0 : goto endpoint-${svc}__10.180.0.1/80 }`]],
    ['MSQ9 by the pods\' bridge', one({}, undefined, { detectLocal: { kind: 'bridge-interface', name: 'cbr0' } }), /^chain service-ns/, ['ip daddr 172.30.0.41 iifname != "cbr0" jump mark-for-masquerade', `numgen random mod 1 vmap { 0 : goto endpoint-${svc}__10.180.0.1/80 }`]],
    ['MSQ9 by an interface prefix', one({}, undefined, { detectLocal: { kind: 'interface-prefix', name: 'veth' } }), /^chain service-ns/, ['ip daddr 172.30.0.41 iifname != "veth*" jump mark-for-masquerade', `numgen random mod 1 vmap { 0 : goto endpoint-${svc}__10.180.0.1/80 }`]],
    ['NFT7 affinity: one set per endpoint, asked before the spread', one({ sessionAffinitySeconds: 90 }, [endpoint('10.180.0.1'), endpoint('10.180.0.2')], { detectLocal: { kind: 'none' } }), /^chain service-ns/, [
      `ip saddr @affinity-${svc}__10.180.0.1/80 goto endpoint-${svc}__10.180.0.1/80`, `ip saddr @affinity-${svc}__10.180.0.2/80 goto endpoint-${svc}__10.180.0.2/80`,
      `numgen random mod 2 vmap { 0 : goto endpoint-${svc}__10.180.0.1/80, 1 : goto endpoint-${svc}__10.180.0.2/80 }`]],
    ['NFT7 affinity: the endpoint remembers the client', one({ sessionAffinitySeconds: 90 }), /^chain endpoint-/, ['ip saddr 10.180.0.1 jump mark-for-masquerade', `update @affinity-${svc}__10.180.0.1/80 { ip saddr }`, 'meta l4proto tcp dnat to 10.180.0.1:80']],
    ['NFT6 external, policy Local', one({ ...vip, externalTrafficPolicy: 'Local' }, local), /^chain external-/, [
      `ip saddr 10.0.0.0/8 goto service-${svc} comment "short-circuit pod traffic"`, 'fib saddr type local jump mark-for-masquerade comment "masquerade local traffic"',
      `fib saddr type local goto service-${svc} comment "short-circuit local traffic"`, `goto local-${svc}`]],
    ['NFT6 external, policy Cluster', one(vip), /^chain external-/, ['jump mark-for-masquerade', `goto service-${svc}`]],
    ['NFT4 source ranges', one(ranged), /^chain firewall-ns/, ['ip saddr != 203.0.113.0/25 drop']],
    ['NFT4 source ranges that hold the node admit the address itself', one({ ...ranged, loadBalancerSourceRanges: [cidr('203.0.113.0/25'), cidr('192.168.0.0/24')] }), /^chain firewall-ns/, ['ip saddr != { 1.2.3.4, 192.168.0.0/24, 203.0.113.0/25 } drop']],
    ['NPT4 node ports on every address but loopback', one({}, [], { nodePortAddresses: ['0.0.0.0/0'] }), /^chain services /, ['ip daddr . meta l4proto . th dport vmap @service-ips', 'fib daddr type local ip daddr != 127.0.0.0/8 meta l4proto . th dport vmap @service-nodeports']],
    ['NFT5 a cluster IP on an unused port, and an unused cluster IP', one({}), /^chain cluster-ips-check /, ['ip daddr @cluster-ips reject comment "Reject traffic to invalid ports of ClusterIPs"', 'ip daddr 172.30.0.0/16 drop comment "Drop traffic to unallocated ClusterIPs"']],
  ];
  test.each(rows)('%s', (_name, cluster, chain, rules) => {
    expect(block(cluster, chain)).toEqual(rules);
  });
});

test('NFT2 two Services that claim one external address and port: one element, the later one\'s', () => {
  const claim = { externalIps: [ip('192.168.99.11')], loadBalancer: [{ ip: ip('192.168.99.11'), hostname: '', ipMode: 'VIP' as const }] };
  const cluster = proxyCluster([service('ns/svc', '172.30.0.41', claim), service('ns/two', '172.30.0.42', claim)], [slice('ns/svc', local), slice('ns/two', local)]);
  expect(elements(cluster, 'service-ips').filter((text) => text.startsWith('192.168.99.11'))).toEqual(['192.168.99.11 . tcp . 80 : goto external-ns/two/tcp/p80']);
});

test('NFT7 an affinity set lists its timeout and, because rules update it, its size', () => {
  expect(block(one({ sessionAffinitySeconds: 90 }), /^set affinity-/)).toEqual(['type ipv4_addr', 'size 65535', 'flags dynamic,timeout', 'timeout 1m30s']);
});

test('every chain and set that a rule or element names exists', () => {
  for (const cluster of [one({ ...ranged, externalTrafficPolicy: 'Local', sessionAffinitySeconds: 60 }), one(nodePort, []), one({ internalTrafficPolicy: 'Local' })]) {
    const table = compiledNode(kubeProxyNftables, cluster).tables[0]!;
    const text = printNft({ tables: [table] }).map((line) => line.text).filter((line) => !/^\s+comment /.test(line)).join('\n');
    const [chains, sets] = [new Set(table.chains.map(({ name }) => name)), new Set(table.sets.map(({ name }) => name))];
    expect({
      chains: [...text.matchAll(/(?:goto|jump) ([^\s,]+)/g)].map((m) => m[1]!).filter((name) => !chains.has(name)),
      sets: [...text.matchAll(/ @([^\s,]+)/g)].map((m) => m[1]!).filter((name) => !sets.has(name)),
    }).toEqual({ chains: [], sets: [] });
  }
});

test('NFT1 source ranges stand before DNAT, endpoint checks behind it and for new connections only, masquerade last', () => {
  const text = printNft(compiledNode(kubeProxyNftables, one({}))).map((line) => line.text.trim());
  const hooks = text.flatMap((line, i) => {
    if (!line.startsWith('type ') || !line.includes(' hook ')) return [];
    return [`${line.replace(/^type (\w+) hook (\w+) priority (.*); policy accept;$/, '$2 $3')}: ${text.slice(i + 1, text.indexOf('}', i)).join(', ')}`];
  });
  expect(hooks).toEqual([
    'prerouting dstnat - 10: ct state new jump firewall-check', 'output -110: ct state new jump firewall-check',
    'input filter: ct state new jump nodeport-endpoints-check, ct state new jump service-endpoints-check', 'forward filter: ct state new jump service-endpoints-check, ct state new jump cluster-ips-check',
    'output filter: ct state new jump service-endpoints-check, ct state new jump cluster-ips-check', 'prerouting dstnat: jump services', 'output -100: jump services', 'postrouting srcnat: jump masquerading',
  ]);
});

test('NFT10 one number under two protocols is two elements and two chains', () => {
  const cluster = proxyCluster([service('ns/dns', '172.30.0.41', { ports: [servicePort({ name: 's', protocol: 'sctp', port: 53 }), servicePort({ name: 'u', protocol: 'udp', port: 53 })] })],
    [slice('ns/dns', [endpoint('10.180.0.1')], { ports: [{ name: 's', protocol: 'sctp', port: 53 }, { name: 'u', protocol: 'udp', port: 5353 }] })]);
  expect([elements(cluster, 'service-ips').toSorted(), block(cluster, /^chain endpoint-ns\/dns\/sctp/).at(-1), block(cluster, /^chain endpoint-ns\/dns\/udp/).at(-1)]).toEqual([
    ['172.30.0.41 . sctp . 53 : goto service-ns/dns/sctp/s', '172.30.0.41 . udp . 53 : goto service-ns/dns/udp/u'], 'meta l4proto sctp dnat to 10.180.0.1:53', 'meta l4proto udp dnat to 10.180.0.1:5353',
  ]);
});
