import { expect } from 'vitest';
import { cidr } from '../../shared/base/cidr.ts';
import { ip } from '../../shared/base/ip.ts';
import { compileDataplane } from '../../shared/datapaths/index.ts';
import { containerPort, labCluster, labNode, labOutsider, labPod } from '../../shared/datapaths/testing/lab.ts';
import { addressEnd, decide, indexPolicies } from '../../shared/model/policy/oracle.ts';
import { chooser, namespaceOf, policyOf, type Chooser } from '../../shared/model/policy/testing/generate.ts';
import type { Cluster, Policy, PolicyPeer } from '../../shared/model/types.ts';
import { disagreements, distribution } from './compare.ts';
import { kernelTest, labPool, missing } from './lab-pool.ts';
import type { KernelAnswer, Lab } from './lab-process.ts';
import { askEngine, type Question } from './run-case.ts';
import { toLab } from './to-lab.ts';
import { podId } from '../../shared/model/describe.ts';

const inLab = labPool(1);

const blocksOf6 = [cidr('fd00:10:244:2::/64'), cidr('fd00::/8'), cidr('2001:db8::/32'), cidr('::/0')];
const onePod = cidr('fd00:10:244:1::10/128');

/** Most ipBlocks become IPv6 ones, some with a pod taken out. */
function inSix(random: Chooser, peer: PolicyPeer): PolicyPeer {
  if (!peer.ipBlock || random.chance(0.3)) return peer;
  const block = random.pick(blocksOf6);
  return { ...peer, ipBlock: { cidr: block, except: block !== blocksOf6[0] && block !== blocksOf6[2] && random.chance(0.4) ? [onePod] : [] } };
}

/** Two nodes, four pods and a client with addresses of both families, and four random policies. */
function dualStack(seed: number, proxyMode: 'iptables' | 'nftables'): Cluster {
  const random = chooser(seed);
  const podSubnets = [cidr('10.244.0.0/16'), cidr('fd00:10:244::/48')];
  const pod = (name: string, node: string, n: number, last: string, app: string): Cluster['pods'][number] => labPod(name, node, '', {
    namespace: random.pick(['red', 'blue']), labels: { app }, ports: [containerPort(8000, { name: 'http' }), containerPort(8001, { name: 'metrics' })], ips: [ip(`10.244.${n}.${last}`), ip(`fd00:10:244:${n}::${last}`)],
  });
  const policies = Array.from({ length: 4 }, (_, i): Policy => {
    const policy = policyOf(random, i);
    const turn = (rules: Policy['ingress']): Policy['ingress'] => rules?.map((rule) => ({ ...rule, peers: rule.peers?.map((peer) => inSix(random, peer)) ?? null })) ?? null;
    return { ...policy, ingress: turn(policy.ingress), egress: turn(policy.egress) };
  });
  return labCluster({
    nodes: [1, 2].map((n) => labNode(n, { addresses: [ip(`192.168.56.1${n}`), ip(`fd00:192:168:56::1${n}`)], podCidrs: [cidr(`10.244.${n}.0/24`), cidr(`fd00:10:244:${n}::/64`)] })),
    pods: [pod('a1', 'a', 1, '10', 'web'), pod('a2', 'a', 1, '11', 'api'), pod('b1', 'b', 2, '10', 'db'), pod('b2', 'b', 2, '11', 'web')],
    namespaces: [namespaceOf('blue', { team: 'two' }), namespaceOf('red', { team: 'one' })], policies,
    outsiders: [labOutsider('client', 'internet', '203.0.113.10', { addresses: [ip('203.0.113.10'), ip('2001:db8::10')] })],
    settings: { podSubnets, podsRoutable: true, proxyMode, detectLocal: { kind: 'cluster-cidr', cidrs: podSubnets } },
  });
}

function questionsOf(cluster: Cluster): readonly Question[] {
  const ends = [...cluster.pods.map((pod) => ({ from: podId(pod), ips: pod.ips })), { from: 'client/internet', ips: cluster.outsiders[0]!.addresses }];
  const asked = ends.flatMap((a) => ends.filter((b) => b !== a).flatMap((b) => b.ips.flatMap((dst) => [8000, 8001].map((port): Question => ({ from: a.from, dst, port, proto: 'tcp' })))));
  return [...asked, ...cluster.pods.flatMap((pod) => pod.ips.map((dst): Question => ({ from: 'node/a', dst, port: 8000, proto: 'tcp' })))];
}

/** Where two of the three differ: the kernel, the engine over the compiled rules, and the oracle. */
async function differences(lab: Lab, cluster: Cluster): Promise<readonly string[]> {
  const dataplane = compileDataplane(cluster);
  const asked = questionsOf(cluster);
  await lab.call({ op: 'build', spec: toLab(dataplane, cluster.settings.proxyMode === 'nftables' ? 'nftables' : 'iptables-nft', { tcp: [8000, 8001], udp: [] }, true) });
  const { results } = await lab.call<{ results: readonly KernelAnswer[] }>({ op: 'probe', probes: asked.map((q, i) => ({ id: String(i), from: q.from, dst: q.dst, port: q.port, proto: q.proto, count: 1 })), timeout: 0.8, concurrency: 400 });
  const index = indexPolicies(cluster);
  return asked.flatMap((q, i) => {
    const [branch] = askEngine(dataplane, q)!.branches;
    const kernel = disagreements(distribution([branch!]), results[i]!, true);
    const { outcome, flow } = branch!.trace;
    const allowed = decide(index, addressEnd(index, flow.packet.src), addressEnd(index, q.dst), 'tcp', q.port).every((one) => one.allowed);
    const oracle = allowed === (outcome.kind !== 'dropped') ? [] : [`the oracle ${allowed ? 'allows' : 'denies'}, the packet is ${outcome.kind}`];
    return [...kernel, ...oracle].map((text) => `${q.from} → ${q.dst}:${q.port}: ${text}`);
  });
}

for (let seed = 0; seed < 12; seed++) {
  const mode = seed % 2 === 0 ? 'iptables' : 'nftables';
  kernelTest(missing, `NetworkPolicy in both families, seed ${seed}, ${mode}: kernel, compiled rules and oracle agree`, () => inLab(async (lab) => {
    expect(await differences(lab, dualStack(seed, mode))).toEqual([]);
  }));
}
