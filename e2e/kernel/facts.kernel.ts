import { describe, expect } from 'vitest';
import { ip } from '../../shared/base/ip.ts';
import { compileDataplane } from '../../shared/datapaths/index.ts';
import type { Dataplane } from '../../shared/dataplane/netns.ts';
import { selectSource } from '../../shared/engine/select-source.ts';
import { emptyState, send } from '../../shared/engine/send.ts';
import { readManifests } from '../../shared/kube/read-manifests.ts';
import { buildCluster } from '../../shared/model/build-cluster.ts';
import { fateOf, kernelFate, tally, type Fate } from './compare.ts';
import type { Backend } from './generate-cluster.ts';
import { kernelTest, labPool, missingBackend } from './lab-pool.ts';
import type { KernelAnswer, Lab } from './lab-process.ts';
import type { Question } from './questions.ts';
import { addresses as at, withSetting, type Setting } from './reference-cluster.ts';
import { askEngine, portsInUse, withNodeText } from './run-case.ts';
import { toLab } from './to-lab.ts';

const inLab = labPool(1);
interface Connection extends Question { readonly sport: number }
const ask = (from: string, dst: string, port = 80, proto: 'tcp' | 'udp' = 'tcp', sport = 20_000): Connection => ({ from, dst: ip(dst), port, proto, sport });
interface Seen { readonly fate: Fate; readonly kept: boolean }

/** Connections one after the other, on kernels that remember the earlier ones: what the engine says of each, following the dice of a seed. */
function engineInTurn(dataplane: Dataplane, connections: readonly Connection[]): readonly Seen[] {
  let state = emptyState(0);
  return connections.map(({ from, dst, port, proto, sport }) => {
    const l4 = proto === 'tcp' ? ({ proto, sport, dport: port, flags: 'syn' } as const) : ({ proto, sport, dport: port } as const);
    const [branch] = send(dataplane, { from, packet: { src: selectSource(dataplane, from, dst)!, dst, ttl: 64, l4 } }, state, { mode: 'sample', seed: 1 }).branches;
    ({ state } = branch);
    const { outcome } = branch.trace;
    return { fate: fateOf(branch.trace), kept: outcome.kind !== 'delivered' || outcome.as.l4.proto === 'icmp' || outcome.as.l4.sport === sport };
  });
}

async function kernelInTurn(lab: Lab, connections: readonly Connection[]): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  for (const connection of connections) {
    const { results } = await lab.call<{ results: readonly KernelAnswer[] }>({ op: 'probe', probes: [{ ...connection, id: 'one', count: 1 }], timeout: 1 });
    seen.push({ fate: kernelFate(results[0]!.results[0]!), kept: results[0]!.kept });
  }
  return seen;
}

const reference = (backend: Backend, setting: Setting = {}) => {
  const { cluster } = buildCluster(readManifests([{ name: 'cluster.yaml', text: withSetting({ ...setting, mode: backend === 'nftables' ? 'nftables' : 'iptables' }) }]));
  return { cluster, dataplane: compileDataplane(cluster) };
};

describe.each(['iptables-nft', 'iptables-legacy', 'nftables'] as const)('source ports and memory: %s', (backend) => {
  const { cluster, dataplane } = reference(backend);
  const both = (connections: readonly Connection[]) => inLab(async (lab) => {
    await lab.call({ op: 'build', spec: toLab(dataplane, backend, portsInUse(connections, cluster)) });
    return { engine: engineInTurn(dataplane, connections), kernel: await kernelInTurn(lab, connections) };
  });

  kernelTest(missingBackend(backend), 'kube-proxy\'s masquerade (fully random) takes a new source port always; DNAT alone and the pod network\'s plain masquerade keep it', async () => {
    const { engine, kernel } = await both([ask('pod/default/cl1', '10.96.0.12', 80, 'tcp', 20_001), ask('client/internet', at.N1, 30082, 'tcp', 20_002), ask('pod/default/a1', '10.96.0.12', 80, 'tcp', 20_003), ask('pod/default/cl1', '192.0.2.80', 443, 'tcp', 20_004), ask('pod/default/cl2', at.a1, 8080, 'tcp', 20_005)]);
    expect(kernel).toEqual(engine);
    expect(kernel.map(({ kept }) => kept)).toEqual([true, false, false, true, true]);
  });
  kernelTest(missingBackend(backend), 'one source port to two Services with one endpoint: the second connection gets another, though nobody masquerades', async () => {
    const { engine, kernel } = await both([ask('pod/default/cl1', '10.96.0.12', 80, 'tcp', 21_000), ask('pod/default/cl1', '10.96.0.19', 80, 'tcp', 21_000)]);
    expect(kernel).toEqual(engine);
    expect(kernel.map(({ kept }) => kept)).toEqual([true, false]);
  });
  kernelTest(missingBackend(backend), 'UDP from one port stays with one endpoint', async () => {
    const datagrams = Array.from({ length: 12 }, () => ask('pod/default/cl1', '10.96.0.11', 53, 'udp', 22_000));
    const { engine, kernel } = await both(datagrams);
    expect([new Set(engine.map(({ fate }) => fate)).size, new Set(kernel.map(({ fate }) => fate)).size]).toEqual([1, 1]);
  });
});

interface Edited { readonly name: string; readonly setting?: Setting; readonly edit: (saved: string) => string; readonly expect: readonly (readonly [question: Question, fate: Fate])[] }
const first = (table: string, rule: string) => (saved: string): string => saved.replace(new RegExp(`(^\\*${table}\\n(?::.*\\n)*)`, 'm'), `$1${rule}\n`);
const on = (pod: string, source: string): Fate => `delivered|pod/default/${pod}|${source}|${at[pod as 'a1']}|8080`;
const edited: readonly Edited[] = [
  {
    name: 'FORWARD\'s policy is DROP: marked traffic passes by KUBE-FORWARD, and so do answers to it; the rest is lost', edit: (saved) => saved.replace(/(^\*filter\n(?::.*\n)*?:FORWARD )ACCEPT/m, '$1DROP'),
    expect: [[ask('client/internet', at.N1, 30082), on('a1', at.GW1)], [ask('pod/default/cl1', '10.96.0.12'), 'lost'], [ask('pod/default/cl2', at.a1, 8080), 'lost'], [ask('node/node1', at.a1, 8080), on('a1', at.GW1)]],
  },
  { name: 'a REJECT behind a ClusterIP comes from the ClusterIP', edit: first('filter', `-A FORWARD -d ${at.a1}/32 -p tcp -j REJECT --reject-with icmp-port-unreachable`), expect: [[ask('pod/default/cl1', '10.96.0.12'), 'refused|icmp 3/3 from 10.96.0.12']] },
  {
    name: '[SK4] a reset for a bridged pod goes straight back out of its port: not un-NATed, so nobody hears it behind a ClusterIP', edit: first('filter', `-A FORWARD -d ${at.a1}/32 -p tcp -j REJECT --reject-with tcp-reset`),
    expect: [[ask('pod/default/cl1', at.a1, 8080), 'refused|tcp rst'], [ask('pod/default/cl1', '10.96.0.12'), 'lost'], [ask('pod/default/cl2', '10.96.0.12'), 'refused|tcp rst']],
  },
  {
    name: '[SK4] where pods are routed the reset is un-NATed', setting: { podNetwork: 'routed' }, edit: first('filter', `-A FORWARD -d ${at.a1}/32 -p tcp -j REJECT --reject-with tcp-reset`),
    expect: [[ask('pod/default/cl1', at.a1, 8080), 'refused|tcp rst'], [ask('pod/default/cl1', '10.96.0.12'), 'refused|tcp rst']],
  },
  { name: 'an ICMP answer of a router on the way is un-NATed as well', edit: first('filter', '-A FORWARD -d 192.0.2.80/32 -p udp -j REJECT --reject-with icmp-port-unreachable'), expect: [[ask('pod/default/cl1', '192.0.2.80', 53, 'udp'), `refused|icmp 3/3 from ${at.GW1}`]] },
];

describe.each(['iptables-nft', 'iptables-legacy'] as const)('a rule more, or another policy, on node1: %s', (backend) => {
  for (const { name, setting, edit, expect: expected } of edited) {
    kernelTest(missingBackend(backend), name, () => inLab(async (lab) => {
      const { cluster, dataplane: compiled } = reference(backend, setting);
      const dataplane = withNodeText(compiled, 'node/node1', edit);
      await lab.call({ op: 'build', spec: toLab(dataplane, backend, portsInUse(expected.map(([question]) => question), cluster)) });
      const probes = expected.map(([question], i) => ({ ...question, sport: 20_000 + i, id: String(i), count: 1 }));
      const { results } = await lab.call<{ results: readonly KernelAnswer[] }>({ op: 'probe', probes, timeout: 1 });
      const engine = expected.map(([question]) => askEngine(dataplane, question)!.branches.map(({ trace }) => fateOf(trace)));
      expect({ kernel: results.map((answer) => [...tally(answer).keys()]), engine }).toEqual({ kernel: expected.map(([, fate]) => [fate]), engine: expected.map(([, fate]) => [fate]) });
    }));
  }
});
