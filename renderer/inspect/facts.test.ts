import { describe, expect, test } from 'vitest';
import type { Fault } from '../../shared/model/types.ts';
import { pictureCluster } from '../testing/fixture-cluster.ts';
import { factsOf } from './facts.ts';

const cluster = pictureCluster();
const fact = (id: string, name: string): string | undefined => factsOf(cluster, id)?.facts.find((one) => one.name === name)?.value;

describe('what the inspector says', () => {
  test.each([
    ['pod/shop/web-3', 'Status', 'Running, not ready'],
    ['pod/shop/web-1', 'Address', '10.244.1.12'],
    ['service/shop/api', 'Address', '10.96.14.7'],
    ['node/a', 'Address', '192.168.56.11'],
    ['client/internet', 'Address', '203.0.113.10'],
  ])('of %s, %s is %s', (id, name, value) => expect(fact(id, name)).toBe(value));

  test.each<[Fault, string, string]>([
    [{ kind: 'node-stopped', node: 'a' }, 'node/a', 'Stopped. Kubernetes has not noticed: it calls a silent node NotReady only after the node monitor’s grace period'],
    [{ kind: 'route-cut', on: 'a', dst: '10.244.2.0/24' }, 'node/a', 'No route to node b’s pods'],
    [{ kind: 'link-cut', a: 'a', b: 'switch/lan' }, 'node/a', 'Cable cut'],
    [{ kind: 'link-cut', a: 'a', b: 'pod/shop/web-1' }, 'pod/shop/web-1', 'Cable cut'],
  ])('%j is said of %s', (fault, id, words) =>
    expect(factsOf({ ...cluster, settings: { ...cluster.settings, faults: [fault] } }, id)?.facts.find(({ name }) => name === 'Out of order')?.value).toBe(words));

  test('a Service is shown with the command that lists its endpoints', () => {
    expect(factsOf(cluster, 'service/shop/api')?.command).toBe('kubectl get endpointslices -n shop -l kubernetes.io/service-name=api');
  });

  test('no fact is empty, and what does not exist has none', () => {
    for (const id of ['pod/shop/web-1', 'service/shop/api', 'node/a', 'client/internet']) expect(factsOf(cluster, id)?.facts.filter(({ value }) => value === '')).toEqual([]);
    expect([factsOf(cluster, 'pod/shop/nobody'), factsOf(cluster, 'x'), factsOf(cluster, '')]).toEqual([null, null, null]);
  });
});
