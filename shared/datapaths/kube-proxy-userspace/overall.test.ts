import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { joinLines, printIptablesSave } from '../../dataplane/text/print-iptables-save.ts';
import { compiledNode, overallCluster } from '../testing/proxy-cases.ts';
import { kubeProxyUserspace } from './index.ts';

test('USR4 the whole node: portals before node ports, the node\'s own connections by DNAT, those that arrive by REDIRECT', () => {
  // The Services of upstream's overall tests by iptablesInit, openOnePortal and openNodePort (userspace/proxier.go, v1.25); the form is iptables-save's (e2e/kernel/text-normal-form.kernel.ts).
  expect(joinLines(printIptablesSave(compiledNode(kubeProxyUserspace, overallCluster()), 'ip'))).toBe(readFileSync(new URL('fixtures/overall.txt', import.meta.url), 'utf8'));
});
