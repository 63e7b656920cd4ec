// Fetches one package by the hash we wrote down, not by what the registry says today.
// Plain JavaScript without packages (Node >= 18).
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npmCommand } from './places.mjs';
import { runQuietly } from './run.mjs';
import { sentenceFor, SetupFailure } from './say.mjs';

/** Runs npm under `node` (its folder first on the PATH, so that install steps run on it too). */
export async function runNpm(node, args, { cwd, env = process.env }) {
  const npm = npmCommand(node);
  if (!npm)
    throw new SetupFailure('npm was not found beside Node: install npm 9 or newer and run the same command again.');
  const folder = node.replace(/[/\\][^/\\]+$/, '');
  const separator = process.platform === 'win32' ? ';' : ':';
  // npm hands its own settings to the scripts it runs; a nested npm must not take our command's --prefix or INIT_CWD for its own.
  const clean = Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !/^npm_(config_(prefix|local_prefix|global_prefix|loglevel)|package_|lifecycle_)/i.test(name),
    ),
  );
  return runQuietly(npm.command, [...npm.args, ...args], {
    cwd,
    env: { ...clean, PATH: `${folder}${separator}${env.PATH ?? ''}`, npm_config_update_notifier: 'false' },
  });
}

/**
 * Installs one package into `folder`/node_modules, checked against `integrity` (the lock file's «sha512-…»), without running
 * any of its scripts. Works by a lock file of one entry, because `npm ci` refuses what does not match.
 */
export async function fetchPackage({ name, version, integrity, folder, node }) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const dependencies = { [name]: version };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'fetched', version: '1.0.0', dependencies }));
  const packages = {
    '': { name: 'fetched', version: '1.0.0', dependencies },
    [`node_modules/${name}`]: { version, integrity },
  };
  writeFileSync(
    join(folder, 'package-lock.json'),
    JSON.stringify({ name: 'fetched', version: '1.0.0', lockfileVersion: 3, requires: true, packages }),
  );
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  const { code, output } = await runNpm(node, args, { cwd: folder });
  if (code === 0) return join(folder, 'node_modules', name);
  rmSync(folder, { recursive: true, force: true });
  throw new SetupFailure(
    sentenceFor(output) ??
      `npm could not fetch ${name}@${version}; it said: ${lastLines(output)}. Mend that and run the same command again.`,
  );
}

/** The last lines of a tool's output that say something, on one line. */
export function lastLines(output, count = 3) {
  const lines = output.split('\n').map((line) => line.trim());
  return lines
    .filter((line) => line !== '' && !/complete log of this run|npm notice/i.test(line))
    .slice(-count)
    .join(' | ');
}
