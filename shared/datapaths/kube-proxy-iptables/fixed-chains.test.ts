import { describe, expect, test } from 'vitest';
import { ip } from '../../base/ip.ts';
import { printIptablesSave } from '../../dataplane/text/print-iptables-save.ts';
import type { Settings } from '../../model/types.ts';
import { compiledNode, endpoint, overallCluster, proxyCluster, service, servicePort, slice } from '../testing/proxy-cases.ts';
import { kubeProxyIptables } from './index.ts';

/** The saved lines of one table whose text begins so. */
function saved(table: string, start: string, settings: Partial<Settings> = {}, cluster = overallCluster(settings)): readonly string[] {
  const lines = printIptablesSave(compiledNode(kubeProxyIptables, cluster), 'ip').map(({ text }) => text);
  const from = lines.indexOf(`*${table}`);
  return lines.slice(from + 1, lines.indexOf('COMMIT', from)).filter((text) => text.startsWith(start));
}
const targets = (table: string, chain: string): readonly string[] => saved(table, `-A ${chain} `).map((text) => `${text.includes('--ctstate NEW') ? 'NEW ' : ''}${text.split(' -j ')[1]}`);

describe('KPI1 jumps in the order that prepending leaves (iptablesJumpChains, iptablesKubeletJumpChains)', () => {
  test.each<[string, string, readonly string[]]>([
    ['nat', 'PREROUTING', ['KUBE-SERVICES']], ['nat', 'OUTPUT', ['KUBE-SERVICES']], ['nat', 'POSTROUTING', ['KUBE-POSTROUTING']], ['nat', 'INPUT', []],
    ['filter', 'INPUT', ['KUBE-FIREWALL', 'NEW KUBE-PROXY-FIREWALL', 'KUBE-NODEPORTS', 'NEW KUBE-EXTERNAL-SERVICES']],
    ['filter', 'FORWARD', ['NEW KUBE-PROXY-FIREWALL', 'KUBE-FORWARD', 'NEW KUBE-SERVICES', 'NEW KUBE-EXTERNAL-SERVICES']],
    ['filter', 'OUTPUT', ['KUBE-FIREWALL', 'NEW KUBE-PROXY-FIREWALL', 'NEW KUBE-SERVICES']],
  ])('%s %s', (table, chain, jumps) => expect(targets(table, chain)).toEqual(jumps));
});

test('KPI2 the mark is bit 14; without it KUBE-POSTROUTING returns, with it the mark goes and the source is any free port of the node', () => {
  expect([...saved('nat', '-A KUBE-MARK-MASQ'), ...saved('nat', '-A KUBE-POSTROUTING')]).toEqual([
    '-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000', '-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN', '-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0',
    '-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully',
  ]);
});

test('KPI3 what fits no connection is dropped before the marked and the known are accepted', () => {
  expect(saved('filter', '-A KUBE-FORWARD')).toEqual([
    '-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP', '-A KUBE-FORWARD -m comment --comment "kubernetes forwarding rules" -m mark --mark 0x4000/0x4000 -j ACCEPT',
    '-A KUBE-FORWARD -m comment --comment "kubernetes forwarding conntrack rule" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
  ]);
});

test('KPI4 KUBE-FIREWALL\'s rule, and its chain without rules where node ports are not on localhost', () => {
  expect(saved('filter', '-A KUBE-FIREWALL')).toEqual(['-A KUBE-FIREWALL ! -s 127.0.0.0/8 -d 127.0.0.0/8 -m comment --comment "block incoming localnet connections" -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP']);
  expect([saved('filter', '-A KUBE-FIREWALL', { localhostNodePorts: false }), saved('filter', ':KUBE-FIREWALL', { localhostNodePorts: false })]).toEqual([[], [':KUBE-FIREWALL - [0:0]']]);
});

test('KPI5 the canary is in three tables and never has a rule', () => {
  expect(['mangle', 'nat', 'filter'].map((table) => [saved(table, ':KUBE-PROXY-CANARY'), saved(table, '-A KUBE-PROXY-CANARY')])).toEqual(Array.from({ length: 3 }, () => [[':KUBE-PROXY-CANARY - [0:0]'], []]));
});

test('KPI11 the masquerade rule names the cluster IP, and stands in the chain of cluster IP traffic alone', () => {
  const cluster = proxyCluster([service('ns/svc', '172.30.0.41', { type: 'NodePort', internalTrafficPolicy: 'Local', externalIps: [ip('192.168.99.11')], ports: [servicePort({ nodePort: 30080 })] })], [slice('ns/svc', [endpoint('10.180.0.1', 'a'), endpoint('10.180.0.2', 'b')])]);
  expect(saved('nat', '-A KUBE-SV', {}, cluster).filter((text) => text.endsWith('KUBE-MARK-MASQ')).map((text) => text.replace(/-[A-Z2-7]{16}/, ''))).toEqual([
    '-A KUBE-SVL ! -s 10.0.0.0/8 -d 172.30.0.41/32 -p tcp -m comment --comment "ns/svc:p80 cluster IP" -m tcp --dport 80 -j KUBE-MARK-MASQ',
  ]);
});

test('KPI16 node ports are looked up last, so that Service addresses win', () => {
  const rules = saved('nat', '-A KUBE-SERVICES ');
  expect([rules.length > 8, rules.findIndex((text) => text.endsWith('-j KUBE-NODEPORTS'))]).toEqual([true, rules.length - 1]);
});
