import { cidr } from '../../base/cidr.ts';
import type { IpFamily } from '../../base/ip.ts';
import type { Match } from '../../dataplane/rules.ts';
import { isLoopback, type NodePortAddresses } from '../../model/proxy-node.ts';
import { comment, draft, jump, localDestination, to, type Draft } from './parts.ts';
import { by } from './chain-plan.ts';

const text = comment('kubernetes service nodeports; NOTE: this must be the last rule in this chain');
const origin = { by, why: 'Whatever was aimed at no Service address may still be aimed at a node port; this comes last, so that Service addresses win' };
const notLocalhost4: Match = { kind: 'dst', net: cidr('127.0.0.0/8'), not: true };
const notLocalhost6: Match = { kind: 'dst', net: cidr('::1/128'), not: true };

/** The end of nat KUBE-SERVICES: one jump to KUBE-NODEPORTS for any local address, or one per node port address. Node ports on localhost work in IPv4 only, and only where asked for. */
export function nodePortJumps(family: IpFamily, addresses: NodePortAddresses, localhost: boolean): readonly Draft[] {
  const target = jump('KUBE-NODEPORTS');
  if (addresses.matchAll) {
    const except = family === 6 ? [notLocalhost6] : localhost ? [] : [notLocalhost4];
    return [draft([...except, text, localDestination], target, origin)];
  }
  return addresses.addresses
    .filter((address) => !isLoopback(address) || (family === 4 && localhost))
    .map((address) => draft([to(address), text], target, { ...origin, why: `Node ports answer on ${address} (nodePortAddresses); this comes last, so that Service addresses win` }));
}
