import type { Origin } from '../../dataplane/ids.ts';
import type { Chain } from '../../dataplane/rules.ts';
import { endpointChainName } from './chain-names.ts';
import { anyPort, comment, draft, from, numbered, protocolIs, recentSet, toMarkMasq } from './parts.ts';
import { originOf, sayService, type Backend, type PortPlan } from './port-plan.ts';

/** `ip:port`, or `[ip6]:port` (net.JoinHostPort). */
export const endpointText = ({ ip, port }: Backend): string => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`);

/** Why an endpoint's rules exist: the pod the Service selects, or the address someone wrote down. */
export function endpointOrigin(plan: PortPlan, endpoint: Backend): Origin {
  const why = endpoint.pod === null
    ? `${sayService(plan)} has the endpoint ${endpointText(endpoint)}, which belongs to no pod`
    : `Service ${plan.ref.name} selects pod ${endpoint.pod}`;
  return originOf(plan, why);
}

/** KUBE-SEP: masquerade the endpoint's own traffic back to itself, remember the client where affinity asks for it, rewrite the destination. */
export function buildEndpointChain(plan: PortPlan, endpoint: Backend): Chain {
  const { port, node: { family, large } } = plan;
  const name = endpointChainName(port.name, port.protocol, endpointText(endpoint));
  const says = large ? [] : [comment(port.name)];
  const origin = endpointOrigin(plan, endpoint);
  const remember = port.affinitySeconds === null ? [] : [recentSet(name, port.family)];
  const who = endpoint.pod === null ? `Endpoint ${endpointText(endpoint)}` : `Pod ${endpoint.pod}`;
  const hairpin = originOf(plan, `${who} that reaches itself through ${sayService(plan)} must see another address as its client, or it would answer itself directly`);
  const rules = numbered(family, 'nat', name, [
    draft([from(endpoint.ip), ...says], toMarkMasq, hairpin),
    draft([protocolIs(port.protocol), ...says, ...remember, anyPort], [{ kind: 'dnat', to: { ip: endpoint.ip, ports: { from: endpoint.port, to: endpoint.port } } }], origin),
  ]);
  return { kind: 'regular', id: `${family}/nat/${name}`, name, rules, origin };
}
