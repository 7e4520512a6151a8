import type { Grouping } from '../../shared/model/edit/types.ts';
import type { Cluster, Node, Pod } from '../../shared/model/types.ts';
import { at } from './geometry.ts';
import type { Frame, LayoutOptions } from './layout-options.ts';
import { beside, toDoor } from './row-layout.ts';
import type { CellGroup, Row, Scene } from './scene.ts';
import { groupName } from './row-plan.ts';
import { isUp, troubleOf } from './troubles.ts';
import { nodeLabel, podId, podLabel } from './words-of-things.ts';

/** Cells are 10 px with 2 px between them, a dozen in a line. */
const pitch = 12;
const perLine = 12;
const chip = 26;
const cardWidth = 372;
const columnGap = 46;
const head = 52;

/** A way to draw a node's pods: how high that is, and where each of it stands. */
interface Group { readonly height: (pods: readonly Pod[], by: Grouping) => number; readonly place: (pods: readonly Pod[], x: number, y: number, by: Grouping, cluster: Cluster) => readonly CellGroup[] }

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
const placeBars: Group['place'] = (pods, x, y, by) => {
  const all = byGroup(pods, by).toSorted(([, a], [, b]) => b.length - a.length);
  const rest = all.slice(bars.most - 1).flatMap(([, members]) => members);
  const shown = all.length <= bars.most ? all : [...all.slice(0, bars.most - 1), [`${all.length - bars.most + 1} more ${by === 'namespace' ? 'namespaces' : 'workloads'}`, rest] as const];
  const most = Math.max(1, ...shown.map(([, members]) => members.length));
  return shown.map(([name, members], i): CellGroup => ({ name, x, y: y + i * bars.pitch, cells: [], bar: { width: (bars.width * members.length) / most, count: members.length, ready: members.filter((p) => p.ready).length } }));
};
const groupBars: Group = { place: placeBars, height: (pods, by) => Math.min(bars.most, new Set(pods.map((pod) => groupName(pod, by))).size) * bars.pitch };

const placeCells: Group['place'] = (pods, x, y, by, cluster) => {
  let index = 0;
  return byGroup(pods, by).map(([name, members]): CellGroup => {
    const cells = members.map((pod) => {
      const i = index++;
      return { id: podId(pod), x: x + (i % perLine) * pitch, y: y + Math.floor(i / perLine) * pitch, ready: pod.ready, label: podLabel(pod, cluster) };
    });
    return { name, x: cells[0]?.x ?? x, y: cells[0]?.y ?? y, cells, bar: null };
  });
};
const groupCells: Group = { place: placeCells, height: (pods) => Math.ceil(pods.length / perLine) * pitch };
/** A folded node: nothing beside its track. */
const groupNothing: Group = { place: () => [], height: () => 0 };

const offPath = (pods: readonly Pod[], path: ReadonlySet<string>): readonly Pod[] => (path.size === 0 ? pods : pods.filter((p) => !path.has(podId(p))));

interface CardGiven { readonly path: ReadonlySet<string>; readonly shields: ReadonlySet<string>; readonly tunnelled: boolean; readonly group: Group; readonly by: Grouping; readonly folded: boolean; readonly cluster: Cluster }

function layoutCard(node: Node, pods: readonly Pod[], x: number, y: number, { path, shields, tunnelled, group, by, folded, cluster }: CardGiven): Row {
  const on = path.size === 0 ? [] : pods.filter((p) => path.has(podId(p)));
  const doorX = x + 190;
  const doors = on.map((pod, i) => toDoor(pod, { x: doorX, y: y + 10 + i * (chip + 5), width: cardWidth - 200, height: chip }, false, cluster, shields));
  const crowdY = y + Math.max(head, 10 + on.length * (chip + 5)) + 8;
  const off = offPath(pods, path);
  const groupsY = on.length === 0 ? y + 16 : crowdY;
  const bottom = Math.max(y + 70, groupsY + group.height(off, by) + 12, ...doors.map((d) => d.rect.y + chip + 12));
  const track = y + head;
  const middles = doors.map((d) => d.rect.y + d.rect.height / 2);
  const { words, cut } = troubleOf(cluster, `node/${node.name}`);
  return {
    id: `node/${node.name}`, name: node.name, address: '', ready: isUp(cluster, node), trouble: beside(words), cut, lost: '', rect: { x, y, width: cardWidth, height: bottom - y }, spine: x - 24, track,
    uplink: at(x, track), tunnel: tunnelled ? at(x + 44, track) : null, kernel: at(x + 96, track), bridge: at(x + 150, track), bar: [Math.min(track, ...middles), Math.max(track, ...middles)],
    doors, bundles: [], more: null, folded, groups: group.place(off, doorX, groupsY, by, cluster), label: nodeLabel(node, cluster, pods.length, folded),
  };
}

const zoneOf = (node: Node): string => node.labels['topology.kubernetes.io/zone'] ?? '';

/** A card's height, which does not depend on where it stands. */
function cardHeight(pods: readonly Pod[], path: ReadonlySet<string>, group: Group, by: Grouping): number {
  const off = offPath(pods, path);
  const on = pods.length - off.length;
  const crowdTop = on === 0 ? 16 : Math.max(head, 10 + on * (chip + 5)) + 8;
  return Math.max(70, crowdTop + group.height(off, by) + 12, on === 0 ? 0 : 10 + on * (chip + 5) + 7);
}

/** Nodes in columns of at most so many; every zone begins a column of its own. Indices into the nodes. */
function columnize(zones: readonly string[], perColumn: number): readonly (readonly number[])[] {
  const columns: number[][] = [];
  for (const [i, zone] of zones.entries()) {
    const last = columns.at(-1);
    if (last === undefined || last.length === perColumn || zones[i - 1] !== zone) columns.push([i]);
    else last.push(i);
  }
  return columns;
}

/** The columns that let the whole picture be seen from nearest by. */
function columnsFor(heights: readonly number[], zones: readonly string[], { width, height }: LayoutOptions, left: number, top: number): readonly (readonly number[])[] {
  const zoomOf = (columns: readonly (readonly number[])[]): number => {
    const tallest = Math.max(...columns.map((column) => column.reduce((sum, i) => sum + (heights[i] ?? 0) + 10, 0)));
    return Math.min(width / (left + columns.length * (cardWidth + columnGap)), height / (top + 40 + tallest));
  };
  let best = columnize(zones, heights.length);
  for (let columns = 2; columns <= Math.min(24, heights.length); columns++) {
    const next = columnize(zones, Math.ceil(heights.length / columns));
    if (zoomOf(next) > zoomOf(best)) best = next;
  }
  return best;
}

/** Room for a zone's name above its cards. */
const captionRoom = 28;

/** A crowd: cards with one track each, in columns, zone by zone; every column has its own spine. */
export function layoutCrowd(cluster: Cluster, nodes: readonly Node[], options: LayoutOptions, frame: Frame, shields: ReadonlySet<string>, podsOn: ReadonlyMap<string, readonly Pod[]>): readonly Row[] {
  const inZones = nodes.toSorted((a, b) => (zoneOf(a) < zoneOf(b) ? -1 : zoneOf(a) > zoneOf(b) ? 1 : 0));
  const zones = inZones.map(zoneOf);
  const { path, grouping: by, folded } = options;
  const usual = cluster.pods.length > multitude || by !== 'none' ? groupBars : groupCells;
  const groupOf = (node: Node): Group => (folded.has(`node/${node.name}`) ? groupNothing : usual);
  const columns = columnsFor(inZones.map((node) => cardHeight(podsOn.get(node.name) ?? [], path, groupOf(node), by)), zones, options, frame.left, frame.top);
  const top = frame.top + (columns.length > 1 ? 20 : 0) + (new Set(zones).size > 1 ? captionRoom : 0);
  const tunnelled = cluster.settings.podNetwork === 'vxlan';
  return columns.flatMap((column, c) => {
    const x = frame.left + c * (cardWidth + columnGap);
    let y = top;
    return column.map((i) => {
      const node = inZones[i]!;
      const row = layoutCard(node, podsOn.get(node.name) ?? [], x, y, { path, shields, tunnelled, group: groupOf(node), by, folded: folded.has(`node/${node.name}`), cluster });
      y += row.rect.height + 10;
      return row;
    });
  });
}

/** Where each zone's name stands, above the first of its cards; none where there is only one zone. */
export function zonesOf({ nodes }: Cluster, rows: readonly Row[]): Scene['zones'] {
  const zoneBy = new Map(nodes.map((node) => [`node/${node.name}`, zoneOf(node)]));
  const zones = new Map<string, { name: string; x: number; y: number; nodes: number }>();
  for (const { id, rect } of rows) {
    const zone = zoneBy.get(id) ?? '';
    const known = zones.get(zone);
    if (known === undefined) zones.set(zone, { name: zone === '' ? 'No zone' : zone, x: rect.x + 2, y: rect.y - 10, nodes: 1 });
    else known.nodes += 1;
  }
  return zones.size > 1 ? [...zones.values()] : [];
}
