import { describe, expect, test, vi } from 'vitest';
import type { Ip } from '../../base/ip.ts';
import { emptyState, send } from '../../engine/send.ts';
import { addressEnd, decide, explainDecision, indexPolicies } from '../../model/policy/oracle.ts';
import { generateCluster } from '../../model/policy/testing/generate.ts';
import type { Cluster, L4Protocol } from '../../model/types.ts';
import { checkDataplane } from '../../dataplane/check-dataplane.ts';
import { compileDataplane } from '../index.ts';

// Room for a busy machine.
vi.setConfig({ testTimeout: 120_000 });

interface Question { readonly from: string; readonly src: Ip; readonly dst: Ip; readonly protocol: L4Protocol; readonly port: number }

const l4Of = ({ protocol, port }: Question) => {
  const ports = { sport: 20_000, dport: port };
  return protocol === 'tcp' ? { proto: protocol, ...ports, flags: 'syn' } as const : protocol === 'udp' ? { proto: protocol, ...ports } as const : { proto: protocol, ...ports, chunk: 'init' } as const;
};

/** Every pod to every pod, from and to outside, each cluster on two of four kinds of port. */
function questionsOf(cluster: Cluster, seed: number): readonly Question[] {
  const own = cluster.pods.map((pod) => ({ from: pod.hostNetwork ? `node/${pod.node}` : `pod/${pod.namespace}/${pod.name}`, ip: pod.ips[0]! }));
  const outside = cluster.outsiders.map((one) => ({ from: `${one.kind}/${one.name}`, ip: one.addresses[0]! }));
  const ends = [...own, ...outside, { from: 'node/a', ip: cluster.nodes[0]!.addresses[0]! }];
  const kinds = seed % 2 === 0 ? [['tcp', 8000], ['udp', 8001]] as const : [['tcp', 8002], ['sctp', 8000]] as const;
  return ends.flatMap((a) => own.filter((b) => b.ip !== a.ip).flatMap((b) => kinds.map(([protocol, port]) => ({ from: a.from, src: a.ip, dst: b.ip, protocol, port }))))
    .concat(own.flatMap((a) => outside.flatMap((b) => kinds.map(([protocol, port]) => ({ from: a.from, src: a.ip, dst: b.ip, protocol, port })))));
}

interface Seen { readonly dropped: boolean; /** The source as the destination's node saw it: another node may have put its own address there (kernel-lab §2). */ readonly src: Ip }

/** Whether the rules dropped it as policy does; whatever else happens to it (nobody listens) is not policy's business. */
function seen(dataplane: ReturnType<typeof compileDataplane>, question: Question): Seen {
  const flow = { from: question.from, packet: { src: question.src, dst: question.dst, ttl: 64, l4: l4Of(question) } };
  const { branches: [branch] } = send(dataplane, flow, emptyState(0), { mode: 'all' });
  const { outcome, hops } = branch!.trace;
  const rewritten = hops.flatMap((hop) => hop.steps).findLast((step) => step.kind === 'rewrite');
  const fromNode = question.from.startsWith('node/') && rewritten?.kind === 'rewrite';
  return { dropped: outcome.kind === 'dropped' && /PODHOP-|podhop-policy/.test(outcome.by), src: fromNode ? rewritten.after.src : question.src };
}

function judged(cluster: Cluster, question: Question): { readonly denied: boolean; readonly words: string } {
  const index = indexPolicies(cluster);
  const decisions = decide(index, addressEnd(index, question.src), addressEnd(index, question.dst), question.protocol, question.port);
  return { denied: decisions.some((one) => !one.allowed), words: decisions.map(explainDecision).join(' ') };
}

const counts = { dropped: 0, passed: 0 };

/** Where the compiled rules and the oracle differ. */
function differences(cluster: Cluster, seed: number): readonly string[] {
  const dataplane = compileDataplane(cluster);
  return questionsOf(cluster, seed).flatMap((question) => {
    const { dropped, src } = seen(dataplane, question);
    const { denied, words } = judged(cluster, { ...question, src });
    counts[dropped ? 'dropped' : 'passed']++;
    return dropped === denied ? [] : [`${question.src} → ${question.dst} ${question.protocol} ${question.port}: ${words}`];
  });
}

const seeds = Array.from({ length: 15 }, (_, i) => i);
describe('the oracle and the compiled rules agree on every question to generated clusters', () => {
  for (const proxyMode of ['iptables', 'nftables', 'ipvs'] as const) {
    test.each(proxyMode === 'ipvs' ? seeds.slice(0, 1) : seeds)(`NP11 ${proxyMode}, clusters %i × 20`, (group) => {
      for (let i = 0; i < 20; i++) {
        const seed = group * 20 + i;
        const podNetwork = (['bridge', 'bridge', 'vxlan', 'routed'] as const)[seed % 4]!;
        expect({ seed, podNetwork, differ: differences(generateCluster(seed, { proxyMode, podNetwork }), seed) }).toEqual({ seed, podNetwork, differ: [] });
      }
    });
  }
});

test('the questions are no empty ones: both answers are frequent', () => {
  expect(Math.min(counts.dropped, counts.passed)).toBeGreaterThan(5000);
});

test('every generated kernel could exist', () => {
  for (let seed = 0; seed < 20; seed++) {
    for (const proxyMode of ['iptables', 'nftables'] as const) expect(checkDataplane(compileDataplane(generateCluster(seed, { proxyMode })))).toEqual([]);
  }
});
