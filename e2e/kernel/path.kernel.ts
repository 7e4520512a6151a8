import { describe, expect } from 'vitest';
import { ip } from '../../shared/base/ip.ts';
import { compileDataplane } from '../../shared/datapaths/index.ts';
import type { Dataplane } from '../../shared/dataplane/netns.ts';
import { readManifests } from '../../shared/kube/read-manifests.ts';
import { buildCluster } from '../../shared/model/build-cluster.ts';
import type { Trace } from '../../shared/trace/types.ts';
import { fateOf, kernelFate } from './compare.ts';
import { denyA1 } from './fixed-rows.ts';
import type { Backend } from './generate-cluster.ts';
import { kernelTest, labPool, missingBackend } from './lab-pool.ts';
import type { KernelAnswer, Lab, TappedPacket } from './lab-process.ts';
import { engineRules, engineSights, kernelRules, kernelSights } from './paths.ts';
import type { Question } from './questions.ts';
import { addresses as at, withSetting, type Setting } from './reference-cluster.ts';
import { askEngine, portsInUse } from './run-case.ts';
import { toLab } from './to-lab.ts';

const inLab = labPool(1);
const ask = (from: string, dst: string, port = 80): Question => ({ from, dst: ip(dst), port, proto: 'tcp' });

const onBridges: readonly (readonly [name: string, question: Question])[] = [
  ['pod → ClusterIP', ask('pod/default/cl1', '10.96.0.10')],
  ['pod → ClusterIP, hairpin', ask('pod/default/a1', '10.96.0.12')],
  ['pod → ClusterIP of a pod on the same bridge', ask('pod/default/cl1', '10.96.0.12')],
  ['pod → ClusterIP, remote endpoints only', ask('pod/default/cl1', '10.96.0.14')],
  ['node → ClusterIP', ask('node/node1', '10.96.0.12')],
  ['client → NodePort, local endpoint', ask('client/internet', at.N1, 30082)],
  ['client → NodePort, remote endpoint', ask('client/internet', at.N2, 30082)],
  ['pod → NodePort of another node', ask('pod/default/cl2', at.N1, 30082)],
  ['client → NodePort, Local', ask('client/internet', at.N2, 30084)],
  ['client → NodePort, Local, no endpoint here: dropped', ask('client/internet', at.N1, 30084)],
  ['client → LB VIP', ask('client/internet', '198.51.100.10')],
  ['client → LB VIP, Local', ask('client/internet', '198.51.100.14')],
  ['pod → LB VIP, the short way', ask('pod/default/cl1', '198.51.100.14')],
  ['client → LB VIP with source ranges, inside', ask('client/internet', '198.51.100.15')],
  ['client → LB VIP with source ranges, outside', ask('client/internet', '198.51.100.16')],
  ['no endpoints: refused by ICMP', ask('pod/default/cl1', '10.96.0.13')],
  ['egress', ask('pod/default/cl1', '192.0.2.80', 443)],
  ['pod → pod', ask('pod/default/cl1', at.b1, 8080)],
  ['a closed port: RST', ask('pod/default/cl1', at.b1, 9)],
  ['sticky', ask('pod/default/cl1', '10.96.0.18')],
];
const elsewhere: readonly (readonly [name: string, question: Question])[] = [
  ['client → NodePort, remote endpoint', ask('client/internet', at.N2, 30082)],
  ['pod → ClusterIP, remote endpoints only', ask('pod/default/cl1', '10.96.0.14')],
  ['hairpin', ask('pod/default/a1', '10.96.0.12')],
];
const withPolicy: readonly (readonly [name: string, question: Question])[] = [
  ['let in nowhere', ask('pod/default/cl2', at.a1, 8080)],
  ['not meant by it', ask('pod/default/cl2', at.a2, 8080)],
];

const answerOf = ({ outcome, reply }: Trace): 'SA' | 'RA' | 'icmp' => {
  if (reply?.flow.packet.l4.proto === 'icmp') return 'icmp';
  return outcome.kind === 'refused' ? 'RA' : 'SA';
};

interface Traced { readonly results: readonly KernelAnswer[]; readonly packets: readonly TappedPacket[]; readonly rules: Readonly<Record<string, readonly string[]>> }

function table(name: string, backend: Backend, setting: Setting, rows: readonly (readonly [string, Question])[]): void {
  describe(name, () => {
    const nft = backend === 'nftables';
    const { cluster } = buildCluster(readManifests([{ name: 'cluster.yaml', text: withSetting({ ...setting, mode: nft ? 'nftables' : 'iptables' }) }]));
    const dataplane: Dataplane = compileDataplane(cluster);
    const filtering = dataplane.ids.filter((id) => dataplane.netns(id)!.tables.some(({ tool }) => tool === (nft ? 'nft' : 'iptables')));
    let built: Promise<unknown> | undefined;
    const build = (lab: Lab): Promise<unknown> => lab.call({ op: 'build', spec: toLab(dataplane, backend, portsInUse(rows.map(([, question]) => question), cluster)) });
    for (const [row, question] of rows) {
      kernelTest(missingBackend(backend), row, () => inLab(async (lab) => {
        await (built ??= build(lab));
        await lab.call({ op: 'reset' });
        const probes = [{ ...question, id: row, count: 1, sport: 20_000 }];
        const { results, packets, rules } = await lab.call<Traced>({ op: 'trace', netns: filtering, backend: nft ? 'nft' : 'iptables', capture: true, probes, timeout: 0.6 });
        const fate = kernelFate(results[0]!.results[0]!);
        // of the branches that end alike, the one that the kernel took is known by its way
        const branches = askEngine(dataplane, question)!.branches.map(({ trace }) => trace).filter((trace) => fateOf(trace) === fate);
        const kernel = (trace: Trace) => ({ ...kernelSights(dataplane, packets, answerOf(trace)), rules: filtering.map((id) => [id, ...kernelRules(rules[id]!, nft)]) });
        const engine = (trace: Trace) => ({
          request: engineSights(dataplane, trace, false), answer: trace.reply ? engineSights(dataplane, trace.reply, true) : [],
          rules: filtering.map((id) => [id, ...engineRules(dataplane.netns(id)!, trace, nft)]),
        });
        const same = branches.find((trace) => JSON.stringify(engine(trace).request) === JSON.stringify(kernel(trace).request)) ?? branches[0];
        expect(same, `the kernel did ${fate}, which the engine calls impossible`).toBeDefined();
        expect(engine(same!)).toEqual(kernel(same!));
      }));
    }
  });
}

for (const backend of ['iptables-nft', 'nftables'] as const) {
  describe(`hop by hop and rule by rule: ${backend}`, () => {
    table('bridges and host routes', backend, {}, onBridges);
    table('vxlan', backend, { podNetwork: 'vxlan' }, elsewhere);
    table('routed', backend, { podNetwork: 'routed' }, elsewhere);
    table('a policy that lets nobody at a1', backend, { more: denyA1 }, withPolicy);
  });
}
