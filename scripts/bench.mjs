// npm run bench [-- NAME…]: bundles bench/main.ts as it stands and runs it in a process of its own.
import { spawnSync } from 'node:child_process';
import { build } from 'vite';

await build({
  configFile: false,
  logLevel: 'error',
  build: { ssr: 'bench/main.ts', outDir: 'dist/bench', emptyOutDir: true, target: 'node20', minify: false, rolldownOptions: { output: { entryFileNames: 'main.mjs' } } },
  ssr: { noExternal: true },
});
const done = spawnSync(process.execPath, ['--expose-gc', 'dist/bench/main.mjs', ...process.argv.slice(2)], { stdio: 'inherit' });
process.exitCode = done.status ?? 1;
