import type { Problem } from '../base/problem.ts';
import type { EditEffect, PodPlace } from '../api/edit-contract.ts';
import type { Cluster, Pod } from '../model/types.ts';
import type { World } from './world.ts';

const MOST = 50;
const placeOf = (pod: Pod): PodPlace => ({ node: pod.node, ips: pod.ips, ready: pod.ready && !pod.terminating });
const samePlace = (a: PodPlace, b: PodPlace): boolean => a.node === b.node && a.ready === b.ready && a.ips.join() === b.ips.join();

function podChanges(before: Cluster, after: Cluster): EditEffect['pods'] {
  const old = new Map(before.pods.map((pod) => [`${pod.namespace}/${pod.name}`, placeOf(pod)]));
  const changed: EditEffect['pods'][number][] = [];
  for (const pod of after.pods) {
    const name = `${pod.namespace}/${pod.name}`;
    const [was, is] = [old.get(name) ?? null, placeOf(pod)];
    old.delete(name);
    if (was === null || !samePlace(was, is)) changed.push({ pod: name, before: was, after: is });
  }
  return [...changed, ...[...old].map(([pod, was]) => ({ pod, before: was, after: null }))];
}

/** `ADDRESS:PORT` of every endpoint that takes new connections, by Service. */
function endpointsBy(cluster: Cluster): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>(cluster.services.map((service) => [`${service.namespace}/${service.name}`, new Set<string>()]));
  for (const slice of cluster.endpointSlices) {
    const set = found.get(`${slice.namespace}/${slice.service}`);
    for (const endpoint of slice.endpoints) {
      if (!set || !endpoint.ready) continue;
      for (const address of endpoint.addresses) for (const { port } of slice.ports) set.add(`${address.includes(':') ? `[${address}]` : address}${port === null ? '' : `:${port}`}`);
    }
  }
  return found;
}

function endpointChanges(before: Cluster, after: Cluster): EditEffect['endpoints'] {
  const [old, now] = [endpointsBy(before), endpointsBy(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((name) => {
    const [was, is] = [old.get(name) ?? new Set<string>(), now.get(name) ?? new Set<string>()];
    const added = [...is].filter((one) => !was.has(one));
    const removed = [...was].filter((one) => !is.has(one));
    const [namespace = '', service = ''] = name.split('/');
    return added.length + removed.length === 0 ? [] : [{ service: { kind: 'Service', namespace, name: service }, added, removed }];
  });
}

// Lines move with every edit, so a problem is known by its words.
const keyOf = (problem: Problem): string => `${problem.code}\0${problem.what}`;
/** Problems of the second list that the first does not have. */
export const newProblems = (before: readonly Problem[], after: readonly Problem[]): readonly Problem[] => {
  const known = new Set(before.map(keyOf));
  return after.filter((problem) => !known.has(keyOf(problem)));
};

const many = (n: number, one: string): string => `${n} ${one}${n === 1 ? '' : 's'}`;

function summaryOf(pods: EditEffect['pods'], endpoints: EditEffect['endpoints'], errors: number): string {
  const count = (is: (one: EditEffect['pods'][number]) => boolean): number => pods.filter(is).length;
  const [come, go] = [count((one) => one.before === null), count((one) => one.after === null)];
  const moved = count((one) => one.before !== null && one.after !== null && one.before.node !== one.after.node);
  const readdressed = count((one) => one.before !== null && one.after !== null && one.before.node === one.after.node && one.before.ips.join() !== one.after.ips.join());
  const turned = count((one) => one.before !== null && one.after !== null && one.before.ready !== one.after.ready);
  const parts = [
    ...(come > 0 ? [`${many(come, 'pod')} more`] : []), ...(go > 0 ? [`${many(go, 'pod')} less`] : []),
    ...(moved > 0 ? [`${many(moved, 'pod')} on another node`] : []), ...(readdressed > 0 ? [`${many(readdressed, 'pod')} with another address`] : []),
    ...(turned > 0 ? [`${many(turned, 'pod')} ready or no longer ready`] : []), ...(endpoints.length > 0 ? [`other endpoints for ${many(endpoints.length, 'Service')}`] : []),
    ...(errors > 0 ? [many(errors, 'new problem')] : []),
  ];
  return parts.length === 0 ? 'No pod, endpoint or problem changes' : `${parts.join(', ')}`;
}

/** What lies between two revisions, for the one sentence and the lists that an edit is answered with. */
export function effectOf(before: World, after: World): EditEffect {
  const pods = podChanges(before.cluster, after.cluster);
  const endpoints = endpointChanges(before.cluster, after.cluster);
  const [added, removed] = [newProblems(before.problems, after.problems), newProblems(after.problems, before.problems)];
  const over = [pods, endpoints, added, removed].reduce((sum, list) => sum + Math.max(0, list.length - MOST), 0);
  return {
    summary: summaryOf(pods, endpoints, added.filter((problem) => problem.severity !== 'info').length),
    pods: pods.slice(0, MOST), endpoints: endpoints.slice(0, MOST), problemsAdded: added.slice(0, MOST), problemsRemoved: removed.slice(0, MOST), omitted: over,
  };
}
