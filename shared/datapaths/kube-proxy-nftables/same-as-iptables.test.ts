import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cidr } from '../../base/cidr.ts';
import { ip } from '../../base/ip.ts';
import { addFractions, printFraction, type Fraction } from '../../base/fraction.ts';
import type { Dataplane } from '../../dataplane/netns.ts';
import { ask, type Question } from '../../engine/testing/ask.ts';
import { explain } from '../../engine/testing/judge.ts';
import type { Cluster, Endpoint, Service } from '../../model/types.ts';
import { rewritesOf } from '../../trace/rewrites.ts';
import type { Trace } from '../../trace/types.ts';
import { verdictOf } from '../../trace/verdict.ts';
import { compileDataplane } from '../index.ts';
import { labCluster } from '../testing/lab.ts';
import { endpoint, service, servicePort, slice } from '../testing/proxy-cases.ts';

const pods = [['a1', 'a', '10.244.1.10'], ['a2', 'a', '10.244.1.11'], ['b1', 'b', '10.244.2.10']] as const;
const addresses = { clusterIp: '10.96.0.50', vip: '198.51.100.20', a: '192.168.56.11', b: '192.168.56.12' } as const;

interface Case {
  readonly type: Service['type'];
  readonly internalLocal: boolean;
  readonly externalLocal: boolean;
  readonly affinity: boolean;
  readonly ranged: boolean;
  readonly masqueradeAll: boolean;
  readonly detected: boolean;
  /** What each of the three pods is to the Service. */
  readonly pods: readonly ('ready' | 'draining' | 'unready' | 'none')[];
}

const anyCase: fc.Arbitrary<Case> = fc.record({
  type: fc.constantFrom('ClusterIP', 'NodePort', 'LoadBalancer'), internalLocal: fc.boolean(), externalLocal: fc.boolean(), affinity: fc.boolean(), ranged: fc.boolean(), masqueradeAll: fc.boolean(), detected: fc.boolean(),
  pods: fc.array(fc.constantFrom('ready', 'ready', 'draining', 'unready', 'none'), { minLength: 3, maxLength: 3 }),
});

function clusterOf(c: Case, proxyMode: 'iptables' | 'nftables'): Cluster {
  const endpoints = pods.flatMap(([name, node, address], i): readonly Endpoint[] => {
    const state = c.pods[i]!;
    return state === 'none' ? [] : [endpoint(address, node, { ready: state === 'ready', serving: state !== 'unready', terminating: state === 'draining', target: { kind: 'Pod', namespace: 'default', name } })];
  });
  const balanced = c.type === 'LoadBalancer' ? { loadBalancer: [{ ip: ip(addresses.vip), hostname: '', ipMode: 'VIP' as const }], healthCheckNodePort: 32000, loadBalancerSourceRanges: c.ranged ? [cidr('203.0.113.0/24'), cidr('10.244.1.0/24')] : [] } : {};
  return labCluster({
    services: [service('default/svc', addresses.clusterIp, {
      type: c.type, internalTrafficPolicy: c.internalLocal ? 'Local' : 'Cluster', externalTrafficPolicy: c.externalLocal ? 'Local' : 'Cluster', sessionAffinitySeconds: c.affinity ? 60 : null,
      ports: [servicePort({ targetPort: 8080, nodePort: c.type === 'ClusterIP' ? 0 : 30080 })], ...balanced,
    })],
    endpointSlices: [slice('default/svc', endpoints, { ports: [{ name: 'p80', protocol: 'tcp', port: 8080 }] })],
    settings: { proxyMode, masqueradeAll: c.masqueradeAll, ...(c.detected ? {} : { detectLocal: { kind: 'none' } }) },
  });
}

/** One branch's end: who answered and whom it saw, or the verdict and who said it. */
function told(trace: Trace): string {
  const { verdict, code } = verdictOf(trace);
  const { endpoint: taker, sourceSeen } = rewritesOf(trace);
  if (verdict === 'delivered') return `${taker?.netns ?? 'outside'} saw ${sourceSeen?.ip ?? '?'}`;
  return `${verdict} ${code}${trace.outcome.kind === 'rejected' || trace.outcome.kind === 'refused' ? ` from ${trace.outcome.answer.src}` : ''}`;
}

/** What becomes of a packet, with odds; ends that look alike are one. */
function judge(dataplane: Dataplane, question: Question): readonly string[] {
  const sums = new Map<string, Fraction>();
  for (const { odds, trace } of ask(dataplane, question).branches) {
    const before = sums.get(told(trace));
    sums.set(told(trace), before ? addFractions(before, odds) : odds);
  }
  return [...sums].map(([key, odds]) => `${printFraction(odds)} ${key}`).toSorted();
}

const sources = ['pod/default/a1', 'pod/default/b1', 'node/a', 'node/b', 'client/internet'];
const usable = (c: Case): boolean => c.pods.some((state) => state === 'ready' || state === 'draining');

/** Everything worth asking about a case, but for what README.md says the modes do differently. */
function questions(c: Case): readonly Question[] {
  return sources.flatMap((from): readonly Question[] => [
    ...(from.startsWith('client/') ? [] : [{ from, to: addresses.clusterIp, port: 80 }]),
    ...(c.type === 'ClusterIP' ? [] : [{ from, to: addresses.a, port: 30080 }, { from, to: addresses.b, port: 30080 }]),
    // Without endpoints the modes differ on a load balancer address: for the node itself, and where source ranges are.
    ...(c.type === 'LoadBalancer' && (usable(c) || !(from.startsWith('node/') || c.ranged)) ? [{ from, to: addresses.vip, port: 80 }] : []),
  ]);
}

test('NFT9 a packet meets the same fate in both modes: who answers with which odds, whom they see, who refuses', () => {
  fc.assert(fc.property(anyCase, (c) => {
    const [iptables, nftables] = [compileDataplane(clusterOf(c, 'iptables')), compileDataplane(clusterOf(c, 'nftables'))];
    for (const question of questions(c)) {
      const [one, two] = [judge(iptables, question), judge(nftables, question)];
      if (one.join() !== two.join()) expect([question, two, explain(iptables, question), explain(nftables, question)]).toEqual([question, one, '', '']);
    }
  }), { numRuns: 80 });
}, 60_000);

describe('what a packet can see of the difference (README.md)', () => {
  const plain: Case = { type: 'LoadBalancer', internalLocal: false, externalLocal: false, affinity: false, ranged: false, masqueradeAll: false, detected: true, pods: ['ready', 'none', 'none'] };
  const both = (c: Case, question: Question): readonly (readonly string[])[] => (['iptables', 'nftables'] as const).map((mode) => judge(compileDataplane(clusterOf(c, mode)), question));
  const rows: readonly [name: string, c: Case, question: Question, iptables: readonly string[], nftables: readonly string[]][] = [
    ['node ports on localhost', plain, { from: 'node/a', to: '127.0.0.1', port: 30080 }, ['1 pod/default/a1 saw 10.244.1.1'], ['1 refused port-closed from 127.0.0.1']],
    ['an unused port of a cluster IP', plain, { from: 'pod/default/b1', to: addresses.clusterIp, port: 81 }, ['1 timeout blackhole'], ['1 refused rejected from 10.244.2.1']],
    ['a cluster IP that nobody has', plain, { from: 'pod/default/b1', to: '10.96.0.99', port: 80 }, ['1 timeout blackhole'], ['1 dropped dropped']],
    ['a load balancer address without endpoints, dialled by a node', { ...plain, pods: ['none', 'none', 'none'] }, { from: 'node/a', to: addresses.vip, port: 80 }, ['1/2 refused rejected from 192.168.56.12', '1/2 timeout martian'], ['1 refused rejected from 192.168.56.11']],
    ['source ranges without endpoints', { ...plain, ranged: true, pods: ['none', 'none', 'none'] }, { from: 'pod/default/b1', to: addresses.vip, port: 80 }, ['1 refused rejected from 10.244.2.1'], ['1 dropped dropped']],
  ];
  test.each(rows)('%s', (_name, c, question, iptables, nftables) => {
    expect(both(c, question)).toEqual([iptables, nftables]);
  });
});
