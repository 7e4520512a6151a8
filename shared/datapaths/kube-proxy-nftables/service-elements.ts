import type { Ip } from '../../base/ip.ts';
import type { NamedSet, Verdict } from '../../dataplane/rules.ts';
import { refusal, sayService } from '../proxy-words.ts';
import { originOf, type ChainPlan } from './chain-plan.ts';
import { by, rejectChain } from './parts.ts';

export type Element = NamedSet['elements'][number];

/** What one Service port adds to the maps all Services share. */
export interface SharedElements {
  /** From the first port of a Service alone. */
  readonly clusterIps: readonly Element[];
  readonly serviceIps: readonly Element[];
  readonly serviceNodePorts: readonly Element[];
  readonly noEndpointServices: readonly Element[];
  readonly noEndpointNodePorts: readonly Element[];
  readonly firewallIps: readonly Element[];
}
type Collected = { readonly [K in keyof SharedElements]: Element[] };

const goTo = (chain: string): Verdict => ({ kind: 'goto', chain });

function addRefused(plan: ChainPlan, key: Element['key'], what: string, field: string, into: Element[]): void {
  const { refuse, why, code } = refusal(plan, what);
  into.push({ key, verdict: refuse ? goTo(rejectChain) : { kind: 'drop' }, comment: plan.port.name, origin: originOf(plan, why, refuse ? undefined : field, code) });
}

function addExternal(plan: ChainPlan, address: Ip, what: string, field: string, all: Collected): void {
  const { port, view, names } = plan;
  const key = [address, port.protocol, port.port];
  if (view.hasEndpoints) all.serviceIps.push({ key, verdict: goTo(names.external), origin: originOf(plan, `${sayService(port)} answers on its ${what} ${address}, port ${port.port}/${port.protocol}`, field) });
  if (!plan.hasExternal) addRefused(plan, key, what, 'spec.externalTrafficPolicy', all.noEndpointServices);
}

function addNodePort(plan: ChainPlan, all: Collected): void {
  const { port, view, names } = plan;
  if (port.nodePort === 0) return;
  const key = [port.protocol, port.nodePort];
  if (view.hasEndpoints) all.serviceNodePorts.push({ key, verdict: goTo(names.external), origin: originOf(plan, `${sayService(port)} answers on node port ${port.nodePort}/${port.protocol}`, `${port.field}.nodePort`) });
  if (!plan.hasExternal) addRefused(plan, key, 'node port', 'spec.externalTrafficPolicy', all.noEndpointNodePorts);
}

/** The map elements of one planned Service port. */
export function elementsOfPlan(plan: ChainPlan): SharedElements {
  const { port, names } = plan;
  const all: Collected = { clusterIps: [], serviceIps: [], serviceNodePorts: [], noEndpointServices: [], noEndpointNodePorts: [], firewallIps: [] };
  const key = [port.clusterIp, port.protocol, port.port];
  if (port.index === 0) all.clusterIps.push({ key: [port.clusterIp], origin: { by, for: port.ref, why: `The cluster IP of ${sayService(port)}` } });
  if (plan.hasInternal) all.serviceIps.push({ key, verdict: goTo(plan.internalChain), origin: originOf(plan, `${sayService(port)} answers on its cluster IP ${port.clusterIp}, port ${port.port}/${port.protocol}`) });
  else addRefused(plan, key, 'cluster IP', 'spec.internalTrafficPolicy', all.noEndpointServices);
  for (const address of port.externalIps) addExternal(plan, address, 'external IP', 'spec.externalIPs', all);
  for (const address of port.vips) {
    addExternal(plan, address, 'load balancer address', 'status.loadBalancer', all);
    if (plan.restrictsSources) {
      all.firewallIps.push({ key: [address, port.protocol, port.port], verdict: goTo(names.firewall), origin: originOf(plan, `${sayService(port)} restricts who may use ${address}`, 'spec.loadBalancerSourceRanges') });
    }
  }
  addNodePort(plan, all);
  return all;
}
