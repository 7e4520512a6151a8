import type { Grouping } from '../../shared/model/edit/types.ts';
import type { Cluster, Node, Pod } from '../../shared/model/types.ts';
import { at, type Rect } from './geometry.ts';
import type { Frame, LayoutOptions } from './layout-options.ts';
import type { CellGroup, Door, Row } from './scene.ts';
import { groupName } from './row-plan.ts';
import { isResolver, podId, podLabel, podStatus, splitPodName } from './words-of-things.ts';

/** Cells are 10 px with 2 px between them, a dozen in a line. */
const pitch = 12;
const perLine = 12;
const chip = 26;
const cardWidth = 372;
const columnGap = 46;
const head = 52;

interface Grouped { readonly groups: readonly CellGroup[]; readonly height: number }

type Group = (pods: readonly Pod[], x: number, y: number, by: Grouping) => Grouped;

/** Pods by workload, or by what was asked for, in the order of names. */
function byGroup(pods: readonly Pod[], by: Grouping): readonly (readonly [string, readonly Pod[]])[] {
  const groups = new Map<string, Pod[]>();
  for (const pod of pods) {
    const name = groupName(pod, by);
    const members = groups.get(name);
    if (members === undefined) groups.set(name, [pod]);
    else members.push(pod);
  }
  return [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** Beyond this many pods in the cluster, and where grouping was asked for, a workload is a bar. */
const multitude = 1500;
const bars = { most: 6, width: 168, pitch: 9 } as const;

/** The largest groups as bars, the rest of them as the last one. */
const groupBars: Group = (pods, x, y, by) => {
  const all = byGroup(pods, by).toSorted(([, a], [, b]) => b.length - a.length);
  const rest = all.slice(bars.most - 1).flatMap(([, members]) => members);
  const shown = all.length <= bars.most ? all : [...all.slice(0, bars.most - 1), [`${all.length - bars.most + 1} more ${by === 'namespace' ? 'namespaces' : 'workloads'}`, rest] as const];
  const most = Math.max(1, ...shown.map(([, members]) => members.length));
  const groups = shown.map(([name, members], i): CellGroup => ({ name, x, y: y + i * bars.pitch, cells: [], bar: { width: (bars.width * members.length) / most, count: members.length, ready: members.filter((p) => p.ready).length } }));
  return { groups, height: groups.length * bars.pitch };
};

const groupCells: Group = (pods, x, y, by) => {
  let index = 0;
  const groups = byGroup(pods, by).map(([name, members]): CellGroup => {
    const cells = members.map((pod) => {
      const i = index++;
      return { id: podId(pod), x: x + (i % perLine) * pitch, y: y + Math.floor(i / perLine) * pitch, ready: pod.ready, label: podLabel(pod) };
    });
    return { name, x: cells[0]?.x ?? x, y: cells[0]?.y ?? y, cells, bar: null };
  });
  return { groups, height: Math.ceil(index / perLine) * pitch };
};
/** A folded node: nothing beside its track. */
const groupNothing: Group = () => ({ groups: [], height: 0 });

function chipOf(pod: Pod, rect: Rect, shields: ReadonlySet<string>): Door {
  const [name, suffix] = splitPodName(pod);
  return { id: podId(pod), rect, icon: isResolver(pod) ? 'dns' : 'pod', name, suffix, namespace: pod.namespace, node: pod.node, address: pod.ips[0] ?? '', status: podStatus(pod), ready: pod.ready, twoLines: false, shield: shields.has(podId(pod)), hostNetwork: pod.hostNetwork, label: podLabel(pod) };
}

interface CardGiven { readonly path: ReadonlySet<string>; readonly shields: ReadonlySet<string>; readonly tunnelled: boolean; readonly group: Group; readonly by: Grouping; readonly folded: boolean }

function layoutCard(node: Node, pods: readonly Pod[], x: number, y: number, { path, shields, tunnelled, group, by, folded }: CardGiven): Row {
  const on = pods.filter((p) => path.has(podId(p)));
  const doorX = x + 190;
  const doors = on.map((pod, i) => chipOf(pod, { x: doorX, y: y + 10 + i * (chip + 5), width: cardWidth - 200, height: chip }, shields));
  const crowdY = y + Math.max(head, 10 + on.length * (chip + 5)) + 8;
  const { groups, height } = group(pods.filter((p) => !path.has(podId(p))), doorX, on.length === 0 ? y + 16 : crowdY, by);
  const bottom = Math.max(y + 70, (on.length === 0 ? y + 16 : crowdY) + height + 12, ...doors.map((d) => d.rect.y + chip + 12));
  const track = y + head;
  const middles = doors.map((d) => d.rect.y + d.rect.height / 2);
  return {
    id: `node/${node.name}`, name: node.name, address: '', ready: node.ready, rect: { x, y, width: cardWidth, height: bottom - y }, spine: x - 24, track,
    uplink: at(x, track), tunnel: tunnelled ? at(x + 44, track) : null, kernel: at(x + 96, track), bridge: at(x + 150, track), bar: [Math.min(track, ...middles), Math.max(track, ...middles)],
    doors, bundles: [], more: null, folded, groups, label: `Node ${node.name}, ${node.ready ? 'ready' : 'not ready'}, ${node.addresses[0] ?? ''}, ${pods.length} pods${folded ? ', folded' : ''}`,
  };
}

const zoneOf = (node: Node): string => node.labels['topology.kubernetes.io/zone'] ?? '';

/** A card's height, which does not depend on where it stands. */
function cardHeight(pods: readonly Pod[], path: ReadonlySet<string>, group: Group, by: Grouping): number {
  const off = pods.filter((p) => !path.has(podId(p)));
  const on = pods.length - off.length;
  const crowdTop = on === 0 ? 16 : Math.max(head, 10 + on * (chip + 5)) + 8;
  return Math.max(70, crowdTop + group(off, 0, 0, by).height + 12, on === 0 ? 0 : 10 + on * (chip + 5) + 7);
}

/** How many columns let the whole picture be seen from nearest by. */
function columnsFor(heights: readonly number[], { width, height }: LayoutOptions, left: number, top: number): number {
  const zoom = (columns: number): number => {
    const perColumn = Math.ceil(heights.length / columns);
    const tallest = Math.max(...Array.from({ length: columns }, (_, c) => heights.slice(c * perColumn, (c + 1) * perColumn).reduce((sum, h) => sum + h + 10, 0)));
    return Math.min(width / (left + columns * (cardWidth + columnGap)), height / (top + 40 + tallest));
  };
  let best = 1;
  for (let columns = 2; columns <= Math.min(24, heights.length); columns++) if (zoom(columns) > zoom(best)) best = columns;
  return best;
}

/** A crowd: cards with one track each, in columns, zone by zone; every column has its own spine. */
export function layoutCrowd(cluster: Cluster, nodes: readonly Node[], options: LayoutOptions, frame: Frame, shields: ReadonlySet<string>, podsOn: ReadonlyMap<string, readonly Pod[]>): readonly Row[] {
  const inZones = nodes.toSorted((a, b) => (zoneOf(a) < zoneOf(b) ? -1 : zoneOf(a) > zoneOf(b) ? 1 : 0));
  const { path, grouping: by, folded } = options;
  const usual = cluster.pods.length > multitude || by !== 'none' ? groupBars : groupCells;
  const groupOf = (node: Node): Group => (folded.has(`node/${node.name}`) ? groupNothing : usual);
  const columns = columnsFor(inZones.map((node) => cardHeight(podsOn.get(node.name) ?? [], path, groupOf(node), by)), options, frame.left, frame.top);
  const perColumn = Math.ceil(inZones.length / columns);
  const tunnelled = cluster.settings.podNetwork === 'vxlan';
  let y = 0;
  return inZones.map((node, i) => {
    const column = Math.floor(i / perColumn);
    if (i % perColumn === 0) y = frame.top + (columns > 1 ? 20 : 0);
    const x = frame.left + column * (cardWidth + columnGap);
    const row = layoutCard(node, podsOn.get(node.name) ?? [], x, y, { path, shields, tunnelled, group: groupOf(node), by, folded: folded.has(`node/${node.name}`) });
    y += row.rect.height + 10;
    return row;
  });
}
