import { describe, expect } from 'vitest';
import { ip } from '../../shared/base/ip.ts';
import { compileDataplane } from '../../shared/datapaths/index.ts';
import { readManifests } from '../../shared/kube/read-manifests.ts';
import { buildCluster } from '../../shared/model/build-cluster.ts';
import { kernelTest, labPool, missingBackend } from './lab-pool.ts';
import { paste, pasted } from './pasted-rules.ts';
import type { Question } from './questions.ts';
import { addresses as at, withSetting, type Setting } from './reference-cluster.ts';
import { compareAll, inWords, portsInUse, withNodeText } from './run-case.ts';
import { toLab } from './to-lab.ts';

const ask = (from: string, dst: string, port = 80, proto: 'tcp' | 'udp' = 'tcp'): Question => ({ from, dst: ip(dst), port, proto });
const [cl1, cl2, client] = ['pod/default/cl1', 'pod/default/cl2', 'client/internet'];
const questions: readonly Question[] = [
  ask(cl1, at.a1, 8080), ask(cl1, at.b1, 8080), ask(cl1, at.b1, 8053, 'udp'), ask(cl1, '10.96.0.10'), ask(cl1, '10.96.0.12'), ask(cl1, '10.96.0.1', 443), ask(cl1, '10.96.77.7'), ask(cl1, '192.0.2.80', 443),
  ask('pod/default/a1', '10.96.0.12'), ask(cl2, at.a1, 8080), ask(cl2, '10.96.0.12'), ask(cl2, at.N1, 30082), ask('node/node1', at.a1, 8080), ask('node/node1', '10.96.0.12'), ask('node/node1', '10.96.0.14'),
  ask(client, at.N1, 30082), ask(client, at.N1, 30080), ask(client, at.N2, 30082),
];

const settings: readonly (readonly [string, Setting])[] = [['bridges', {}], ['routed', { podNetwork: 'routed' }]];
describe.concurrent.each(settings)('rules pasted into a node: %s', (name, setting) => {
  const inLab = labPool(name === 'bridges' ? 2 : 1);
  const { cluster } = buildCluster(readManifests([{ name: 'cluster.yaml', text: withSetting(setting) }]));
  const compiled = compileDataplane(cluster);
  for (const { name: what, rules } of pasted) {
    kernelTest(missingBackend('iptables-nft'), what, () => inLab(async (lab) => {
      const dataplane = withNodeText(compiled, 'node/node1', (saved) => paste(saved, rules));
      await lab.call({ op: 'build', spec: toLab(dataplane, 'iptables-nft', portsInUse(questions, cluster)) });
      expect((await compareAll(lab, dataplane, questions, { sticky: false, twice: true })).map(inWords)).toEqual([]);
    }));
  }
});
