import { describe, expect, test } from 'vitest';
import type { ReachAnswer } from '../../shared/api/reach-contract.ts';
import { bandOf, visible } from './band.ts';
import { countChanges, pairOf, printAllowed, readPeer, shareOf, shownPeers } from './reach-pairs.ts';

const tcp = (ports: string) => [{ protocol: 'TCP', ports }];
const everything = ['TCP', 'UDP', 'SCTP'].map((protocol) => ({ protocol, ports: 'all' }));
const web = 'shop/web[Deployment]';
const api = 'shop/api[Deployment]';
const db = 'data/db[StatefulSet]';
const any = '0.0.0.0-255.255.255.255';
const before: ReachAnswer = { peers: [web, api, db, any], connections: [{ src: web, dst: api, allowed: everything }, { src: api, dst: db, allowed: everything }, { src: web, dst: db, allowed: everything }] };
const now: ReachAnswer = { peers: [web, api, db, any], connections: [{ src: web, dst: api, allowed: everything }, { src: api, dst: db, allowed: tcp('5432') }, { src: db, dst: web, allowed: tcp('80') }] };

describe('peers', () => {
  test.each([
    [web, { id: web, name: 'web', group: 'shop', kind: 'Deployment' }],
    [any, { id: any, name: 'Any address', group: 'Outside', kind: '' }],
    ['10.0.0.0-10.255.255.255', { id: '10.0.0.0-10.255.255.255', name: '10.0.0.0-10.255.255.255', group: 'Outside', kind: '' }],
    ['{ingress-controller}', { id: '{ingress-controller}', name: 'Ingress controller', group: 'Outside', kind: '' }],
  ])('%s is read', (id, peer) => expect(readPeer(id)).toEqual(peer));

  test('stand by namespace, the outside last; every word of a filter counts', () => {
    expect(shownPeers(now, '').map(({ name }) => name)).toEqual(['db', 'web', 'api', 'Any address']);
    expect(shownPeers(now, 'shop deploy').map(({ name }) => name)).toEqual(['web', 'api']);
  });
});

describe('pairs', () => {
  test.each([
    [web, api, null],
    [api, db, 'changed'],
    [web, db, 'closed'],
    [db, web, 'opened'],
  ])('%s to %s: %s since the edit', (src, dst, change) => expect(pairOf(now, before, src, dst).change).toBe(change));

  test('a range that was cut otherwise before is compared with nothing', () =>
    expect(pairOf({ ...now, connections: [{ src: '10.0.0.0-10.0.0.9', dst: web, allowed: everything }] }, before, '10.0.0.0-10.0.0.9', web).change).toBeNull());

  test('are counted by what became of them', () => expect(countChanges(now, before)).toEqual({ opened: 1, closed: 1, changed: 1 }));

  test.each([
    [[], 'Nothing', 0],
    [everything, 'Everything', 1],
    [tcp('80,443,8000-8099'), 'TCP 80, 443, 8000-8099', 102 / 65_535],
  ])('%j is said as "%s"', (allowed, words, share) => expect([printAllowed(allowed), shareOf(allowed)]).toEqual([words, share]));
});

describe('the grid', () => {
  test('has a heading before each group, and draws only what is in view', () => {
    const band = bandOf(shownPeers(now, ''));
    expect(band.tracks.map((track) => (track.kind === 'peer' ? track.peer.name : `# ${track.name}`))).toEqual(['# data', 'db', '# shop', 'web', 'api', '# Outside', 'Any address']);
    expect(band.size).toBe(7 * 24);
    expect(visible(bandOf(Array.from({ length: 500 }, (_, i) => readPeer(`shop/w${i}[Pod]`))), 2400, 240)).toEqual([98, 112]);
  });
});
