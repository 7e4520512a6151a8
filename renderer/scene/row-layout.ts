import type { Cluster, Node, Pod } from '../../shared/model/types.ts';
import { at, type Rect } from './geometry.ts';
import type { Frame } from './layout-options.ts';
import type { Door, More, Row } from './scene.ts';
import { isResolver, podId, podLabel, podStatus, splitPodName } from './words-of-things.ts';

/** The height of a one-line door, the least room between two, and a row's inner margin. */
const oneLine = 28;
const leastGap = 5;
const margin = 12;
/** Doors in a row before the rest becomes a count (LOOKS.md "Density"). */
const roomFor = 3;
const tallestRow = 250;
const lowestRow = 152;
const moreHeight = 22;

export interface RowPlan { readonly node: Node | null; readonly pods: readonly Pod[]; readonly shown: readonly Pod[]; readonly hidden: number; readonly folds: boolean }

/** Which pods of a row are shown: four, or three and a count; those of the path are always among them, and every pod keeps its place in the cluster's order. */
export function planRow(node: Node | null, pods: readonly Pod[], path: ReadonlySet<string>, unfolded: boolean): RowPlan {
  const ordered = [...pods.filter((p) => path.has(podId(p))), ...pods.filter((p) => !path.has(podId(p)))];
  const onPath = pods.filter((p) => path.has(podId(p))).length;
  const count = unfolded || ordered.length <= roomFor + 1 ? ordered.length : Math.max(roomFor, onPath);
  const kept = new Set(ordered.slice(0, count));
  return { node, pods, shown: pods.filter((p) => kept.has(p)), hidden: pods.length - count, folds: unfolded && pods.length > roomFor + 1 };
}

const slotsOf = ({ shown, hidden, folds }: RowPlan): number => shown.length + (hidden > 0 || folds ? 0.8 : 0);

/** The height of each row: an equal share of the stage, never less than its doors need. */
export function rowHeights(plans: readonly RowPlan[], { height, top, gap, bottom, low, letters }: Frame): readonly number[] {
  const share = (height - top - bottom - gap * Math.max(0, plans.length - 1)) / Math.max(1, plans.length);
  const least = low || letters > 1 ? 118 : lowestRow;
  return plans.map((plan) => Math.round(Math.max(least, Math.min(share, tallestRow), margin * 2 + slotsOf(plan) * (oneLine + leastGap))));
}

function toDoor(pod: Pod, rect: Rect, shields: ReadonlySet<string>, letters: number): Door {
  const [name, suffix] = splitPodName(pod);
  return {
    id: podId(pod), rect, icon: isResolver(pod) ? 'dns' : 'pod', name, suffix, namespace: pod.namespace, node: pod.node, address: pod.ips[0] ?? '', status: podStatus(pod), ready: pod.ready,
    twoLines: rect.height >= 40 * letters, shield: shields.has(podId(pod)), hostNetwork: pod.hostNetwork, label: podLabel(pod),
  };
}

function stackDoors(plan: RowPlan, box: Rect, x: number, width: number, shields: ReadonlySet<string>, least: number, letters: number): { readonly doors: readonly Door[]; readonly more: More | null } {
  const extra = plan.hidden > 0 || plan.folds;
  const room = box.height - margin * 2 - (extra ? moreHeight + leastGap : 0);
  const slots = Math.max(least, plan.shown.length);
  const height = Math.max(oneLine, Math.min(48, (room - (slots - 1) * leastGap) / slots));
  const gap = Math.max(leastGap, Math.min(24, (room - height * slots) / Math.max(1, slots - 1)));
  const doors = plan.shown.map((pod, i) => toDoor(pod, { x, y: box.y + margin + i * (height + gap), width, height }, shields, letters));
  const more = extra ? { node: plan.node === null ? 'unscheduled' : `node/${plan.node.name}`, rect: { x, y: box.y + box.height - margin - moreHeight, width, height: moreHeight }, count: plan.hidden, folds: plan.folds } : null;
  return { doors, more };
}

/** A node's row at y: the track with its stations, and the doors of its pods on the right. */
export function layoutRow(plan: RowPlan, y: number, height: number, frame: Frame, cluster: Cluster, shields: ReadonlySet<string>): Row {
  const { left, spine, width, low, bare } = frame;
  const rowWidth = width - left - 18;
  const rect = { x: left, y, width: rowWidth, height };
  const inner = bare ? 300 : 374;
  const doorX = Math.max(left + inner, left + rowWidth - 14 - 330);
  const stretch = (doorX - left) / inner;
  const track = y + (low || frame.letters > 1 ? 52 : 60);
  const bridgeX = doorX - 62;
  const tunnelled = cluster.settings.podNetwork === 'vxlan';
  const { doors, more } = stackDoors(plan, rect, doorX, left + rowWidth - 14 - doorX, shields, frame.letters > 1 ? 2 : roomFor, frame.letters);
  const middles = doors.filter((d) => !d.hostNetwork).map((d) => d.rect.y + d.rect.height / 2);
  const { node } = plan;
  const address = node?.addresses[0] ?? '';
  return {
    id: node === null ? 'unscheduled' : `node/${node.name}`, name: node === null ? 'Not scheduled' : `Node ${node.name}`, address, ready: node?.ready ?? false, rect, spine, track,
    uplink: at(left, track), tunnel: tunnelled ? at(left + (bare ? 78 : 84) * stretch, track) : null, kernel: at(left + (bare ? 176 : 206) * stretch, track), bridge: at(bridgeX, track),
    bar: [Math.min(track, ...middles), Math.max(track, ...middles)], doors, more, groups: [],
    label: node === null ? 'Pods that are not scheduled' : [`Node ${node.name}`, node.ready ? 'ready' : 'not ready', address, `${plan.pods.length} pods`].filter((part) => part !== '').join(', '),
  };
}
