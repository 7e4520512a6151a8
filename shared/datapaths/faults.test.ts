import { describe, expect, test } from 'vitest';
import type { Fault } from '../model/types.ts';
import { faultProblems } from './faults.ts';
import { compileDataplane } from './index.ts';
import { labCluster } from './testing/lab.ts';

const withFault = (...faults: readonly Fault[]): ReturnType<typeof labCluster> => labCluster({ settings: { faults } });

describe('a fault changes what it names and nothing else', () => {
  test('a cut cable is cut at both ends', () => {
    const plane = compileDataplane(withFault({ kind: 'link-cut', a: 'pod/default/a1', b: 'a' }));
    const cut = (id: string): readonly string[] => plane.netns(id)!.links.filter((link) => link.kind === 'veth' && link.cut === true).map((link) => (link.kind === 'veth' ? link.peer.netns : ''));
    expect([cut('pod/default/a1'), cut('node/a'), cut('node/b')]).toEqual([['node/a'], ['pod/default/a1'], []]);
  });
  test('a cut route, by its destination or as default', () => {
    const routes = (dst: string): number => compileDataplane(withFault({ kind: 'route-cut', on: 'a', dst })).netns('node/a')!.routes.length;
    expect([routes('10.244.2.0/24'), routes('default'), routes('10.9.0.0/16')]).toEqual([8, 8, 9]);
  });
  test('a stopped node takes its pods with it', () => {
    const plane = compileDataplane(withFault({ kind: 'node-stopped', node: 'b' }));
    expect(['node/a', 'node/b', 'pod/default/b1'].map((id) => plane.netns(id)!.down ?? false)).toEqual([false, true, true]);
  });
  test('br_netfilter and hairpin off on one node', () => {
    const plane = compileDataplane(withFault({ kind: 'br-netfilter-off', node: 'a' }, { kind: 'hairpin-off', node: 'a' }));
    const state = (id: string): readonly unknown[] => [plane.netns(id)!.sysctls.bridgeNf, plane.netns(id)!.links.filter((link) => link.hairpin === true).length];
    expect([state('node/a'), state('node/b')]).toEqual([[false, 0], [true, 1]]);
  });
  test('a smaller MTU, on eth0 unless it says which', () => {
    const mtu = (fault: Omit<Extract<Fault, { kind: 'mtu' }>, 'kind'>, link: string): number | undefined => compileDataplane(withFault({ kind: 'mtu', ...fault })).netns('node/a')!.links.find((l) => l.name === link)?.mtu;
    expect([mtu({ on: 'node/a', bytes: 1400 }, 'eth0'), mtu({ on: 'node/a', link: 'cbr0', bytes: 1400 }, 'cbr0'), mtu({ on: 'node/b', bytes: 1400 }, 'eth0')]).toEqual([1400, 1400, 1500]);
  });
  test('ports that the nodes\' network eats', () => {
    const eth0 = compileDataplane(withFault({ kind: 'fabric-blocks', protocol: 'udp', port: 8472 }, { kind: 'fabric-blocks', protocol: 'sctp' })).netns('node/a')!.links.find((link) => link.name === 'eth0');
    expect(eth0?.kind === 'veth' && eth0.blocked).toEqual([{ protocol: 'udp', port: 8472 }, { protocol: 'sctp' }]);
  });
});

test('A fault that hits nothing is said, with what would', () => {
  expect(faultProblems(withFault({ kind: 'node-stopped', node: 'zz' }, { kind: 'link-cut', a: 'node/a', b: 'node/b' }, { kind: 'link-cut', a: 'a', b: 'switch/lan' })).map((p) => `${p.what} — ${p.fix}`)).toEqual([
    'the fault node-stopped names node/zz, which does not exist — name a node, a pod (pod/NAMESPACE/NAME), a client or host, switch/lan, switch/outside or router/lab',
    'the fault link-cut names node/a and node/b, which no cable joins — cut one of the cables of node/a: to switch/lan, pod/default/a1, pod/default/a2',
  ]);
});
