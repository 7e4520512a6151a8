import type { Cluster } from '../../shared/model/types.ts';
import type { SourceSpan } from '../../shared/base/problem.ts';
import { linesOfSpan } from './lines-of-span.ts';
import { policyId } from '../state/policies.ts';
import { podId } from '../../shared/model/describe.ts';

/** The thing on the map that stands in the manifests at this line; a workload's line stands for its first pod. Null between objects. */
export function thingAtLine(cluster: Cluster, file: string, line: number): string | null {
  const holds = (at: SourceSpan | null): boolean => {
    if (at === null || at.file !== file) return false;
    const [from, to] = linesOfSpan(at, Number.MAX_SAFE_INTEGER);
    return from <= line && line <= to;
  };
  const pod = cluster.pods.find(({ at, implied }) => !implied && holds(at)) ?? cluster.pods.find(({ at }) => holds(at));
  if (pod !== undefined) return podId(pod);
  const workload = cluster.workloads.find(({ at }) => holds(at));
  const owned = workload === undefined ? undefined : cluster.pods.find(({ owner, namespace }) => owner?.kind === workload.kind && owner.name === workload.name && namespace === workload.namespace);
  if (owned !== undefined) return podId(owned);
  const service = cluster.services.find(({ at }) => holds(at));
  if (service !== undefined) return `service/${service.namespace}/${service.name}`;
  const policy = cluster.policies.find(({ at }) => holds(at));
  if (policy !== undefined) return policyId(policy);
  const node = cluster.nodes.find(({ at }) => holds(at));
  if (node !== undefined) return `node/${node.name}`;
  const outsider = cluster.outsiders.find(({ at }) => holds(at));
  return outsider === undefined ? null : `${outsider.kind}/${outsider.name}`;
}
