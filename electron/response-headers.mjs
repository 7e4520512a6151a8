// What every response of the app carries, whoever serves it: Electron's app scheme or the local server (reliability A5, A6, D5).
// Plain JavaScript, because the local server runs before anything is built.

/** @type {Readonly<Record<string, string>>} */
const directives = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' blob: data:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'worker-src': "'self'",
  'form-action': "'none'",
  'base-uri': "'none'",
  'object-src': "'none'",
  'frame-src': "'none'",
  'frame-ancestors': "'none'",
  'require-trusted-types-for': "'script'",
  // one policy: `new Worker(url)` is a sink too
  'trusted-types': 'engine-worker',
};

export const contentSecurityPolicy = Object.entries(directives).map(([name, value]) => `${name} ${value}`).join('; ');

/** @type {Readonly<Record<string, string>>} */
export const securityHeaders = {
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** @type {Readonly<Record<string, string>>} */
const types = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json; charset=utf-8',
  yaml: 'text/plain; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  svg: 'image/svg+xml; charset=utf-8',
  png: 'image/png',
  ico: 'image/x-icon',
  woff2: 'font/woff2',
};

/** The Content-Type of a file of the app, by its ending. @param {string} path @returns {string} */
export const contentType = (path) => types[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
