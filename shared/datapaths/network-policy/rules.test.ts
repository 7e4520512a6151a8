import { describe, expect, test } from 'vitest';
import type { Netns } from '../../dataplane/netns.ts';
import { printIpset } from '../../dataplane/text/print-ipset.ts';
import { printIptablesSave } from '../../dataplane/text/print-iptables-save.ts';
import { printNft } from '../../dataplane/text/print-nft.ts';
import type { Fields } from '../../model/json-fields.ts';
import { clusterWith, np } from '../../model/policy/testing/lab.ts';
import type { Cluster, Settings } from '../../model/types.ts';
import { compileDataplane } from '../index.ts';
import { networkPolicy } from './index.ts';

const policies: readonly Fields[] = [
  np('x/deny', { podSelector: { matchLabels: { pod: 'a' } } }),
  np('x/allow', {
    podSelector: { matchLabels: { pod: 'a' } },
    ingress: [{ from: [{ podSelector: { matchLabels: { pod: 'b' } } }, { ipBlock: { cidr: '0.0.0.0/0', except: ['10.0.0.0/8', '10.244.0.0/16'] } }], ports: [{ port: 'http' }, { port: 8000, endPort: 8010, protocol: 'UDP' }] }, { from: [{ ipBlock: { cidr: '203.0.113.0/24' } }] }],
  }),
  np('x/out', { podSelector: { matchLabels: { pod: 'a' } }, policyTypes: ['Egress'], egress: [{ ports: [{ protocol: 'TCP' }] }] }),
];
const on = (cluster: Cluster, node: string, over: Partial<Settings> = {}): Netns => compileDataplane({ ...cluster, settings: { ...cluster.settings, ...over } }).netns(`node/${node}`)!;
/** Names without their hashes, in the order of the text. */
const plain = (text: string): string => text.replace(/-[A-Z2-7]{16}\b/g, (hash) => `-${seen.get(hash) ?? (seen.set(hash, String(seen.size + 1)), seen.get(hash)!)}`).replace(/-[A-Z2-7]{8}-/g, '-');
const seen = new Map<string, string>();

describe('the rules of a node with an isolated pod', () => {
  const cluster = clusterWith(...policies);
  seen.clear();
  test('NP7 iptables: the jump first in FORWARD, then the node\'s own pods, their policies, one rule for a peer with a port', () => {
    const lines = printIptablesSave(on(cluster, 'a'), 'ip').map(({ text }) => text).filter((text) => /^-A (FORWARD|PODHOP)/.test(text) && !/KUBE|bridge/.test(text)).map(plain);
    expect(lines).toEqual([
      '-A FORWARD -m comment --comment "network policies" -j PODHOP-POLICY',
      '-A PODHOP-FROM-1 -s 10.244.1.10/32 -d 10.244.1.10/32 -j RETURN',
      '-A PODHOP-FROM-1 -j MARK --set-xmark 0x0/0x10000',
      '-A PODHOP-FROM-1 -j PODHOP-OUT-2',
      '-A PODHOP-FROM-1 -m mark --mark 0x10000/0x10000 -j RETURN',
      '-A PODHOP-FROM-1 -j DROP',
      '-A PODHOP-IN-3 -m set --match-set podhop-pods4-4 src -m set --match-set podhop-port4-5 dst,dst -m comment --comment "x/allow ingress[0].from[0]" -j MARK --set-xmark 0x10000/0x10000',
      '-A PODHOP-IN-3 -p udp -m set --match-set podhop-pods4-4 src -m udp --dport 8000:8010 -m comment --comment "x/allow ingress[0].from[0]" -j MARK --set-xmark 0x10000/0x10000',
      '-A PODHOP-IN-3 -m set --match-set podhop-net4-6 src -m set --match-set podhop-port4-5 dst,dst -m comment --comment "x/allow ingress[0].from[1]" -j MARK --set-xmark 0x10000/0x10000',
      '-A PODHOP-IN-3 -p udp -m set --match-set podhop-net4-6 src -m udp --dport 8000:8010 -m comment --comment "x/allow ingress[0].from[1]" -j MARK --set-xmark 0x10000/0x10000',
      '-A PODHOP-IN-3 -s 203.0.113.0/24 -m comment --comment "x/allow ingress[1].from[0]" -j MARK --set-xmark 0x10000/0x10000',
      '-A PODHOP-OUT-2 -p tcp -m comment --comment "x/out egress[0]" -j MARK --set-xmark 0x10000/0x10000',
      '-A PODHOP-POLICY -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN',
      '-A PODHOP-POLICY -s 10.244.1.10/32 -m comment --comment "egress of x/a" -j PODHOP-FROM-1',
      '-A PODHOP-POLICY -d 10.244.1.10/32 -m comment --comment "ingress of x/a" -j PODHOP-TO-1',
      '-A PODHOP-TO-1 -s 10.244.1.10/32 -d 10.244.1.10/32 -j RETURN',
      '-A PODHOP-TO-1 -j MARK --set-xmark 0x0/0x10000',
      '-A PODHOP-TO-1 -j PODHOP-IN-3',
      '-A PODHOP-TO-1 -m mark --mark 0x10000/0x10000 -j RETURN',
      '-A PODHOP-TO-1 -j PODHOP-IN-7',
      '-A PODHOP-TO-1 -m mark --mark 0x10000/0x10000 -j RETURN',
      '-A PODHOP-TO-1 -j DROP',
    ]);
  });

  test('NP7 ipsets: pods, the destinations of a named port, a network with what is taken out', () => {
    expect(printIpset(on(cluster, 'a')).map(({ text }) => plain(text))).toEqual([
      'create podhop-pods4-4 hash:ip family inet hashsize 1024 maxelem 65536', 'add podhop-pods4-4 10.244.2.10',
      'create podhop-port4-5 hash:ip,port family inet hashsize 1024 maxelem 65536', 'add podhop-port4-5 10.244.1.10,tcp:80',
      'create podhop-net4-6 hash:net family inet hashsize 1024 maxelem 65536', 'add podhop-net4-6 0.0.0.0/1', 'add podhop-net4-6 128.0.0.0/1', 'add podhop-net4-6 10.0.0.0/8 nomatch', 'add podhop-net4-6 10.244.0.0/16 nomatch',
    ]);
  });

  test('NP7 nftables: the same in a table of its own', () => {
    const lines = printNft(on(cluster, 'a', { proxyMode: 'nftables' })).map(({ text }) => text);
    const from = lines.indexOf('table ip podhop-policy {');
    const chains = lines.slice(from, lines.indexOf('}', from)).map((text) => plain(text.trim())).filter((text) => text !== '' && text !== '}');
    expect(chains.slice(chains.indexOf('chain forward {'))).toEqual([
      'chain forward {', 'type filter hook forward priority filter; policy accept;', 'ct state established,related accept', 'ip saddr vmap @egress-pods', 'ip daddr vmap @ingress-pods',
      'chain from-x/a {', 'ip saddr 10.244.1.10 ip daddr 10.244.1.10 return', 'meta mark set meta mark & 0xfffeffff', 'jump egress-x/out', 'meta mark & 0x00010000 == 0x00010000 return', 'drop',
      'chain to-x/a {', 'ip saddr 10.244.1.10 ip daddr 10.244.1.10 return', 'meta mark set meta mark & 0xfffeffff', 'jump ingress-x/allow', 'meta mark & 0x00010000 == 0x00010000 return', 'jump ingress-x/deny', 'meta mark & 0x00010000 == 0x00010000 return', 'drop',
      'chain egress-x/out {', 'meta l4proto tcp meta mark set meta mark | 0x00010000 comment "x/out egress[0]"',
      'chain ingress-x/allow {',
      'ip saddr @pods-x/allow/ingress0.from0 ip daddr . meta l4proto . th dport @ports-x/allow/ingress0.ports0 meta mark set meta mark | 0x00010000 comment "x/allow ingress[0].from[0]"',
      'ip saddr @pods-x/allow/ingress0.from0 udp dport 8000-8010 meta mark set meta mark | 0x00010000 comment "x/allow ingress[0].from[0]"',
      'ip saddr != 10.0.0.0/8 ip daddr . meta l4proto . th dport @ports-x/allow/ingress0.ports0 meta mark set meta mark | 0x00010000 comment "x/allow ingress[0].from[1]"',
      'ip saddr != 10.0.0.0/8 udp dport 8000-8010 meta mark set meta mark | 0x00010000 comment "x/allow ingress[0].from[1]"',
      'ip saddr 203.0.113.0/24 meta mark set meta mark | 0x00010000 comment "x/allow ingress[1].from[0]"',
      'chain ingress-x/deny {',
    ]);
  });

  test('NP8 other nodes have nothing: they filter their own pods only', () => {
    expect(printIptablesSave(on(cluster, 'b'), 'ip').filter(({ text }) => text.includes('PODHOP'))).toEqual([]);
  });

  test('NP9 every rule leads to the policy, an allowing one to its peer, and the drop says why', () => {
    const rules = on(cluster, 'a').tables.flatMap((table) => table.chains).flatMap((chain) => chain.rules).filter(({ origin }) => origin.by === 'network-policy');
    const drop = rules.find(({ origin, id }) => origin.code !== undefined && id.includes('PODHOP-TO'))!;
    expect([drop.origin.code, drop.origin.for, drop.origin.why]).toEqual(['policy-default-deny', { kind: 'NetworkPolicy', namespace: 'x', name: 'allow' }, 'Ingress of pod x/a is isolated because it is selected by NetworkPolicies x/allow, x/deny; none of their rules allowed this packet']);
    expect(rules.find(({ origin }) => origin.field === 'spec.ingress[1].from[0]')!.origin).toEqual({ by: 'network-policy', for: { kind: 'NetworkPolicy', namespace: 'x', name: 'allow' }, field: 'spec.ingress[1].from[0]', why: 'Ingress rule of NetworkPolicy x/allow (spec.ingress[1].from[0]): allowed from 203.0.113.0/24 on every port' });
  });
});

describe('nobody enforces', () => {
  const inert = (cluster: Cluster): Cluster => ({ ...cluster, settings: { ...cluster.settings, enforcesNetworkPolicy: false } });
  test('NP10 nothing is compiled, and it is said', () => {
    const cluster = inert(clusterWith(...policies));
    expect(printIptablesSave(on(cluster, 'a'), 'ip').filter(({ text }) => text.includes('PODHOP'))).toEqual([]);
    expect(networkPolicy.check(cluster).map(({ code, severity, what, related }) => [code, severity, what, related?.length])).toEqual([['policy-inert', 'warning', '3 NetworkPolicies are inert, x/allow first: this pod network does not enforce policies', 2]]);
  });
  test('one policy is named alone; without policies there is nothing to say', () => {
    expect([networkPolicy.check(inert(clusterWith(policies[0]!))).map(({ what }) => what), networkPolicy.check(inert(clusterWith())), networkPolicy.check(clusterWith(...policies))]).toEqual([['NetworkPolicy x/deny is inert: this pod network does not enforce policies'], [], []]);
  });
});
