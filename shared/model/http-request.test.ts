import { expect, test } from 'vitest';
import { requestOf } from './http-request.ts';

test.each<[string, Readonly<Record<string, string>>, string, string, number]>([
  ['http://SHOP.example/', {}, 'shop.example', 'shop.example', 80],
  ['http://shop.example.:8080/', {}, 'shop.example', 'shop.example', 8080],
  ['https://shop.example/', { Host: 'Other.example:443' }, 'other.example', 'shop.example', 443],
  ['http://[fd00::1]/', {}, 'fd00::1', 'fd00::1', 80],
  ['http://[FD00::1]:8080/', { host: '[fd00::2]:8080' }, 'fd00::2', 'fd00::1', 8080],
  ['http://10.0.0.1:8080/', {}, '10.0.0.1', '10.0.0.1', 8080],
  ['/path', { host: 'shop.example' }, 'shop.example', 'shop.example', 80],
])('HTTP9 the Host of %s with %o is %s, its server name %s (RFC 9110 §7.2)', (url, headers, host, serverName, port) => {
  expect(requestOf(url, 'GET', headers)).toMatchObject({ host, serverName, port });
});
