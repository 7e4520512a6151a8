import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { printIpset } from '../../dataplane/text/print-ipset.ts';
import { joinLines, printIptablesSave } from '../../dataplane/text/print-iptables-save.ts';
import { printIpvsadm } from '../../dataplane/text/print-ipvsadm.ts';
import { compiledNode, overallCluster } from '../testing/proxy-cases.ts';
import { kubeProxyIpvs } from './index.ts';

test('KPV11 the cluster of TestOverallIPTablesRules in ipvs mode: sets, rules and virtual servers of the whole node', () => {
  const node = compiledNode(kubeProxyIpvs, overallCluster({ podNetwork: 'routed' }));
  expect(joinLines([...printIpset(node), ...printIptablesSave(node, 'ip'), ...printIpvsadm(node)])).toBe(readFileSync(new URL('fixtures/overall.txt', import.meta.url), 'utf8'));
});
