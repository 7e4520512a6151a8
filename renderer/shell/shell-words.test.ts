import { describe, expect, test } from 'vitest';
import { buildTimeline } from '../scene/timeline.ts';
import { recordedAnswer } from '../testing/fixture.ts';
import { pictureCluster } from '../testing/fixture-cluster.ts';
import { outlineRows } from './outline-rows.ts';
import { pastedText } from './pasted-text.ts';
import { placeOnBar, scrubMarks } from './scrub-marks.ts';

describe('the outline', () => {
  const cluster = pictureCluster();

  test('lists nodes with their pods, then Services and policies, then what is outside', () => {
    const rows = outlineRows(cluster, new Set());
    expect(rows.filter(({ level }) => level === 1).map(({ name }) => name)).toEqual(['Node a', 'Node b', 'Node c', 'Services', 'Policies', 'Outside']);
    expect(rows.filter(({ parent }) => parent === 'node/a').map(({ name }) => name)).toEqual(['api-1', 'web-1', 'coredns-1']);
  });

  test('a section that the person closed shows only its head', () => {
    const rows = outlineRows(cluster, new Set(['node/a']));
    expect(rows.find(({ id }) => id === 'node/a')?.expanded).toBe(false);
    expect(rows.filter(({ parent }) => parent === 'node/a')).toEqual([]);
  });

  test('a crowded section starts closed and says how many it holds', () => {
    const [first] = cluster.services;
    const crowd = { ...cluster, services: Array.from({ length: 400 }, (_, i) => ({ ...first!, name: `s${i}` })) };
    expect(outlineRows(crowd, new Set()).find(({ id }) => id === 'services')).toMatchObject({ expanded: false, note: '400' });
    expect(outlineRows(crowd, new Set(['services'])).filter(({ parent }) => parent === 'services').at(-1)?.name).toBe('100 more: use search');
  });
});

describe('the bar of the playback', () => {
  const answer = recordedAnswer();
  const timeline = buildTimeline(answer.journey, 1, answer.glossary);

  test.each([1400, 700, 300])('at %i px no two labels touch', (width) => {
    const spans = scrubMarks(timeline, width).filter(({ label }) => label !== '').map(({ at, label, align }): readonly [number, number] => {
      const wide = label.length * 6.5;
      const from = at * width - (align === 'start' ? 0 : align === 'end' ? wide : wide / 2);
      return [from, from + wide];
    });
    expect(spans.filter(([from], i) => i > 0 && from < spans[i - 1]![1])).toEqual([]);
    expect(spans.at(-1)![1]).toBeLessThanOrEqual(width);
  });

  test('begins at the first step and ends at the last', () => expect([placeOnBar(0, 19), placeOnBar(18, 19), placeOnBar(0, 1)]).toEqual([0, 1, 0]));
});

describe('pasted text', () => {
  test.each([
    ['kind: Pod\n', 'kind: Pod\n'],
    ['Here:\n```yaml\nkind: Pod\n```\nand\n```\nkind: Service\n```\n', 'kind: Pod\n---\nkind: Service\n'],
    ['```yaml\nkind: Pod\n', '\nkind: Pod\n'],
  ])('%j gives %j', (text, manifests) => expect(pastedText(text)).toBe(manifests));
});
