import { familyOf, offsetIp, parseIp, type Ip } from '../../base/ip.ts';
import type { Json } from '../../base/json.ts';
import { printRef } from '../../base/object-ref.ts';
import { dig, listOf } from '../json-fields.ts';
import type { Labels, Pod } from '../types.ts';
import { changes, freeName, missing, named, objectOf, refuse, set, type EditContext, type Planned } from './context.ts';
import { copyOf } from './copy-object.ts';
import { explicitNodes, makerOf } from './explicit.ts';
import { stableLabels } from './label-edits.ts';
import { changeSandbox, outsiderEntry } from './sandbox-edits.ts';
import { podsOf, scale } from './workload-edits.ts';
import type { ClusterEdit, ManifestObject, NewObject, TextChange } from './types.ts';

type Of<K extends NewObject['kind']> = Extract<NewObject, { readonly kind: K }>;

const IMAGE = 'agnhost:2.53';
const container = (name: string, port: number): Json => ({ name, image: IMAGE, args: ['netexec', `--http-port=${port}`], ports: [{ containerPort: port }] });
const add = (object: ManifestObject, file: string): TextChange => ({ kind: 'add', object, file });
const taken = (context: EditContext, kind: string, namespace: string) => (name: string): boolean =>
  objectOf(context, { kind, namespace, name }) !== null || (kind === 'Pod' && context.cluster.pods.some((pod) => pod.namespace === namespace && pod.name === name)) || (kind === 'Service' && context.cluster.services.some((one) => one.namespace === namespace && one.name === name));
const metadata = (name: string, namespace: string, labels?: Labels): { readonly [key: string]: Json } => ({ name, ...(namespace === 'default' ? {} : { namespace }), ...(labels ? { labels: { ...labels } } : {}) });

function podObject(context: EditContext, one: Of<'pod'>, namespace: string): ManifestObject {
  const name = one.name ?? freeName(taken(context, 'Pod', namespace), 'pod');
  return { apiVersion: 'v1', kind: 'Pod', metadata: metadata(name, namespace, one.labels ?? { app: name }), spec: { ...(one.node === undefined ? {} : { nodeName: one.node }), containers: [container('main', one.port ?? 8080)] } };
}

function deploymentObject(context: EditContext, one: Of<'deployment'>, namespace: string): ManifestObject {
  const name = one.name ?? freeName(taken(context, 'Deployment', namespace), 'app');
  const labels = { app: name };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: metadata(name, namespace), spec: { replicas: one.replicas ?? 2, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [container('main', one.port ?? 8080)] } } } };
}

function serviceObject(context: EditContext, one: Of<'service'>, namespace: string): ManifestObject {
  const name = one.name ?? freeName(taken(context, 'Service', namespace), 'service');
  return {
    apiVersion: 'v1', kind: 'Service', metadata: metadata(name, namespace),
    spec: { ...(one.type === undefined || one.type === 'ClusterIP' ? {} : { type: one.type }), selector: { ...(one.selector ?? { app: name }) }, ports: [{ port: one.port ?? 80, targetPort: one.targetPort ?? 8080 }] },
  };
}

function policyObject(context: EditContext, one: Of<'policy'>, namespace: string): ManifestObject {
  const name = one.name ?? freeName(taken(context, 'NetworkPolicy', namespace), 'deny-all');
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: metadata(name, namespace), spec: { podSelector: one.podLabels && Object.keys(one.podLabels).length > 0 ? { matchLabels: { ...one.podLabels } } : {}, policyTypes: ['Ingress'] } };
}

function ingressObject(context: EditContext, one: Of<'ingress'>, namespace: string): ManifestObject {
  const name = one.name ?? freeName(taken(context, 'Ingress', namespace), one.service);
  const backend = { service: { name: one.service, port: { number: one.port ?? context.cluster.services.find((service) => service.namespace === namespace && service.name === one.service)?.ports[0]?.port ?? 80 } } };
  return { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: metadata(name, namespace), spec: { rules: [{ ...(one.host === undefined ? {} : { host: one.host }), http: { paths: [{ path: one.path ?? '/', pathType: 'Prefix', backend }] } }] } };
}

const letters = 'abcdefghijklmnopqrstuvwxyz'.split('');

function addNode(context: EditContext, given: string | undefined): Planned {
  const has = (name: string): boolean => context.cluster.nodes.some((node) => node.name === name);
  const name = given ?? letters.find((letter) => !has(letter)) ?? freeName(has, 'node');
  if (has(name)) return refuse('name-taken', `there is a node ${name} already`);
  // What is said of one Node ends the lab, so its other nodes say the same of themselves.
  return changes(`Add node ${name}`, [...explicitNodes(context, (made) => made), add({ apiVersion: 'v1', kind: 'Node', metadata: { name } }, 'nodes.yaml')]);
}

function freeAddress(context: EditContext, after: Ip): Ip {
  const used = new Set([...context.cluster.outsiders.flatMap((one) => one.addresses), ...context.cluster.nodes.flatMap((one) => one.addresses)]);
  for (let n = 1; ; n++) {
    const candidate = offsetIp(after, n);
    if (!used.has(candidate)) return candidate;
  }
}

function addOutsider(context: EditContext, one: Of<'client' | 'host'>): Planned {
  const same = context.cluster.outsiders.filter((other) => other.kind === one.kind);
  const name = one.name ?? freeName((candidate) => same.some((other) => other.name === candidate), one.kind === 'client' ? 'office' : 'server');
  if (same.some((other) => other.name === name)) return refuse('name-taken', `there is a ${one.kind} ${name} already`);
  const given = one.address === undefined ? null : parseIp(one.address);
  if (one.address !== undefined && given === null) return refuse('bad-address', `${one.address} is no address`, 'write 203.0.113.20');
  const v6 = context.cluster.settings.podSubnets.every((subnet) => subnet.includes(':'));
  const base = parseIp(one.kind === 'client' ? (v6 ? '2001:db8:203::10' : '203.0.113.10') : v6 ? '2001:db8:192::80' : '192.0.2.80')!;
  const entry = outsiderEntry({ name, addresses: [given ?? freeAddress(context, base)] });
  const sandbox = context.objects.find((object) => object.kind === 'Sandbox');
  const key = `${one.kind}s`;
  const listed = dig(sandbox?.value, 'spec', key);
  const list = sandbox && Array.isArray(listed) && listOf(listed).length > 0 ? set(sandbox, ['spec', key, listOf(listed).length], entry)
    : sandbox && listed !== undefined && !Array.isArray(listed) ? set(sandbox, ['spec', key, name], { address: given ?? freeAddress(context, base) }) : changeSandbox(context, { [key]: [entry] });
  return changes(`Add ${one.kind} ${name}${given && familyOf(given) === 6 ? ' (IPv6)' : ''}`, list);
}

function namespacedObject(context: EditContext, one: Of<'pod' | 'deployment' | 'service' | 'policy' | 'ingress'>): ManifestObject {
  const namespace = one.namespace ?? 'default';
  switch (one.kind) {
    case 'pod': return podObject(context, one, namespace);
    case 'deployment': return deploymentObject(context, one, namespace);
    case 'service': return serviceObject(context, one, namespace);
    case 'policy': return policyObject(context, one, namespace);
    case 'ingress': return ingressObject(context, one, namespace);
  }
}

/** A new object from the palette, with what it needs to work and nothing more. */
export function addObject(context: EditContext, edit: Extract<ClusterEdit, { kind: 'add-object' }>): Planned {
  const one = edit.object;
  if (one.kind === 'node') return addNode(context, one.name);
  if (one.kind === 'client' || one.kind === 'host') return addOutsider(context, one);
  if (one.kind === 'namespace') {
    const name = one.name ?? freeName((candidate) => context.cluster.namespaces.some((other) => other.name === candidate), 'namespace');
    return added(context, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, name, 'namespaces.yaml');
  }
  const object = namespacedObject(context, one);
  const name = dig(object['metadata'], 'name') as string;
  return added(context, object, name, `${name}.yaml`);
}

function added(context: EditContext, object: ManifestObject, name: string, file: string): Planned {
  const kind = object['kind'] as string;
  const namespace = dig(object['metadata'], 'namespace');
  const ref = { kind, namespace: typeof namespace === 'string' ? namespace : 'default', name };
  if (objectOf(context, ref)) return refuse('name-taken', `${printRef(ref)} exists already`, 'choose another name');
  return changes(`Add ${kind} ${name}`, [add(object, context.files.includes(file) && file === `${name}.yaml` ? `${kind.toLowerCase()}-${name}.yaml` : file)]);
}

/** The same object once more under another name. A workload's pod: one more of its kind. */
export function duplicate(context: EditContext, edit: Extract<ClusterEdit, { kind: 'duplicate' }>): Planned {
  const { target } = edit;
  const object = objectOf(context, target);
  const pod = target.kind.toLowerCase() === 'pod' ? context.cluster.pods.find((one) => one.name === target.name && one.namespace === (target.namespace ?? 'default')) : undefined;
  const maker = pod ? makerOf(context, pod) : null;
  if (maker) return scale(context, { kind: 'scale', workload: { kind: maker.kind, namespace: maker.namespace, name: maker.name }, replicas: podsOf(context, maker).length + 1 });
  if (target.kind.toLowerCase() === 'node') return addNode(context, edit.name);
  if (!object) return missing(context, target);
  const name = edit.name ?? freeName(taken(context, object.kind, object.namespace), object.name);
  if (taken(context, object.kind, object.namespace)(name)) return refuse('name-taken', `there is a ${object.kind} ${name} already`, 'choose another name');
  return changes(`Duplicate ${object.name} as ${name}`, [{ kind: 'add', object: copyOf(object, name, 'copy'), beside: object.at, file: object.at.file }]);
}

/** The port that a pod is known to answer on. */
const portOf = (pod: Pod | undefined): number | undefined => pod?.ports[0]?.port;

/** A Service in front of a pod or workload, which chooses it by its labels (`kubectl expose`). */
export function expose(context: EditContext, edit: Extract<ClusterEdit, { kind: 'expose' }>): Planned {
  const { target } = edit;
  const pods = target.kind.toLowerCase() === 'pod' ? context.cluster.pods.filter((pod) => pod.name === target.name && pod.namespace === (target.namespace ?? 'default')) : podsOf(context, target);
  const workload = context.cluster.workloads.find((one) => one.kind === target.kind && one.name === target.name && one.namespace === (target.namespace ?? 'default'));
  const namespace = workload?.namespace ?? pods[0]?.namespace;
  if (namespace === undefined) return missing(context, target);
  const selector = workload?.podLabels ?? stableLabels(pods[0]!);
  if (Object.keys(selector).length === 0) return refuse('no-labels', `${named(target)} has no labels that a Service could choose by`, 'give it a label first');
  const name = edit.name ?? freeName(taken(context, 'Service', namespace), target.name.slice(0, 60));
  const targetPort = edit.targetPort ?? portOf(pods[0]);
  const port = edit.port ?? (typeof targetPort === 'number' ? targetPort : 80);
  const service = serviceObject(context, { kind: 'service', name, selector, port, targetPort: targetPort ?? port, ...(edit.type === undefined ? {} : { type: edit.type }) }, namespace);
  const beside = workload?.at ?? pods[0]?.at;
  return changes(`Expose ${target.name} as Service ${name}`, [beside ? { kind: 'add', object: service, beside, file: beside.file } : add(service, `${name}.yaml`)]);
}
