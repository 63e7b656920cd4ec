// node_modules exactly as the lock file says, installed only when it is not. Plain JavaScript without packages (Node >= 18).
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockFile, readLock, root, sha256OfFile } from './places.mjs';
import { assertVersion, isAtLeast, nodeForInstalling, nodeOfCheckout } from './node-runtime.mjs';
import { lastLines, runNpm } from './registry.mjs';
import { say, sentenceFor, SetupFailure } from './say.mjs';

const modules = join(root, 'node_modules');
const stampFile = join(modules, '.handsight-stamp');

function wantedStamp() {
  return `${sha256OfFile(lockFile)} ${process.platform} ${process.arch}\n`;
}

/** True when npm's own record of what it installed agrees with the lock file (somebody ran `npm ci` by hand). */
function installedByHand() {
  const record = join(modules, '.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  const wanted = readLock().packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const present = installed[path];
    return present ? present.version === entry.version : entry.optional === true;
  });
}

function isCurrent() {
  if (!existsSync(modules)) return false;
  const stamp = existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : null;
  if (stamp === wantedStamp()) return true;
  if (stamp !== null || !installedByHand()) return false;
  writeFileSync(stampFile, wantedStamp());
  return true;
}

/** Installs what is missing and answers with the Node to go on with. */
export async function ensureModules() {
  if (!isCurrent()) {
    const node = await nodeForInstalling();
    say('installing the packages of the lock file (npm ci)');
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
    const { code, output } = await runNpm(node, args, { cwd: root });
    if (code !== 0) {
      throw new SetupFailure(
        sentenceFor(output) ??
          `npm ci failed; it said: ${lastLines(output)}. Mend that and run the same command again.`,
      );
    }
    writeFileSync(stampFile, wantedStamp());
  }
  const node = nodeOfCheckout() ?? process.execPath;
  if (node !== process.execPath) await assertVersion(node, null);
  else if (!isAtLeast(process.version, 22, 14)) return nodeForInstalling();
  return node;
}
