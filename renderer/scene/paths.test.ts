import { describe, expect, test } from 'vitest';
import type { Answer } from '../../shared/api/shapes.ts';
import { droppedBranch, recordedAnswer } from '../testing/fixture.ts';
import { pictureCluster } from '../testing/fixture-cluster.ts';
import { distance, pointAlong } from './geometry.ts';
import { headerAt, placeCard } from './header-card.ts';
import { layoutCluster } from './layout.ts';
import { bareOptions } from './layout-options.ts';
import { buildRoutes } from './paths.ts';
import { buildAtlas, pointOf } from './routing.ts';
import { buildSegments, closedAt, packetAt, travelledAt, travelledOn } from './segments.ts';
import { stopsOf } from './stops.ts';
import { buildTimeline } from './timeline.ts';
import { touchedBy } from './touched.ts';

function stageOf(answer: Answer, branch: number, net: 'vxlan' | 'bridge' = 'vxlan') {
  const cluster = pictureCluster(net);
  const touched = touchedBy(answer, cluster);
  const scene = layoutCluster(cluster, { ...bareOptions, path: touched.places, service: touched.service });
  const atlas = buildAtlas(scene);
  const timeline = buildTimeline(answer.journey, branch, answer.glossary);
  const routes = buildRoutes(atlas, answer.journey, branch, answer.glossary, timeline);
  return { scene, atlas, touched, timeline, routes, segments: buildSegments(timeline, routes) };
}

const answer = recordedAnswer('vxlan');

describe('the lines of a request', () => {
  const { atlas, scene, timeline, routes, segments } = stageOf(answer, 1);
  test('the chosen way runs from door to door in the centre lane', () => {
    const ends = [routes.forward.curve.points[0], routes.forward.curve.points.at(-1)];
    expect(ends).toEqual([pointOf(atlas, { netns: 'pod/shop/web-1', station: 'door' }), pointOf(atlas, { netns: 'pod/shop/api-2', station: 'door' })]);
    expect(routes.forward.curve.points.some((p) => p.y === scene.rows[0]!.track && p.x < scene.rows[0]!.uplink.x)).toBe(true);
  });
  test('every moment happens at its station, to within a corner', () => {
    const stops = stopsOf(timeline.moments);
    const astray = segments.filter(({ moment, to, way }) => timeline.moments[moment]!.kind !== 'lookup' && distance(pointAlong(way.curve, to), pointOf(atlas, stops[moment]!)!) >= 9);
    expect(astray.map(({ moment }) => timeline.moments[moment]!.title)).toEqual([]);
  });
  test('the answer comes back on the same line', () => {
    expect(routes.returnsSameWay).toBe(true);
    expect(routes.reply!.curve.length).toBeCloseTo(routes.forward.curve.length, 6);
    expect(routes.reply!.moments.at(-1)!.along).toBeCloseTo(routes.reply!.curve.length, 6);
  });
  test('other branches part where the choice was made, in lanes of their own', () => {
    expect(routes.others.map((o) => o.branch)).toEqual([0, 2]);
    const kernel = scene.rows[0]!.kernel;
    for (const { curve } of routes.others) expect(curve.points[0]).toEqual({ x: kernel.x, y: kernel.y + 9 });
  });
  test('one ticket per end, with exact odds', () => expect(routes.tickets).toEqual(['api-1', 'api-2', 'api-3'].map((n) => ({ netns: `pod/shop/${n}`, odds: { num: 1, den: 3 } }))));
  test('the sleeve covers the way between the two tunnels', () => {
    const sleeve = routes.sleeves[0]!;
    expect([sleeve.kind, sleeve.curve.points[0], sleeve.curve.points.at(-1)]).toEqual(['VXLAN', scene.rows[0]!.tunnel, scene.rows[1]!.tunnel]);
  });
  test('the sleeve closes while the packet is wrapped, opens while it is unwrapped, and closes again for the answer', () => {
    const ends = (kind: string) => timeline.moments.filter((m) => m.kind === kind).map((m) => m.start + m.duration);
    const [[wrapped, wrappedBack], [unwrapped, unwrappedBack]] = [ends('encap'), ends('decap')];
    const closed = [0, wrapped! - 160, wrapped!, unwrapped! - 160, unwrapped!, wrappedBack!, unwrappedBack!].map((ms) => closedAt(segments, routes.sleeves[0]!.worn, ms));
    expect(closed.map((c) => (c > 0.2 && c < 0.8 ? 'half' : c))).toEqual([0, 'half', 1, 'half', 0, 1, 0]);
  });
  test('a branch that turns in the kernel leaves it in another lane', () => {
    const local = stageOf(answer, 0);
    const { kernel } = local.scene.rows[0]!;
    expect(local.routes.forward.curve.points.filter((p) => Math.abs(p.x - kernel.x) < 9).map((p) => p.y)).toEqual(expect.arrayContaining([kernel.y, kernel.y + 9]));
  });
});

describe('the packet', () => {
  const { timeline, segments, routes } = stageOf(answer, 1);
  test('starts at its source and never leaps, forwards or backwards', () => {
    expect(packetAt(segments, 0)!.at).toEqual(routes.forward.curve.points[0]);
    let before = packetAt(segments, 0)!.at;
    for (let ms = 4; ms <= timeline.totalMs; ms += 4) {
      const { at } = packetAt(segments, ms)!;
      expect(distance(before, at)).toBeLessThan(24);
      before = at;
    }
  });
  test('stands still while its header is rewritten', () => {
    const rewrite = timeline.moments.find((m) => m.kind === 'rewrite')!;
    const [a, b] = [0.5, 1].map((t) => packetAt(segments, rewrite.start + rewrite.duration * t)!);
    expect([a!.phase, b!.phase, a!.at]).toEqual(['rewrite', 'rewrite', b!.at]);
  });
  test('ends where it began once the answer is back', () => expect(packetAt(segments, timeline.totalMs)!.phase).toBe('end'));
  test('leaves ink behind it, all of it once the answer runs', () => {
    expect(travelledAt(segments, 0)).toEqual({ forward: 0, reply: 0 });
    const gone = travelledAt(segments, timeline.totalMs);
    expect(gone.forward).toBeCloseTo(routes.forward.curve.length, 6);
  });
  test('an answer that nothing came of is only a way there', () => {
    const dropped: Answer = { ...answer, journey: { ...answer.journey, branches: [droppedBranch()] } };
    const stage = stageOf(dropped, 0, 'bridge');
    expect([stage.routes.reply, packetAt(stage.segments, 1e9)!.at]).toEqual([null, stage.scene.rows[1]!.kernel]);
  });
});

describe('a journey of several legs', () => {
  // the same way twice before the request's own: a search list that asked twice
  const [own] = answer.journey.branches[1]!.legs;
  const asked = { ...own!, kind: 'lookup' as const, what: 'A api.shop.svc.cluster.local', trace: answer.journey.branches[0]!.legs[0]!.trace };
  const branches = [{ ...answer.journey.branches[1]!, legs: [asked, asked, own!] }];
  const { timeline, routes, segments } = stageOf({ ...answer, journey: { ...answer.journey, branches } }, 0);
  test('every leg has its way; questions along the same way share a line beside the request’s', () => {
    const [first, second] = routes.earlier;
    expect(routes.earlier.map((leg) => [leg.leg, leg.kind])).toEqual([[0, 'lookup'], [1, 'lookup']]);
    expect(first!.forward.curve.points).toEqual(second!.forward.curve.points);
    expect(first!.forward.curve.points.at(-1)).not.toEqual(routes.forward.curve.points.at(-1));
  });
  test('the packet travels them in turn, and the request’s own line has no ink until then', () => {
    const starts = [0, 1, 2].map((leg) => timeline.moments.find((m) => m.leg === leg)!);
    const during = (leg: number): number => starts[leg]!.start + 2500;
    expect([travelledAt(segments, during(0)), travelledAt(segments, during(1))]).toEqual([{ forward: 0, reply: 0 }, { forward: 0, reply: 0 }]);
    expect(travelledAt(segments, during(2)).forward).toBeGreaterThan(0);
    const { forward } = routes.earlier[0]!;
    expect([travelledOn(segments, forward, 0), travelledOn(segments, forward, during(0)) > 0, travelledOn(segments, forward, during(1))]).toEqual([0, true, forward.curve.length]);
  });
});

describe('what a request touches', () => {
  test('the pods of all branches, their nodes, the wire, the Service; nothing else', () => {
    const { places } = touchedBy(answer, pictureCluster());
    expect([...places].toSorted()).toEqual(['node/a', 'node/b', 'node/c', 'pod/shop/api-1', 'pod/shop/api-2', 'pod/shop/api-3', 'pod/shop/web-1', 'service/shop/api', 'switch/lan']);
  });
});

describe('the header card', () => {
  const { scene, timeline } = stageOf(answer, 1);
  const at = (kind: string) => timeline.moments.findIndex((m) => m.kind === kind);
  test('says what changed: old struck through, new lit, the rest as it is', () =>
    expect(headerAt(timeline, at('rewrite'))!.lines).toEqual([{ key: 'src', now: '10.244.1.12:41870', was: null }, { key: 'dst', now: '10.244.2.21:8080', was: '10.96.14.7:80' }]));
  test('there is none before there is a packet', () => expect(headerAt({ ...timeline, moments: [] }, 0)).toBeNull());
  test('shows the outer header while wrapped', () => expect(headerAt(timeline, at('encap'))!.outer).toEqual({ kind: 'VXLAN', src: '192.168.56.11', dst: '192.168.56.12' }));
  test('stands under the station that last changed the header, with a leader', () => {
    const place = placeCard(scene, timeline, headerAt(timeline, at('rewrite'))!, { width: 258, height: 98 }, new Set())!;
    expect([place.above, place.leader![0]]).toEqual([false, { x: scene.rows[0]!.kernel.x, y: scene.rows[0]!.track + 10 }]);
    expect(place.at.y).toBeGreaterThan(scene.rows[0]!.track);
  });
});
