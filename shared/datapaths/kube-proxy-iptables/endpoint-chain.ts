import type { Chain, Rule } from '../../dataplane/rules.ts';
import type { Backend } from '../../model/port-plan.ts';
import { sayEndpoint, sayHairpin } from '../proxy-words.ts';
import { endpointChainName } from './chain-names.ts';
import { originOf, type ChainPlan } from './chain-plan.ts';
import { anyPort, comment, from, protocolIs, recentSet, toMarkMasq } from './parts.ts';

/** KUBE-SEP, one per endpoint: masquerade the endpoint's own traffic back to itself, remember the client where affinity asks for it, rewrite the destination. */
export function buildEndpointChains(plan: ChainPlan): readonly Chain[] {
  const { port, node: { family, large } } = plan;
  const says = large ? [] : [comment(port.name)];
  const protocol = protocolIs(port.protocol);
  const build = (endpoint: Backend): Chain => {
    const name = endpointChainName(port.name, port.protocol, endpoint.key);
    const id = `${family}/nat/${name}`;
    const remember = port.affinitySeconds === null ? [] : [recentSet(name, port.family)];
    const origin = originOf(plan, sayEndpoint(port, endpoint));
    const hairpin: Rule = { id: `${id}/1`, match: [from(endpoint.ip), ...says], do: toMarkMasq, origin: originOf(plan, sayHairpin(port, endpoint)) };
    const dnat: Rule = { id: `${id}/2`, match: [protocol, ...says, ...remember, anyPort], do: [{ kind: 'dnat', to: { ip: endpoint.ip, ports: { from: endpoint.port, to: endpoint.port } } }], origin };
    return { kind: 'regular', id, name, rules: [hairpin, dnat], origin };
  };
  return plan.reachable.map(build);
}
