import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { answerWebRequest } from './web-answer.mjs';

/**
 * Reads the built app into memory: every listed path with its bytes, so that nothing on disk is touched by a request.
 * @param {string} dist the folder of the build @returns {ReadonlyMap<string, Buffer>}
 */
export function readApp(dist) {
  /** @type {Record<string, number>} */
  const list = JSON.parse(readFileSync(join(dist, 'app-files.json'), 'utf8'));
  return new Map(Object.keys(list).map((path) => [path, readFileSync(join(dist, 'renderer', path))]));
}

const limits = { maxHeaderSize: 16 * 1024, headersTimeout: 5_000, requestTimeout: 10_000, keepAliveTimeout: 5_000, connectionsCheckingInterval: 1_000 };

/**
 * The local server for the browser build: loopback only, static files only. Slow, huge and odd requests are ended (reliability D6).
 * @param {ReadonlyMap<string, Buffer>} app
 */
export function createWebServer(app) {
  const files = new Set(app.keys());
  const server = createServer(limits, (request, response) => {
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const answer = answerWebRequest({ method: request.method ?? '', target: request.url ?? '', rawHeaders: request.rawHeaders }, { port, files });
    const body = answer.file === null ? Buffer.from(answer.text) : (app.get(answer.file) ?? Buffer.alloc(0));
    response.writeHead(answer.status, { ...answer.headers, 'content-length': String(body.length), ...(answer.status === 200 ? {} : { connection: 'close' }) });
    response.end(request.method === 'HEAD' ? undefined : body);
    request.resume();
  });
  server.maxConnections = 256;
  server.maxRequestsPerSocket = 1_000;
  server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'));
  server.on('clientError', (error, socket) => {
    const status = 'code' in error && error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request';
    if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    else socket.destroy();
  });
  return server;
}

/**
 * Listens on 127.0.0.1 at the wanted port, or at a free one if that is taken. Gives the port; rejects on any other failure.
 * @param {import('node:http').Server} server @param {number} wanted @returns {Promise<number>}
 */
export function listenOnLoopback(server, wanted) {
  return new Promise((resolve, reject) => {
    const done = () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : wanted);
    };
    server.once('error', (error) => {
      const taken = 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES');
      if (!taken || wanted === 0) return reject(error);
      server.once('error', reject).listen(0, '127.0.0.1', done);
    });
    server.listen(wanted, '127.0.0.1', done);
  });
}
