import { expect, test } from 'vitest';
import { closedOver } from '../shell/outline-rows.ts';
import { layoutCluster } from '../scene/layout.ts';
import { bareOptions } from '../scene/layout-options.ts';
import { pictureCluster, pod, service } from '../testing/fixture-cluster.ts';
import { foldOver } from './use-unfolding.ts';

const base = pictureCluster();
const full = {
  ...base,
  services: [...base.services, ...Array.from({ length: 8 }, (_, i) => service('shop', `service-${i}`, `10.96.1.${i + 1}`, 80, 'x'))],
  pods: [...base.pods, ...Array.from({ length: 4 }, (_, i) => pod('shop', `job-${i}`, 'b', `10.244.2.${50 + i}`, {}))],
};

test.each([
  ['service/shop/service-7', 'services'],
  ['service/shop/api', null],
  ['pod/shop/job-3', 'node/b'],
  ['pod/shop/web-1', null],
  ['node/b', null],
  ['ingress/shop/web/0', null],
])('behind what %s is: %s', (id, fold) => expect(foldOver(layoutCluster(full, bareOptions), id)).toBe(fold));

test('a node that a person folded is not unfolded for a selection', () =>
  expect(foldOver(layoutCluster(full, { ...bareOptions, folded: new Set(['node/b']) }), 'pod/shop/job-3')).toBeNull());

test.each([
  ['policy/shop/api-from-web', new Set<string>(), 'policies'],
  ['policy/shop/api-from-web', new Set(['policies']), null],
  ['pod/shop/web-1', new Set<string>(), null],
  ['pod/shop/web-1', new Set(['node/a']), 'node/a'],
])('the closed section of the outline over %s', (id, toggled, section) => expect(closedOver(base, toggled, null, id)).toBe(section));
