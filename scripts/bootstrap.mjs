// From a fresh clone to something that can be started: packages, build, and where asked for an Electron.
// Plain JavaScript without packages (Node >= 18): it is the first thing that runs.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureModules } from './install.mjs';
import { root } from './places.mjs';
import { runQuietly } from './run.mjs';
import { lastLines } from './registry.mjs';
import { say, sentenceFor, SetupFailure } from './say.mjs';
import { holdingLock } from './setup-lock.mjs';
import { isBuilt } from './sources.mjs';

async function build(node) {
  say('building');
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' };
  const { code, output } = await runQuietly(node, [join(root, 'scripts', 'build.mjs')], { cwd: root, env });
  if (code === 0) return;
  process.stderr.write(output);
  throw new SetupFailure(
    sentenceFor(output) ??
      `The build failed (above; last: ${lastLines(output, 1)}): mend that and run the same command again.`,
  );
}

/**
 * Makes the checkout ready and answers with {node, electron}. `electron` is null unless `withElectron`; see electron-runtime.mjs.
 * What is already there costs a few milliseconds.
 */
export async function bootstrap({ withElectron = false } = {}) {
  return holdingLock(join(root, '.cache', 'setup.lock'), async () => {
    const node = await ensureModules();
    if (!isBuilt(root)) await build(node);
    if (!withElectron) return { node, electron: null };
    const { ensureElectron } = await import('./electron-runtime.mjs');
    return { node, electron: await ensureElectron(node) };
  });
}

/**
 * The environment in which our programs find what was set up. The binding is for programs that Electron runs: under Node 24
 * the prebuilt one of the package is the right one.
 */
export function environmentFor(electron, { insideElectron }) {
  const env = { ...process.env };
  if (!electron) return env;
  env.HANDSIGHT_ELECTRON = electron.executable;
  if (electron.kind === 'development') env.HANDSIGHT_DEV_RUNTIME = '1';
  if (electron.sqliteBinding && insideElectron) env.HANDSIGHT_SQLITE_BINDING = electron.sqliteBinding;
  return env;
}

/** The built file, or a sentence when this checkout has no such part. */
export function builtFile(...path) {
  const file = join(root, 'dist', ...path);
  if (existsSync(file)) return file;
  throw new SetupFailure(
    `dist/${path.join('/')} was not built: the checkout is incomplete; run \`git status\` and restore what is missing.`,
  );
}
