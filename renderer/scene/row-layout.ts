import type { Cluster, Pod } from '../../shared/model/types.ts';
import { at, type Rect } from './geometry.ts';
import type { Frame } from './layout-options.ts';
import { roomFor, type RowPlan } from './row-plan.ts';
import type { Bundle, Door, More, Row } from './scene.ts';
import { isUp, lostWords, troubleOf, troubleWords } from './troubles.ts';
import { inSentence, isResolver, nodeLabel, podId, podLabel, podStatus, splitPodName } from './words-of-things.ts';

/** The height of a one-line door, the least room between two, and a row's inner margin. */
const oneLine = 28;
const leastGap = 5;
const margin = 12;
const tallestRow = 250;
const lowestRow = 152;
const moreHeight = 22;
/** A folded row: its name over one track. */
const foldedRow = 74;

const hasMore = ({ hidden, folds }: RowPlan): boolean => hidden.length > 0 || folds;
const slotsOf = (plan: RowPlan): number => plan.shown.length + (hasMore(plan) ? 0.8 : 0);

/** The height of each row: an equal share of the stage, never less than its doors need; folded ones take no share. */
export function rowHeights(plans: readonly RowPlan[], { height, top, gap, bottom, low, letters }: Frame): readonly number[] {
  const needs = (plan: RowPlan): number => margin * 2 + slotsOf(plan) * (oneLine + leastGap);
  const folded = plans.filter((plan) => plan.folded).map((plan) => Math.max(foldedRow, needs(plan)));
  const open = plans.length - folded.length;
  const share = (height - top - bottom - gap * Math.max(0, plans.length - 1) - folded.reduce((sum, one) => sum + one, 0)) / Math.max(1, open);
  const least = low || letters > 1 ? 118 : lowestRow;
  return plans.map((plan) => Math.round(plan.folded ? Math.max(foldedRow, needs(plan)) : Math.max(least, Math.min(share, tallestRow), needs(plan))));
}

/** A pod's door; what is out of order with its cable is said where its status stands. */
export function toDoor(pod: Pod, rect: Rect, twoLines: boolean, cluster: Cluster, shields: ReadonlySet<string>): Door {
  const [name, suffix] = splitPodName(pod);
  const trouble = troubleOf(cluster, podId(pod));
  const status = pod.ready && !pod.terminating ? [...troubleWords(trouble), podStatus(pod)][0]! : podStatus(pod);
  return {
    id: podId(pod), rect, icon: isResolver(pod) ? 'dns' : 'pod', name, suffix, namespace: pod.namespace, node: pod.node, address: pod.ips[0] ?? '', status, ready: pod.ready,
    twoLines, shield: shields.has(podId(pod)), hostNetwork: pod.hostNetwork, cut: trouble.cut, label: shields.has(podId(pod)) ? `${podLabel(pod, cluster)}, under a policy` : podLabel(pod, cluster),
  };
}

function toBundle(id: string, name: string, pods: readonly Pod[], rect: Rect): Bundle {
  const ready = pods.filter((pod) => pod.ready).length;
  return { id, rect, name, count: pods.length, ready, members: pods.map(podId), label: `${name}, ${pods.length} pods, ${ready} ready, drawn as one` };
}

interface Stacked { readonly doors: readonly Door[]; readonly bundles: readonly Bundle[]; readonly more: More | null }

function stackDoors(plan: RowPlan, box: Rect, x: number, width: number, cluster: Cluster, shields: ReadonlySet<string>, least: number, letters: number): Stacked {
  const extra = hasMore(plan);
  const room = box.height - margin * 2 - (extra ? moreHeight + leastGap : 0);
  const slots = plan.folded ? Math.max(1, plan.shown.length) : Math.max(least, plan.shown.length);
  const height = Math.max(oneLine, Math.min(48, (room - (slots - 1) * leastGap) / slots));
  const gap = Math.max(leastGap, Math.min(24, (room - height * slots) / Math.max(1, slots - 1)));
  const rectOf = (i: number): Rect => ({ x, y: box.y + margin + i * (height + gap), width, height });
  const doors = plan.shown.flatMap((entry, i) => (entry.kind === 'pod' ? [toDoor(entry.pod, rectOf(i), height >= 40 * letters, cluster, shields)] : []));
  const bundles = plan.shown.flatMap((entry, i) => (entry.kind === 'group' ? [toBundle(entry.id, entry.name, entry.pods, rectOf(i))] : []));
  const more = extra ? { node: plan.node === null ? 'unscheduled' : `node/${plan.node.name}`, rect: { x, y: box.y + box.height - margin - moreHeight, width, height: moreHeight }, count: plan.hidden.length, folds: plan.folds && plan.hidden.length === 0, members: plan.hidden.map(podId) } : null;
  return { doors, bundles, more };
}

/** Characters that there is room for beside a node's name and address. */
const roomBeside = 20;

/** What is out of order, beside a node's name: all of it where that is short, else the gravest and how many more. Its label has the rest. */
export function beside(words: readonly string[]): string {
  const all = words.map((word, i) => (i === 0 ? word : inSentence(word))).join(', ');
  return words.length < 2 || all.length <= roomBeside ? all : `${words[0]}, ${words.length - 1} more`;
}

/** A node's row at y: the track with its stations, and the doors of its pods on the right. */
export function layoutRow(plan: RowPlan, y: number, height: number, frame: Frame, cluster: Cluster, shields: ReadonlySet<string>): Row {
  const { left, spine, width, low, bare } = frame;
  const rowWidth = width - left - 18;
  const rect = { x: left, y, width: rowWidth, height };
  const inner = bare ? 300 : 374;
  const doorX = Math.max(left + inner, left + rowWidth - 14 - 330);
  const stretch = (doorX - left) / inner;
  const track = y + (low || frame.letters > 1 || plan.folded ? 52 : 60);
  const bridgeX = doorX - 62;
  const tunnelled = cluster.settings.podNetwork === 'vxlan';
  const stacked = stackDoors(plan, rect, doorX, left + rowWidth - 14 - doorX, cluster, shields, frame.letters > 1 ? 2 : roomFor, frame.letters);
  const middles = [...stacked.doors.filter((d) => !d.hostNetwork), ...stacked.bundles].map((d) => d.rect.y + d.rect.height / 2);
  const { node } = plan;
  const address = node?.addresses[0] ?? '';
  const trouble = troubleOf(cluster, `node/${node?.name ?? ''}`);
  return {
    id: node === null ? 'unscheduled' : `node/${node.name}`, name: node === null ? 'Not scheduled' : `Node ${node.name}`, address, ready: node !== null && isUp(cluster, node), trouble: beside(trouble.words), cut: trouble.cut, lost: lostWords(trouble.lost), rect, spine, track,
    uplink: at(left, track), tunnel: tunnelled ? at(left + (bare ? 78 : 84) * stretch, track) : null, kernel: at(left + (bare ? 176 : 206) * stretch, track), bridge: at(bridgeX, track),
    bar: [Math.min(track, ...middles), Math.max(track, ...middles)], ...stacked, folded: plan.folded, groups: [],
    label: node === null ? 'Pods that are not scheduled' : nodeLabel(node, cluster, plan.count, plan.folded),
  };
}
