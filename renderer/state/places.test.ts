import { describe, expect, test } from 'vitest';
import { pictureCluster } from '../testing/fixture-cluster.ts';
import { destinationsOf, findPlace, fullId, listPlaces, matchesPlace, shortenGenerated, shortName, sourcesOf } from './places.ts';

const cluster = pictureCluster();

describe('places', () => {
  test('every id is found again and is unique', () => {
    const places = listPlaces(cluster);
    expect(places.map(({ id }) => findPlace(cluster, id))).toEqual(places);
    expect(new Set(places.map(({ id }) => id)).size).toBe(places.length);
  });

  test('a Service has no network of its own, so it is no source', () => {
    expect(sourcesOf(cluster).filter(({ kind }) => kind === 'service')).toEqual([]);
  });

  test('destinations begin with the Services', () => {
    expect(destinationsOf(cluster)[0]?.kind).toBe('service');
  });

  test('a pod that is not ready says so in words', () => {
    expect(findPlace(cluster, 'pod/shop/web-3')?.trouble).toBe('Not ready');
  });

  test.each([
    ['web-1', ['pod/shop/web-1']],
    ['10.244.2.21', ['pod/shop/api-2']],
    ['service api', ['service/shop/api']],
    ['WEB shop', ['pod/shop/web-1', 'pod/shop/web-2', 'pod/shop/web-3']],
    ['nobody', []],
  ])('typing %j finds %j', (typed, ids) => {
    expect(listPlaces(cluster).filter((place) => matchesPlace(place, typed)).map(({ id }) => id)).toEqual(ids);
  });

  test.each([
    ['pod/shop/web-1', 'web-1'],
    ['node/a', 'Node a'],
    ['service/shop/api', 'api'],
    ['client/internet', 'Client'],
    ['10.96.0.10', '10.96.0.10'],
    ['http://api.shop/health', 'http://api.shop/health'],
    ['api.shop', 'api.shop'],
    ['router/lab', 'Router'],
    ['pod/default/frontend-5b785d7f46-79vj9', 'frontend-…79vj9'],
  ])('%s is called %s', (id, name) => expect(shortName(id)).toBe(name));

  test.each([
    ['cart-0', 'cart-0'],
    ['redis-cart-57849cb9f-x2k4p', 'redis-cart-…x2k4p'],
    ['my-long-service-name', 'my-long-service-name'],
  ])('the generated part of %s is shown as %s', (name, short) => expect(shortenGenerated(name)).toBe(short));

  test.each([['pod/web', 'pod/default/web'], ['pod/shop/web', 'pod/shop/web'], ['node/a', 'node/a'], ['10.0.0.1', '10.0.0.1']])('%s in full is %s', (id, full) => expect(fullId(id)).toBe(full));
});
