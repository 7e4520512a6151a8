import { at, roundCorners, type Curve, type Point } from '../scene/geometry.ts';
import type { Pass, StopId } from './railway.ts';
import { hookNames, tablesAt } from './railway.ts';
import type { Hook } from '../../shared/dataplane/rules.ts';

/** A door of the node: a pod's cable, or an interface of its own. */
export interface Gate { readonly link: string; readonly label: string; readonly kind: 'pod' | 'bridge' | 'tunnel' | 'uplink'; readonly dns: boolean }
export interface Plan { readonly gates: readonly Gate[]; readonly bridge: string; readonly tunnel: string; readonly nftables: boolean; /** Passes through each hook, so that platforms grow. */ readonly passes: readonly Pass[] }

/** A hook's box with its tables. */
export interface Platform { readonly hook: string; readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }; readonly stops: readonly { readonly id: StopId; readonly table: string; readonly at: Point }[]; readonly lanes: number }
export interface Rail {
  readonly width: number;
  readonly height: number;
  readonly track: number;
  readonly upper: number;
  readonly loop: number;
  readonly start: number;
  readonly bar: { readonly x: number; readonly top: number; readonly bottom: number } | null;
  readonly pods: readonly { readonly gate: Gate; readonly at: Point }[];
  readonly entries: readonly { readonly name: string; readonly at: Point }[];
  readonly exits: readonly { readonly name: string; readonly at: Point }[];
  readonly route: Point;
  readonly sockets: Point;
  readonly join: number;
  readonly fork: number;
  readonly platforms: readonly Platform[];
  /** The upper left corner of the packet's card, which is `cardHeight` high and lies under the platform where packets come in. */
  readonly card: Point;
}

export const leastWidth = 850;
/** Its name, its step and its two ends, in px. */
export const cardHeight = 76;
const laneStep = 17;

const lanesOf = (passes: readonly Pass[], hook: string): number => Math.max(1, passes.filter(({ visits }) => visits.some((v) => v.stop.startsWith(`${hook}:`))).length);

function platform(hook: Hook, xs: readonly number[], y: number, plan: Plan): Platform {
  const name = hookNames[hook];
  const lanes = lanesOf(plan.passes, name);
  const left = Math.min(...xs) - 32;
  return {
    hook: name, lanes, box: { x: left, y: y - 24, width: Math.max(...xs) + 32 - left, height: 58 + (lanes - 1) * laneStep },
    stops: tablesAt(hook, plan.nftables).map((table, i) => ({ id: `${name}:${table}`, table, at: at(xs[i] ?? left, y) })),
  };
}

/** Places everything for a stage this wide (px, at least `leastWidth`); words keep their size, tracks stretch. A low stage gets tighter rows. */
export function layRails(plan: Plan, wide: number, isLow = false): Rail {
  const width = Math.max(leastWidth, wide);
  const tunnelled = plan.tunnel !== '';
  const [loop, sockets] = tunnelled ? (isLow ? [28, 66] : [40, 92]) : [0, isLow ? 26 : 38];
  const upper = sockets + (isLow ? 58 : 66);
  const track = upper + (isLow ? 98 : 116);
  const left = tunnelled ? 16 : 0;
  const start = left + 156;
  const spare = width - leastWidth;
  // a wide stage has room between the tables' names, which a projector writes larger
  const [pitch, short] = [60 + Math.min(16, spare * 0.045), 52 + Math.min(10, spare * 0.028)];
  const pre = tablesAt('prerouting', plan.nftables).map((_, i) => start + 41 + spare * 0.06 + i * pitch + (i > 1 ? 4 : 0));
  const routeX = (pre.at(-1) ?? start) + 76 + spare * 0.14;
  const ex = width - 84;
  const post = tablesAt('postrouting', plan.nftables).map((_, i, all) => ex - 58 - (all.length - 1 - i) * short);
  const forward = tablesAt('forward', plan.nftables).map((_, i) => routeX + 62 + spare * 0.2 + i * (short + 2));
  const output = tablesAt('output', plan.nftables).map((_, i) => routeX + 76 + spare * 0.16 + i * short);
  const input = tablesAt('input', plan.nftables).map((_, i) => routeX - 46 - i * (short + 2));
  const platforms = [platform('prerouting', pre, track, plan), platform('forward', forward, track, plan), platform('postrouting', post, track, plan), platform('input', input, upper, plan), platform('output', output, upper, plan)];
  const cardTop = track + 46 + (lanesOf(plan.passes, 'PREROUTING') - 1) * laneStep;
  const pods = plan.gates.filter((g) => g.kind === 'pod');
  const first = track - (pods.length > 3 ? 88 : pods.length > 1 ? 44 : 0);
  const podPlaces = pods.map((gate, i) => ({ gate, at: at(left + 112, first + i * 44) }));
  const low = Math.max(track + 52, (podPlaces.at(-1)?.at.y ?? 0) + 42);
  const entries = [...(tunnelled ? [{ name: plan.tunnel, at: at(start, low) }] : []), { name: 'eth0', at: at(start, low + (tunnelled ? 38 : 0)) }];
  const exits = [...(plan.bridge === '' ? [] : [{ name: plan.bridge, at: at(ex, track - 54) }]), ...(tunnelled ? [{ name: plan.tunnel, at: at(ex, track) }] : []), { name: 'eth0', at: at(ex, track + 66) }];
  const barX = left + 134;
  return {
    width, height: Math.max(low + (tunnelled ? 38 : 0) + 26, track + 106, cardTop + cardHeight + 8), card: at(start + 44, cardTop), track, upper, loop, start, pods: podPlaces, entries, exits,
    bar: plan.bridge === '' ? null : { x: barX, top: Math.min(track, podPlaces[0]?.at.y ?? track) - 14, bottom: Math.max(track, podPlaces.at(-1)?.at.y ?? track) + 14 },
    route: at(routeX, track), sockets: at(routeX - 20, sockets), join: Math.max(...output) + 44, fork: (post.at(-1) ?? ex) + 30, platforms,
  };
}

export const laneOf = (passes: readonly Pass[], pass: number, hook: string): number => passes.slice(0, pass).filter(({ visits }) => visits.some((v) => v.stop.startsWith(`${hook}:`))).length;

/** A way as drawn: its curve and how far along each visit lies. */
export interface DrawnPass { readonly curve: Curve; readonly visits: readonly { readonly at: Point; readonly along: number }[] }

interface Tracing { readonly points: Point[]; readonly marks: number[] }

const exitOf = (rail: Rail, { gates, bridge }: Plan, link: string): { readonly name: string; readonly at: Point } | undefined => {
  const gate = gates.find((g) => g.link === link);
  return rail.exits.find((e) => e.name === (gate?.kind === 'pod' ? bridge : link)) ?? rail.exits.at(-1);
};

/** The points that lead from where the way is to a stop, the stop itself last. */
function leadTo(rail: Rail, plan: Plan, stop: StopId, y: number, from: Point | undefined): readonly Point[] {
  const [kind = '', name = ''] = stop.split(/:(.*)/s);
  if (kind === 'in') {
    const pod = rail.pods.find(({ gate }) => gate.link === name);
    if (pod !== undefined && rail.bar !== null) return [pod.at, at(rail.bar.x, pod.at.y), at(rail.bar.x, y), at(rail.start, y)];
    const entry = rail.entries.find((e) => e.name === name) ?? rail.entries.at(-1);
    return entry === undefined ? [at(rail.start, y)] : [entry.at, at(entry.at.x + 13, entry.at.y), at(entry.at.x + 13, y)];
  }
  if (kind === 'route') return [at(rail.route.x, y)];
  if (kind === 'out') {
    const exit = exitOf(rail, plan, name);
    return exit === undefined ? [] : [at(rail.fork, y), at(rail.fork, exit.at.y), exit.at];
  }
  if (stop === 'sockets') {
    if (from === undefined) return [at(rail.sockets.x + 50, rail.sockets.y)];
    const input = rail.platforms.find((p) => p.hook === 'INPUT');
    const x = (input?.box.x ?? rail.route.x - 130) - 14;
    return [at(x, rail.upper), at(x, rail.sockets.y), at(rail.sockets.x - 74, rail.sockets.y)];
  }
  const here = rail.platforms.flatMap((p) => p.stops).find((s) => s.id === stop)?.at;
  if (here === undefined) return [];
  if (kind === 'INPUT' && from !== undefined && from.y !== rail.upper) return [at(rail.route.x, rail.upper), here];
  if (kind === 'OUTPUT' && from !== undefined && from.y !== rail.upper) return [at(rail.sockets.x + 50, rail.upper), here];
  if (kind === 'POSTROUTING' && from !== undefined && from.y === rail.upper) return [at(rail.join, rail.upper), at(rail.join, y), at(here.x, y)];
  return [at(here.x, kind === 'INPUT' || kind === 'OUTPUT' ? rail.upper : y)];
}

/** Draws a pass along the rails; a second pass through a hook keeps beside the first. */
export function drawPass(rail: Rail, plan: Plan, index: number): DrawnPass {
  const pass = plan.passes[index];
  if (pass === undefined) return { curve: { points: [], lengths: [], length: 0 }, visits: [] };
  const t: Tracing = { points: [], marks: [] };
  const hookLane = (hook: string): number => rail.track + laneOf(plan.passes, index, hook) * laneStep;
  const lane = pass.visits.some((v) => v.stop.startsWith('PREROUTING')) ? hookLane('PREROUTING') : hookLane('POSTROUTING');
  for (const { stop } of pass.visits) {
    const lead = leadTo(rail, plan, stop, lane, t.points.at(-1));
    t.points.push(...lead);
    t.marks.push(Math.max(0, t.points.length - 1));
  }
  const { curve, marks } = roundCorners(t.points, 11);
  return { curve, visits: t.marks.map((m) => ({ at: t.points[m] ?? at(0, 0), along: marks[m] ?? 0 })) };
}

/** The way of a wrapping: from the tunnel's interface back to the node's own sockets, or the other way round on arrival. */
export function loopOf(rail: Rail, plan: Plan, wrapping: boolean): readonly Point[] {
  const tunnelOut = rail.exits.find((e) => e.name === plan.tunnel)?.at;
  const tunnelIn = rail.entries.find((e) => e.name === plan.tunnel)?.at;
  if (tunnelOut === undefined || tunnelIn === undefined) return [];
  const points = wrapping
    ? [tunnelOut, at(rail.width - 14, tunnelOut.y), at(rail.width - 14, rail.loop), at(rail.sockets.x + 20, rail.loop), at(rail.sockets.x + 20, rail.sockets.y - 16)]
    : [at(rail.sockets.x - 20, rail.sockets.y - 16), at(rail.sockets.x - 20, rail.loop), at(6, rail.loop), at(6, tunnelIn.y), tunnelIn];
  return roundCorners(points, 14).curve.points;
}
