import type { Cidr } from '../../base/cidr.ts';
import type { Ip } from '../../base/ip.ts';
import type { ObjectRef } from '../../base/object-ref.ts';
import type { Origin } from '../../dataplane/ids.ts';
import type { PodSource } from '../../model/proxy-node.ts';
import type { ProxiedPort } from '../../model/service-ports.ts';
import { chainNames, type ChainNames } from './chain-names.ts';

export const by = 'kube-proxy-iptables';

/** One address and port that a Service port may be sent to. */
export interface Backend {
  readonly ip: Ip;
  readonly port: number;
  /** The pod behind it; null for an address without one. */
  readonly pod: string | null;
}

/** What one node may send a Service port's connections to (CategorizeEndpoints). */
export interface PortView {
  readonly cluster: readonly Backend[];
  readonly local: readonly Backend[];
  /** Any usable endpoint on any node. */
  readonly hasEndpoints: boolean;
}

/** What of a node and its settings shapes the rules of every Service port. */
export interface ProxyNode {
  readonly family: 'ip' | 'ip6';
  readonly nodeIp: Ip | null;
  readonly podSource: PodSource;
  readonly masqueradeAll: boolean;
  /** More than 1000 endpoints: the per-endpoint comments are left out (largeClusterMode). */
  readonly large: boolean;
}

/** The decisions that all rules of one Service port on one node follow from (the head of syncProxyRules' loop). */
export interface PortPlan {
  readonly port: ProxiedPort;
  readonly view: PortView;
  readonly node: ProxyNode;
  readonly names: ChainNames;
  readonly ref: ObjectRef;
  readonly hasInternal: boolean;
  readonly hasExternal: boolean;
  /** The chain of ClusterIP traffic: SVL with internalTrafficPolicy Local, else SVC. */
  readonly internalChain: string;
  /** The chain that ends external traffic: SVL with externalTrafficPolicy Local, else SVC. */
  readonly externalPolicyChain: string;
  readonly usesExternal: boolean;
  readonly usesFirewall: boolean;
  readonly usesCluster: boolean;
  readonly usesLocal: boolean;
}

/** Weighs one Service port against what its node can reach. */
export function buildPortPlan(port: ProxiedPort, view: PortView, node: ProxyNode): PortPlan {
  const names = chainNames(port.name, port.protocol);
  const noLocal = view.local.length === 0;
  const { service, internalLocal, externalLocal, externallyAccessible } = port;
  return {
    port, view, node, names,
    ref: { kind: 'Service', namespace: service.namespace, name: service.name },
    hasInternal: view.hasEndpoints && !(internalLocal && noLocal),
    hasExternal: view.hasEndpoints && !(externalLocal && noLocal),
    internalChain: internalLocal ? names.svl : names.svc,
    externalPolicyChain: externalLocal ? names.svl : names.svc,
    usesExternal: view.hasEndpoints && externallyAccessible,
    usesFirewall: view.hasEndpoints && port.vips.length > 0 && port.sourceRanges.length > 0,
    usesCluster: view.cluster.length > 0 && (!internalLocal || externallyAccessible),
    usesLocal: !noLocal && (internalLocal || (externalLocal && externallyAccessible)),
  };
}

/** An Origin for one Service port; `field` defaults to its place in `spec.ports`. */
export const originOf = (plan: PortPlan, why: string, more: { readonly field?: string; readonly code?: string } = {}): Origin =>
  ({ by, for: plan.ref, field: `spec.ports[${plan.port.index}]`, why, ...more });

/** "Service shop/api". */
export const sayService = (plan: PortPlan): string => `Service ${plan.ref.namespace}/${plan.ref.name}`;

/** "a pod in 10.244.0.0/16", for the sentences about the local-traffic detector. */
export function sayPodSource(source: Exclude<PodSource, null>): string {
  if (source.kind === 'cidr') return `a source in the pod network ${source.cidr satisfies Cidr}`;
  return source.prefix ? `a packet from an interface named ${source.name}…` : `a packet from the bridge ${source.name}`;
}
