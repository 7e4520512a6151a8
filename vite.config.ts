import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { posix, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type EnvironmentOptions, type Plugin } from 'vite';
import { readScenarioHead } from './renderer/host/scenario-head.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const nodeModules = [/^node:/, 'electron', ...builtinModules];

interface NodeBundle {
  readonly name: string;
  readonly entry: string;
  readonly outDir: string;
  readonly output: { readonly format: 'es' | 'cjs'; readonly entryFileNames: string; readonly banner?: string };
  readonly target?: string;
}

/** A single-file bundle that runs in Node or in Electron's Node: everything inside but Node's own modules and `electron`. */
function nodeBundle({ name, entry, outDir, output, target = 'node20' }: NodeBundle): EnvironmentOptions {
  return {
    consumer: 'server',
    // the same builds of the libraries as in the browser: one behaviour on every host, and no `node:` import in the engine
    resolve: { noExternal: true, external: ['electron'], conditions: ['browser', 'module', 'import', 'default'] },
    build: {
      outDir: at(outDir),
      emptyOutDir: false,
      copyPublicDir: false,
      ssr: true,
      target,
      minify: false,
      rolldownOptions: { input: { [name]: at(entry) }, external: nodeModules, output: { codeSplitting: false, ...output } },
    },
  };
}

const esm = { format: 'es', entryFileNames: '[name].mjs' } as const;

function listFiles(dir: string): readonly string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = resolve(dir, entry.name);
    return entry.isDirectory() ? listFiles(path) : [path];
  });
}

/** Writes `dist/app-files.json`: every URL path the app consists of, with its size. The servers answer from this list and never join paths. */
function writeAppFileList(): void {
  const root = at('dist/renderer');
  const paths = listFiles(root).map((file) => ({ path: `/${relative(root, file).split(sep).join(posix.sep)}`, size: statSync(file).size }));
  const sorted = paths.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  writeFileSync(at('dist/app-files.json'), `${JSON.stringify(Object.fromEntries(sorted.map(({ path, size }) => [path, size])), null, 1)}\n`);
}

/** `scenario.yaml?head`: what the picker needs of a scenario, read now so that no reader of YAML has to start with the window. */
export const scenarioHeads: Plugin = {
  name: 'podhop:scenario-heads',
  load: {
    filter: { id: /\.yaml\?head$/ },
    handler(id) {
      const file = id.slice(0, -'?head'.length);
      this.addWatchFile(file);
      return { code: `export default ${JSON.stringify(readScenarioHead(readFileSync(file, 'utf8')))};`, moduleType: 'js' };
    },
  },
};

/** Names the window's code in the page, so that it is fetched beside the script that starts the engine and not after it. */
const preloadWindow: Plugin = {
  name: 'podhop:preload-window',
  transformIndexHtml: {
    order: 'post',
    handler: (html, { bundle }) => {
      const window = Object.values(bundle ?? {}).find((file) => file.type === 'chunk' && file.facadeModuleId === at('renderer/window.tsx'));
      if (window?.type !== 'chunk') throw new Error('the build has no chunk for renderer/window.tsx');
      return [window.fileName, ...window.imports.filter((file) => !html.includes(file))].map((file) => ({ tag: 'link', attrs: { rel: 'modulepreload', crossorigin: true, href: `./${file}` }, injectTo: 'head' as const }));
    },
  },
};

export default defineConfig({
  root: at('renderer'),
  base: './',
  plugins: [react(), scenarioHeads, preloadWindow],
  worker: { format: 'es' },
  environments: {
    client: {
      build: {
        outDir: at('dist/renderer'),
        emptyOutDir: true,
        target: ['chrome120', 'firefox121', 'safari17'],
        modulePreload: { polyfill: false },
        // `font-src 'self'` refuses data: URLs, so nothing may be inlined
        assetsInlineLimit: 0,
        // one sheet, in the page's head: parts that come later are styled when they arrive
        cssCodeSplit: false,
        chunkSizeWarningLimit: 1500,
      },
    },
    cli: nodeBundle({ name: 'podhop', entry: 'cli/podhop.ts', outDir: 'dist/cli', output: { ...esm, banner: '#!/usr/bin/env node' } }),
    engine: nodeBundle({ name: 'engine-process', entry: 'electron/engine-process.ts', outDir: 'dist/electron', output: esm }),
    main: nodeBundle({ name: 'main', entry: 'electron/main.ts', outDir: 'dist/electron', output: esm }),
    // a sandboxed preload must be CommonJS
    preload: nodeBundle({ name: 'preload', entry: 'electron/preload.ts', outDir: 'dist/electron', output: { format: 'cjs', entryFileNames: '[name].cjs' }, target: 'chrome150' }),
  },
  builder: {
    async buildApp(builder) {
      for (const dir of ['dist/cli', 'dist/electron']) rmSync(at(dir), { recursive: true, force: true });
      for (const name of ['cli', 'engine', 'main', 'preload', 'client']) {
        const environment = builder.environments[name];
        if (environment === undefined) throw new Error(`vite has no environment ${name}`);
        await builder.build(environment);
      }
      writeAppFileList();
    },
  },
});
