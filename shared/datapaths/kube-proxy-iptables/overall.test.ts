import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { joinLines, printIptablesSave } from '../../dataplane/text/print-iptables-save.ts';
import { compiledNode, overallCluster } from '../testing/proxy-cases.ts';
import { kubeProxyIptables } from './index.ts';

test('KPI19 TestOverallIPTablesRules: the whole node as iptables-save shows it', () => {
  // The rules that upstream's test expects, put through iptables-nft-restore and iptables-nft-save 1.8.9, without its nfacct rules and with --random-fully; the jumps by iptablesJumpChains.
  expect(joinLines(printIptablesSave(compiledNode(kubeProxyIptables, overallCluster()), 'ip'))).toBe(readFileSync(new URL('fixtures/overall.txt', import.meta.url), 'utf8'));
});

test('KPI18 a cluster without IPv6 has no ip6 tables', () => {
  expect(printIptablesSave(compiledNode(kubeProxyIptables, overallCluster()), 'ip6')).toEqual([]);
});
