import type { PortRange } from '../../dataplane/packet.ts';
import type { Chain, Match, Rule } from '../../dataplane/rules.ts';
import { sayHairpin } from '../proxy-words.ts';
import { originOf, type ChainPlan, type NamedBackend } from './chain-plan.ts';
import { anyPort, comment, from, protocolIs, recentSet, toMarkMasq } from './parts.ts';

/** KUBE-SEP, one per endpoint: masquerade the endpoint's own traffic back to itself, remember the client where affinity asks for it, rewrite the destination. */
export function buildEndpointChains(plan: ChainPlan): readonly Chain[] {
  const { port, node: { family, large } } = plan;
  const says = large ? [] : [comment(port.name)];
  const protocol = protocolIs(port.protocol);
  // what endpoints have in common is one object: a node can have 100,000 of these chains
  const withoutAffinity: readonly Match[] = [protocol, ...says, anyPort];
  let ports: PortRange = { from: 0, to: 0 };
  const build = ({ endpoint, chain: name, origin }: NamedBackend): Chain => {
    const id = `${family}/nat/${name}`;
    if (ports.from !== endpoint.port) ports = { from: endpoint.port, to: endpoint.port };
    const match = port.affinitySeconds === null ? withoutAffinity : [protocol, ...says, recentSet(name, port.family), anyPort];
    const hairpin: Rule = { id: `${id}/1`, match: large ? [from(endpoint.ip)] : [from(endpoint.ip), ...says], do: toMarkMasq, origin: originOf(plan, sayHairpin(port, endpoint)) };
    const dnat: Rule = { id: `${id}/2`, match, do: [{ kind: 'dnat', to: { ip: endpoint.ip, ports } }], origin };
    return { kind: 'regular', id, name, rules: [hairpin, dnat], origin };
  };
  return Array.from(plan.named.values(), build);
}
