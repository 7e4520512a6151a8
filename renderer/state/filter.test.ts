import { describe, expect, test } from 'vitest';
import { pictureCluster } from '../testing/fixture-cluster.ts';
import { matchingThings } from './filter.ts';

const cluster = { ...pictureCluster(), ingresses: [{ at: null, implied: false, namespace: 'shop', name: 'front', className: null, backends: [{ host: 'shop.example', path: '/api', service: 'api', port: 80 }] }] };
const found = (text: string): readonly string[] => [...(matchingThings(cluster, text)?.ids ?? [])].map((id) => id.replace(/^[^/]+\/(?=.*\/)/, '')).toSorted();

describe('a filter', () => {
  test.each<readonly [string, readonly string[]]>([
    ['app=db', ['shop/db', 'shop/db-0']],
    ['app=d', []],
    ['kind:pod app in (db, web)', ['shop/db-0', 'shop/web-1', 'shop/web-2', 'shop/web-3']],
    ['kind:pods,ns:shop,app notin (web,api)', ['shop/db-0']],
    ['app!=web, kind:pod, node:a', ['kube-system/coredns-1', 'shop/api-1']],
    ['kind:pod !app', ['kube-system/coredns-1', 'kube-system/coredns-2']],
    ['kind:service ns:shop', ['shop/api', 'shop/db']],
    ['kind:policy', ['shop/api-from-web', 'shop/db-from-api']],
    ['shop.example', ['shop/front/0']],
    ['10.244.3.30', ['shop/db-0']],
    ['WEB-1', ['shop/web-1']],
    ['nobody', []],
  ])('%s', (text, ids) => expect(found(text)).toEqual(ids));
  test('the nodes that found pods stand on are shown with them', () => expect(matchingThings(cluster, 'app=db')?.shown).toEqual(new Set(['pod/shop/db-0', 'service/shop/db', 'node/c'])));
  test('without a term there is no filter', () => expect([matchingThings(cluster, '  , '), matchingThings(null, 'app=web')]).toEqual([null, null]));
  test('asked again it gives the same object, so that nothing is drawn again', () => expect(matchingThings(cluster, 'app=web')).toBe(matchingThings(cluster, 'app=web')));
});
