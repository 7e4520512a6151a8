// oxlint-disable-next-line import/default -- Vite makes the default export out of the query
import workerUrl from './engine-worker.ts?worker&url';

interface TrustedTypePolicy { readonly createScriptURL: (text: string) => string }
interface TrustedTypes { readonly createPolicy: (name: string, rules: { readonly createScriptURL: (text: string) => string }) => TrustedTypePolicy }

let policy: TrustedTypePolicy | null = null;

/** The one script URL this page may start: anything else throws, as our own bug (reliability A6). */
function trusted(url: string): string {
  const types = (globalThis as { readonly trustedTypes?: TrustedTypes }).trustedTypes;
  if (types === undefined) return url;
  policy ??= types.createPolicy('engine-worker', {
    createScriptURL: (text) => {
      if (text !== workerUrl) throw new TypeError('not the engine');
      return text;
    },
  });
  return policy.createScriptURL(url);
}

/** Starts the engine's worker. */
export const startEngineWorker = (): Worker => new Worker(trusted(workerUrl), { type: 'module', name: 'podhop engine' });
