import { expect, test } from 'vitest';
import { readManifests } from '../../kube/read-manifests.ts';
import { buildCluster } from '../../model/build-cluster.ts';
import { emptyState, send } from '../../engine/send.ts';
import { selectSource } from '../../engine/select-source.ts';
import { compileDataplane } from '../index.ts';

test('Dual stack: a pod reaches a pod of another node in both families, each through the tunnel of its own', () => {
  const text = 'apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\nnetworking: { podSubnet: "10.244.0.0/16,fd00:10:244::/56" }\n---\napiVersion: podhop.dev/v1alpha1\nkind: Sandbox\nmetadata: { name: lab }\nspec: { podNetwork: vxlan }'
    + ['a', 'b'].map((name) => `\n---\napiVersion: v1\nkind: Pod\nmetadata: { name: ${name} }\nspec: { nodeName: ${name}, containers: [{ name: c, image: i, ports: [{ containerPort: 80 }] }] }`).join('');
  const { cluster } = buildCluster(readManifests([{ name: 'dual.yaml', text }]));
  const dataplane = compileDataplane(cluster);
  const [from, target] = ['pod/default/a', cluster.pods.find((pod) => pod.name === 'b')!];
  const reached = target.ips.map((dst) => {
    const src = selectSource(dataplane, from, dst)!;
    const { branches: [{ trace }] } = send(dataplane, { from, packet: { src, dst, ttl: 64, l4: { proto: 'tcp', sport: 20_000, dport: 80, flags: 'syn' } } }, emptyState(0), { mode: 'all' });
    return [trace.outcome.kind, trace.reply?.outcome.kind];
  });
  expect(reached).toEqual([['delivered', 'delivered'], ['delivered', 'delivered']]);
});
