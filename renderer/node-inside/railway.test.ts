import { describe, expect, test } from 'vitest';
import type { Hop } from '../../shared/trace/types.ts';
import { recordedAnswer } from '../testing/fixture.ts';
import { buildTimeline } from '../scene/timeline.ts';
import { decidingChains } from './deciding-chains.ts';
import { cardHeight, drawPass, layRails, type Plan } from './rail-geometry.ts';
import { passesOf, visitAt } from './railway.ts';
import { readLinks } from './read-links.ts';
import { stayAt } from './visit-of-node.ts';

const answer = recordedAnswer('vxlan');
const hops = answer.journey.branches[1]!.legs[0]!.trace.hops;
const nodeA = hops.find((h) => h.netns === 'node/a')!;
const stops = (hop: Hop, nftables = false): readonly (readonly string[])[] => passesOf(hop, nftables).map(({ visits }) => visits.map((v) => v.stop));

describe('a hop along the hooks', () => {
  test('forwarded and wrapped: PREROUTING to POSTROUTING and out, then once more as the node’s own packet', () => {
    expect(stops(nodeA)).toEqual([
      ['in:veth-web-1', 'PREROUTING:raw', 'PREROUTING:conntrack', 'PREROUTING:mangle', 'PREROUTING:nat', 'route', 'FORWARD:mangle', 'FORWARD:filter', 'POSTROUTING:mangle', 'POSTROUTING:nat'],
      ['sockets', 'out:eth0'],
    ]);
  });
  test('the rewrite stands at the nat table', () => {
    expect(passesOf(nodeA, false).flatMap(({ visits }) => visits.filter((v) => v.rewritten).map((v) => v.stop))).toEqual(['PREROUTING:nat']);
  });
  test('to the node itself: INPUT and its sockets', () => {
    const hop: Hop = { netns: 'node/a', steps: [{ kind: 'enter', link: 'eth0' }, { kind: 'conntrack', event: 'created' }, { kind: 'route', table: 'local', route: 'local 192.168.56.11 dev eth0', local: true }, { kind: 'deliver', app: 'echo' }] };
    expect(stops(hop)[0]?.slice(-3)).toEqual(['INPUT:mangle', 'INPUT:filter', 'sockets']);
  });
  test('a dropped packet ends at the table that dropped it', () => {
    const hop: Hop = { netns: 'node/a', steps: [{ kind: 'enter', link: 'eth0' }, { kind: 'route', table: 'main', route: '10.244.1.0/24 dev cbr0', dev: 'cbr0' }, { kind: 'rule', hook: 'forward', chain: 'ip/filter/FORWARD', rule: 'ip/filter/FORWARD/1', did: { kind: 'verdict', verdict: { kind: 'drop' } } }] };
    expect(stops(hop)[0]?.at(-1)).toBe('FORWARD:filter');
  });
  test('nftables chains are where their base chain says', () => {
    const hop: Hop = { netns: 'node/a', steps: [{ kind: 'enter', link: 'eth0' }, { kind: 'rule', hook: 'prerouting', chain: 'ip/kube-proxy/nat-prerouting', rule: 'ip/kube-proxy/nat-prerouting/1', did: { kind: 'verdict', verdict: { kind: 'jump', chain: 'services' } } }, { kind: 'rule', hook: 'prerouting', chain: 'ip/kube-proxy/services', rule: 'ip/kube-proxy/services/1', did: { kind: 'counter' } }] };
    expect(stops(hop, true)[0]).toEqual(['in:eth0', 'PREROUTING:conntrack', 'PREROUTING:filter', 'PREROUTING:nat']);
  });
  test('a step of the hop is a stop on the way', () => {
    const passes = passesOf(nodeA, false);
    const at = (step: number): string | undefined => { const v = visitAt(passes, step); return v === null ? undefined : passes[v.pass]?.visits[v.visit]?.stop; };
    expect([at(-1), at(0), at(7), at(8), at(nodeA.steps.length)]).toEqual([undefined, 'in:veth-web-1', 'PREROUTING:nat', 'route', 'out:eth0']);
  });
});

test('every visit lies on its drawn way, and along it in order; no platform covers another or the packet’s card', () => {
  const plan: Plan = { gates: [{ link: 'veth-web-1', label: 'web-1', kind: 'pod', dns: false }], bridge: 'cni0', tunnel: 'flannel.1', nftables: false, passes: passesOf(nodeA, false) };
  for (const width of [600, 892, 1500]) {
    const rail = layRails(plan, width);
    for (const i of [0, 1]) {
      const { curve, visits } = drawPass(rail, plan, i);
      const along = visits.map((v) => v.along);
      expect(along).toEqual(along.toSorted((a, b) => a - b));
      expect(Math.max(...along)).toBeLessThanOrEqual(curve.length);
      expect(curve.points.every((p) => p.x >= 0 && p.x <= rail.width && p.y >= 0 && p.y <= rail.height)).toBe(true);
    }
    const boxes = rail.platforms.map((p) => p.box);
    const apart = boxes.every((a, i) => boxes.every((b, j) => i >= j || a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y));
    expect(apart).toBe(true);
    for (const low of [false, true]) {
      const { card, height, platforms } = layRails(plan, width, low);
      const below = platforms.find(({ hook }) => hook === 'PREROUTING')!.box;
      expect(card.y).toBeGreaterThan(below.y + below.height);
      expect(card.y + cardHeight).toBeLessThan(height);
    }
  }
});

test('a node is asked about when the packet is on it, before and after', () => {
  const timeline = buildTimeline(answer.journey, 1, answer.glossary);
  const moments = (netns: string): number => timeline.moments.findIndex((m) => m.netns === netns && m.kind === 'enter');
  const stay = (index: number, node: string) => { const s = stayAt(answer.journey, 1, timeline, index, node); return s === null ? null : [s.direction, s.here, s.step]; };
  expect(stay(0, 'node/b')).toEqual(['forward', false, -1]);
  expect(stay(moments('node/b'), 'node/b')?.slice(0, 2)).toEqual(['forward', true]);
  expect(stay(moments('node/b'), 'node/a')).toEqual(['forward', false, nodeA.steps.length]);
  expect(stay(0, 'node/c')).toBeNull();
});

test('chains that decided are cards in the packet’s order; those that only passed it by are not', () => {
  const lines = nodeA.steps.flatMap((s) => (s.kind === 'rule' ? [{ text: `-A ${s.chain.split('/').at(-1)} -j X`, rule: s.rule }] : []));
  expect(decidingChains(nodeA, lines).map((c) => [c.name, c.lines.filter((l) => l.hit).length])).toEqual([
    ['PREROUTING', 1], ['KUBE-SERVICES', 1], ['KUBE-SVC-RUKNB3TURLFC6SGL', 1], ['KUBE-SEP-UAJY57NEIIUYRE5B', 1],
  ]);
});

test('ip addr reads back into rows', () => {
  expect(readLinks([
    '2: eth0@p-a: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500', '    link/ether 3a:16:a9:8c:41:0d link-netns switch/lan', '    veth', '    inet 192.168.56.11/24 brd 192.168.56.255 scope global eth0',
    '3: cbr0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450', '    link/ether 02:5b:11:9e:be:50', '    bridge', '    inet 10.244.1.1/24 brd 10.244.1.255 scope global cbr0',
    '4: veth5363eddf@eth0: <BROADCAST,MULTICAST> mtu 1500 master cbr0', '    link/ether ce:f5:47:63:c7:00 link-netns pod/default/api-1', '    veth', '    bridge_slave hairpin on',
  ])).toEqual([
    { name: 'eth0', mtu: '1500', addresses: ['192.168.56.11/24'], master: '', peer: 'switch/lan', kind: 'veth', up: true },
    { name: 'cbr0', mtu: '1450', addresses: ['10.244.1.1/24'], master: '', peer: '', kind: 'bridge', up: true },
    { name: 'veth5363eddf', mtu: '1500', addresses: [], master: 'cbr0', peer: 'pod/default/api-1', kind: 'veth', up: false },
  ]);
});
