import { arranged, outsideIds, systemLast } from '../../shared/model/edit/arrange.ts';
import type { Positions } from '../../shared/model/edit/types.ts';
import type { Cluster, Pod } from '../../shared/model/types.ts';
import { layoutCapsules, serviceId } from './capsule-layout.ts';
import { layoutCrowd, zonesOf } from './crowd-layout.ts';
import { at, bottomOf, rightOf } from './geometry.ts';
import { frameFor, isCrowd, type Frame, type LayoutOptions } from './layout-options.ts';
import { layoutPaths, pathsOf } from './path-layout.ts';
import { beside, layoutRow, rowHeights } from './row-layout.ts';
import { planRow } from './row-plan.ts';
import type { Outside, Row, Scene } from './scene.ts';
import { troubleOf, troubleWords } from './troubles.ts';
import { inSentence, podId, shieldedPods } from './words-of-things.ts';

const capsuleLine = 42;

function podsByNode(pods: readonly Pod[], positions: Positions): ReadonlyMap<string, readonly Pod[]> {
  const map = new Map<string, Pod[]>();
  for (const pod of pods) {
    const list = map.get(pod.node);
    if (list === undefined) map.set(pod.node, [pod]);
    else list.push(pod);
  }
  return new Map([...map].map(([node, list]) => [node, arranged(systemLast(list), podId, positions, 'y')]));
}

type OutsideThing = Omit<Outside, 'centre'>;

/** What stands outside, internet first, clients last, the cloud's balancer between them where there is one; or as a person put them. */
export function outsideThings(cluster: Cluster, positions: Positions): readonly OutsideThing[] {
  const { outsiders, services, settings } = cluster;
  const machine = (kind: 'client' | 'host'): readonly OutsideThing[] => outsiders.filter((o) => o.kind === kind).map((o) => {
    const name = o.name === 'internet' ? (kind === 'client' ? 'Client' : 'Internet') : o.name;
    const { words, cut, lost } = troubleOf(cluster, `${kind}/${o.name}`);
    const said = troubleWords({ words, cut, lost });
    return { id: `${kind}/${o.name}`, icon: kind === 'client' ? 'client' : 'internet', name, address: o.addresses[0] ?? '', trouble: said[0] ?? '', cut, label: [`${kind === 'client' ? 'Client' : 'Host'} ${o.name}`, 'outside', ...said.map(inSentence), o.addresses[0] ?? 'no address'].join(', ') };
  });
  const balancerTrouble = troubleOf(cluster, 'lb/cloud');
  const vips = services.flatMap((s) => s.loadBalancer.flatMap((ingress) => (ingress.ip === null ? [] : [ingress.ip])));
  const balancer: readonly OutsideThing[] = settings.loadBalancer === 'cloud' && vips[0] !== undefined
    ? [{ id: 'lb/cloud', icon: 'lb', name: 'Load balancer', address: vips.length === 1 ? vips[0] : `${vips.length} addresses`, trouble: beside(balancerTrouble.words), cut: balancerTrouble.cut, label: ['Load balancer', ...balancerTrouble.words.map(inSentence), ...vips].join(', ') }] : [];
  const things = new Map([...machine('host'), ...balancer, ...machine('client')].map((thing) => [thing.id, thing]));
  return arranged(outsideIds(cluster), (id) => id, positions, 'y').flatMap((id) => things.get(id) ?? []);
}

/** Beside the rows' tracks, so that wires are straight; with more things than rows, evenly below each other. */
function placeOutside(things: readonly OutsideThing[], rows: readonly Row[], frame: Frame): readonly Outside[] {
  const tracks = rows.filter((row) => row.spine === frame.spine || rows.length === 1).map((row) => row.track);
  const first = tracks[0] ?? frame.top + 60;
  const roomy = things.length <= tracks.length && tracks.every((t, i) => i === 0 || t - (tracks[i - 1] ?? 0) >= 76);
  return things.map((thing, i) => ({ ...thing, centre: at(frame.outsideX, roomy ? (tracks[i] ?? first) : first + i * 84) }));
}

/** The first node's /24 where every node is in it, else nothing. */
function subnetOf({ nodes }: Cluster): string {
  const parts = nodes.map((n) => /^(\d+\.\d+\.\d+)\.\d+$/.exec(n.addresses[0] ?? '')?.[1] ?? '');
  return parts[0] !== undefined && parts[0] !== '' && parts.every((p) => p === parts[0]) ? `${parts[0]}.0/24` : '';
}

function layoutRows(cluster: Cluster, options: LayoutOptions, frame: Frame): readonly Row[] {
  const shields = shieldedPods(cluster);
  const podsOn = podsByNode(options.pathOnly ? cluster.pods.filter((p) => options.path.has(podId(p))) : cluster.pods, options.positions);
  const ordered = arranged(cluster.nodes, ({ name }) => `node/${name}`, options.positions, 'y');
  if (isCrowd(cluster) && !options.pathOnly) return layoutCrowd(cluster, ordered, options, frame, shields, podsOn);
  const nodes = options.pathOnly ? ordered.filter((n) => options.path.has(`node/${n.name}`)) : ordered;
  const homeless = podsOn.get('') ?? [];
  const plans = [...nodes, ...(homeless.length > 0 ? [null] : [])].map((node) => planRow(node, podsOn.get(node?.name ?? '') ?? [], options));
  const heights = rowHeights(plans, frame);
  let y = frame.top;
  return plans.map((plan, i) => {
    const row = layoutRow(plan, y, heights[i] ?? 0, frame, cluster, shields);
    y += (heights[i] ?? 0) + frame.gap;
    return row;
  });
}

function spinesOf(rows: readonly Row[], outside: readonly Outside[]): Scene['spines'] {
  const byX = new Map<number, Row[]>();
  for (const row of rows) if (row.id !== 'unscheduled') byX.set(row.spine, [...(byX.get(row.spine) ?? []), row]);
  return [...byX].toSorted(([a], [b]) => a - b).map(([x, members], i) => {
    const ys = [...members.map((r) => r.track), ...(i === 0 && outside[0] !== undefined ? [outside[0].centre.y] : [])];
    return { x, top: Math.min(...ys), bottom: Math.max(...ys) };
  });
}

/** Where everything stands: the same cluster, stage and path give the same picture, whatever order the manifests had. */
export function layoutCluster(cluster: Cluster, options: LayoutOptions): Scene {
  const things = outsideThings(cluster, options.positions).filter((thing) => !options.pathOnly || options.path.has(thing.id));
  const services = options.pathOnly ? cluster.services.filter((s) => serviceId(s) === options.service) : arranged(systemLast(cluster.services), serviceId, options.positions, 'x');
  const paths = pathsOf(cluster).filter(({ service }) => !options.pathOnly || service === options.service);
  const { chips, more: morePaths, lines: pathLines } = layoutPaths(paths, options, frameFor(options, things.length, services.length, 0));
  const frame = frameFor(options, things.length, services.length, pathLines);
  const crowd = isCrowd(cluster) && !options.pathOnly;
  // one row at y 0 tells where the sheet will hang
  const probe = layoutRow(planRow(null, [], options), 0, 200, frame, cluster, new Set());
  const kernelX = crowd ? frame.left + 96 : probe.kernel.x;
  const { capsules, more, rows: lines } = layoutCapsules(services, options, frame, kernelX);
  const lowered = { ...frame, top: frame.top + (lines - 1) * capsuleLine };
  const rows = layoutRows(cluster, options, lowered);
  const outside = placeOutside(things, rows, lowered);
  const spines = spinesOf(rows, outside);
  const lit = capsules.find((c) => c.id === options.service);
  const right = Math.max(frame.width, ...rows.map((r) => rightOf(r.rect) + 18));
  const bottom = Math.max(...rows.map((r) => bottomOf(r.rect)), ...outside.map((o) => o.centre.y + 56), lowered.top + 80) + frame.bottom;
  return {
    width: right, height: bottom, density: crowd ? 'cells' : 'rows', low: frame.low, large: frame.letters > 1, rows, capsules, moreServices: more, paths: chips, morePaths, outside,
    router: outside[0] === undefined ? null : { at: at(frame.routerX, outside[0].centre.y), address: '', trouble: beside(troubleOf(cluster, 'router/lab').words) },
    zones: crowd ? zonesOf(cluster, rows) : [], outsideLine: frame.outsideLine, spines, crossing: spines.length > 1 ? lowered.top + 4 : null, subnet: frame.bare ? '' : subnetOf(cluster),
    sheet: lit === undefined ? null : { service: lit.id, spans: sheetSpans(rows, bottomOf(lit.rect), bottom - frame.bottom) },
    names: { tunnel: 'flannel.1', bridge: cluster.settings.podNetwork === 'bridge' ? 'cbr0' : cluster.settings.podNetwork === 'vxlan' ? 'cni0' : '' },
  };
}

/** One pale sheet per column of nodes, from the capsule down through every kernel. */
function sheetSpans(rows: readonly Row[], from: number, to: number): readonly { x: number; y: number; width: number; height: number }[] {
  const columns = new Map<number, number>();
  for (const row of rows) if (row.id !== 'unscheduled') columns.set(row.kernel.x, Math.max(columns.get(row.kernel.x) ?? 0, bottomOf(row.rect)));
  const first = rows[0]?.kernel.x;
  return [...columns].map(([x, bottom]) => {
    const y = x === first ? from : Math.min(...rows.filter((r) => r.kernel.x === x).map((r) => r.rect.y)) - 8;
    return { x: x - 12, y, width: 24, height: Math.min(to, bottom) - y };
  });
}
