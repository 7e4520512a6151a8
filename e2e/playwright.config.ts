import { defineConfig } from '@playwright/test';
import { chromiumHere } from '../scripts/ensure-browser.mjs';

// set in the first process and inherited by the workers, so that all agree
process.env['PODHOP_E2E_PORT'] ??= String(20_000 + (process.pid % 20_000));
const port = process.env['PODHOP_E2E_PORT'];
const executablePath = chromiumHere();

export default defineConfig({
  workers: 1,
  timeout: 45_000,
  expect: { timeout: 10_000 },
  // a picture that is missing is a failure; new ones are written only when asked for
  updateSnapshots: 'none',
  snapshotPathTemplate: '{testDir}/looks/{arg}{ext}',
  forbidOnly: true,
  reporter: 'list',
  outputDir: '../test-results',
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    headless: true,
    trace: 'retain-on-failure',
    launchOptions: { args: ['--no-sandbox', '--disable-quic'], ...(executablePath ? { executablePath } : {}) },
  },
  webServer: { command: `node ../scripts/serve-web.mjs --port ${port}`, url: `http://127.0.0.1:${port}/`, reuseExistingServer: false, timeout: 20_000 },
  projects: [
    { name: 'web', testDir: 'web', testMatch: '**/*.spec.ts' },
    { name: 'electron-harness', testDir: 'electron', testMatch: '*.spec.ts', testIgnore: 'real/**' },
    { name: 'electron', testDir: 'electron/real', testMatch: '**/*.spec.ts' },
  ],
});
