import type { Problem } from '../base/problem.ts';
import { nearest } from '../kube/nearest.ts';
import type { FieldPath, KubeObject } from '../kube/types.ts';
import { asksForAutoHints, targetPortOn } from './derive-slices.ts';
import { indexCluster, type ClusterIndex } from './index-cluster.ts';
import { dig, recordsOf } from './json-fields.ts';
import { fullName, problemAt } from './problems.ts';
import { matchesLabels } from './selectors.ts';
import type { Cluster, EndpointSlice, Pod, Service } from './types.ts';

/** Of one kind of problem at most this many are listed, so that one mistake in a large cluster does not hide the others. */
export const MAX_PROBLEMS_PER_CODE = 50;

/** What only shows when objects are seen together: endpoints that lead nowhere, Services that select nothing, policies that say something else than they seem to. */
export function checkBetween(objects: readonly KubeObject[], cluster: Cluster): readonly Problem[] {
  const index = indexCluster(cluster);
  const find = finder(objects);
  return [
    ...cluster.services.flatMap((service) => checkService(index, service, find('Service', service))),
    ...cluster.endpointSlices.flatMap((slice) => checkSlice(index, slice, find('EndpointSlice', slice))),
    ...objects.filter((object) => object.kind === 'NetworkPolicy').toSorted((a, b) => (fullName(a) < fullName(b) ? -1 : 1)).flatMap(checkPolicy),
  ];
}

/** Keeps the first problems of each code and says how many more there are. */
export function capPerCode(problems: readonly Problem[]): readonly Problem[] {
  const counts = new Map<string, number>();
  const kept = problems.filter(({ code }) => {
    counts.set(code, (counts.get(code) ?? 0) + 1);
    return counts.get(code)! <= MAX_PROBLEMS_PER_CODE;
  });
  const more = [...counts].filter(([, count]) => count > MAX_PROBLEMS_PER_CODE).map(([code, count]): Problem => {
    const { severity, at } = problems.find((problem) => problem.code === code)!;
    return { code, severity, what: `${count - MAX_PROBLEMS_PER_CODE} more problems of this kind (${code}) are not listed`, fix: 'mend the listed ones first', at };
  });
  return [...kept, ...more];
}

type Find = (kind: string, of: { readonly namespace: string; readonly name: string }) => KubeObject | undefined;

function finder(objects: readonly KubeObject[]): Find {
  const byKey = new Map(objects.map((object) => [`${object.kind}/${fullName(object)}`, object]));
  return (kind, of) => byKey.get(`${kind}/${fullName(of)}`);
}

function checkService(index: ClusterIndex, service: Service, object: KubeObject | undefined): readonly Problem[] {
  if (service.selector === null || object === undefined) return [];
  const slices = index.slicesOf.get(fullName(service)) ?? [];
  // only derived slices point back at the Service's own text
  if (!slices.every((slice) => slice.at === service.at)) return [];
  const targets = slices.flatMap((slice) => slice.endpoints).flatMap((endpoint) => (endpoint.target ? index.pods.get(`${endpoint.target.namespace ?? ''}/${endpoint.target.name}`) ?? [] : []));
  if (targets.length === 0) return [selectsNothing(index, service, object)];
  const auto = asksForAutoHints(service) ? [problemAt(object, ['metadata', 'annotations'], 'warning', 'not-modelled', `topology-mode Auto of Service ${fullName(service)} is not simulated: its endpoints get no hints`, 'use trafficDistribution, or give the EndpointSlices with their hints')] : [];
  const ports = service.ports.flatMap((port, i) => {
    if (typeof port.targetPort === 'number' || targets.some((pod) => targetPortOn(pod, port) !== null)) return [];
    const names = new Set(targets.flatMap((pod) => pod.ports.filter((own) => own.protocol === port.protocol && own.name !== '').map((own) => own.name)));
    const close = nearest(port.targetPort, names);
    const fix = close === null ? (names.size === 0 ? 'name the port in the pod, or write its number' : `the pods name ${[...names].join(', ')}`) : `did you mean ${close}?`;
    return [problemAt(object, ['spec', 'ports', i, 'targetPort'], 'warning', 'no-such-target-port', `no pod of Service ${fullName(service)} has a ${port.protocol.toUpperCase()} port named "${port.targetPort}", so port ${port.port} leads nowhere`, fix)];
  });
  return [...auto, ...ports];
}

function selectsNothing(index: ClusterIndex, service: Service, object: KubeObject): Problem {
  const ended = index.cluster.pods.some((pod) => pod.namespace === service.namespace && matchesLabels(service.selector!, pod.labels));
  const elsewhere = index.cluster.pods.find((pod) => pod.namespace !== service.namespace && matchesLabels(service.selector!, pod.labels));
  const near = ended ? undefined : nearMiss(index.cluster.pods, service);
  const what = ended ? `no pod that Service ${fullName(service)} selects is running` : `Service ${fullName(service)} selects no pod`;
  const fix = near ?? (elsewhere && !ended ? `a pod with these labels lives in namespace ${elsewhere.namespace}; a Service selects only in its own` : 'connections to it are refused until a pod matches');
  return problemAt(object, ['spec', 'selector'], 'info', 'selects-nothing', what, fix);
}

/** A pod of the namespace that lacks just one of the wanted labels, told as a hint. */
function nearMiss(pods: readonly Pod[], service: Service): string | undefined {
  const wanted = Object.entries(service.selector!);
  for (const pod of pods) {
    if (pod.namespace !== service.namespace) continue;
    const missing = wanted.filter(([key, value]) => pod.labels[key] !== value);
    const [key, value] = missing[0] ?? ['', ''];
    const own = pod.labels[key];
    if (missing.length === 1 && own !== undefined && (wanted.length > 1 || nearest(value, [own]) !== null)) return `pod ${pod.name} has ${key}: ${own} where the Service wants ${key}: ${value}`;
  }
  return undefined;
}

function checkSlice(index: ClusterIndex, slice: EndpointSlice, object: KubeObject | undefined): readonly Problem[] {
  if (object === undefined) return [];
  if (slice.service === '') return [problemAt(object, ['metadata', 'labels'], 'warning', 'slice-without-service', `EndpointSlice ${fullName(slice)} belongs to no Service`, 'give it the label kubernetes.io/service-name')];
  const problems: Problem[] = [];
  if (!index.services.has(`${slice.namespace}/${slice.service}`)) {
    problems.push(problemAt(object, ['metadata', 'labels', 'kubernetes.io/service-name'], 'warning', 'slice-without-service', `EndpointSlice ${fullName(slice)} names Service ${slice.service}, which does not exist`, 'add the Service, or mend the label'));
  }
  const dangling = slice.endpoints.flatMap((endpoint, i) => (endpoint.target?.kind === 'Pod' && !index.pods.has(`${endpoint.target.namespace ?? ''}/${endpoint.target.name}`) ? [{ endpoint, i }] : []));
  const first = dangling[0];
  if (first !== undefined) {
    const path: FieldPath = ['endpoints', first.i, 'targetRef', 'name'];
    const others = dangling.length > 1 ? ` (and ${dangling.length - 1} more of this slice)` : '';
    problems.push(problemAt(object, path, 'warning', 'dangling-endpoint', `endpoint ${first.endpoint.addresses[0] ?? ''} names pod ${first.endpoint.target!.name}, which does not exist${others}`, 'its address is used as it stands'));
  }
  return problems;
}

/** The three meanings of an absent, an empty and an open list are the most missed trap of NetworkPolicy, so the surprising ones are said in words. */
function checkPolicy(object: KubeObject): readonly Problem[] {
  const note = (path: FieldPath, what: string, fix: string): Problem => problemAt(object, path, 'info', 'policy-meaning', what, fix);
  const notes: Problem[] = [];
  if (dig(object.value, 'spec', 'podSelector') === undefined) notes.push(note(['spec'], `without podSelector this policy selects every pod of namespace ${object.namespace}`, 'write podSelector: {} to say so'));
  for (const [side, list] of [['ingress', 'from'], ['egress', 'to']] as const) {
    recordsOf(dig(object.value, 'spec', side)).forEach((rule, i) => {
      const peers = rule[list];
      if (Array.isArray(peers) && peers.length === 0) notes.push(note(['spec', side, i, list], `an empty ${list} means everyone, the outside included, as if it were absent`, `for nobody write ${side}: [], for every pod ${list}: [{namespaceSelector: {}}]`));
    });
  }
  return notes;
}
