import type { Ip } from '../../base/ip.ts';
import type { Origin } from '../../dataplane/ids.ts';
import { planPort, type Backend, type PortPlan, type PortView } from '../../model/port-plan.ts';
import type { PodSource } from '../../model/proxy-node.ts';
import type { ProxiedPort } from '../../model/service-ports.ts';
import { sayEndpoint, serviceOrigin } from '../proxy-words.ts';
import { chainNames, endpointChainName, type ChainNames } from './chain-names.ts';
import { by, type Family } from './parts.ts';

/** What of a node and its settings shapes the rules of every Service port. */
export interface ProxyNode {
  readonly family: Family;
  readonly nodeIp: Ip | null;
  readonly podSource: PodSource;
  readonly masqueradeAll: boolean;
  /** Everything here but `nodeIp`, as text: nodes with the same signature write the same rules for the same view. */
  readonly signature: string;
}

/** What of one node shapes its rules. */
export const buildProxyNode = (of: Omit<ProxyNode, 'signature'>): ProxyNode => ({ ...of, signature: JSON.stringify([of.family, of.podSource, of.masqueradeAll]) });

/** An endpoint with the name of its chain; made once, for every rule that names it. */
export interface NamedBackend { readonly endpoint: Backend; readonly chain: string; readonly origin: Origin }

/** A Service port's plan with the chains that carry it out. */
export interface ChainPlan extends PortPlan {
  readonly node: ProxyNode;
  readonly names: ChainNames;
  /** The chain of ClusterIP traffic: `local-` with internalTrafficPolicy Local, else `service-`. */
  readonly internalChain: string;
  /** The chain that ends external traffic: `local-` with externalTrafficPolicy Local, else `service-`. */
  readonly externalPolicyChain: string;
  /** The reachable endpoints by key. */
  readonly named: ReadonlyMap<string, NamedBackend>;
}

/** Names the chains of one Service port on one node. */
export function buildChainPlan(port: ProxiedPort, view: PortView, node: ProxyNode): ChainPlan {
  const names = chainNames(port);
  const plan = planPort(port, view);
  const named = plan.reachable.map((endpoint): NamedBackend => ({ endpoint, chain: endpointChainName(port, endpoint), origin: serviceOrigin(by, port, sayEndpoint(port, endpoint)) }));
  return {
    ...plan, node, names, named: new Map(named.map((it) => [it.endpoint.key, it])),
    internalChain: port.internalLocal ? names.local : names.cluster, externalPolicyChain: port.externalLocal ? names.local : names.cluster,
  };
}

/** An Origin for one Service port in this mode; `field` defaults to its place in `spec.ports`. */
export const originOf = (plan: ChainPlan, why: string, field?: string, code?: string): Origin => serviceOrigin(by, plan.port, why, field, code);
