import { defineConfig } from '@playwright/test';

// `desktop` drives the built application in whatever Electron scripts/electron-runtime.mjs found; `packaged` drives the
// package that `npm run package:test` made. Both get a display and the paths from the environment.
export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'test-results',
  timeout: 180_000,
  expect: { timeout: 15_000 },
  workers: 2,
  retries: 0,
  forbidOnly: Boolean(process.env['CI']),
  reporter: [['list'], ['./scripts/playwright-reporter.mjs']],
  projects: [
    { name: 'desktop', testMatch: 'desktop/**/*.spec.ts' },
    { name: 'packaged', testMatch: 'packaged/**/*.spec.ts' },
  ],
});
