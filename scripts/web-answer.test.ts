import { describe, expect, test } from 'vitest';
import { contentSecurityPolicy, contentType, securityHeaders } from '../electron/response-headers.mjs';
import { answerWebRequest } from './web-answer.mjs';

const port = 4646;
const files = new Set(['/index.html', '/assets/index-abc.js', '/assets/index-abc.css', '/assets/inter.woff2']);
const host = ['Host', '127.0.0.1:4646'];
const ask = (target: string, rawHeaders: readonly string[] = host, method = 'GET') => answerWebRequest({ method, target, rawHeaders }, { port, files });

describe('the security policy (reliability A5, A6)', () => {
  test('is the one of the plan, word for word', () => {
    expect(contentSecurityPolicy).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; connect-src 'self'; worker-src 'self'; form-action 'none'; base-uri 'none'; object-src 'none'; frame-src 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types engine-worker",
    );
  });

  test.each([['/index.html', 'text/html; charset=utf-8'], ['/a/b.js', 'text/javascript; charset=utf-8'], ['/x.woff2', 'font/woff2'], ['/x.exe', 'application/octet-stream'], ['/x', 'application/octet-stream']])('%s is %s', (path, type) => {
    expect(contentType(path)).toBe(type);
  });
});

describe('answers of the local server', () => {
  test.each([['/', '/index.html'], ['/?scenario=x', '/index.html'], ['/index.html', '/index.html'], ['/assets/index-abc.js', '/assets/index-abc.js']])('%s is the file %s', (target, file) => {
    expect(ask(target)).toMatchObject({ status: 200, file });
  });

  test('every answer carries the security headers and a type, and none opens the app to other origins (D5, D3)', () => {
    const answers = [ask('/'), ask('/nothing'), ask('/', ['Host', 'evil.com']), ask('/', host, 'POST'), ask('/', [...host, 'Origin', 'http://evil.com'])];
    expect(answers.map((answer) => answer.status)).toEqual([200, 404, 403, 405, 403]);
    for (const { headers } of answers) {
      expect(headers).toMatchObject(securityHeaders);
      expect(headers['content-type']).toMatch(/; charset=utf-8$/);
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control') || name === 'server' || name === 'x-powered-by')).toEqual([]);
    }
  });

  const hosts: readonly (readonly string[])[] = [
    ['Host', 'evil.com'], ['Host', 'evil.com:4646'], ['Host', '127.0.0.1.evil.com:4646'], ['Host', 'localhost.:4646'], ['Host', 'localhost.evil.com:4646'], ['Host', '127.0.0.1'], ['Host', 'localhost'],
    ['Host', '127.0.0.1:4647'], ['Host', '127.0.0.1:46460'], ['Host', '0.0.0.0:4646'], ['Host', '2130706433:4646'], ['Host', '0x7f.1:4646'], ['Host', '127.1:4646'], ['Host', '[::1]:4646'],
    ['Host', 'LOCALHOST:4646'], ['Host', '127.0.0.1:4646 '], ['Host', 'user@127.0.0.1:4646'], ['Host', ''], [], ['Host', '127.0.0.1:4646', 'Host', 'evil.com'], ['host', '127.0.0.1:4646', 'HOST', '127.0.0.1:4646'],
  ];
  test.each(hosts.map((rawHeaders) => [rawHeaders.join(' ') || 'no host', rawHeaders] as const))('D2: %s is refused before anything is looked up', (_name, rawHeaders) => {
    expect([ask('/', rawHeaders).status, ask('/nothing', rawHeaders).status]).toEqual([403, 403]);
  });

  test.each([['127.0.0.1:4646'], ['localhost:4646']])('D2: the host %s is ours', (name) => expect(ask('/', ['Host', name]).status).toBe(200));

  test.each(['http://evil.com/', 'http://127.0.0.1:4646/', '*', 'evil.com:443', '', '//'.slice(2)])('D2: the request target %j is no path of ours', (target) => expect(ask(target).status).toBe(403));

  const cross = ['Sec-Fetch-Site', 'cross-site'];
  const strangers: readonly (readonly [string, string, readonly string[], number])[] = [
    ['a simple POST', 'POST', [...cross, 'Origin', 'http://evil.com', 'Content-Type', 'text/plain'], 403],
    ['a form', 'POST', [...cross, 'Sec-Fetch-Mode', 'navigate', 'Sec-Fetch-Dest', 'document', 'Origin', 'http://evil.com'], 403],
    ['a form of a sandboxed page', 'POST', [...cross, 'Origin', 'null'], 403],
    ['fetch no-cors', 'GET', [...cross, 'Sec-Fetch-Mode', 'no-cors', 'Sec-Fetch-Dest', 'empty'], 403],
    ['fetch cors', 'GET', [...cross, 'Sec-Fetch-Mode', 'cors', 'Origin', 'https://evil.com'], 403],
    ['an image', 'GET', [...cross, 'Sec-Fetch-Mode', 'no-cors', 'Sec-Fetch-Dest', 'image'], 403],
    ['a script', 'GET', [...cross, 'Sec-Fetch-Mode', 'no-cors', 'Sec-Fetch-Dest', 'script'], 403],
    ['a style sheet', 'GET', [...cross, 'Sec-Fetch-Mode', 'no-cors', 'Sec-Fetch-Dest', 'style'], 403],
    ['an iframe', 'GET', [...cross, 'Sec-Fetch-Mode', 'navigate', 'Sec-Fetch-Dest', 'iframe'], 403],
    ['an object', 'GET', [...cross, 'Sec-Fetch-Mode', 'navigate', 'Sec-Fetch-Dest', 'object'], 403],
    ['a preflight', 'OPTIONS', ['Origin', 'http://evil.com', 'Access-Control-Request-Method', 'PUT'], 403],
    ['another port of this machine', 'GET', ['Sec-Fetch-Site', 'same-site', 'Sec-Fetch-Mode', 'cors'], 403],
    ['the origin of another port', 'GET', ['Origin', 'http://127.0.0.1:4647'], 403],
    ['the https twin', 'GET', ['Origin', 'https://127.0.0.1:4646'], 403],
    ['a websocket', 'GET', ['Upgrade', 'websocket', 'Connection', 'Upgrade', 'Origin', 'http://evil.com'], 403],
    ['a websocket of our own', 'GET', ['Upgrade', 'websocket', 'Connection', 'Upgrade'], 403],
    ['a link on another site', 'GET', [...cross, 'Sec-Fetch-Mode', 'navigate', 'Sec-Fetch-Dest', 'document'], 200],
    ['a typed address', 'GET', ['Sec-Fetch-Site', 'none', 'Sec-Fetch-Mode', 'navigate', 'Sec-Fetch-Dest', 'document'], 200],
    ['our own module', 'GET', ['Sec-Fetch-Site', 'same-origin', 'Sec-Fetch-Mode', 'cors', 'Origin', 'http://127.0.0.1:4646'], 200],
    ['a HEAD', 'HEAD', [], 200],
  ];
  test.each(strangers)('D3: %s (%s %j) gets %i', (_name, method, headers, status) => expect(ask('/', [...host, ...headers], method).status).toBe(status));

  test.each(['PUT', 'DELETE', 'PATCH', 'TRACE', 'CONNECT', 'OPTIONS', 'POST', 'get', 'PROPFIND'])('D3: %s is not allowed', (method) => {
    expect(ask('/', host, method)).toMatchObject({ status: 405, file: null, headers: { allow: 'GET, HEAD' } });
  });

  const paths = [
    '/..', '/../etc/passwd', '/../../etc/passwd', '/assets/../index.html', '/assets/..', '/./index.html', '/.', '/assets/', '/assets', '/%2e%2e/etc/passwd', '/%2e%2e%2f', '/..%2fetc%2fpasswd', '/..%5cwindows',
    '/%252e%252e/etc/passwd', '/%252e%252e%252f', '/index.html%00', '/index.html%00.js', '/\0', '/\\..\\..', '/..\\..\\etc', '//etc/passwd', '//evil.com/', '///', '/C:/Windows/win.ini', '/c:\\windows', '/C|/x',
    '/\\\\server\\share', '//server/share', '/index.html::$DATA', '/index.html:stream', '/index.html.', '/index.html ', '/index.html%20', '/index.html%2e', '/%c0%ae%c0%ae/', '/%c0%af', '/%e0%80%ae', '/INDEX.HTML', '/Index.html',
    '/assets/INDEX-abc.js', '/INDEX~1.HTM', '/ASSETS~1/x', '/index.html/', '/index.html/..', '/index.html;x', '/index.html#x', '/#/index.html', '/package.json', '/.git/config', '/node_modules', '/dist', '/app-files.json', '/assets-evil/x', '/assets/index-abc.js.map',
    '/assets//index-abc.js', '/assets\\index-abc.js', '/__proto__', '/constructor', '/hasOwnProperty', '/assets/%69ndex-abc.js', '/@fs/etc/passwd', '/@vite/client', '/index.html\u00e9', '/\u2025/',
  ];
  test.each(paths)('A8: %j does not exist', (path) => expect(ask(path)).toMatchObject({ status: 404, file: null, text: 'Not found.\n' }));
  test('A8: the table has at least 60 paths', () => expect(paths.length).toBeGreaterThanOrEqual(60));
});
