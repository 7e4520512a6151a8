import type { ClusterEdit } from '../../../shared/model/edit/types.ts';
import type { Cluster, Fault, Pod, Service, Workload } from '../../../shared/model/types.ts';
import { findPod, findService } from '../../scene/find-thing.ts';
import type { IconName } from '../../theme/icon-paths.ts';
import { findPath, namedOf, type GestureKind } from './gesture.ts';
import { stepInList, type Places } from './place-commands.ts';

/** One thing that can be done to a box: an edit, a gesture that goes on by choosing, or an end of the question. */
export interface ThingCommand {
  readonly id: string;
  readonly title: string;
  readonly icon: IconName;
  /** The key that does it while the box has the focus. */
  readonly key?: string;
  /** A line above it. */
  readonly rule?: boolean;
  readonly does: { readonly kind: 'edit'; readonly edit: ClusterEdit } | { readonly kind: 'gesture'; readonly gesture: GestureKind } | { readonly kind: 'source' | 'destination' | 'inside' };
}

type Icon = IconName;
const edit = (id: string, title: string, icon: Icon, what: ClusterEdit, more: { readonly key?: string; readonly rule?: boolean } = {}): ThingCommand => ({ id, title, icon, does: { kind: 'edit', edit: what }, ...more });
const gesture = (id: string, title: string, icon: Icon, kind: GestureKind, key: string, rule = false): ThingCommand => ({ id, title, icon, key, does: { kind: 'gesture', gesture: kind }, ...(rule ? { rule } : {}) });
const asSource: ThingCommand = { id: 'source', title: 'Send from here', icon: 'packet', key: 'S', does: { kind: 'source' } };
const asDestination: ThingCommand = { id: 'destination', title: 'Send to here', icon: 'arrow', key: 'D', does: { kind: 'destination' } };

const ownerOf = (cluster: Cluster, { owner, namespace }: Pod): Workload | undefined =>
  cluster.workloads.find((w) => owner !== null && w.kind === owner.kind && w.name === owner.name && w.namespace === (owner.namespace ?? namespace));

function scaling({ kind, namespace, name, replicas }: Workload): readonly ThingCommand[] {
  if (kind === 'DaemonSet' || kind === 'Job' || kind === 'CronJob') return [];
  const workload = { kind, namespace, name };
  const to = (n: number): ClusterEdit => ({ kind: 'scale', workload, replicas: n });
  return [
    edit('scale-up', `Scale ${name} to ${replicas + 1}`, 'plus', to(replicas + 1), { rule: true }),
    ...(replicas > 0 ? [edit('scale-down', `Scale ${name} to ${replicas - 1}`, 'minus', to(replicas - 1))] : []),
  ];
}

const hasFault = ({ settings }: Cluster, wanted: (fault: Fault) => boolean): boolean => settings.faults.some(wanted);
const isCut = (cluster: Cluster, a: string, b: string): boolean => hasFault(cluster, (f) => f.kind === 'link-cut' && ((f.a === a && f.b === b) || (f.a === b && f.b === a)));

function cable(cluster: Cluster, a: string, b: string): ThingCommand {
  return isCut(cluster, a, b) ? edit('restore-link', 'Mend its cable', 'wire', { kind: 'restore-link', a, b }) : edit('cut-link', 'Cut its cable', 'wire', { kind: 'cut-link', a, b });
}

function podCommands(cluster: Cluster, pod: Pod): readonly ThingCommand[] {
  const named = { namespace: pod.namespace, name: pod.name };
  const target = { kind: 'Pod', ...named };
  const workload = ownerOf(cluster, pod);
  const id = `pod/${pod.namespace}/${pod.name}`;
  return [
    asSource, asDestination,
    gesture('move', 'Move to another node…', 'node', 'move', 'M', true), gesture('connect', 'Connect a Service…', 'service', 'connect', 'C'), gesture('wire', 'Allow or deny…', 'policy', 'wire', 'W'),
    edit('expose', 'Put a Service in front', 'service', { kind: 'expose', target: workload === undefined ? target : { kind: workload.kind, namespace: workload.namespace, name: workload.name } }),
    ...(workload === undefined ? [] : scaling(workload)),
    pod.ready ? edit('unready', 'Mark not ready', 'timeout', { kind: 'set-ready', pod: named, ready: false }, { rule: true }) : edit('ready', 'Mark ready', 'ok', { kind: 'set-ready', pod: named, ready: true }),
    edit('terminating', pod.terminating ? 'Take termination back' : 'Terminate', 'half', { kind: 'set-terminating', pod: named, terminating: !pod.terminating }),
    edit('crash', pod.crashed === true ? 'Run again' : 'Crash', 'warning', { kind: 'crash', pod: named, crashed: pod.crashed !== true }),
    ...(pod.node === '' || pod.hostNetwork ? [] : [cable(cluster, id, `node/${pod.node}`)]),
    edit('duplicate', 'Duplicate', 'copy', { kind: 'duplicate', target }, { rule: true }),
    edit('delete', 'Delete', 'close', { kind: 'delete-object', target }, { key: 'Del' }),
  ];
}

function nodeCommands(cluster: Cluster, name: string): readonly ThingCommand[] {
  const node = cluster.nodes.find((n) => n.name === name);
  if (node === undefined) return [];
  const stopped = hasFault(cluster, (f) => f.kind === 'node-stopped' && f.node === name);
  const stale = hasFault(cluster, (f) => f.kind === 'stale-kube-proxy' && f.node === name);
  return [
    { id: 'inside', title: 'Look inside', icon: 'search', key: 'Enter', does: { kind: 'inside' } },
    asSource, asDestination,
    edit('add-pod', 'Add a pod here', 'plus', { kind: 'add-object', object: { kind: 'pod', node: name } }, { rule: true }),
    edit('cordon', node.unschedulable ? 'Uncordon' : 'Cordon', 'policy', { kind: 'cordon', node: name, cordoned: !node.unschedulable }, { rule: true }),
    edit('drain', 'Drain', 'down', { kind: 'drain', node: name }),
    edit('kube-proxy', stale ? 'Start kube-proxy' : 'Stop kube-proxy', 'gear', { kind: stale ? 'start-kube-proxy' : 'stop-kube-proxy', node: name }),
    edit('power', stopped ? 'Start the node' : 'Stop the node', stopped ? 'play' : 'drop', { kind: stopped ? 'start-node' : 'stop-node', node: name }),
    cable(cluster, `node/${name}`, 'switch/lan'),
    gesture('cut', 'Cut or mend a route…', 'route', 'cut', 'X'),
    edit('delete', 'Delete', 'close', { kind: 'delete-object', target: { kind: 'Node', name } }, { rule: true, key: 'Del' }),
  ];
}

function serviceCommands(service: Service): readonly ThingCommand[] {
  const named = { namespace: service.namespace, name: service.name };
  const target = { kind: 'Service', ...named };
  const types = (['ClusterIP', 'NodePort', 'LoadBalancer'] as const).filter((type) => type !== service.type && service.type !== 'ExternalName');
  const local = service.externalTrafficPolicy === 'Local';
  const inside = service.internalTrafficPolicy === 'Local';
  return [
    asDestination,
    gesture('connect', 'Connect a pod…', 'pod', 'connect', 'C', true),
    ...types.map((type, i) => edit(`type-${type}`, `Make it a ${type}`, 'service', { kind: 'set-service', service: named, set: { type } }, { rule: i === 0 })),
    ...(service.type === 'NodePort' || service.type === 'LoadBalancer' ? [edit('external-policy', local ? 'Outside traffic to every node’s pods' : 'Outside traffic stays on its node', 'node', { kind: 'set-service', service: named, set: { externalTrafficPolicy: local ? 'Cluster' : 'Local' } }, { rule: true })] : []),
    ...(service.type === 'ExternalName' ? [] : [edit('internal-policy', inside ? 'Inside traffic to every node’s pods' : 'Inside traffic stays on its node', 'node', { kind: 'set-service', service: named, set: { internalTrafficPolicy: inside ? 'Cluster' : 'Local' } })]),
    edit('affinity', service.sessionAffinitySeconds === null ? 'Keep each client with its pod' : 'Let clients change pods', 'link', { kind: 'set-service', service: named, set: { sessionAffinitySeconds: service.sessionAffinitySeconds === null ? 10_800 : null } }),
    edit('duplicate', 'Duplicate', 'copy', { kind: 'duplicate', target }, { rule: true }),
    edit('delete', 'Delete', 'close', { kind: 'delete-object', target }, { key: 'Del' }),
  ];
}

/** Where it stands on the map: one place on or back, whose place it takes, and for a node whether its pods are shown. */
function placing(cluster: Cluster, places: Places, id: string): readonly ThingCommand[] {
  const [back, on] = [stepInList(cluster, places, id, 'back'), stepInList(cluster, places, id, 'on')];
  const [backWord, onWord, arrows] = id.startsWith('service/') ? (['left', 'right', '←→'] as const) : (['up', 'down', '↑↓'] as const);
  const folded = places.folded?.includes(id) === true;
  return [
    ...(back === null ? [] : [edit('place-back', `Move ${backWord} on the map`, id.startsWith('service/') ? 'left' : 'up', back, { key: `Alt ${arrows[0]}`, rule: true })]),
    ...(on === null ? [] : [edit('place-on', `Move ${onWord} on the map`, id.startsWith('service/') ? 'right' : 'down', on, { key: `Alt ${arrows[1]}`, rule: back === null })]),
    ...(back === null && on === null ? [] : [gesture('order', 'Take another’s place…', 'order', 'order', 'O')]),
    ...(id.startsWith('node/') ? [edit('fold', folded ? 'Unfold' : 'Fold to one line', folded ? 'plus' : 'minus', { kind: 'fold', thing: id, folded: !folded }, { key: 'Z' })] : []),
  ];
}

function pathCommands(cluster: Cluster, id: string): readonly ThingCommand[] {
  if (findPath(cluster, id) === undefined) return [];
  const target = { kind: 'Ingress', ...namedOf(id) };
  return [
    gesture('route', 'Lead to another Service…', 'service', 'route', 'C'),
    edit('duplicate', 'Duplicate the Ingress', 'copy', { kind: 'duplicate', target }, { rule: true }),
    edit('delete', 'Delete the Ingress', 'close', { kind: 'delete-object', target }, { key: 'Del' }),
  ];
}

function ownCommands(cluster: Cluster, id: string): readonly ThingCommand[] {
  const kind = id.split('/')[0];
  if (kind === 'pod') {
    const pod = findPod(cluster, id);
    return pod === undefined ? [] : podCommands(cluster, pod);
  }
  if (kind === 'node') return nodeCommands(cluster, id.slice('node/'.length));
  if (kind === 'service') {
    const service = findService(cluster, id);
    return service === undefined ? [] : serviceCommands(service);
  }
  if (kind === 'ingress') return pathCommands(cluster, id);
  if (kind !== 'client' && kind !== 'host') return [];
  return [asSource, asDestination, gesture('wire', 'Allow or deny…', 'policy', 'wire', 'W', true)];
}

/** What can be done to the thing under the pointer or with the focus, in the order menus show it; empty for what cannot be changed. `places` = what stands beside the documents. */
export function thingCommands(cluster: Cluster, id: string, places: Places = { positions: {} }): readonly ThingCommand[] {
  const own = ownCommands(cluster, id);
  const last = own.findIndex((command) => command.id === 'duplicate' || command.id === 'delete');
  const at = last < 0 ? own.length : last;
  return [...own.slice(0, at), ...placing(cluster, places, id), ...own.slice(at)];
}
