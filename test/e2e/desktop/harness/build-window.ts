import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown, type InputOptions, type OutputOptions } from 'rolldown';
import { build as buildPage } from 'vite';

export const checkout = fileURLToPath(new URL('../../../../', import.meta.url));

const nodeOptions: InputOptions = {
  cwd: checkout,
  platform: 'node',
  external: [/^node:/, 'electron', 'better-sqlite3'],
  resolve: { conditionNames: ['node', 'import', 'module', 'default'] },
};

async function bundle(input: Record<string, string>, output: OutputOptions): Promise<void> {
  const made = await rolldown({ ...nodeOptions, input, transform: { target: 'node20.18' } });
  await made.write(output);
  await made.close();
}

/**
 * Builds shell, preload and page with the fixture host in place of the workflow host, into `folder` as an Electron application.
 * The program's own build knows nothing of the fixture host.
 */
export async function buildWindowWithFakeHost(folder: string): Promise<void> {
  const dist = join(folder, 'dist');
  mkdirSync(dist, { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'handsight', version: '0.1.0', type: 'module', main: 'dist/main/index.js' }),
  );
  await bundle(
    { index: 'main/index.ts', 'host.worker': 'test/e2e/desktop/fake-host/fake-host.worker.ts' },
    { dir: join(dist, 'main'), format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'chunk-[name]-[hash].js' },
  );
  await bundle(
    { preload: 'main/preload/preload.ts' },
    { dir: join(dist, 'preload'), format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
  );
  await buildPage({
    configFile: join(checkout, 'vite.config.mjs'),
    root: join(checkout, 'renderer'),
    logLevel: 'warn',
    build: { outDir: join(dist, 'renderer'), emptyOutDir: true },
  });
}
