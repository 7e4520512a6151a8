import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, test } from 'vitest';
import { compareIps, familyOf, ip, ipFromU128, ipFromU32, offsetIp, parseIp, toU128, toU32, type Ip } from './ip.ts';

const v4 = fc.nat(0xffff_ffff).map((n) => ipFromU32(n));
// Zero groups, and runs of them, are what RFC 5952 is about.
const group = fc.oneof(fc.constant(0), fc.constant(0), fc.nat(0xffff));
const u128 = fc.array(group, { minLength: 8, maxLength: 8 }).map((groups) => groups.reduce((n, g) => (n << 16n) | BigInt(g), 0n));
const v6 = u128.map(ipFromU128);

describe('addresses', () => {
  test('every IPv4 address is its four numbers', () => {
    fc.assert(fc.property(fc.nat(0xffff_ffff), (n) => {
      const text = ipFromU32(n);
      expect([parseIp(text), toU32(text), ipaddr.IPv4.parse(text).toByteArray().reduce((a, b) => a * 256 + b, 0)]).toEqual([text, n, n]);
    }), { seed: 1 });
  });

  test('[RFC 5952] every IPv6 address is written the one canonical way, and read from every way', () => {
    fc.assert(fc.property(u128, (n) => {
      const text = ipFromU128(n);
      const oracle = ipaddr.IPv6.parse(text);
      expect([text, toU128(text), parseIp(oracle.toNormalizedString()), parseIp(oracle.toNormalizedString().toUpperCase())]).toEqual([oracle.toRFC5952String(), n, text, text]);
    }), { seed: 2 });
  });

  test('[RFC 5952 §4.2] the first of the longest runs of zero groups is shortened, never a single one', () => {
    expect(['2001:db8:0:0:1:0:0:1', '2001:0:0:1:0:0:0:1', '2001:db8:0:1:1:1:1:1', '0:0:0:0:0:0:0:0', '1:0:0:0:0:0:0:0', '::FFFF:1.2.3.4', '2001:DB8::0001'].map(parseIp))
      .toEqual(['2001:db8::1:0:0:1', '2001:0:0:1::1', '2001:db8:0:1:1:1:1:1', '::', '1::', '::ffff:102:304', '2001:db8::1']);
  });

  test('leading zeros are decimal, as Kubernetes reads them (netutils ParseIPSloppy)', () => {
    expect(['010.0.0.1', '000192.168.001.009'].map(parseIp)).toEqual(['10.0.0.1', '192.168.1.9']);
  });

  test.each(['', '1.2.3', '1.2.3.4.5', '256.1.1.1', '1.2.3.-4', ' 1.2.3.4', '1.2.3.4 ', '1.2.3.4/32', 'a', '::1::', ':::', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '1:2:3:4:5:6:7:8::', '12345::', 'g::', '::1.2.3', '::1.2.3.4:5', '1.2.3.4::', 'fe80::1%eth0', ':1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:', '0x7f.1.1.1', '1_0.0.0.1', '١.1.1.1'])('%s is no address', (text) => {
    expect(parseIp(text)).toBe(null);
  });

  test('any text is an address exactly where ipaddr.js says so, leading zeros and zones apart', () => {
    const piece = fc.constantFrom('1', '0', '255', '256', '.', ':', '::', 'ff', 'FFFF', '1.2.3.4', ':0', ' ');
    fc.assert(fc.property(fc.array(piece, { maxLength: 10 }).map((p) => p.join('')), (text) => {
      fc.pre(!/(^|[.:])0\d+\./.test(text) && !/(^|\.)0\d+$/.test(text));
      const valid = ipaddr.IPv6.isValid(text) || (ipaddr.IPv4.isValidFourPartDecimal(text));
      expect([text, parseIp(text) !== null]).toEqual([text, valid]);
    }), { seed: 3, numRuns: 3000 });
  });

  test('order is numeric within a family and IPv4 comes first', () => {
    fc.assert(fc.property(fc.oneof(v4, v6), fc.oneof(v4, v6), (a, b) => {
      const rank = (x: Ip): bigint => (familyOf(x) === 4 ? BigInt(toU32(x)) : (1n << 130n) + toU128(x));
      expect(Math.sign(compareIps(a, b))).toBe(rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0);
    }), { seed: 4 });
  });

  test('an offset counts on in the same family', () => {
    expect([offsetIp(ip('10.0.0.255'), 1), offsetIp(ip('fd00::ffff'), 1), offsetIp(ip('10.0.0.5'), -5)]).toEqual(['10.0.1.0', 'fd00::1:0', '10.0.0.0']);
  });

  test('an address that we wrote ourselves and that is none is our own bug', () => {
    expect(() => ip('1.2.3')).toThrow('not an IP address: 1.2.3');
  });
});
