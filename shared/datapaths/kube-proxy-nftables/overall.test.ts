import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { joinLines } from '../../dataplane/text/print-iptables-save.ts';
import { printNft } from '../../dataplane/text/print-nft.ts';
import { compiledNode, overallCluster } from '../testing/proxy-cases.ts';
import { kubeProxyNftables } from './index.ts';

test('NFT8 TestOverallNFTablesRules: the whole table as nft lists it', () => {
  // Chains, rules, sets and elements are those that upstream's test expects (≈v1.34); the text is what nft 1.0.6 lists after loading it.
  expect(joinLines(printNft(compiledNode(kubeProxyNftables, overallCluster())))).toBe(readFileSync(new URL('fixtures/overall.nft', import.meta.url), 'utf8'));
});
