import { describe, expect, test } from 'vitest';
import { isComplete, parsePort, titleOfRequest, toProbe, toRequest } from './request-words.ts';

const request = { from: 'pod/shop/web-1', to: 'service/shop/api', port: 80, protocol: 'tcp' } as const;

describe('the request in words', () => {
  test('the probe has a port only where the protocol has ports', () => {
    expect(toProbe(request)).toEqual({ from: 'pod/shop/web-1', to: 'service/shop/api', port: 80, protocol: 'tcp' });
    expect(toProbe({ ...request, protocol: 'icmp' })).toEqual({ from: 'pod/shop/web-1', to: 'service/shop/api', protocol: 'icmp' });
    expect(toProbe({ ...request, port: null })).toEqual({ from: 'pod/shop/web-1', to: 'service/shop/api', protocol: 'tcp' });
  });

  test('a probe without a namespace means default', () => {
    expect(toRequest({ from: 'pod/web-1', to: 'service/api', port: 80 })).toEqual({ from: 'pod/default/web-1', to: 'service/default/api', port: 80, protocol: 'tcp' });
  });

  test.each([
    [request, 'web-1 → api:80'],
    [{ ...request, protocol: 'udp', port: 53 } as const, 'web-1 → api:53 UDP'],
    [{ ...request, protocol: 'icmp', port: null } as const, 'web-1 → api ping'],
    [{ ...request, port: null }, 'web-1 → api'],
  ])('%j reads %s', (given, title) => expect(titleOfRequest(given)).toBe(title));

  test.each([
    ['80', { port: 80 }],
    ['53/udp', { port: 53, protocol: 'udp' }],
    ['53 UDP', { port: 53, protocol: 'udp' }],
    ['ping', { port: null, protocol: 'icmp' }],
    ['', { port: null }],
    ['0', null],
    ['65536', null],
    ['http', null],
    ['-1', null],
  ])('%j as a port is %j', (typed, parsed) => expect(parsePort(typed)).toEqual(parsed));

  test('both ends must be named', () => {
    expect([isComplete(request), isComplete({ ...request, to: ' ' }), isComplete({ ...request, from: '' })]).toEqual([true, false, false]);
  });
});
