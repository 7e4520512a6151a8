import type { Chain, Rule } from '../../dataplane/rules.ts';
import { sayHairpin } from '../proxy-words.ts';
import { originOf, type ChainPlan, type NamedBackend } from './chain-plan.ts';
import { anyPort, comment, from, protocolIs, recentSet, toMarkMasq } from './parts.ts';

/** KUBE-SEP, one per endpoint: masquerade the endpoint's own traffic back to itself, remember the client where affinity asks for it, rewrite the destination. */
export function buildEndpointChains(plan: ChainPlan): readonly Chain[] {
  const { port, node: { family, large } } = plan;
  const says = large ? [] : [comment(port.name)];
  const protocol = protocolIs(port.protocol);
  const build = ({ endpoint, chain: name, origin }: NamedBackend): Chain => {
    const id = `${family}/nat/${name}`;
    const remember = port.affinitySeconds === null ? [] : [recentSet(name, port.family)];
    const hairpin: Rule = { id: `${id}/1`, match: [from(endpoint.ip), ...says], do: toMarkMasq, origin: originOf(plan, sayHairpin(port, endpoint)) };
    const dnat: Rule = { id: `${id}/2`, match: [protocol, ...says, ...remember, anyPort], do: [{ kind: 'dnat', to: { ip: endpoint.ip, ports: { from: endpoint.port, to: endpoint.port } } }], origin };
    return { kind: 'regular', id, name, rules: [hairpin, dnat], origin };
  };
  return Array.from(plan.named.values(), build);
}
