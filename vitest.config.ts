import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { scenarioHeads } from './vite.config.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const rooms = '{shared,electron,cli,scripts,bench,renderer,e2e}';

export default defineConfig({
  root: at('.'),
  plugins: [scenarioHeads],
  resolve: { alias: { electron: at('scripts/vitest/electron-stub.ts') } },
  test: {
    passWithNoTests: true,
    // left alone, vitest keeps one core for itself, which on two cores means one file at a time
    maxWorkers: '100%',
    projects: [
      { extends: true, test: { name: 'node', environment: 'node', include: [`${rooms}/**/*.test.ts`] } },
      {
        extends: true,
        test: { name: 'dom', environment: 'jsdom', include: ['renderer/**/*.test.tsx'], setupFiles: [at('scripts/vitest/dom-setup.ts')] },
      },
      {
        extends: true,
        test: { name: 'kernel', environment: 'node', include: ['e2e/kernel/**/*.kernel.ts'], fileParallelism: false, testTimeout: 120_000, hookTimeout: 120_000 },
      },
    ],
  },
});
