import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cidr, cidrContains, cidrsOverlap, type Cidr } from '../base/cidr.ts';
import type { Ip } from '../base/ip.ts';
import { addressPool, portPool, sizeOf, subnetAt } from './ipam.ts';

describe('address pools', () => {
  test.each<[string, number, readonly string[]]>([
    ['10.0.0.0/29', 2, ['10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5', '10.0.0.6']],
    ['10.0.0.0/30', 1, ['10.0.0.1', '10.0.0.2']],
    ['10.0.0.8/32', 0, ['10.0.0.8']],
    ['10.0.0.8/32', 1, []],
    ['fd00::/126', 1, ['fd00::1', 'fd00::2', 'fd00::3']],
  ])('%s from offset %i', (network, start, expected) => {
    const pool = addressPool(cidr(network), start, new Set());
    const all: (Ip | null)[] = [];
    for (let ip = pool.next(); ip !== null; ip = pool.next()) all.push(ip);
    expect(all).toEqual(expected);
  });

  test('every address comes once, taken ones never, wherever the search starts', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: -50, max: 500 }), { maxLength: 40 }), fc.uniqueArray(fc.integer({ min: 0, max: 29 })), (starts, given) => {
      const taken = new Set(given.map((n) => `10.0.0.${n}` as Ip));
      const pool = addressPool('10.0.0.0/27' as Cidr, 1, new Set(taken));
      const made = starts.map((start) => pool.nextFrom(start));
      const got = made.filter((ip) => ip !== null);
      expect(new Set(got).size).toBe(got.length);
      expect(got.some((ip) => taken.has(ip))).toBe(false);
      const free = 30 - given.filter((n) => n >= 1).length;
      expect(got.length).toBe(Math.min(starts.length, free));
    }));
  });

  test('ports are handed out once', () => {
    const pool = portPool(5, 7, new Set([6]));
    expect([pool.nextFrom(1), pool.take(5), pool.nextFrom(9), pool.nextFrom(0)]).toEqual([7, true, null, null]);
  });
});

test.each<[string, number, number, string | null]>([
  ['10.244.0.0/16', 24, 1, '10.244.1.0/24'], ['10.244.0.0/16', 24, 255, '10.244.255.0/24'], ['10.244.0.0/16', 24, 256, null], ['10.244.0.0/16', 8, 0, null],
  ['fd00:10:244::/48', 64, 1, 'fd00:10:244:1::/64'], ['fd00::/16', 64, 2 ** 40, 'fd00:100:0:0::/64'], ['200.0.0.0/8', 24, 65_535, '200.255.255.0/24'],
])('the subnet of %s with %i bits, number %i', (outer, bits, n, expected) => {
  expect(subnetAt(cidr(outer), bits, n)).toBe(expected === null ? null : cidr(expected));
});

test('subnets lie inside and apart', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 0, max: 15 }), (i, j) => {
    const [a, b] = [subnetAt(cidr('10.8.0.0/12'), 16, i)!, subnetAt(cidr('10.8.0.0/12'), 16, j)!];
    expect(cidrsOverlap(a, b)).toBe(i === j);
    expect(cidrContains(cidr('10.8.0.0/12'), a.split('/')[0] as Ip)).toBe(true);
  }));
});

test('sizes', () => {
  expect(['10.0.0.0/24', '0.0.0.0/0', 'fd00::/64', '10.0.0.1/32'].map((network) => sizeOf(cidr(network)))).toEqual([256, 2 ** 31, 2 ** 31, 1]);
});
