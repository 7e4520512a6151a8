import { expect, test } from 'vitest';
import { droppedBranch, recordedAnswer } from '../testing/fixture.ts';
import { pictureCluster } from '../testing/fixture-cluster.ts';
import { touchedBy } from './touched.ts';

test('a pod that the packet was on its way to and never reached is touched, with its node', () => {
  const answer = recordedAnswer();
  const dropped = { ...answer, journey: { ...answer.journey, branches: [droppedBranch()] } };
  const { places } = touchedBy(dropped, pictureCluster());
  expect([...places].filter((place) => place.includes('api')).toSorted()).toEqual(['pod/shop/api-2', 'service/shop/api']);
  expect(places.has('node/b')).toBe(true);
});
