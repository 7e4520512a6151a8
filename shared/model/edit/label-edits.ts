import type { Json } from '../../base/json.ts';
import { ok } from '../../base/result.ts';
import { fullName } from '../problems.ts';
import { matchesLabels } from '../selectors.ts';
import type { Labels, Pod, Service } from '../types.ts';
import { changes, missing, named, objectOf, podOf, refuse, remove, serviceOf, set, type EditContext, type Planned } from './context.ts';
import { explicitNodes, makerOf, withField, withoutField } from './explicit.ts';
import { changePod } from './pod-edits.ts';
import type { Alternative, ClusterEdit, ManifestObject, TextChange } from './types.ts';

type Of<K extends ClusterEdit['kind']> = Extract<ClusterEdit, { kind: K }>;
type LabelChanges = Readonly<Record<string, string | null>>;

const labelPath = (key: string): readonly string[] => ['metadata', 'labels', key];
const apply = (object: ManifestObject, labels: LabelChanges): ManifestObject =>
  Object.entries(labels).reduce((at, [key, value]) => (value === null ? withoutField(at, labelPath(key)) : withField(at, labelPath(key), value)), object);
const print = (labels: LabelChanges): string => Object.entries(labels).map(([key, value]) => (value === null ? `no ${key}` : `${key}=${value}`)).join(', ');

/** Labels of an object itself; what was only implied gets a document. */
export function setLabels(context: EditContext, edit: Of<'set-labels'>): Planned {
  const { target, labels } = edit;
  const title = `Label ${target.name} ${print(labels)}`;
  const object = objectOf(context, target);
  if (object) return changes(title, Object.entries(labels).flatMap(([key, value]) => (value === null ? remove(object, labelPath(key)) : set(object, labelPath(key), value))));
  switch (target.kind.toLowerCase()) {
    case 'pod': {
      const pod = podOf(context, { namespace: target.namespace ?? 'default', name: target.name });
      return pod.ok ? labelPod(context, pod.value, labels, title) : pod;
    }
    case 'node':
      return context.cluster.nodes.some((node) => node.name === target.name) ? changes(title, explicitNodes(context, (made, name) => (name === target.name ? apply(made, labels) : made))) : missing(context, target);
    case 'namespace':
      if (!context.cluster.namespaces.some((one) => one.name === target.name)) return missing(context, target);
      return changes(title, [{ kind: 'add', object: apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: target.name } }, labels), file: 'namespaces.yaml' }]);
    default:
      return missing(context, target);
  }
}

function labelPod(context: EditContext, pod: Pod, labels: LabelChanges, title: string): Planned {
  const list = changePod(context, pod, Object.entries(labels).map(([key, value]): [readonly string[], Json] => [labelPath(key), value]));
  if (!list) return refuse('implied-object', `pod ${pod.name} stands in no manifest`);
  const maker = makerOf(context, pod);
  return changes(title, list, maker ? { note: `Only this pod of ${named(maker)} changes; where the selector no longer matches it, another is made in its place` } : {});
}

/** The whole selector of a Service. */
export function setSelector(context: EditContext, edit: Of<'set-selector'>): Planned {
  const found = serviceOf(context, edit.service);
  if (!found.ok) return found;
  const { object } = found.value;
  return changes(`Let ${edit.service.name} choose ${edit.selector ? print(edit.selector) : 'no pods by itself'}`, edit.selector ? set(object, ['spec', 'selector'], { ...edit.selector }) : remove(object, ['spec', 'selector']));
}

/** Labels that controllers give each pod for itself: no Service should choose by them. */
const generated = new Set(['pod-template-hash', 'controller-revision-hash', 'pod-template-generation', 'statefulset.kubernetes.io/pod-name', 'apps.kubernetes.io/pod-index', 'job-name', 'batch.kubernetes.io/job-name', 'controller-uid', 'batch.kubernetes.io/controller-uid', 'batch.kubernetes.io/job-completion-index']);
/** A pod's labels without those that controllers generate for it. */
export const stableLabels = (pod: Pod): Labels => Object.fromEntries(Object.entries(pod.labels).filter(([key]) => !generated.has(key)));
const chosenBy = (context: EditContext, service: Service, selector: Labels): readonly Pod[] => context.cluster.pods.filter((pod) => pod.namespace === service.namespace && matchesLabels(selector, pod.labels));

/** The widest selector that chooses this pod and those chosen now; the pod's own labels where they have nothing in common. */
function widened(service: Service, pod: Pod): Labels | null {
  const own = stableLabels(pod);
  const common = Object.fromEntries(Object.entries(service.selector ?? {}).filter(([key, value]) => own[key] === value));
  if (Object.keys(common).length > 0) return common;
  return Object.keys(own).length > 0 ? own : null;
}

/** Labels in which all other chosen pods agree and this one does not: with them in the selector it is left out. */
function narrowed(context: EditContext, service: Service, pod: Pod): Labels | null {
  const others = chosenBy(context, service, service.selector ?? {}).filter((other) => other !== pod);
  const [first] = others;
  if (!first || !service.selector) return null;
  const telling = Object.entries(stableLabels(first)).find(([key, value]) => pod.labels[key] !== value && others.every((other) => other.labels[key] === value));
  return telling ? { ...service.selector, [telling[0]]: telling[1] } : null;
}

/** One label less is enough to be no longer chosen; one that the pod's workload does not choose by, if there is one. */
function labelToDrop(context: EditContext, service: Service, pod: Pod): string | null {
  const keys = Object.keys(service.selector ?? {});
  const maker = pod.owner ? objectOf(context, pod.owner) : null;
  const spec = maker?.value['spec'] as { readonly selector?: { readonly matchLabels?: Labels } } | undefined;
  const wanted = spec?.selector?.matchLabels ?? {};
  return keys.find((key) => !Object.hasOwn(wanted, key)) ?? keys[0] ?? null;
}

/** Makes a Service choose a pod, or no longer choose it. Where labels and selector would both do, a person says which. */
export function connectService(context: EditContext, edit: Of<'connect-service' | 'disconnect-service'>): Planned {
  const [found, pod] = [serviceOf(context, edit.service), podOf(context, edit.pod)];
  if (!found.ok) return found;
  if (!pod.ok) return pod;
  const { service, object } = found.value;
  const connects = edit.kind === 'connect-service';
  const title = connects ? `Connect ${service.name} to ${pod.value.name}` : `Disconnect ${service.name} from ${pod.value.name}`;
  if (service.namespace !== pod.value.namespace) return refuse('other-namespace', `Service ${fullName(service)} chooses only pods of its own namespace`, `make a Service in namespace ${pod.value.namespace}`);
  const chosen = service.selector !== null && matchesLabels(service.selector, pod.value.labels);
  if (chosen === connects) return refuse('nothing-to-do', `Service ${service.name} ${connects ? 'chooses' : 'does not choose'} ${pod.value.name} already`);
  const selector = connects ? widened(service, pod.value) : narrowed(context, service, pod.value);
  const labels: LabelChanges | null = connects ? service.selector : { [labelToDrop(context, service, pod.value)!]: null };
  if (connects && !selector && !labels) {
    const own = { app: pod.value.name };
    return changes(title, [...changePod(context, pod.value, [[labelPath('app'), pod.value.name]]) ?? [], ...set(object, ['spec', 'selector'], own)]);
  }
  if ((edit.by === 'labels' || !selector) && labels) return labelPod(context, pod.value, labels, title);
  if ((edit.by === 'selector' || !labels) && selector) return connectBySelector(context, service, pod.value, selector, title, set(object, ['spec', 'selector'], { ...selector }));
  const alternatives: readonly Alternative[] = [
    { title: `Label the pod ${print(labels ?? {})}`, edit: { ...edit, by: 'labels' } },
    { title: `Let the Service choose ${print(selector ?? {})}`, edit: { ...edit, by: 'selector' } },
  ];
  return ok({ kind: 'choose', question: `${title}: by the pod's labels or by the Service's selector?`, alternatives });
}

/** Says how many other pods come or go with a selector. */
function connectBySelector(context: EditContext, service: Service, pod: Pod, selector: Labels, title: string, list: readonly TextChange[]): Planned {
  const before = new Set(service.selector ? chosenBy(context, service, service.selector) : []);
  const after = new Set(chosenBy(context, service, selector));
  const come = [...after].filter((one) => one !== pod && !before.has(one)).length;
  const go = [...before].filter((one) => one !== pod && !after.has(one)).length;
  const parts = [...(come > 0 ? [`${come} more ${come === 1 ? 'pod is' : 'pods are'} chosen with it`] : []), ...(go > 0 ? [`${go} ${go === 1 ? 'pod is' : 'pods are'} no longer chosen`] : [])];
  return changes(title, list, parts.length === 0 ? {} : { note: parts.join('; ') });
}
