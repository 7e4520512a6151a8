import { expect, test } from 'vitest';
import { createSandbox } from '../../shared/sandbox/create-sandbox.ts';
import { listScenarios } from '../host/scenario-library.ts';
import { scaleFor } from '../canvas/use-stage.ts';
import { bottomOf, rightOf, type Rect } from './geometry.ts';
import { headerAt, nameOf, placeCard } from './header-card.ts';
import { layoutCluster } from './layout.ts';
import { bareOptions } from './layout-options.ts';
import { subnetPlace } from './outside-words.ts';
import type { Scene } from './scene.ts';
import { buildTimeline } from './timeline.ts';
import type { Timeline } from './types.ts';
import { touchedBy } from './touched.ts';

/** The map's room in the window: at 1280 × 720 and 1920 × 1080, the drawer closed and open; then a projector's. */
const stages = [
  { width: 892, height: 522, projector: false }, { width: 892, height: 262, projector: false }, { width: 1268, height: 882, projector: false }, { width: 1268, height: 622, projector: false },
  { width: 1280, height: 540, projector: true }, { width: 1920, height: 900, projector: true },
];
/** The card with two, three and four lines, and as large as words get when a low stage is seen from far. */
const cards = [{ width: 258, height: 44 }, { width: 258, height: 98 }, { width: 300, height: 72 }, { width: 340, height: 130 }];

const overlap = (a: Rect, b: Rect): boolean => a.x < rightOf(b) && b.x < rightOf(a) && a.y < bottomOf(b) && b.y < bottomOf(a);

interface Word { readonly id: string; readonly rect: Rect }
/** Every box with words that a scene places, those of the crowd's cells apart. */
const wordsOf = (scene: Scene): readonly Word[] => [
  ...scene.capsules, ...scene.paths, ...scene.rows.map((row) => ({ id: row.id, rect: nameOf(row) })), ...scene.rows.flatMap((row) => [...row.doors, ...row.bundles, ...(row.more === null ? [] : [{ id: `more of ${row.id}`, rect: row.more.rect }])]),
  ...(scene.moreServices === null ? [] : [{ id: 'more Services', rect: scene.moreServices.rect }]), ...scene.outside.map(({ id, centre }) => ({ id, rect: { x: centre.x - 56, y: centre.y - 18, width: 112, height: 72 } })),
];

const pairs = (words: readonly Word[]): readonly string[] => words.flatMap((a, i) => words.slice(0, i).filter((b) => overlap(a.rect, b.rect)).map((b) => `${b.id} and ${a.id}`));

/** The subnet's name as a box: 7.2 px a character, up to a sixth larger where the view is far. */
function subnetWord(scene: Scene): readonly Word[] {
  const place = subnetPlace(scene);
  const width = scene.subnet.length * 7.2;
  return place === null ? [] : [{ id: 'the subnet', rect: { x: place.x - width, y: place.y - 12, width, height: 14 } }];
}

/** The labels that lie on each other, and the names that the card lies on at some step of the packet, or that it leaves the map. */
function faultsOn(scene: Scene, timeline: Timeline): readonly string[] {
  const words = wordsOf(scene);
  const names = words.filter(({ id }) => !/^(client|host|lb)\//.test(id));
  const changed = [...new Map(timeline.moments.flatMap(({ index }) => { const card = headerAt(timeline, index); return card === null ? [] : [[card.changed, card] as const]; })).values()];
  const covered = changed.flatMap((card) => cards.flatMap((size) => {
    const place = placeCard(scene, timeline, card, size, new Set());
    if (place === null) return size === cards[0] && scene.rows.length > 0 ? [`no place for the card of step ${card.changed + 1}`] : [];
    if (place.at.y < 0 || place.at.y + size.height > scene.height) return [`the card of step ${card.changed + 1} leaves the map`];
    return names.filter(({ rect }) => overlap(rect, { ...place.at, ...size })).map(({ id }) => `the card of step ${card.changed + 1} on ${id}`);
  }));
  return [...pairs([...words, ...subnetWord(scene)]), ...covered];
}

test.each(listScenarios())('$title: no label lies on another and the header card on no name, at any size, with the drawer open or closed, in every theme', async ({ name, documents, probe }) => {
  const sandbox = createSandbox();
  const { cluster } = await sandbox.open({ documents, title: name });
  const answer = await sandbox.ask({ probe: probe! });
  const { places, service } = touchedBy(answer, cluster);
  const timeline = buildTimeline(answer.journey, 0, answer.glossary);
  const found = stages.flatMap(({ width, height, projector }) => {
    const scale = scaleFor({ width, height }, projector);
    const scene = layoutCluster(cluster, { ...bareOptions, width: width / scale, height: height / scale, path: places, service, pathOnly: projector && places.size > 0, large: projector });
    return faultsOn(scene, timeline).map((fault) => `${width} × ${height}: ${fault}`);
  });
  expect(found).toEqual([]);
});
