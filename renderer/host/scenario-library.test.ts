import { describe, expect, test } from 'vitest';
import { readScenarioHead } from './scenario-head.ts';
import { listScenarios } from './scenario-library.ts';

describe('the built-in scenarios', () => {
  const all = listScenarios();

  test('are in the order of the course, each with its manifests and a first packet', () => {
    expect(all.length).toBeGreaterThanOrEqual(3);
    expect(all.map(({ order }) => order)).toEqual(all.map(({ order }) => order).toSorted((a, b) => a - b));
    expect(all.filter(({ documents, probe, say }) => documents.length === 0 || probe === null || say === '').map(({ name }) => name)).toEqual([]);
  });

  test('text that is no scenario is none', () => {
    expect([readScenarioHead('a: 1'), readScenarioHead('')]).toEqual([null, null]);
  });
});
