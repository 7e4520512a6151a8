import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { mergeFragments } from '../../dataplane/merge-fragments.ts';
import type { Netns } from '../../dataplane/netns.ts';
import { joinLines, printIptablesSave } from '../../dataplane/text/print-iptables-save.ts';
import type { Cluster } from '../../model/types.ts';
import { overallCluster, proxyNode } from '../testing/proxy-cases.ts';
import { kubeProxyIptables } from './index.ts';

const netnsOf = (cluster: Cluster): Netns => {
  const fragment = kubeProxyIptables.compile({ kind: 'node', id: 'node/a', node: proxyNode }, cluster)!;
  return mergeFragments('node/a', [{ rank: 0, parts: [{ netns: 'node/a', kind: 'node', host: 'node/a', origin: { by: 'test', why: 'a node' } }] }, fragment]);
};

test('TestOverallIPTablesRules: the whole node as iptables-save shows it', () => {
  // The rules that upstream's test expects, put through iptables-nft-restore and iptables-nft-save 1.8.9, without its nfacct rules and with --random-fully; the jumps by iptablesJumpChains.
  expect(joinLines(printIptablesSave(netnsOf(overallCluster()), 'ip'))).toBe(readFileSync(new URL('fixtures/overall.txt', import.meta.url), 'utf8'));
});

test('a cluster without IPv6 has no ip6 tables', () => {
  expect(printIptablesSave(netnsOf(overallCluster()), 'ip6')).toEqual([]);
});
