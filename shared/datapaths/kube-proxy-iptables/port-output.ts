import type { Chain } from '../../dataplane/rules.ts';
import type { Backend, PortView } from '../../model/port-plan.ts';
import type { ProxiedPort } from '../../model/service-ports.ts';
import { buildChainPlan, type ProxyNode } from './chain-plan.ts';
import { chainsOfPlan } from './service-chains.ts';
import { sharedRulesOf, type SharedChainRules } from './service-rules.ts';

/** Everything one Service port puts into a node's tables. */
export interface PortOutput {
  readonly shared: SharedChainRules;
  /** Its own nat chains: EXT, FW, SVC, SVL, SEP. */
  readonly chains: readonly Chain[];
}

function build(port: ProxiedPort, view: PortView, node: ProxyNode): PortOutput {
  const plan = buildChainPlan(port, view, node);
  return { shared: sharedRulesOf(plan), chains: chainsOfPlan(plan) };
}

interface Remembered { readonly view: PortView; readonly node: ProxyNode; readonly output: PortOutput }
const remembered = new WeakMap<ProxiedPort, Remembered>();

const sameList = (a: readonly Backend[], b: readonly Backend[]): boolean =>
  a === b || (a.length === b.length && a.every((endpoint, i) => endpoint.key === b[i]!.key && endpoint.pod === b[i]!.pod));

const sameView = (a: PortView, b: PortView): boolean => a.hasEndpoints === b.hasEndpoints && sameList(a.cluster, b.cluster) && sameList(a.local, b.local);

/** The node's own address matters only where source ranges may admit it. */
const sameNode = (a: ProxyNode, b: ProxyNode, port: ProxiedPort): boolean =>
  a === b || (a.signature === b.signature && (port.sourceRanges.length === 0 || a.nodeIp === b.nodeIp));

/**
 * The output of one Service port on one node: a pure function of its arguments, whose last answer is remembered per port,
 * so that nodes which see the same endpoints share it and an edit to one Service rebuilds that one alone.
 */
export function outputOfPort(port: ProxiedPort, view: PortView, node: ProxyNode): PortOutput {
  const last = remembered.get(port);
  if (last !== undefined && sameNode(last.node, node, port) && sameView(last.view, view)) return last.output;
  const output = build(port, view, node);
  remembered.set(port, { view, node, output });
  return output;
}
