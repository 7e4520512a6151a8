import { expect, test } from 'vitest';
import { openDocuments } from './testing/open-documents.ts';

test.each([['iptables', 'iptables-save'], ['nftables', 'nft'], ['ipvs', 'ipvsadm']])('CLI.md rules: in mode %s the default is %s', async (mode, format) => {
  const sandbox = await openDocuments([{ name: 'kp.yaml', text: `apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nmode: ${mode}\n` }, { name: 's.yaml', text: 'apiVersion: v1\nkind: Service\nmetadata:\n  name: api\nspec:\n  ports:\n    - port: 80\n' }]);
  const text = await sandbox.rules({ netns: 'node/a', format: null });
  expect([text.format, text.lines.length > 0]).toEqual([format, true]);
});
