const root = 'app://bundle';

export type AppAnswer = { readonly status: 200; readonly file: string } | { readonly status: 400 | 404 };

/**
 * The file that an app URL names. `files` is the build's own list of URL paths, compared letter for letter:
 * nothing is decoded, joined or normalised, so there is nothing to escape from (reliability A7, A8). 400 = not our origin.
 */
export function resolveAppUrl(url: string, files: ReadonlySet<string>): AppAnswer {
  if (!url.startsWith(`${root}/`)) return { status: 400 };
  const path = url.slice(root.length).split(/[?#]/, 1)[0] ?? '';
  const file = path === '/' ? '/index.html' : path;
  return files.has(file) ? { status: 200, file } : { status: 404 };
}
