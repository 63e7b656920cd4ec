// Where things lie. Plain JavaScript without packages (Node >= 18).
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What is shared by all checkouts of one person and can be deleted at any time. */
export const cacheFolder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'handsight');

export const lockFile = join(root, 'package-lock.json');

export function readLock() {
  return JSON.parse(readFileSync(lockFile, 'utf8'));
}

export function sha256OfFile(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/** The full path of a program on the PATH, or null. */
export function findProgram(name, path = process.env.PATH ?? '') {
  const names = process.platform === 'win32' ? [`${name}.cmd`, `${name}.exe`, name] : [name];
  for (const folder of path.split(delimiter).filter(Boolean)) {
    for (const candidate of names) {
      const file = join(folder, candidate);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // not here
      }
    }
  }
  return null;
}

/** npm's own JavaScript where npm started us, otherwise the program on the PATH: {command, args} to put before npm's arguments. */
export function npmCommand(node) {
  const script = process.env.npm_execpath;
  if (script && /npm-cli\.c?js$/.test(script) && existsSync(script)) return { command: node, args: [script] };
  const npm = findProgram('npm');
  return npm ? { command: npm, args: [] } : null;
}
