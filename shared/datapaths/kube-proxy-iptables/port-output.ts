import type { Chain } from '../../dataplane/rules.ts';
import type { PortView } from '../../model/port-plan.ts';
import type { ProxiedPort } from '../../model/service-ports.ts';
import { rememberOutput } from '../remember-output.ts';
import { buildChainPlan, type ProxyNode } from './chain-plan.ts';
import { chainsOfPlan } from './service-chains.ts';
import { sharedRulesOf, type SharedChainRules } from './service-rules.ts';

/** Everything one Service port puts into a node's tables. */
export interface PortOutput {
  readonly shared: SharedChainRules;
  /** Its own nat chains: EXT, FW, SVC, SVL, SEP. */
  readonly chains: readonly Chain[];
}

/** The output of one Service port on one node: a pure function of its arguments. */
export const outputOfPort = rememberOutput((port: ProxiedPort, view: PortView, node: ProxyNode): PortOutput => {
  const plan = buildChainPlan(port, view, node);
  return { shared: sharedRulesOf(plan), chains: chainsOfPlan(plan) };
});
