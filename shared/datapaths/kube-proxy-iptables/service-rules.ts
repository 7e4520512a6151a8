import type { Ip } from '../../base/ip.ts';
import type { Origin } from '../../dataplane/ids.ts';
import type { Action, Match } from '../../dataplane/rules.ts';
import { accept, comment, dport, draft, drop, jump, localDestination, protocolIs, reject, to, type Draft } from './parts.ts';
import { refusal, sayService } from '../proxy-words.ts';
import { originOf, type ChainPlan } from './chain-plan.ts';

/** The rules that one Service port adds to the chains all Services share. */
export interface SharedChainRules {
  readonly natServices: readonly Draft[];
  readonly natNodePorts: readonly Draft[];
  readonly filterServices: readonly Draft[];
  readonly filterExternal: readonly Draft[];
  readonly filterNodePorts: readonly Draft[];
  readonly filterFirewall: readonly Draft[];
}
type Collected = { readonly [K in keyof SharedChainRules]: Draft[] };

const nothing = (): Collected =>
  ({ natServices: [], natNodePorts: [], filterServices: [], filterExternal: [], filterNodePorts: [], filterFirewall: [] });

/** `-d IP -p PROTO -m comment --comment TEXT -m PROTO --dport PORT`, the form of every rule about a Service address. */
const aimedAt = (plan: ChainPlan, address: Ip, text: string): readonly Match[] =>
  [to(address), protocolIs(plan.port.protocol), comment(text), dport(plan.port.port)];

/** What refuses traffic that no endpoint may take, with the comment kube-proxy gives it; `policy` is the field that made it "local endpoints only". */
function refusing(plan: ChainPlan, what: string, policy: string): { readonly text: string; readonly action: readonly Action[]; readonly origin: Origin } {
  const { refuse, why, code } = refusal(plan, what);
  return refuse
    ? { text: `${plan.port.name} has no endpoints`, action: reject, origin: originOf(plan, why, undefined, code) }
    : { text: `${plan.port.name} has no local endpoints`, action: drop, origin: originOf(plan, why, policy, code) };
}

function addClusterIp(plan: ChainPlan, rules: Collected): void {
  const { port } = plan;
  if (plan.hasInternal) {
    const why = `${sayService(plan.port)} answers on its cluster IP ${port.clusterIp}, port ${port.port}/${port.protocol}`;
    rules.natServices.push(draft(aimedAt(plan, port.clusterIp, `${port.name} cluster IP`), jump(plan.internalChain), originOf(plan, why)));
    return;
  }
  const { text, action, origin } = refusing(plan, 'cluster IP', 'spec.internalTrafficPolicy');
  rules.filterServices.push(draft(aimedAt(plan, port.clusterIp, text), action, origin));
}

function addRefused(plan: ChainPlan, address: Ip, what: string, rules: Collected): void {
  const { text, action, origin } = refusing(plan, what, 'spec.externalTrafficPolicy');
  rules.filterExternal.push(draft(aimedAt(plan, address, text), action, origin));
}

function addExternalIps(plan: ChainPlan, rules: Collected): void {
  const { port, view, names } = plan;
  for (const address of port.externalIps) {
    if (view.hasEndpoints) {
      const why = `${sayService(plan.port)} claims the external IP ${address}, port ${port.port}/${port.protocol}`;
      rules.natServices.push(draft(aimedAt(plan, address, `${port.name} external IP`), jump(names.ext), originOf(plan, why, 'spec.externalIPs')));
    }
    if (!plan.hasExternal) addRefused(plan, address, 'external IP', rules);
  }
}

function addVips(plan: ChainPlan, rules: Collected): void {
  const { port, view, names } = plan;
  for (const address of port.vips) {
    if (view.hasEndpoints) {
      const why = `${sayService(plan.port)} answers on its load balancer address ${address}, port ${port.port}/${port.protocol}, on every node`;
      rules.natServices.push(draft(aimedAt(plan, address, `${port.name} loadbalancer IP`), jump(plan.usesFirewall ? names.fw : names.ext), originOf(plan, why, 'status.loadBalancer')));
    }
    if (plan.usesFirewall) {
      const why = `${sayService(plan.port)} admits only its loadBalancerSourceRanges to ${address}; whoever is not in them was not rewritten and is dropped here`;
      rules.filterFirewall.push(draft(aimedAt(plan, address, `${port.name} traffic not accepted by ${names.fw}`), drop, originOf(plan, why, 'spec.loadBalancerSourceRanges', 'source-range')));
    }
  }
  if (!plan.hasExternal) for (const address of port.vips) addRefused(plan, address, 'load balancer address', rules);
}

function addNodePort(plan: ChainPlan, rules: Collected): void {
  const { port, view, names } = plan;
  if (port.nodePort === 0) return;
  const protocol = protocolIs(port.protocol);
  const field = `${port.field}.nodePort`;
  if (view.hasEndpoints) {
    const why = `${sayService(plan.port)} answers on node port ${port.nodePort}/${port.protocol} of every node`;
    rules.natNodePorts.push(draft([protocol, comment(port.name), dport(port.nodePort)], jump(names.ext), originOf(plan, why, field)));
  }
  if (!plan.hasExternal) {
    const { text, action, origin } = refusing(plan, 'node port', 'spec.externalTrafficPolicy');
    rules.filterExternal.push(draft([protocol, comment(text), localDestination, dport(port.nodePort)], action, origin));
  }
}

function addHealthCheck(plan: ChainPlan, rules: Collected): void {
  const { port } = plan;
  if (port.healthCheckNodePort === 0) return;
  const why = `Load balancers ask node port ${port.healthCheckNodePort} whether this node has an endpoint of ${sayService(plan.port)}`;
  const match = [protocolIs('tcp'), comment(`${port.name} health check node port`), dport(port.healthCheckNodePort)];
  rules.filterNodePorts.push(draft(match, accept, originOf(plan, why, 'spec.healthCheckNodePort')));
}

/** What one Service port writes into the shared chains, in kube-proxy's order: cluster IP, external IPs, load balancer addresses, node port, health check. */
export function sharedRulesOf(plan: ChainPlan): SharedChainRules {
  const rules = nothing();
  addClusterIp(plan, rules);
  addExternalIps(plan, rules);
  addVips(plan, rules);
  addNodePort(plan, rules);
  addHealthCheck(plan, rules);
  return rules;
}
