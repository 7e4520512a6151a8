import type { Alternative, Named, PolicyParty } from '../../../shared/model/edit/types.ts';
import type { Cluster, IngressBackend, Pod, Service } from '../../../shared/model/types.ts';
import { findPod, findService } from '../../scene/find-thing.ts';
import { labelOf } from '../../scene/labels.ts';
import { newObjectAt } from './new-objects.ts';

/** What a gesture that has begun will do: place a pod, join a Service and a pod, say who may reach whom, send an Ingress path elsewhere, cut a node's route to another's pods, put a thing in another's place on the map, or add an object. */
export type GestureKind = 'move' | 'connect' | 'wire' | 'route' | 'order' | 'cut' | 'add';
export interface Gesture { readonly kind: GestureKind; /** The thing it began at, `pod/NS/NAME` and so on; `new/KIND` for one that is not there yet. */ readonly from: string; readonly how: 'drag' | 'choose' }

/** Something that can be done, in words and as an edit. */
export type Choice = Alternative;

/** The namespace and name in a thing's id. */
export const namedOf = (id: string): Named => {
  const [, namespace = '', name = ''] = id.split('/');
  return { namespace, name };
};
const kindOf = (id: string): string => id.split('/')[0] ?? '';
const isOutside = (id: string): boolean => /^(client|host|lb)\//.test(id);

/** The Ingress path that a chip on the map stands for, `ingress/NS/NAME/INDEX`. */
export function findPath({ ingresses = [] }: Cluster, id: string): IngressBackend | undefined {
  const [, namespace, name, index] = id.split('/');
  return ingresses.find((one) => one.namespace === namespace && one.name === name)?.backends[Number(index)];
}

/** Whether a Service's selector chooses the pod (EndpointSlice controller: all of its labels, in its namespace; no selector chooses nothing). */
export function chooses(service: Service, pod: Pod): boolean {
  const wanted = Object.entries(service.selector ?? {});
  return wanted.length > 0 && service.namespace === pod.namespace && wanted.every(([key, value]) => pod.labels[key] === value);
}

const drags: Readonly<Record<string, GestureKind>> = { pod: 'move', service: 'connect', client: 'wire', host: 'wire', lb: 'order', node: 'order', ingress: 'route', new: 'add' };

/** Which gesture a drag from this thing is: pods move, Services join, paths lead elsewhere, what is outside asks who may reach whom, nodes change places. */
export const dragKind = (id: string): GestureKind | null => drags[kindOf(id)] ?? null;

/** Whether two things stand in one list on the map. */
function areSiblings(a: string, b: string, cluster: Cluster): boolean {
  if (kindOf(a) === 'pod' && kindOf(b) === 'pod') return findPod(cluster, a)?.node === findPod(cluster, b)?.node;
  return (isOutside(a) && isOutside(b)) || (kindOf(a) === kindOf(b) && (kindOf(a) === 'node' || kindOf(a) === 'service'));
}

/** A drag onto a thing of the same list means its place; a drag that draws a wire from a pod means the wire. */
const ordersBy = ({ kind, how, from }: Gesture): boolean => kind === 'order' || (how === 'drag' && (kind === 'move' || kind === 'connect' || (kind === 'wire' && isOutside(from))));

function takesPod({ kind, from }: Gesture, id: string, cluster: Cluster): boolean {
  const [source, target] = [kindOf(from), kindOf(id)];
  const pod = findPod(cluster, source === 'pod' ? from : id);
  if (pod === undefined) return false;
  if (target === 'node') return kind === 'move' && pod.node !== id.slice('node/'.length) && !pod.hostNetwork;
  const service = findService(cluster, target === 'service' ? id : from);
  return (target === 'service' || (source === 'service' && target === 'pod')) && service !== undefined && service.namespace === pod.namespace && service.type !== 'ExternalName';
}

/** Whether letting go here would do something. A dragged pod may also be let go on a Service. */
export function isTarget(gesture: Gesture, id: string, cluster: Cluster): boolean {
  const { kind, from } = gesture;
  if (id === from) return false;
  if (ordersBy(gesture) && areSiblings(from, id, cluster)) return true;
  if (kind === 'wire') return kindOf(id) === 'pod' || (kindOf(from) === 'pod' && (kindOf(id) === 'client' || kindOf(id) === 'host'));
  if (kind === 'route') return kindOf(id) === 'service' && namedOf(id).namespace === namedOf(from).namespace && (findService(cluster, id)?.ports.length ?? 0) > 0;
  if (kind === 'cut') return routeCuts(from, id, cluster).length > 0;
  if (kind === 'add') return newObjectAt(from, id, cluster) !== null;
  return kind !== 'order' && takesPod(gesture, id, cluster);
}

function partyOf(id: string, { outsiders }: Cluster): PolicyParty | null {
  if (kindOf(id) === 'pod') return { ref: { kind: 'Pod', ...namedOf(id) } };
  const address = outsiders.find((o) => `${o.kind}/${o.name}` === id)?.addresses[0];
  return address === undefined ? null : { cidr: `${address}/${address.includes(':') ? 128 : 32}` };
}

function wireChoices(from: string, to: string, cluster: Cluster): readonly Choice[] {
  const [source, target] = [partyOf(from, cluster), partyOf(to, cluster)];
  if (source === null || target === null) return [];
  const [a, b] = [labelOf(from), labelOf(to)];
  const expose: readonly Choice[] = kindOf(to) === 'pod' ? [{ title: `Put a Service in front of ${b}`, edit: { kind: 'expose', target: { kind: 'Pod', ...namedOf(to) } } }] : [];
  return [
    { title: `Let ${a} reach ${b}`, edit: { kind: 'allow', from: source, to: target } },
    { title: `Keep ${a} away from ${b}`, edit: { kind: 'deny', from: source, to: target } },
    ...expose,
  ];
}

function connectChoice(service: Service, pod: Pod): Choice {
  const edit = { service: { namespace: service.namespace, name: service.name }, pod: { namespace: pod.namespace, name: pod.name } };
  return chooses(service, pod)
    ? { title: `Take ${pod.name} away from Service ${service.name}`, edit: { kind: 'disconnect-service', ...edit } }
    : { title: `Connect Service ${service.name} to ${pod.name}`, edit: { kind: 'connect-service', ...edit } };
}

/** The path sent to each port that the Service has. */
function routeChoices(from: string, to: string, cluster: Cluster): readonly Choice[] {
  const [path, service] = [findPath(cluster, from), findService(cluster, to)];
  if (path === undefined || service === undefined) return [];
  const words = `${path.host}${path.path}` || 'everything else';
  return service.ports.map(({ port }) => ({
    title: `Send ${words} to ${service.name}${service.ports.length > 1 ? `:${port}` : ''}`,
    edit: { kind: 'set-ingress-backend', ingress: namedOf(from), host: path.host, path: path.path, service: service.name, port },
  }));
}

/** A node's routes to another's pods, one per family: each cut, or mended where it is cut. */
function routeCuts(from: string, to: string, { nodes, settings }: Cluster): readonly Choice[] {
  const [node, other] = [from, to].map((id) => nodes.find(({ name }) => id === `node/${name}`));
  if (node === undefined || other === undefined || node === other) return [];
  return other.podCidrs.map((dst): Choice => {
    const cut = settings.faults.some((fault) => fault.kind === 'route-cut' && fault.dst === dst && (fault.on === from || fault.on === node.name));
    return { title: `${cut ? 'Mend' : 'Cut'} node ${node.name}’s route to the pods of node ${other.name} (${dst})`, edit: { kind: cut ? 'restore-route' : 'cut-route', on: from, dst } };
  });
}

/** What can be done by letting go at a target, the likeliest first; empty where nothing can. */
export function choicesAt(gesture: Gesture, id: string, cluster: Cluster): readonly Choice[] {
  if (!isTarget(gesture, id, cluster)) return [];
  const { kind, from } = gesture;
  if (ordersBy(gesture) && areSiblings(from, id, cluster)) return [{ title: `Put ${labelOf(from)} in ${labelOf(id)}’s place`, edit: { kind: 'arrange', thing: from, at: id } }];
  if (kind === 'wire') return wireChoices(from, id, cluster);
  if (kind === 'route') return routeChoices(from, id, cluster);
  if (kind === 'cut') return routeCuts(from, id, cluster);
  if (kind === 'add') {
    const made = newObjectAt(from, id, cluster);
    return made === null ? [] : [{ title: made.title, edit: { kind: 'add-object', object: made.object } }];
  }
  if (kindOf(id) === 'node') return [{ title: `Move ${labelOf(from)} to node ${id.slice('node/'.length)}`, edit: { kind: 'move-pod', pod: namedOf(from), node: id.slice('node/'.length) } }];
  const service = findService(cluster, kindOf(id) === 'service' ? id : from);
  const pod = findPod(cluster, kindOf(id) === 'pod' ? id : from);
  return service === undefined || pod === undefined ? [] : [connectChoice(service, pod)];
}

/** What a new object is placed on, in a word that follows “Choose”. */
const placed: Readonly<Record<string, string>> = { pod: 'a node for the new pod', service: 'a pod for the new Service', policy: 'a pod for the new policy', ingress: 'a Service for the new Ingress' };

/** What a person who chooses by clicks or keys is asked for. */
export function promptOf({ kind, from }: Gesture): string {
  const name = labelOf(from);
  if (kind === 'move') return `Choose a node for ${name}`;
  if (kind === 'connect') return from.startsWith('service/') ? `Choose a pod for Service ${name}` : `Choose a Service for ${name}`;
  if (kind === 'route') return 'Choose the Service that this path leads to';
  if (kind === 'cut') return `Choose the node whose pods ${name} has a route to`;
  if (kind === 'order') return `Choose whose place ${name} takes`;
  if (kind === 'add') return `Choose ${placed[from.slice('new/'.length)] ?? 'a place'}`;
  return `Choose what ${name} may or may not reach`;
}
