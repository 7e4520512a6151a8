import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, test } from 'vitest';
import { addressOf, baseOf, cidr, cidrContains, cidrCovers, cidrFamily, cidrsOverlap, hostCidr, ifAddress, networkOf, parseCidr, prefixLength, type Cidr } from './cidr.ts';
import { ip, ipFromU128, ipFromU32, type Ip } from './ip.ts';

const v4 = fc.tuple(fc.nat(0xffff_ffff), fc.integer({ min: 0, max: 32 })).map(([n, bits]) => ({ address: ipFromU32(n), bits }));
const v6 = fc.tuple(fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), fc.integer({ min: 0, max: 128 })).map(([n, bits]) => ({ address: ipFromU128(n), bits }));
const any = fc.oneof(v4, v6);
const near = (network: Cidr): fc.Arbitrary<Ip> => fc.oneof(fc.constant(baseOf(network)), any.map(({ address }) => address));
const matches = (address: Ip, network: Cidr): boolean => {
  const [a, [b, bits]] = [ipaddr.parse(address), ipaddr.parseCIDR(network)];
  return a.kind() === b.kind() && (a instanceof ipaddr.IPv4 && b instanceof ipaddr.IPv4 ? a.match(b, bits) : a instanceof ipaddr.IPv6 && b instanceof ipaddr.IPv6 && a.match(b, bits));
};

describe('networks', () => {
  test('host bits are cleared and membership is ipaddr.js\'s', () => {
    fc.assert(fc.property(any.chain((a) => fc.tuple(fc.constant(a), near(cidr(`${a.address}/${a.bits}`)))), ([{ address, bits }, other]) => {
      const network = cidr(`${address}/${bits}`);
      const base = (address.includes(':') ? ipaddr.IPv6.networkAddressFromCIDR(`${address}/${bits}`).toRFC5952String() : ipaddr.IPv4.networkAddressFromCIDR(`${address}/${bits}`).toString());
      expect([baseOf(network), prefixLength(network), cidrFamily(network), cidrContains(network, address), cidrContains(network, other)]).toEqual([base, bits, address.includes(':') ? 6 : 4, true, matches(other, network)]);
    }), { seed: 1, numRuns: 500 });
  });

  test('[M11] a network is its two halves', () => {
    fc.assert(fc.property(any, any, ({ address, bits }, { address: other }) => {
      const wide = address.includes(':') ? 128 : 32;
      fc.pre(bits < wide);
      const network = cidr(`${address}/${bits}`);
      const low = cidr(`${baseOf(network)}/${bits + 1}`);
      const high = parseCidr(`${address.includes(':') ? ipFromU128(ipaddrToBig(baseOf(network)) + (1n << BigInt(127 - bits))) : ipFromU32(Number(ipaddrToBig(baseOf(network))) + 2 ** (31 - bits))}/${bits + 1}`)!;
      expect([cidrContains(low, other) || cidrContains(high, other), cidrCovers(network, low), cidrCovers(network, high), cidrCovers(low, network), cidrsOverlap(low, high), cidrsOverlap(network, high)]).toEqual([cidrContains(network, other), true, true, false, false, true]);
    }), { seed: 2 });
  });

  test('the ends of the scale', () => {
    expect([cidrContains(cidr('0.0.0.0/0'), ip('255.255.255.255')), cidrContains(cidr('0.0.0.0/0'), ip('::1')), cidrContains(cidr('::/0'), ip('1.2.3.4')), cidrContains(cidr('10.0.0.1/32'), ip('10.0.0.1')), cidrContains(cidr('10.0.0.1/32'), ip('10.0.0.2')), cidrContains(cidr('128.0.0.0/1'), ip('200.0.0.1'))])
      .toEqual([true, false, false, true, false, true]);
    expect([hostCidr(ip('1.2.3.4')), hostCidr(ip('::1'))]).toEqual(['1.2.3.4/32', '::1/128']);
  });

  test.each(['', '10.0.0.0', '10.0.0.0/33', '::/129', '10.0.0.0/', '/8', '10.0.0.0/-1', '10.0.0.0/8/8', '1.2.3/8', '10.0.0.0/+8', '10.0.0.0/8 ', '10.0.0.0/1e1'])('%s is no network', (text) => {
    expect(parseCidr(text)).toBe(null);
  });

  test('an interface keeps its host bits', () => {
    const address = ifAddress('10.244.1.1/24');
    expect([addressOf(address), networkOf(address), cidrContains(address, ip('10.244.1.9')), () => ifAddress('10.244.1.1')]).toEqual(['10.244.1.1', '10.244.1.0/24', true, expect.any(Function)]);
    expect(() => cidr('x')).toThrow('not a CIDR: x');
  });
});

const ipaddrToBig = (address: Ip): bigint => ipaddr.parse(address).toByteArray().reduce((n, b) => (n << 8n) | BigInt(b), 0n);
