// The server itself, over real sockets (reliability D1, D5, D6).
import { connect, type AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWebServer, listenOnLoopback } from './web-server.mjs';

const app = new Map([['/index.html', Buffer.from('<!doctype html><title>Podhop</title>')]]);
const server = createWebServer(app);
let port = 0;

beforeAll(async () => {
  port = await listenOnLoopback(server, 0);
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

/** Sends raw bytes; gives all that comes back until the server closes, or what came in two seconds. */
function raw(bytes: string | Buffer, to = port): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(to, '127.0.0.1', () => socket.write(bytes));
    let got = '';
    const timer = setTimeout(() => socket.destroy(), 2_000);
    socket.setEncoding('latin1').on('data', (text: string) => (got += text));
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(got);
    });
  });
}

const get = (target: string, extra = '') => raw(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n${extra}\r\n`);
const statusOf = (answer: string) => answer.split('\r\n', 1)[0];

describe('the local server', () => {
  test('serves the page with its length and headers', async () => {
    const answer = await get('/');
    expect(statusOf(answer)).toBe('HTTP/1.1 200 OK');
    expect(answer).toContain('<title>Podhop</title>');
    expect(answer.toLowerCase()).toContain("content-security-policy: default-src 'none'");
    expect(answer.toLowerCase()).not.toMatch(/\r\n(server|x-powered-by):/);
  });

  test('answers HEAD without a body', async () => {
    const answer = await raw(`HEAD / HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: close\r\n\r\n`);
    expect([statusOf(answer), answer.includes('Podhop'), answer.includes('content-length: 36')]).toEqual(['HTTP/1.1 200 OK', false, true]);
  });

  test('D1: listens on 127.0.0.1 only', async () => {
    expect((server.address() as AddressInfo).address).toBe('127.0.0.1');
    const others = Object.values(networkInterfaces()).flat().filter((face) => face?.family === 'IPv4' && !face.internal);
    const reached = await Promise.all(others.map((face) => new Promise<boolean>((resolve) => {
      const socket = connect({ port, host: face?.address ?? '', timeout: 500 }, () => resolve(true));
      socket.on('error', () => resolve(false)).on('timeout', () => resolve(false)).on('close', () => resolve(false));
    })));
    expect(reached.filter(Boolean)).toEqual([]);
  });

  const odd: readonly (readonly [string, string | Buffer, RegExp])[] = [
    ['a path of raw bytes above 0x7f', Buffer.from('GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n', 'latin1'), /^HTTP\/1\.1 4|^$/],
    ['headers of a megabyte', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(1_000_000)}\r\n\r\n`, /^HTTP\/1\.1 431|^$/],
    ['no Host at all', 'GET / HTTP/1.1\r\n\r\n', /^HTTP\/1\.1 4/],
    ['HTTP/1.0 without Host', 'GET / HTTP/1.0\r\n\r\n', /^HTTP\/1\.1 403/],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', /^HTTP\/1\.1 400/],
    ['a length and chunks at once', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', /^HTTP\/1\.1 4/],
    ['a bad chunk', 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', /^HTTP\/1\.1 4/],
    ['a bare line feed', 'GET / HTTP/1.1\nHost: x\n\n', /^HTTP\/1\.1 4/],
    ['no HTTP', 'hello\r\n\r\n', /^HTTP\/1\.1 400/],
    ['TLS', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01]), /^HTTP\/1\.1 400/],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', /^HTTP\/1\.1 4|^$/],
    ['TRACE', 'TRACE / HTTP/1.1\r\nHost: x\r\n\r\n', /^HTTP\/1\.1 4/],
    ['CONNECT', 'CONNECT evil.com:443 HTTP/1.1\r\nHost: evil.com:443\r\n\r\n', /^HTTP\/1\.1 4|^$/],
    ['an upgrade', 'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n', /^HTTP\/1\.1 403/],
  ];
  test.each(odd)('D6: %s is closed or refused, and the server lives', async (_name, bytes, expected) => {
    expect(await raw(bytes)).toMatch(expected);
    expect(statusOf(await get('/'))).toBe('HTTP/1.1 200 OK');
  });

  test('D6: pipelined requests are each answered, and a stranger among them is refused', async () => {
    const answer = await raw(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\nGET / HTTP/1.1\r\nHost: evil.com\r\n\r\n`);
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 403']);
  });

  test('D6: a header that never ends is cut off', async () => {
    const started = performance.now();
    const closed = await new Promise<number>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: x\r\nX-Slow: '));
      socket.on('data', () => {}).on('error', () => {}).on('close', () => resolve(performance.now() - started));
    });
    expect(closed).toBeLessThan(15_000);
  }, 20_000);

  test('takes a free port when the wanted one is taken', async () => {
    const second = createWebServer(app);
    const other = await listenOnLoopback(second, port);
    expect(other).not.toBe(port);
    second.close();
  });
});
