// The local server's whole decision, as a pure function: what to answer to a request (reliability D1-D3, D5).
import { contentType, securityHeaders } from '../electron/response-headers.mjs';

/**
 * @typedef {{ readonly method: string, readonly target: string, readonly rawHeaders: readonly string[] }} WebRequest
 * @typedef {{ readonly status: number, readonly headers: Readonly<Record<string, string>>, readonly file: string | null, readonly text: string }} WebAnswer
 */

/** @param {WebRequest} request @param {string} name @returns {readonly string[]} every value of a header; the name is given in lower case */
const headerValues = ({ rawHeaders }, name) => rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === name);

/** @param {number} status @param {string} text @param {Readonly<Record<string, string>>} [extra] @returns {WebAnswer} */
const refuse = (status, text, extra = {}) => ({ status, headers: { ...securityHeaders, 'content-type': contentType('.txt'), 'cache-control': 'no-store', ...extra }, file: null, text: `${text}\n` });

/**
 * Whether the Host header names this server and nothing else: a rebound name, another port or a second header does not.
 * @param {WebRequest} request @param {number} port
 */
export function isOwnHost(request, port) {
  const hosts = headerValues(request, 'host');
  return hosts.length === 1 && (hosts[0] === `127.0.0.1:${port}` || hosts[0] === `localhost:${port}`);
}

/**
 * Whether the request comes from this app's own pages, or is a person's own visit: typed, or a link that opens the app in a tab.
 * @param {WebRequest} request @param {number} port
 */
export function isOwnVisit(request, port) {
  const origins = headerValues(request, 'origin');
  if (origins.some((origin) => origin !== `http://127.0.0.1:${port}` && origin !== `http://localhost:${port}`)) return false;
  const site = headerValues(request, 'sec-fetch-site');
  if (site.every((value) => value === 'same-origin' || value === 'none')) return true;
  const only = (/** @type {string} */ name, /** @type {string} */ value) => headerValues(request, name).join() === value;
  return only('sec-fetch-mode', 'navigate') && only('sec-fetch-dest', 'document') && request.method === 'GET';
}

/**
 * What to answer. `files` is the list of the build's URL paths: a path that is not in it, letter for letter, does not exist.
 * @param {WebRequest} request @param {{ readonly port: number, readonly files: ReadonlySet<string> }} app @returns {WebAnswer}
 */
export function answerWebRequest(request, { port, files }) {
  if (!isOwnHost(request, port) || !request.target.startsWith('/')) return refuse(403, 'Forbidden: this server answers only to its own address.');
  if (headerValues(request, 'upgrade').length > 0) return refuse(403, 'Forbidden: no protocol upgrades.');
  if (!isOwnVisit(request, port)) return refuse(403, 'Forbidden: the request comes from another site.');
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'Method not allowed.', { allow: 'GET, HEAD' });
  const path = request.target.split('?', 1)[0] ?? '';
  const file = path === '/' ? '/index.html' : path;
  if (!files.has(file)) return refuse(404, 'Not found.');
  // the build puts a hash into the names of all but the page itself
  const cache = file.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
  return { status: 200, headers: { ...securityHeaders, 'content-type': contentType(file), 'cache-control': cache }, file, text: '' };
}
