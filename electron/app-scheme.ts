import { readFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { protocol } from 'electron';
import { resolveAppUrl } from './resolve-app-url.ts';
import { contentType, securityHeaders } from './response-headers.mjs';

const scheme = 'app';

/** Declares the app's own scheme; must run before the app is ready. Nothing that weakens the policy is asked for (reliability A7). */
export function declareAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } }]);
}

const plain = (status: number, text: string): Response => new Response(text, { status, headers: { ...securityHeaders, 'content-type': contentType('.txt') } });

/** Serves the built page from the build's own list of files; `dist` is the folder of the build. */
export function serveAppScheme(dist: string): void {
  const listed = JSON.parse(readFileSync(join(dist, 'app-files.json'), 'utf8')) as Readonly<Record<string, number>>;
  const files = new Set(Object.keys(listed));
  protocol.handle(scheme, async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return plain(405, 'Method not allowed.');
    const answer = resolveAppUrl(request.url, files);
    if (answer.status !== 200) return plain(answer.status, 'Not found.');
    const bytes = await readFile(join(dist, 'renderer', answer.file));
    const headers = { ...securityHeaders, 'content-type': contentType(answer.file), 'cache-control': 'no-cache' };
    return new Response(request.method === 'HEAD' ? null : new Uint8Array(bytes), { status: 200, headers });
  });
}
