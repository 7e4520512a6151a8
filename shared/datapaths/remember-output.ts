import type { Ip } from '../base/ip.ts';
import type { Backend, PortView } from '../model/port-plan.ts';
import type { ProxiedPort } from '../model/service-ports.ts';

/** What of a node shapes a Service port's output; `signature` says everything but `nodeIp` as text. */
interface NodeShape { readonly nodeIp: Ip | null; readonly signature: string }

const sameList = (a: readonly Backend[], b: readonly Backend[]): boolean =>
  a === b || (a.length === b.length && a.every((endpoint, i) => endpoint.key === b[i]!.key && endpoint.pod === b[i]!.pod));

const sameView = (a: PortView, b: PortView): boolean => a.hasEndpoints === b.hasEndpoints && sameList(a.cluster, b.cluster) && sameList(a.local, b.local);

/** The node's own address matters only where source ranges may admit it. */
const sameNode = (a: NodeShape, b: NodeShape, port: ProxiedPort): boolean =>
  a === b || (a.signature === b.signature && (port.sourceRanges.length === 0 || a.nodeIp === b.nodeIp));

/**
 * The same pure function with its last answer per Service port remembered, so that nodes which see the same endpoints
 * share it and an edit to one Service rebuilds that one alone.
 */
export function rememberOutput<Node extends NodeShape, Output>(build: (port: ProxiedPort, view: PortView, node: Node) => Output): (port: ProxiedPort, view: PortView, node: Node) => Output {
  const remembered = new WeakMap<ProxiedPort, { readonly view: PortView; readonly node: Node; readonly output: Output }>();
  return (port, view, node) => {
    const last = remembered.get(port);
    if (last !== undefined && sameNode(last.node, node, port) && sameView(last.view, view)) return last.output;
    const output = build(port, view, node);
    remembered.set(port, { view, node, output });
    return output;
  };
}
