import { workloadName } from '../analysis/ends.ts';
import { exposureOf } from '../analysis/exposure.ts';
import type { AdmittedBy, Exposure, ExposureEntry } from '../api/analysis-contract.ts';
import { ApiFailure } from '../api/failure.ts';
import { formatProblem } from '../base/problem.ts';
import { isolating, indexPolicies, isPolicyPod } from '../model/policy/oracle.ts';
import { resolveFrom } from '../model/resolve-from.ts';
import type { Pod } from '../model/types.ts';
import { locate } from './locate.ts';
import type { World } from './world.ts';
import { podId } from '../model/describe.ts';

const nameOf = ({ namespace, name }: Pod): string => `${namespace}/${name}`;

function noteOf(world: World, pod: Pod): string | null {
  if (!isPolicyPod(pod)) return pod.hostNetwork ? 'It stands on its node\'s own network, where no policy reaches it.' : 'It has finished; policies no longer see it.';
  return world.cluster.settings.enforcesNetworkPolicy ? null : 'This pod network does not enforce NetworkPolicy: these are the policies\' wishes, and everything passes.';
}

/** Pods of the same workload that other policies isolate. */
function unlike(world: World, pod: Pod): readonly string[] {
  const index = indexPolicies(world.cluster);
  const judges = (one: Pod): string => JSON.stringify((['ingress', 'egress'] as const).map((direction) => isolating(index, one, direction).map(({ name }) => name)));
  return world.cluster.pods.filter((one) => one !== pod && workloadName(one) === workloadName(pod) && judges(one) !== judges(pod)).map(nameOf);
}

/** Who could reach this pod (of a workload: its first ready one) and whom it could reach, pods that do not exist yet among them, each with the line that admits it. */
export function exposure(world: World, of: string): Exposure {
  const found = resolveFrom(world.cluster, of);
  if (!found.ok) throw new ApiFailure('problem', formatProblem(found.error));
  const { pod } = found.value;
  if (!pod) throw new ApiFailure('problem', `"${of}" is no pod: NetworkPolicy judges pods; write pod/NS/NAME or deployment/NS/NAME`);
  const placed = (by: Omit<AdmittedBy, 'at'>): AdmittedBy => {
    const at = locate(world.objects, { kind: 'NetworkPolicy', namespace: by.namespace, name: by.name }, by.field);
    return { ...by, ...(at ? { at } : {}) };
  };
  const told = exposureOf(world.cluster, pod);
  const entries = (list: typeof told.ingress): readonly ExposureEntry[] => list.map((entry) => ({ ...entry, by: entry.by && placed(entry.by) }));
  return { pod: podId(pod), isolated: told.isolated, ingress: entries(told.ingress), egress: entries(told.egress), unlike: unlike(world, pod), note: noteOf(world, pod) };
}
