import { ip } from '../../shared/base/ip.ts';
import type { Answer, Opened } from '../../shared/api/shapes.ts';
import type { Packet, TcpFlags } from '../../shared/dataplane/packet.ts';
import type { Cluster, Settings } from '../../shared/model/types.ts';
import type { Branch, Glossary, Hop, Journey, Step, Trace } from '../../shared/trace/types.ts';
import { pictureCluster } from './fixture-cluster.ts';

/** A recorded question for tests of the renderer: web-1 asks Service api on port 80, which has three endpoints. Shaped by the contracts, never shipped. */

const syn = (src: string, sport: number, dst: string, dport: number, ttl = 64, flags: TcpFlags = 'syn'): Packet => ({ src: ip(src), dst: ip(dst), ttl, l4: { proto: 'tcp', sport, dport, flags } });

const rule = (chain: string, n: number, jump: string): Step => ({
  kind: 'rule', hook: 'prerouting', chain: `ip/nat/${chain}`, rule: `ip/nat/${chain}/${n}`, did: { kind: 'verdict', verdict: { kind: 'jump', chain: jump } },
});
const accepted = (hook: 'prerouting' | 'forward' | 'postrouting', chain: string): Step => ({ kind: 'policy', hook, chain: `ip/${chain}`, verdict: 'accept' });

interface Target { readonly pod: string; readonly address: string; readonly node: string; readonly nodeIp: string; readonly sep: string; readonly n: number }
const targets: readonly Target[] = [
  { pod: 'api-1', address: '10.244.1.14', node: 'a', nodeIp: '192.168.56.11', sep: 'KUBE-SEP-PCSFG3NUW4A6IKS5', n: 2 },
  { pod: 'api-2', address: '10.244.2.21', node: 'b', nodeIp: '192.168.56.12', sep: 'KUBE-SEP-UAJY57NEIIUYRE5B', n: 3 },
  { pod: 'api-3', address: '10.244.3.17', node: 'c', nodeIp: '192.168.56.13', sep: 'KUBE-SEP-YV7I2OFVAEF2N4PO', n: 4 },
];
const svc = 'KUBE-SVC-RUKNB3TURLFC6SGL';
const asked = syn('10.244.1.12', 41870, '10.96.14.7', 80);
const wrapped = (packet: Packet, from: string, to: string): Packet => ({ ...packet, outer: { kind: 'vxlan', src: ip(from), dst: ip(to), dport: 8472, vni: 1, ttl: 64 } });

function nodeAHop(target: Target, vxlan: boolean): Hop {
  const after = syn('10.244.1.12', 41870, target.address, 8080);
  const local = target.node === 'a';
  const route = local ? '10.244.1.0/24 dev cbr0' : vxlan ? `${target.address.replace(/\d+$/, '0')}/24 via ${target.address.replace(/\d+$/, '0')} dev flannel.1 onlink` : `${target.address.replace(/\d+$/, '0')}/24 via ${target.nodeIp} dev eth0`;
  const out: readonly Step[] = local
    ? [{ kind: 'leave', link: `veth-${target.pod}` }]
    : vxlan ? [{ kind: 'encap', packet: wrapped(after, '192.168.56.11', target.nodeIp) }, { kind: 'leave', link: 'eth0' }] : [{ kind: 'leave', link: 'eth0' }];
  return {
    netns: 'node/a',
    steps: [
      { kind: 'enter', link: 'veth-web-1' },
      { kind: 'conntrack', event: 'created' },
      rule('PREROUTING', 1, 'KUBE-SERVICES'),
      rule('KUBE-SERVICES', 2, svc),
      { kind: 'choice', by: `ip/nat/${svc}/${target.n}`, what: 'statistic', odds: { num: 1, den: 3 } },
      rule(svc, target.n, target.sep),
      { kind: 'rule', hook: 'prerouting', chain: `ip/nat/${target.sep}`, rule: `ip/nat/${target.sep}/2`, did: { kind: 'dnat', to: { ip: ip(target.address), ports: { from: 8080, to: 8080 } } } },
      { kind: 'rewrite', before: asked, after, by: `ip/nat/${target.sep}/2` },
      { kind: 'route', table: 'main', route, dev: local ? 'cbr0' : vxlan ? 'flannel.1' : 'eth0' },
      { kind: 'ttl', ttl: 63 },
      accepted('forward', 'filter/FORWARD'),
      accepted('postrouting', 'nat/POSTROUTING'),
      ...out,
    ],
  };
}

function forwardHops(target: Target, vxlan: boolean): readonly [Hop, ...Hop[]] {
  const first: Hop = { netns: 'pod/shop/web-1', steps: [{ kind: 'originate', packet: asked }, { kind: 'route', table: 'main', route: 'default via 10.244.1.1 dev eth0', dev: 'eth0', via: ip('10.244.1.1') }, { kind: 'leave', link: 'eth0' }] };
  const remote: readonly Hop[] = target.node === 'a' ? [] : [
    { netns: 'switch/lan', steps: [{ kind: 'enter', link: 'port-a' }, { kind: 'bridge', bridge: 'br0', from: 'port-a', to: `port-${target.node}` }, { kind: 'leave', link: `port-${target.node}` }] },
    {
      netns: `node/${target.node}`,
      steps: [
        { kind: 'enter', link: 'eth0' },
        ...(vxlan ? [{ kind: 'decap', packet: syn('10.244.1.12', 41870, target.address, 8080, 63) } as const] : []),
        { kind: 'conntrack', event: 'created' },
        { kind: 'route', table: 'main', route: `${target.address.replace(/\d+$/, '0')}/24 dev cbr0`, dev: 'cbr0' },
        accepted('forward', 'filter/FORWARD'),
        { kind: 'leave', link: `veth-${target.pod}` },
      ],
    },
  ];
  const last: Hop = { netns: `pod/shop/${target.pod}`, steps: [{ kind: 'enter', link: 'eth0' }, { kind: 'route', table: 'local', route: `local ${target.address} dev eth0`, local: true }, { kind: 'deliver', app: 'echo' }] };
  return [first, nodeAHop(target, vxlan), ...remote, last];
}

function replyHops(target: Target, vxlan: boolean): readonly [Hop, ...Hop[]] {
  const answer = syn(target.address, 8080, '10.244.1.12', 41870, 64, 'syn-ack');
  const seen: Packet = { ...answer, src: ip('10.96.14.7'), l4: { proto: 'tcp', sport: 80, dport: 41870, flags: 'syn-ack' } };
  const first: Hop = { netns: `pod/shop/${target.pod}`, steps: [{ kind: 'originate', packet: answer }, { kind: 'leave', link: 'eth0' }] };
  const remote: readonly Hop[] = target.node === 'a' ? [] : [
    {
      netns: `node/${target.node}`,
      steps: [
        { kind: 'enter', link: `veth-${target.pod}` },
        { kind: 'conntrack', event: 'matched' },
        { kind: 'route', table: 'main', route: vxlan ? '10.244.1.0/24 via 10.244.1.0 dev flannel.1 onlink' : '10.244.1.0/24 via 192.168.56.11 dev eth0', dev: vxlan ? 'flannel.1' : 'eth0' },
        ...(vxlan ? [{ kind: 'encap', packet: wrapped(answer, target.nodeIp, '192.168.56.11') } as const] : []),
        { kind: 'leave', link: 'eth0' },
      ],
    },
    { netns: 'switch/lan', steps: [{ kind: 'enter', link: `port-${target.node}` }, { kind: 'bridge', bridge: 'br0', from: `port-${target.node}`, to: 'port-a' }, { kind: 'leave', link: 'port-a' }] },
  ];
  const back: Hop = {
    netns: 'node/a',
    steps: [
      { kind: 'enter', link: target.node === 'a' ? `veth-${target.pod}` : 'eth0' },
      ...(vxlan && target.node !== 'a' ? [{ kind: 'decap', packet: answer } as const] : []),
      { kind: 'conntrack', event: 'reversed' },
      { kind: 'rewrite', before: answer, after: seen, by: 'conntrack' },
      { kind: 'route', table: 'main', route: '10.244.1.0/24 dev cbr0', dev: 'cbr0' },
      { kind: 'leave', link: 'veth-web-1' },
    ],
  };
  const last: Hop = { netns: 'pod/shop/web-1', steps: [{ kind: 'enter', link: 'eth0' }, { kind: 'deliver', app: 'echo' }] };
  return [first, ...remote, back, last];
}

function branchTo(target: Target, vxlan: boolean): Branch {
  const after = syn('10.244.1.12', 41870, target.address, 8080, 63);
  const reply: Trace = { flow: { from: `pod/shop/${target.pod}`, packet: syn(target.address, 8080, '10.244.1.12', 41870, 64, 'syn-ack') }, hops: replyHops(target, vxlan), outcome: { kind: 'delivered', to: 'pod/shop/web-1', as: asked } };
  return {
    odds: { num: 1, den: 3 }, verdict: 'delivered', code: '', sentence: `${target.pod} answered on port 8080.`,
    dnat: { ip: ip(target.address), port: 8080 }, snat: null,
    endpoint: { ip: ip(target.address), port: 8080, pod: `shop/${target.pod}`, node: target.node, netns: `pod/shop/${target.pod}` },
    sourceSeen: { ip: ip('10.244.1.12') }, http: null, decidedBy: [],
    legs: [{ kind: 'connection', what: '10.96.14.7:80', trace: { flow: { from: 'pod/shop/web-1', packet: asked }, hops: forwardHops(target, vxlan), outcome: { kind: 'delivered', to: `pod/shop/${target.pod}`, as: after }, reply } }],
  };
}

/** A branch whose packet a rule on node b drops, for the marks of a bad end. */
export function droppedBranch(): Branch {
  const whole = branchTo(targets[1] ?? targets[0]!, false);
  const leg = whole.legs[0]!;
  const [first, ...rest] = leg.trace.hops;
  const stop: Hop = { netns: 'node/b', steps: [{ kind: 'enter', link: 'eth0' }, { kind: 'rule', hook: 'forward', chain: 'ip/filter/FORWARD', rule: 'ip/filter/FORWARD/1', did: { kind: 'verdict', verdict: { kind: 'drop' } } }] };
  const hops = [first, ...rest.slice(0, 2), stop] as const;
  return {
    ...whole, odds: { num: 1, den: 1 }, verdict: 'dropped', code: 'rule', sentence: 'Node b dropped it in chain FORWARD.', endpoint: null,
    legs: [{ ...leg, trace: { flow: leg.trace.flow, hops, outcome: { kind: 'dropped', at: 'node/b', by: 'ip/filter/FORWARD/1' } } }],
  };
}

const glossary: Glossary = {
  'node/a ip/nat/KUBE-SERVICES/2': { text: `-A KUBE-SERVICES -d 10.96.14.7/32 -p tcp -m comment --comment "shop/api:http cluster IP" -m tcp --dport 80 -j ${svc}`, why: 'Service api listens on 10.96.14.7:80', by: 'kube-proxy-iptables', for: { kind: 'Service', namespace: 'shop', name: 'api' } },
  'node/a ip/nat/KUBE-SEP-UAJY57NEIIUYRE5B/2': { text: '-A KUBE-SEP-UAJY57NEIIUYRE5B -p tcp -m comment --comment "shop/api:http" -m tcp -j DNAT --to-destination 10.244.2.21:8080', why: 'Service api selects api-2', by: 'kube-proxy-iptables', for: { kind: 'Service', namespace: 'shop', name: 'api' }, at: { file: 'api.yaml', line: 14, col: 3 } },
};

/** web-1 → api:80 with its three branches, api-2 in the middle. */
export function recordedAnswer(podNetwork: Settings['podNetwork'] = 'vxlan'): Answer {
  const branches = targets.map((target) => branchTo(target, podNetwork === 'vxlan'));
  const journey: Journey = {
    probe: { from: 'pod/shop/web-1', to: 'service/shop/api', port: 80, protocol: 'tcp' }, from: 'pod/shop/web-1', target: 'service/shop/api', to: { kind: 'Service', namespace: 'shop', name: 'api' }, protocol: 'tcp', port: 80,
    resolution: { name: 'api', ip: ip('10.96.14.7'), how: 'without-packets' }, verdict: 'delivered', branches,
  };
  return { revision: 1, journey, glossary };
}

/** The opened cluster that the recorded answer belongs to. */
export function recordedOpened(cluster: Cluster = pictureCluster()): Opened {
  return { revision: 1, title: 'ClusterIP', documents: [], cluster, problems: [], problemsOmitted: 0, counts: {} };
}
