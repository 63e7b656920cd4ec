// A lock file made where the registry lags behind silently leaves optional packages out, and `npm ci` fails later for
// others: every name that an entry calls optional must have an entry itself. Prints what is missing; exit 1.
import { pathToFileURL } from 'node:url';
import { readLock } from './places.mjs';

/** «holder → missing name» for every optional dependency without an entry that npm would resolve from the holder. */
export function missingOptionalEntries(lock) {
  const missing = [];
  for (const [holder, entry] of Object.entries(lock.packages)) {
    for (const name of Object.keys(entry.optionalDependencies ?? {})) {
      if (!resolvesFrom(lock.packages, holder, name)) missing.push(`${holder || 'package.json'} → ${name}`);
    }
  }
  return missing;
}

/** npm's own rule: the nearest node_modules on the way up from the holder. */
function resolvesFrom(packages, holder, name) {
  for (let folder = holder; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
    if (packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`]) return true;
    if (folder === '') return false;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const missing = missingOptionalEntries(readLock());
  for (const line of missing) process.stdout.write(`package-lock.json lacks ${line}\n`);
  process.exitCode = missing.length > 0 ? 1 : 0;
}
