import { expect, test } from 'vitest';
import { ip } from '../../base/ip.ts';
import { findMapElement } from '../../dataplane/map-element.ts';
import type { Packet } from '../../dataplane/packet.ts';
import type { Origin } from '../../dataplane/ids.ts';
import { compiledNode, overallCluster } from '../testing/proxy-cases.ts';
import { kubeProxyNftables } from './index.ts';

const table = compiledNode(kubeProxyNftables, overallCluster()).tables[0]!;
const packet = (dst: string, dport: number): Packet => ({ src: ip('10.0.0.9'), dst: ip(dst), ttl: 64, l4: { proto: 'tcp', sport: 20000, dport, flags: 'syn' } });
const reason = (chain: string, to: Packet): Origin | null => findMapElement(table, table.chains.find(({ name }) => name === chain)!.rules[0]!, to)?.origin ?? null;

test('the element that a packet hits names the Service, where the rule is shared by all of them', () => {
  expect(reason('service-endpoints-check', packet('172.30.0.46', 80))).toEqual({
    by: 'kube-proxy-nftables', for: { kind: 'Service', namespace: 'ns6', name: 'svc6' }, field: 'spec.ports[0]', code: 'no-endpoints',
    why: 'Service ns6/svc6 has no ready endpoint anywhere, so connections to its cluster IP are refused',
  });
  expect(reason('service-endpoints-check', packet('1.2.3.4', 80))).toMatchObject({ code: 'no-local-endpoints', field: 'spec.externalTrafficPolicy', for: { name: 'svc2' } });
  expect(reason('nodeport-endpoints-check', packet('192.168.0.2', 3001))).toMatchObject({ code: 'no-local-endpoints', for: { name: 'svc2' } });
  expect(reason('service-endpoints-check', packet('172.30.0.41', 80))).toBeNull();
});
