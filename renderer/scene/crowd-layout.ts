import type { Cluster, Node, Pod } from '../../shared/model/types.ts';
import { at, type Rect } from './geometry.ts';
import type { Frame, LayoutOptions } from './layout-options.ts';
import type { CellGroup, Door, Row } from './scene.ts';
import { isResolver, podId, podLabel, podStatus, splitPodName } from './words-of-things.ts';

/** Cells are 10 px with 2 px between them, a dozen in a line. */
const pitch = 12;
const perLine = 12;
const chip = 26;
const cardWidth = 372;
const columnGap = 46;
const head = 52;

const ownerOf = (pod: Pod): string => pod.owner?.name ?? pod.name;

function groupCells(pods: readonly Pod[], x: number, y: number): { readonly groups: readonly CellGroup[]; readonly height: number } {
  const byOwner = new Map<string, Pod[]>();
  for (const pod of pods) byOwner.set(ownerOf(pod), [...(byOwner.get(ownerOf(pod)) ?? []), pod]);
  let index = 0;
  const groups = [...byOwner].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, members]): CellGroup => {
    const cells = members.map((pod) => {
      const i = index++;
      return { id: podId(pod), x: x + (i % perLine) * pitch, y: y + Math.floor(i / perLine) * pitch, ready: pod.ready, label: podLabel(pod) };
    });
    return { name, x: cells[0]?.x ?? x, y: cells[0]?.y ?? y, cells };
  });
  return { groups, height: Math.ceil(index / perLine) * pitch };
}

function chipOf(pod: Pod, rect: Rect, shields: ReadonlySet<string>): Door {
  const [name, suffix] = splitPodName(pod);
  return { id: podId(pod), rect, icon: isResolver(pod) ? 'dns' : 'pod', name, suffix, namespace: pod.namespace, node: pod.node, address: pod.ips[0] ?? '', status: podStatus(pod), ready: pod.ready, twoLines: false, shield: shields.has(podId(pod)), hostNetwork: pod.hostNetwork, label: podLabel(pod) };
}

function layoutCard(node: Node, pods: readonly Pod[], x: number, y: number, spine: number, path: ReadonlySet<string>, shields: ReadonlySet<string>, tunnelled: boolean): Row {
  const on = pods.filter((p) => path.has(podId(p)));
  const doorX = x + 190;
  const doors = on.map((pod, i) => chipOf(pod, { x: doorX, y: y + 10 + i * (chip + 5), width: cardWidth - 200, height: chip }, shields));
  const crowdY = y + Math.max(head, 10 + on.length * (chip + 5)) + 8;
  const { groups, height } = groupCells(pods.filter((p) => !path.has(podId(p))), doorX, on.length === 0 ? y + 16 : crowdY);
  const bottom = Math.max(y + 70, (on.length === 0 ? y + 16 : crowdY) + height + 12, ...doors.map((d) => d.rect.y + chip + 12));
  const track = y + head;
  const middles = doors.map((d) => d.rect.y + d.rect.height / 2);
  return {
    id: `node/${node.name}`, name: `Node ${node.name}`, address: '', ready: node.ready, rect: { x, y, width: cardWidth, height: bottom - y }, spine, track,
    uplink: at(x, track), tunnel: tunnelled ? at(x + 44, track) : null, kernel: at(x + 96, track), bridge: at(x + 150, track), bar: [Math.min(track, ...middles), Math.max(track, ...middles)],
    doors, more: null, groups, label: `Node ${node.name}, ${node.ready ? 'ready' : 'not ready'}, ${node.addresses[0] ?? ''}, ${pods.length} pods`,
  };
}

const zoneOf = (node: Node): string => node.labels['topology.kubernetes.io/zone'] ?? '';

/** A card's height, which does not depend on where it stands. */
function cardHeight(pods: readonly Pod[], path: ReadonlySet<string>): number {
  const on = pods.filter((p) => path.has(podId(p))).length;
  const crowdTop = on === 0 ? 16 : Math.max(head, 10 + on * (chip + 5)) + 8;
  return Math.max(70, crowdTop + Math.ceil((pods.length - on) / perLine) * pitch + 12, on === 0 ? 0 : 10 + on * (chip + 5) + 7);
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
export function layoutCrowd(cluster: Cluster, options: LayoutOptions, frame: Frame, shields: ReadonlySet<string>, podsOn: ReadonlyMap<string, readonly Pod[]>): readonly Row[] {
  const nodes = cluster.nodes.toSorted((a, b) => (zoneOf(a) < zoneOf(b) ? -1 : zoneOf(a) > zoneOf(b) ? 1 : 0));
  const columns = columnsFor(nodes.map((node) => cardHeight(podsOn.get(node.name) ?? [], options.path)), options, frame.left, frame.top);
  const perColumn = Math.ceil(nodes.length / columns);
  let y = 0;
  return nodes.map((node, i) => {
    const column = Math.floor(i / perColumn);
    if (i % perColumn === 0) y = frame.top + (columns > 1 ? 20 : 0);
    const x = frame.left + column * (cardWidth + columnGap);
    const row = layoutCard(node, podsOn.get(node.name) ?? [], x, y, x - 24, options.path, shields, cluster.settings.podNetwork === 'vxlan');
    y += row.rect.height + 10;
    return row;
  });
}
