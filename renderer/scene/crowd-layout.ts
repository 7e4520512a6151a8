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
const head = 44;

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
  const bottom = Math.max(y + 62, (on.length === 0 ? y + 16 : crowdY) + height + 12, ...doors.map((d) => d.rect.y + chip + 12));
  const track = y + head;
  const middles = doors.map((d) => d.rect.y + d.rect.height / 2);
  return {
    id: `node/${node.name}`, name: `Node ${node.name}`, address: '', ready: node.ready, rect: { x, y, width: cardWidth, height: bottom - y }, spine, track,
    uplink: at(x, track), tunnel: tunnelled ? at(x + 44, track) : null, kernel: at(x + 96, track), bridge: at(x + 150, track), bar: [Math.min(track, ...middles), Math.max(track, ...middles)],
    doors, more: null, groups, label: `Node ${node.name}, ${node.ready ? 'ready' : 'not ready'}, ${node.addresses[0] ?? ''}, ${pods.length} pods`,
  };
}

const zoneOf = (node: Node): string => node.labels['topology.kubernetes.io/zone'] ?? '';

/** How many columns bring the picture nearest to the stage's shape. */
function columnsFor(count: number, { width, height }: LayoutOptions, rowHeight: number): number {
  const shape = (columns: number): number => (216 + columns * (cardWidth + columnGap)) / (82 + Math.ceil(count / columns) * (rowHeight + 10));
  let best = 1;
  for (let columns = 2; columns <= 16; columns++) if (Math.abs(Math.log(shape(columns) / (width / height))) < Math.abs(Math.log(shape(best) / (width / height)))) best = columns;
  return best;
}

/** A crowd: cards with one track each, in columns, zone by zone; every column has its own spine. */
export function layoutCrowd(cluster: Cluster, options: LayoutOptions, frame: Frame, shields: ReadonlySet<string>, podsOn: ReadonlyMap<string, readonly Pod[]>): readonly Row[] {
  const nodes = cluster.nodes.toSorted((a, b) => (zoneOf(a) < zoneOf(b) ? -1 : zoneOf(a) > zoneOf(b) ? 1 : 0));
  const most = Math.max(1, ...nodes.map((node) => podsOn.get(node.name)?.length ?? 0));
  const columns = columnsFor(nodes.length, options, Math.max(62, 28 + Math.ceil(most / perLine) * pitch));
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
