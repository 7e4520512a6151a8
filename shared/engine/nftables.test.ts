import { describe, expect, test } from 'vitest';
import { ip } from '../base/ip.ts';
import type { NetState } from './types.ts';
import { flowOf, fates, type Question } from './testing/ask.ts';
import { explain, judge } from './testing/judge.ts';
import { buildLab, lab } from './testing/lab.ts';
import { nftTable, withRules } from './testing/nft.ts';
import { dst, numbered, rule } from './testing/rules.ts';
import type { TestService } from './testing/services.ts';
import { emptyState, send } from './send.ts';

const { a1, a2, b1 } = lab;
const web: TestService = { name: 'WEB', clusterIp: '10.96.0.10', port: 80, endpoints: [a1, a2, b1], targetPort: 8080 };
const none: TestService = { ...web, name: 'NONE', clusterIp: '10.96.0.13', endpoints: [] };
const sticky = { ...web, name: 'STICKY', clusterIp: '10.96.0.16', affinitySeconds: 100 };
const cluster = buildLab({ rules: () => [nftTable([web, none, sticky])] });

describe('[HK8] nftables forms (kernel-lab: native nft agreed with iptables except where said)', () => {
  test.each<readonly [string, Question, readonly string[]]>([
    ['numgen spreads evenly', { from: 'pod/cl1', to: '10.96.0.10' }, ['a1', 'a2', 'b1'].map((p) => `1/3 ${p} saw ${lab.cl1}`)],
    ['node → ClusterIP is masqueraded by interface', { from: 'node/node1', to: '10.96.0.10' }, [`1/3 a1 saw ${lab.node1.gw}`, `1/3 a2 saw ${lab.node1.gw}`, `1/3 b1 saw ${lab.node1.ip}`]],
    ['hairpin', { from: 'pod/a1', to: '10.96.0.10' }, [`1/3 a1 saw ${lab.node1.gw}`, `1/3 a2 saw ${a1}`, `1/3 b1 saw ${a1}`]],
    ['no endpoints', { from: 'pod/cl1', to: '10.96.0.13' }, [`1 refused rejected from ${lab.node1.gw}`]],
    ['ClusterIP, wrong port: refused', { from: 'pod/cl1', to: '10.96.0.10', port: 81 }, [`1 refused rejected from ${lab.node1.gw}`]],
    ['a ClusterIP is not pinged', { from: 'pod/cl1', to: '10.96.0.10', protocol: 'icmp' }, [`1 refused rejected from ${lab.node1.gw}`]],
    ['unallocated ClusterIP: dropped', { from: 'node/node1', to: '10.96.9.9' }, ['1 dropped dropped']],
  ])('%s', (_name, question, expected) => {
    const said = judge(cluster, question);
    expect(said.join() === expected.join() ? said : [...said, explain(cluster, question)]).toEqual(expected);
  });

  test('[CH3] `numgen inc` takes turns, and a map gives the address to translate to', () => {
    const to = (address: string) => ({ ip: ip(address), ports: { from: 8080, to: 8080 } });
    const table = withRules(nftTable([web]), 'services', numbered('ip/kube-proxy/services', [rule([dst('10.96.9.9')], { kind: 'dnat-map', key: [{ field: 'numgen', mode: 'inc', mod: 3, offset: 0 }], map: [{ key: [0], to: to(a1) }, { key: [1], to: to(b1) }] })]));
    const turns = buildLab({ rules: () => [table] });
    let state: NetState = emptyState();
    const asked = Array.from({ length: 3 }, (_, i) => {
      const result = send(turns, flowOf(turns, { from: 'pod/cl1', to: '10.96.9.9', sport: i + 1 }), state, { mode: 'sample', seed: 1 });
      state = result.branches[0].state;
      return fates(result)[0]!.split(';')[0];
    });
    // The map has no element for 2: the rule did not apply, and the unallocated address is dropped.
    expect(asked).toEqual([`1 delivered pod/a1 ${lab.cl1}:1 > ${a1}:8080`, `1 delivered pod/b1 ${lab.cl1}:2 > ${b1}:8080`, '1 dropped node/node1 ip/kube-proxy/cluster-ips-check/2']);
  });

  test('[CH4] an affinity set keeps the client, slides, and forgets after its timeout', () => {
    let state: NetState = emptyState();
    const at = (seconds: number, sport: number): string => {
      const result = send(cluster, flowOf(cluster, { from: 'pod/cl1', to: '10.96.0.16', sport }), { ...state, now: seconds * 1000 }, { mode: 'sample', seed: sport });
      state = result.branches[0].state;
      return fates(result)[0]!.split(' ')[2]!;
    };
    const first = at(0, 1);
    expect([at(90, 2), at(180, 3), at(270, 4)]).toEqual([first, first, first]);
    const later = Array.from({ length: 12 }, (_, i) => at(1000 + 101 * i, 10 + i));
    expect(new Set(later).size).toBeGreaterThan(1);
  });
});
