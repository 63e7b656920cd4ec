import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const full = process.env['HANDSIGHT_TIER'] === 'full';

// test/e2e belongs to Playwright, test/bench to `npm run bench`; test/full only runs in the full tier.
export default defineConfig({
  resolve: {
    alias: [
      {
        find: /^.*\/worker-url\.ts$/,
        replacement: fileURLToPath(new URL('test/built-workers/worker-url.ts', import.meta.url)),
      },
    ],
  },
  test: {
    globalSetup: 'test/built-workers/build.mjs',
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    exclude: ['test/e2e/**', 'test/bench/**', ...(full ? [] : ['test/full/**'])],
    environment: 'node',
    pool: 'forks',
    // Half of the time tests wait for a handset or a program: as many files at once as there are cores, not one less.
    maxWorkers: '100%',
    // Against hanging only: no test measures time, and the machine may be slow and busy.
    testTimeout: full ? 1_200_000 : 240_000,
    hookTimeout: 240_000,
    passWithNoTests: false,
  },
});
