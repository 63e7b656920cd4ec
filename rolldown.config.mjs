import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

const external = [/^node:/, 'electron', 'better-sqlite3'];
const resolve = { conditionNames: ['node', 'import', 'module', 'default'] };
const quiet = { eval: false, pluginTimings: false };

const workersFolder = 'main/workflow/workers';
const workers = Object.fromEntries(
  (existsSync(workersFolder) ? readdirSync(workersFolder) : [])
    .filter((name) => name.endsWith('.worker.ts'))
    .map((name) => [basename(name, '.ts'), join(workersFolder, name)]),
);

/** Keeps only the inputs whose file exists: a room that is not there yet is left out of the build. */
function present(inputs) {
  return Object.fromEntries(Object.entries(inputs).filter(([, file]) => existsSync(file)));
}

/** One Node build: ES modules, and every chunk beside its entry, because workers are found by a URL relative to the chunk. */
function nodeBuild(dir, inputs) {
  return {
    input: present(inputs),
    platform: 'node',
    external,
    resolve,
    checks: quiet,
    transform: { target: 'node20.18' },
    output: {
      dir,
      format: 'esm',
      entryFileNames: '[name].js',
      chunkFileNames: 'chunk-[name]-[hash].js',
      sourcemap: true,
      cleanDir: true,
    },
  };
}

/** The workers alone, for unit tests, which run everything else from the sources. */
export function workersInto(folder) {
  return nodeBuild(folder, workers);
}

/** Every Node-side build, written below `dist`. */
export function buildsInto(dist) {
  const builds = [
    nodeBuild(join(dist, 'main'), {
      index: 'main/index.ts',
      cli: 'main/cli.ts',
      ...workers,
    }),
    // The demonstration's engine: bundled from test/, started by path as a child, never imported by main.
    nodeBuild(join(dist, 'demo'), {
      simulator: 'test/handset-simulator/main.ts',
    }),
    // A sandboxed preload can only be one CommonJS file.
    {
      input: present({ preload: 'main/preload/preload.ts' }),
      platform: 'node',
      external,
      resolve,
      checks: quiet,
      transform: { target: 'chrome130' },
      output: {
        dir: join(dist, 'preload'),
        format: 'cjs',
        entryFileNames: '[name].cjs',
        codeSplitting: false,
        sourcemap: true,
        cleanDir: true,
      },
    },
  ];
  return builds.filter((build) => Object.keys(build.input).length > 0);
}

export default buildsInto('dist');
