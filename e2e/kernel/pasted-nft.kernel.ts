import { describe, expect } from 'vitest';
import { ip } from '../../shared/base/ip.ts';
import { compileDataplane } from '../../shared/datapaths/index.ts';
import type { Dataplane } from '../../shared/dataplane/netns.ts';
import { parseNft } from '../../shared/dataplane/text/parse-nft.ts';
import { readManifests } from '../../shared/kube/read-manifests.ts';
import { buildCluster } from '../../shared/model/build-cluster.ts';
import { kernelTest, labPool, missingBackend } from './lab-pool.ts';
import { listed, listing } from './pasted-nft.ts';
import type { Question } from './questions.ts';
import { addresses as at, withSetting } from './reference-cluster.ts';
import { compareAll, inWords, portsInUse } from './run-case.ts';
import { toLab } from './to-lab.ts';

const ask = (from: string, dst: string, port = 80, proto: 'tcp' | 'udp' = 'tcp'): Question => ({ from, dst: ip(dst), port, proto });
const [cl1, cl2, client] = ['pod/default/cl1', 'pod/default/cl2', 'client/internet'];
const questions: readonly Question[] = [
  ask(cl1, at.a1, 8080), ask(cl1, at.b1, 8080), ask(cl1, at.b1, 8053, 'udp'), ask(cl1, '10.96.0.10'), ask(cl1, '10.96.0.12'), ask(cl1, '10.96.0.1', 443), ask(cl1, '10.96.77.7'), ask(cl1, '192.0.2.80', 443),
  ask('pod/default/a1', '10.96.0.12'), ask(cl2, at.a1, 8080), ask(cl2, '10.96.0.12'), ask(cl2, at.N1, 30082), ask('node/node1', at.a1, 8080), ask('node/node1', '10.96.0.12'), ask('node/node1', '10.96.0.14'),
  ask(client, at.N1, 30082), ask(client, at.N1, 30080), ask(client, at.N2, 30082),
];

/** The cluster whose node1 has one table more, read from its listing as a user's would be. */
function withListing(dataplane: Dataplane, text: string): Dataplane {
  const node = dataplane.netns('node/node1')!;
  const read = parseNft(text);
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return { ...dataplane, netns: (id) => (id === 'node/node1' ? { ...node, tables: [...node.tables, ...read.value] } : dataplane.netns(id)) };
}

describe.concurrent.each([['beside iptables', 'iptables-nft'], ['beside nftables', 'nftables']] as const)('[RN8] an nft listing %s', (_, backend) => {
  const inLab = labPool(1);
  const { cluster } = buildCluster(readManifests([{ name: 'cluster.yaml', text: withSetting({ mode: backend === 'nftables' ? 'nftables' : 'iptables' }) }]));
  const compiled = compileDataplane(cluster);
  // Beside kube-proxy's own nft table only what meets it at the same hooks is asked again.
  for (const one of backend === 'nftables' ? listed.filter(({ body }) => body.includes('type nat')) : listed) {
    kernelTest(missingBackend('nftables'), one.name, () => inLab(async (lab) => {
      const dataplane = withListing(compiled, listing(one));
      const spec = toLab(dataplane, backend, portsInUse(questions, cluster)) as { readonly netns: readonly { readonly id: string; readonly rules: Record<string, string> }[] };
      const bare = toLab(compiled, backend, portsInUse(questions, cluster)) as typeof spec;
      // The kernel reads the listing itself, not what we print of it.
      spec.netns.find(({ id }) => id === 'node/node1')!.rules['nft'] = `${bare.netns.find(({ id }) => id === 'node/node1')!.rules['nft'] ?? ''}${listing(one)}`;
      await lab.call({ op: 'build', spec });
      expect((await compareAll(lab, dataplane, questions, { sticky: false, twice: true })).map(inWords)).toEqual([]);
    }));
  }
});
