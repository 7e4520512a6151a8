import type { Chain } from '../../dataplane/rules.ts';
import type { Backend } from '../../model/port-plan.ts';
import { sayEndpoint, sayHairpin } from '../proxy-words.ts';
import { endpointChainName } from './chain-names.ts';
import { anyPort, comment, draft, from, numbered, protocolIs, recentSet, toMarkMasq } from './parts.ts';
import { originOf, type ChainPlan } from './chain-plan.ts';

/** KUBE-SEP: masquerade the endpoint's own traffic back to itself, remember the client where affinity asks for it, rewrite the destination. */
export function buildEndpointChain(plan: ChainPlan, endpoint: Backend): Chain {
  const { port, node: { family, large } } = plan;
  const name = endpointChainName(port.name, port.protocol, endpoint.key);
  const says = large ? [] : [comment(port.name)];
  const origin = originOf(plan, sayEndpoint(port, endpoint));
  const remember = port.affinitySeconds === null ? [] : [recentSet(name, port.family)];
  const rules = numbered(family, 'nat', name, [
    draft([from(endpoint.ip), ...says], toMarkMasq, originOf(plan, sayHairpin(port, endpoint))),
    draft([protocolIs(port.protocol), ...says, ...remember, anyPort], [{ kind: 'dnat', to: { ip: endpoint.ip, ports: { from: endpoint.port, to: endpoint.port } } }], origin),
  ]);
  return { kind: 'regular', id: `${family}/nat/${name}`, name, rules, origin };
}
