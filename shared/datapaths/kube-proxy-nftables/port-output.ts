import type { Chain, NamedSet } from '../../dataplane/rules.ts';
import type { PortView } from '../../model/port-plan.ts';
import type { ProxiedPort } from '../../model/service-ports.ts';
import { rememberOutput } from '../remember-output.ts';
import { buildChainPlan, type ProxyNode } from './chain-plan.ts';
import { affinitySetsOfPlan, chainsOfPlan } from './service-chains.ts';
import { elementsOfPlan, type SharedElements } from './service-elements.ts';

/** Everything one Service port puts into a node's table. */
export interface PortOutput {
  readonly port: ProxiedPort;
  readonly elements: SharedElements;
  readonly chains: readonly Chain[];
  readonly sets: readonly NamedSet[];
}

/** The output of one Service port on one node: a pure function of its arguments. */
export const outputOfPort = rememberOutput((port: ProxiedPort, view: PortView, node: ProxyNode): PortOutput => {
  const plan = buildChainPlan(port, view, node);
  return { port, elements: elementsOfPlan(plan), chains: chainsOfPlan(plan), sets: affinitySetsOfPlan(plan) };
});
