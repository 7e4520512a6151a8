import type { ObjectRef } from '../base/object-ref.ts';
import type { Problem } from '../base/problem.ts';
import { podSuffix, templateHash } from '../base/stable-id.ts';
import type { KubeObject } from '../kube/types.ts';
import { booleanOf, canonicalJson, dig, integerOf, labelsOf, recordsOf, textOf, type Fields } from './json-fields.ts';
import { draftOfPod, type PodDraft } from './pod-drafts.ts';
import { byFullName, fullName, objectRef, problemAt } from './problems.ts';
import { matchesSelector, selectorOf } from './selectors.ts';
import type { Labels, Workload } from './types.ts';

/** More pods than this are not made from workloads; a manifest that asks for more is answered with a problem, not with a frozen window. */
export const MAX_MADE_PODS = 20_000;
/** `metadata.generateName` keeps this much of its base (names.maxGeneratedNameLength = 63 − 5). */
const generatedBase = 58;

const kinds: readonly Workload['kind'][] = ['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'ReplicationController'];
const isWorkload = (object: KubeObject): object is KubeObject & { readonly kind: Workload['kind'] } => (kinds as readonly string[]).includes(object.kind);

/** A DaemonSet whose pods are not given. */
export interface DaemonSetDraft { readonly spec: Fields; /** Nodes that have their pod already. */ readonly given: readonly string[]; readonly draftOn: (node: string) => PodDraft }

export interface WorkloadsRead {
  readonly workloads: readonly Workload[];
  /** Pods given and made, by full name; DaemonSets, whose pods depend on the nodes, apart. */
  readonly drafts: readonly PodDraft[];
  readonly daemonSets: readonly DaemonSetDraft[];
  readonly problems: readonly Problem[];
}

/** Workloads and their pods: pods that are given stay, missing ones are made with the names that Kubernetes would form. */
export function buildWorkloads(objects: readonly KubeObject[]): WorkloadsRead {
  const problems: Problem[] = [];
  const given = objects.filter(isWorkload).toSorted((a, b) => byFullName(a, b) || (a.kind < b.kind ? -1 : 1));
  const pods = objects.filter((object) => object.kind === 'Pod').toSorted(byFullName);
  const family = familyOfPods(given, pods);
  const taken = new Set(pods.map(fullName));
  const drafts = pods.map((pod) => draftOfPod(pod, family.ownerOf.get(pod) ?? controllerOf(pod)));
  let budget = MAX_MADE_PODS;
  const daemonSets: DaemonSetDraft[] = [];
  for (const workload of given) {
    if (workload.kind === 'DaemonSet') {
      if (!family.owned.has(workload)) daemonSets.push({ spec: dig(podTemplate(workload), 'spec') as Fields | undefined ?? {}, given: family.onNode.get(workload) ?? [], draftOn: daemonSetPods(workload, taken) });
      continue;
    }
    const wanted = family.owned.has(workload) ? 0 : Math.max(0, replicasOf(workload) - (family.adopted.get(workload) ?? 0));
    if (wanted > budget) {
      problems.push(problemAt(workload, ['spec', workload.kind === 'Job' ? 'parallelism' : 'replicas'], 'error', 'too-many-pods', `${fullName(workload)} asks for ${wanted} pods; Podhop makes at most ${MAX_MADE_PODS} in all, so some are missing`, 'lower the number'));
    }
    drafts.push(...makePods(workload, Math.min(wanted, budget), taken));
    budget -= Math.min(wanted, budget);
  }
  return { workloads: given.map(workloadOf), drafts: drafts.toSorted(byFullName), daemonSets, problems };
}

const podTemplate = (workload: KubeObject): Fields => (workload.kind === 'CronJob' ? dig(workload.value, 'spec', 'jobTemplate', 'spec', 'template') : dig(workload.value, 'spec', 'template')) as Fields | undefined ?? {};

function replicasOf(workload: KubeObject): number {
  const spec = dig(workload.value, 'spec');
  switch (workload.kind) {
    case 'CronJob':
      return 0;
    case 'Job': {
      const done = recordsOf(dig(workload.value, 'status', 'conditions')).some((entry) => (entry['type'] === 'Complete' || entry['type'] === 'Failed') && entry['status'] === 'True');
      if (done || booleanOf(dig(spec, 'suspend'), false)) return 0;
      const left = integerOf(dig(spec, 'completions'), Number.MAX_SAFE_INTEGER) - integerOf(dig(workload.value, 'status', 'succeeded'), 0);
      return Math.max(0, Math.min(integerOf(dig(spec, 'parallelism'), 1), left));
    }
    default:
      return Math.max(0, integerOf(dig(spec, 'replicas'), 1));
  }
}

function workloadOf(object: KubeObject & { readonly kind: Workload['kind'] }): Workload {
  return {
    kind: object.kind,
    namespace: object.namespace,
    name: object.name,
    replicas: replicasOf(object),
    serviceName: textOf(dig(object.value, 'spec', 'serviceName')),
    labels: labelsOf(dig(object.value, 'metadata', 'labels')),
    podLabels: labelsOf(dig(podTemplate(object), 'metadata', 'labels')),
    at: object.at,
    implied: false,
  };
}

/** An object's controller owner reference (`controller: true`, or the only one), as a reference in its own namespace. */
export function controllerOf(object: KubeObject): ObjectRef | null {
  const references = recordsOf(dig(object.value, 'metadata', 'ownerReferences'));
  const controller = references.find((reference) => reference['controller'] === true) ?? (references.length === 1 && references[0]!['controller'] !== false ? references[0] : undefined);
  if (controller === undefined) return null;
  const kind = textOf(controller['kind']);
  // a static pod's mirror is owned by its Node, which is cluster-scoped
  return kind === 'Node' ? { kind, name: textOf(controller['name']) } : { kind, namespace: object.namespace, name: textOf(controller['name']) };
}

interface Family {
  /** Workloads that make no pods, because pods or ReplicaSets of theirs are given. */
  readonly owned: ReadonlySet<KubeObject>;
  /** How many orphans each workload adopts and counts as its own. */
  readonly adopted: ReadonlyMap<KubeObject, number>;
  /** The adopter of each adopted pod. */
  readonly ownerOf: ReadonlyMap<KubeObject, ObjectRef>;
  /** Nodes on which a DaemonSet's pod is given. */
  readonly onNode: ReadonlyMap<KubeObject, readonly string[]>;
}

/** Who belongs to whom: by owner references, else as a controller adopts an orphan that its selector matches. */
function familyOfPods(workloads: readonly KubeObject[], pods: readonly KubeObject[]): Family {
  const byRef = new Map(workloads.map((workload) => [refKey(objectRef(workload)), workload]));
  const owned = new Set<KubeObject>();
  const adopted = new Map<KubeObject, number>();
  const ownerOf = new Map<KubeObject, ObjectRef>();
  const onNode = new Map<KubeObject, readonly string[]>();
  for (const child of [...workloads, ...pods]) {
    const reference = controllerOf(child);
    const parent = reference && (byRef.get(refKey(reference)) ?? (child.kind === 'Pod' ? deploymentBehind(reference, byRef) : undefined));
    if (parent) owned.add(parent);
  }
  const selectors = workloads.filter((workload) => workload.kind !== 'CronJob').map((workload) => ({ workload, matches: adoption(workload) }));
  for (const pod of pods) {
    if (controllerOf(pod) !== null) continue;
    const labels = labelsOf(dig(pod.value, 'metadata', 'labels'));
    const told = toldWorkload(pod, byRef);
    if (told && keepsPod(told, labels)) {
      ownerOf.set(pod, objectRef(told));
      if (told.kind === 'DaemonSet') onNode.set(told, [...(onNode.get(told) ?? []), textOf(dig(pod.value, 'spec', 'nodeName'))]);
      else if (isActive(pod) || told.kind === 'StatefulSet') adopted.set(told, (adopted.get(told) ?? 0) + 1);
      continue;
    }
    const adopter = selectors.find(({ workload, matches }) => workload.namespace === pod.namespace && matches(pod.name, labels))?.workload;
    if (adopter === undefined) continue;
    ownerOf.set(pod, objectRef(adopter));
    if (adopter.kind === 'Deployment' || adopter.kind === 'DaemonSet') owned.add(adopter);
    else if (isActive(pod) || adopter.kind === 'StatefulSet') adopted.set(adopter, (adopted.get(adopter) ?? 0) + 1);
  }
  return { owned, adopted, ownerOf, onNode };
}

/** `Deployment/api` on a pod that an edit by hand gave a manifest of its own: it still counts as one of that workload's pods. */
export const REPLICA_OF = 'podhop.dev/replica-of';

const toldWorkload = (pod: KubeObject, byRef: ReadonlyMap<string, KubeObject>): KubeObject | undefined => {
  const [kind = '', name = ''] = textOf(dig(pod.value, 'metadata', 'annotations', REPLICA_OF)).split('/');
  return byRef.get(refKey({ kind, namespace: pod.namespace, name }));
};

/** Whether a workload's selector still matches; a pod whose labels changed is nobody's, and the workload makes another. */
function keepsPod(workload: KubeObject, labels: Labels): boolean {
  const selector = dig(workload.value, 'spec', 'selector');
  const wanted = workload.kind === 'ReplicationController' ? { matchLabels: labelsOf(selector), matchExpressions: [] } : selectorOf(selector);
  return wanted === null || matchesSelector(wanted, labels);
}

/** Controllers replace a pod that has ended or is being deleted (controller.IsPodActive); a StatefulSet waits until its name is free. */
const isActive = (pod: KubeObject): boolean => textOf(dig(pod.value, 'metadata', 'deletionTimestamp')) === '' && !['Succeeded', 'Failed'].includes(textOf(dig(pod.value, 'status', 'phase')));

const refKey = (ref: ObjectRef): string => `${ref.kind}/${ref.namespace ?? ''}/${ref.name}`;

/** The Deployment whose ReplicaSet (`NAME-<hash>`, not given itself) a pod names as its controller. */
function deploymentBehind(reference: ObjectRef, byRef: ReadonlyMap<string, KubeObject>): KubeObject | undefined {
  if (reference.kind !== 'ReplicaSet') return undefined;
  return byRef.get(refKey({ ...reference, kind: 'Deployment', name: reference.name.replace(/-[^-]*$/, '') }));
}

/** A ReplicaSet's selector also holds its template's hash, so a Deployment's orphans are known by that label; a StatefulSet's by their ordinal. */
function adoption(workload: KubeObject): (name: string, labels: Labels) => boolean {
  const spec = dig(workload.value, 'spec');
  const plain = workload.kind === 'ReplicationController' ? { matchLabels: labelsOf(dig(spec, 'selector')), matchExpressions: [] } : selectorOf(dig(spec, 'selector'));
  if (plain === null || (Object.keys(plain.matchLabels).length === 0 && plain.matchExpressions.length === 0)) return () => false;
  const stem = `${workload.name}-`;
  return (name, labels) => {
    if (workload.kind === 'Deployment' && !Object.hasOwn(labels, 'pod-template-hash')) return false;
    if (workload.kind === 'StatefulSet' && !(name.startsWith(stem) && /^\d+$/.test(name.slice(stem.length)))) return false;
    return matchesSelector(plain, labels);
  };
}

function makePods(workload: KubeObject & { readonly kind: Workload['kind'] }, count: number, taken: Set<string>): readonly PodDraft[] {
  const template = podTemplate(workload);
  const key = `${workload.kind}/${fullName(workload)}`;
  const names = generatedNames(workload, key, taken);
  if (workload.kind === 'StatefulSet') return statefulPods(workload, template, count, taken);
  if (workload.kind === 'Deployment') {
    const hash = templateHash(canonicalJson(template));
    const next = names(`${workload.name}-${hash}`);
    return Array.from({ length: count }, () => madePod(workload, template, next(), { 'pod-template-hash': hash }));
  }
  const next = names(workload.name);
  const extra: Labels = workload.kind === 'Job' ? { 'batch.kubernetes.io/job-name': workload.name, 'job-name': workload.name } : {};
  return Array.from({ length: count }, () => madePod(workload, template, next(), extra));
}

/** Names `BASE-xxxxx`, none of them taken. */
function generatedNames(workload: KubeObject, key: string, taken: Set<string>): (base: string) => () => string {
  return (base) => {
    let index = 0;
    const stem = `${base}-`.slice(0, generatedBase);
    return () => {
      for (;;) {
        const name = `${stem}${podSuffix(key, index++)}`;
        const full = fullName({ namespace: workload.namespace, name });
        if (!taken.has(full) && taken.add(full)) return name;
      }
    };
  };
}

function statefulPods(workload: KubeObject, template: Fields, count: number, taken: Set<string>): readonly PodDraft[] {
  const start = integerOf(dig(workload.value, 'spec', 'ordinals', 'start'), 0);
  const made: PodDraft[] = [];
  for (let ordinal = start; made.length < count; ordinal++) {
    const name = `${workload.name}-${ordinal}`;
    if (taken.has(fullName({ namespace: workload.namespace, name }))) continue;
    const labels = { 'apps.kubernetes.io/pod-index': String(ordinal), 'statefulset.kubernetes.io/pod-name': name };
    made.push({ ...madePod(workload, template, name, labels), hostname: name, subdomain: textOf(dig(workload.value, 'spec', 'serviceName')) });
  }
  return made;
}

/** A DaemonSet's pod is named for its node, so that a new node renames no other pod. */
function daemonSetPods(workload: KubeObject, taken: Set<string>): (node: string) => PodDraft {
  return (node) => {
    const next = generatedNames(workload, `DaemonSet/${fullName(workload)}/${node}`, taken)(workload.name);
    return { ...madePod(workload, podTemplate(workload), next(), {}), nodeName: node };
  };
}

function madePod(workload: KubeObject, template: Fields, name: string, extra: Labels): PodDraft {
  const spec = dig(template, 'spec');
  return {
    namespace: workload.namespace,
    name,
    labels: { ...labelsOf(dig(template, 'metadata', 'labels')), ...extra },
    owner: objectRef(workload),
    source: workload,
    at: workload.at,
    spec: spec as Fields | undefined ?? {},
    nodeName: textOf(dig(spec, 'nodeName')),
    fixedIps: [],
    phase: 'Running',
    ready: null,
    terminating: false,
    hostname: textOf(dig(spec, 'hostname')),
    subdomain: textOf(dig(spec, 'subdomain')),
  };
}
