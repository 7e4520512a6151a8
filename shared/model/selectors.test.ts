import { describe, expect, test } from 'vitest';
import type { Fields } from './json-fields.ts';
import { matchesSelector, selectorOf } from './selectors.ts';

const labels = { app: 'web', tier: 'front' };

describe('LabelSelector (apimachinery labels.Requirement.Matches)', () => {
  test.each<[string, Fields, boolean]>([
    ['an empty selector selects everything', {}, true],
    ['matchLabels', { matchLabels: { app: 'web' } }, true],
    ['matchLabels of another value', { matchLabels: { app: 'api' } }, false],
    ['matchLabels of an absent key', { matchLabels: { env: 'x' } }, false],
    ['a key that only Object knows is no label', { matchLabels: { constructor: 'x' } }, false],
    ['In', { matchExpressions: [{ key: 'app', operator: 'In', values: ['api', 'web'] }] }, true],
    ['In on an absent key', { matchExpressions: [{ key: 'env', operator: 'In', values: ['x'] }] }, false],
    ['NotIn', { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] }, false],
    ['NotIn on an absent key', { matchExpressions: [{ key: 'env', operator: 'NotIn', values: ['x'] }] }, true],
    ['Exists', { matchExpressions: [{ key: 'tier', operator: 'Exists' }] }, true],
    ['Exists on an absent key', { matchExpressions: [{ key: 'env', operator: 'Exists' }] }, false],
    ['DoesNotExist', { matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] }, false],
    ['DoesNotExist on an absent key', { matchExpressions: [{ key: 'env', operator: 'DoesNotExist' }] }, true],
    ['both parts must hold', { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'tier', operator: 'In', values: ['back'] }] }, false],
  ])('%s', (_, selector, expected) => {
    expect(matchesSelector(selectorOf(selector)!, labels)).toBe(expected);
  });
  test('an absent selector is not an empty one', () => {
    expect([selectorOf(undefined), selectorOf(null), selectorOf({})]).toEqual([null, null, { matchLabels: {}, matchExpressions: [] }]);
  });
});
